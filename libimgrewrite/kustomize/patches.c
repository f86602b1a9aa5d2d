/*
 * A text is read once for each kind that it is for. Where its images are the
 * same for all, it does not matter which; where they are not, it would have to
 * say two things at once. Kinds of the Kubernetes API for which a JSON patch
 * has no images do not count: their fields are all known, and the patch would
 * find nothing where it has some for others. Nor do any without images where
 * labels select, for these tell apart what is not told apart here.
 */
#include "kustomize/patches.h"
#include "base/error.h"
#include "base/str.h"
#include "kubernetes/json_patch.h"
#include "kustomize/patch_texts.h"
#include "kustomize/text.h"
#include "manifest/mentions.h"

#include <stdlib.h>

/* A file as it is read for one target of each of its texts. */
struct patched_file {
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan; /* NULL: there are no rules */
};

/* Patches that are being planned. */
struct patch_planning {
    struct irw_trees *trees;
    const struct irw_tree_options *options;
    irw_refusal_list *refusals;
    struct imgrw_error *error;
};

/* Whether what it says itself is all that a text is for. */
static bool
is_plain(const struct irw_patch_text *text)
{
    return text->targets.count == 1 && !text->targets.items[0];
}

/* Whether something is in the text that may be an image, or that counts as one
 * of a custom resource, for want of its kind. */
static bool
has_guesses(const struct irw_patch_text *text,
            const struct imgrw_manifest *manifest)
{
    const struct imgrw_image *image;

    for (size_t i = 0; (image = imgrw_manifest_possible(manifest, i)); i++)
        if (image->at.offset >= text->from && image->at.offset < text->to)
            return true;
    for (size_t i = 0; (image = imgrw_manifest_image(manifest, i)); i++)
        if (image->image_class == IMGRW_CLASS_CRD &&
            image->at.offset >= text->from && image->at.offset < text->to)
            return true;
    return false;
}

/* Notes a text that is for what is not known, in its build. */
static void
note_open(const struct patch_planning *planning,
          const struct irw_patch_text *text)
{
    struct irw_builds *builds = &planning->trees->builds;
    struct irw_build *build = &builds->items.items[text->build];

    if (text->open && build->before.writer.line == 0 &&
        has_guesses(text, builds->files[text->file].manifest))
        build->before.writer = text->at;
}

static void
clear_reading(struct patched_file *reading)
{
    imgrw_plan_free(reading->plan);
    imgrw_manifest_free(reading->manifest);
}

/* Reads a file of which one text is all. */
static enum imgrw_status
parse_whole(struct patch_planning *planning, size_t file, imgrw_str bytes,
            const struct irw_patch_target *target, struct patched_file *reading)
{
    const struct irw_build_file *from = &planning->trees->builds.files[file];

    return target ? irw_manifest_parse_patch(bytes, from->path, target,
                                             planning->options->parse,
                                             &reading->manifest, NULL)
                  : imgrw_manifest_parse(bytes, from->path,
                                         planning->options->parse,
                                         &reading->manifest, NULL);
}

/* Orders patches by their offsets; for qsort. */
static int
by_offset(const void *a, const void *b)
{
    const struct irw_known_patch *one = a, *other = b;

    return (one->offset > other->offset) - (one->offset < other->offset);
}

/* Sets what the texts of a file are for, each as the target that it has
 * chosen, in the arena of the builds. */
static enum imgrw_status
know_patches(struct patch_planning *planning,
             const struct irw_patch_text *texts, size_t count,
             struct irw_known_patches *known)
{
    struct irw_known_patch *items =
        irw_arena_calloc(&planning->trees->builds.arena, count, sizeof(*items));

    if (!items)
        return irw_fail_memory(planning->error);
    known->items = items;
    known->count = 0;
    for (size_t i = 0; i < count; i++)
        if (texts[i].targets.items[texts[i].chosen])
            items[known->count++] = (struct irw_known_patch){
                texts[i].from, *texts[i].targets.items[texts[i].chosen]};
    qsort(items, known->count, sizeof(*items), by_offset);
    return IMGRW_OK;
}

/* Reads and plans a file of which `texts` are all, or parts. */
static enum imgrw_status
read_file(struct patch_planning *planning, const struct irw_patch_text *texts,
          size_t count, struct patched_file *reading)
{
    const struct irw_tree_options *options = planning->options;
    size_t file = texts->file;
    struct irw_tree_result *result = &planning->trees->results[file];
    const struct irw_build_file *from = &planning->trees->builds.files[file];
    bool whole = texts->to == SIZE_MAX;
    imgrw_str bytes;
    enum imgrw_status status =
        irw_tree_result_text(result, from, options->parse->max_bytes, &bytes,
                             planning->error);

    *reading = (struct patched_file){NULL, NULL};
    if (status == IMGRW_OK && !whole)
        status = know_patches(planning, texts, count, &result->known);
    if (status == IMGRW_OK)
        status = whole
                     ? parse_whole(planning, file, bytes,
                                   texts->targets.items[texts->chosen], reading)
                     : irw_patches_parse(planning->trees, file, bytes,
                                         options->parse, &reading->manifest,
                                         planning->error);
    if (status == IMGRW_OK && options->rules)
        status = imgrw_plan_new(reading->manifest, options->rules,
                                options->plan, &reading->plan, planning->error);
    return status == IMGRW_ERR_MEMORY ? irw_fail_memory(planning->error)
                                      : status;
}

/* The next image of a text that a plan changes, from number `*index` on, which
 * is behind it afterwards; NULL: there are no more. */
static const struct imgrw_image *
next_change(const struct irw_patch_text *text,
            const struct patched_file *reading, size_t *index, imgrw_str *to)
{
    const struct imgrw_image *image;

    while ((image = imgrw_manifest_image(reading->manifest, *index))) {
        const struct imgrw_decision *decision =
            imgrw_plan_decision(reading->plan, (*index)++);

        if (image->at.offset < text->from || image->at.offset >= text->to ||
            !decision || decision->outcome.result != IMGRW_REWRITTEN ||
            decision->obstacle.size > 0)
            continue;
        *to = decision->outcome.text;
        return image;
    }
    return NULL;
}

/* The first image of a text that changes in one reading, and in the other in
 * another way, or not at all. */
static const struct imgrw_image *
find_difference(const struct irw_patch_text *text,
                const struct patched_file *one,
                const struct patched_file *other)
{
    size_t i = 0, k = 0;
    const struct imgrw_image *a, *b;

    do {
        imgrw_str to_a = {0}, to_b = {0};

        a = next_change(text, one, &i, &to_a);
        b = next_change(text, other, &k, &to_b);
        if (a && b && (a->at.offset != b->at.offset || !irw_equal(to_a, to_b)))
            return a->at.offset <= b->at.offset ? a : b;
    } while (a && b);
    return a ? a : b;
}

static size_t
count_images(const struct irw_patch_text *text,
             const struct patched_file *reading)
{
    size_t count = 0;
    const struct imgrw_image *image;

    for (size_t i = 0; (image = imgrw_manifest_image(reading->manifest, i));
         i++)
        count += image->at.offset >= text->from && image->at.offset < text->to;
    return count;
}

static enum imgrw_status
refuse(struct patch_planning *planning, const struct irw_patch_text *text,
       const struct imgrw_image *image)
{
    return irw_refuse(planning->refusals, text->file, image->at,
                      "the patch (%.80s:%u:%u) is for several kinds, and this "
                      "is not an image in all of them: write one for each "
                      "kind, or leave this tree out",
                      text->at.path, (unsigned)text->at.line,
                      (unsigned)text->at.column)
               ? IMGRW_OK
               : irw_fail_memory(planning->error);
}

/* Sets whether a text is a JSON patch. */
static enum imgrw_status
look_for_operations(struct patch_planning *planning,
                    const struct irw_patch_text *text, bool *is_json_patch)
{
    struct irw_builds *builds = &planning->trees->builds;
    struct irw_kustomize_text read;
    imgrw_str bytes = text->inside;
    enum imgrw_status status = IMGRW_OK;

    *is_json_patch = false;
    if (text->to == SIZE_MAX)
        status = irw_builds_text(builds, text->file, &bytes, planning->error);
    if (status != IMGRW_OK)
        return status;
    status = irw_kustomize_text_read(bytes, NULL, &builds->arena, &read);
    *is_json_patch =
        status == IMGRW_OK && read.tree.document_count > 0 &&
        irw_is_json_patch(&read.tree, irw_kustomize_root(&read, 0));
    irw_kustomize_text_clear(&read);
    return status == IMGRW_ERR_MEMORY ? irw_fail_memory(planning->error)
                                      : IMGRW_OK;
}

/* Chooses the target for which a text has most images, and refuses the text
 * where others have it changed in another way. `readings` are one for each
 * target. */
static enum imgrw_status
choose(struct patch_planning *planning, struct irw_patch_text *text,
       const struct patched_file *readings)
{
    size_t most = 0;
    bool json;
    enum imgrw_status status = look_for_operations(planning, text, &json);

    text->chosen = 0;
    for (size_t i = 0; i < text->targets.count; i++) {
        size_t count = count_images(text, &readings[i]);

        if (count > most) {
            most = count;
            text->chosen = i;
        }
    }
    for (size_t i = 0; i < text->targets.count && status == IMGRW_OK; i++) {
        const struct irw_patch_target *target = text->targets.items[i];
        const struct imgrw_image *image;

        if (!planning->options->rules || i == text->chosen)
            continue;
        if ((text->wide || (json && target && irw_target_is_of_api(target))) &&
            count_images(text, &readings[i]) == 0)
            continue;
        image = find_difference(text, &readings[text->chosen], &readings[i]);
        if (image)
            return refuse(planning, text, image);
    }
    return status;
}

/* Reads the texts of a file as all that they are for, and has each choose. */
static enum imgrw_status
choose_all(struct patch_planning *planning, struct irw_patch_text *texts,
           size_t count, size_t most)
{
    struct patched_file *readings = calloc(most, sizeof(*readings));
    enum imgrw_status status =
        readings ? IMGRW_OK : irw_fail_memory(planning->error);

    for (size_t k = 0; k < most && status == IMGRW_OK; k++) {
        for (size_t i = 0; i < count; i++)
            texts[i].chosen =
                k < texts[i].targets.count ? k : texts[i].targets.count - 1;
        status = read_file(planning, texts, count, &readings[k]);
    }
    for (size_t i = 0; i < count && status == IMGRW_OK; i++)
        status = choose(planning, &texts[i], readings);
    for (size_t k = 0; readings && k < most; k++)
        clear_reading(&readings[k]);
    free(readings);
    return status;
}

/* Plans a file anew of which `texts` are all, or parts. One that cannot be read
 * has failed before. */
static enum imgrw_status
plan_file(struct patch_planning *planning, struct irw_patch_text *texts,
          size_t count)
{
    struct irw_build_file *file =
        &planning->trees->builds.files[texts->file];
    struct irw_tree_result *result = &planning->trees->results[texts->file];
    size_t most = 0;
    bool plain = true;
    struct patched_file reading = {NULL, NULL};
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < count; i++) {
        plain &= is_plain(&texts[i]);
        if (texts[i].targets.count > most)
            most = texts[i].targets.count;
        note_open(planning, &texts[i]);
    }
    if (plain)
        return IMGRW_OK;
    if (most > 1)
        status = choose_all(planning, texts, count, most);
    if (status == IMGRW_OK)
        status = read_file(planning, texts, count, &reading);
    if (status != IMGRW_OK) {
        clear_reading(&reading);
        return status == IMGRW_ERR_MEMORY ? status : IMGRW_OK;
    }
    result->manifest = reading.manifest;
    result->plan = reading.plan;
    result->is_read_again = texts->to == SIZE_MAX;
    if (!file->text.data)
        file->text = result->text;
    file->manifest = reading.manifest;
    file->plan = reading.plan;
    return IMGRW_OK;
}

/* Plans the files of all texts. */
static enum imgrw_status
plan_all(struct patch_planning *planning, const irw_patch_text_list *all)
{
    struct irw_patch_text *texts = all->items;
    size_t count = all->count, next;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < count && status == IMGRW_OK; i = next) {
        size_t file = texts[i].file;

        for (next = i + 1; next < count && texts[next].file == file;)
            next++;
        status = plan_file(planning, &texts[i],
                           texts[i].to == SIZE_MAX ? 1 : next - i);
    }
    return status;
}

enum imgrw_status
irw_patches_plan(struct irw_trees *trees,
                 const struct irw_tree_options *options,
                 irw_refusal_list *refusals, struct imgrw_error *error)
{
    struct patch_planning planning = {
        .trees = trees,
        .options = options,
        .refusals = refusals,
        .error = error,
    };
    irw_patch_text_list texts = {0};
    enum imgrw_status status =
        irw_patch_texts_find(&trees->builds, &texts, error);

    if (status == IMGRW_OK)
        status = plan_all(&planning, &texts);
    irw_patch_texts_clear(&texts);
    return status;
}

enum imgrw_status
irw_patches_parse(const struct irw_trees *trees, size_t file, imgrw_str text,
                  const struct imgrw_parse_options *options,
                  struct imgrw_manifest **manifest, struct imgrw_error *error)
{
    return irw_manifest_parse_known(text, trees->builds.files[file].path,
                                    &trees->results[file].known, options,
                                    manifest, error);
}
