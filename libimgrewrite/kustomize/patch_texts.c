#include "kustomize/patch_texts.h"
#include "base/error.h"
#include "base/str.h"

#include <stdlib.h>

#define MOST_TARGETS 16 /* of a text, which is read for each of them */

/* Texts that are being looked for. */
struct text_search {
    const struct irw_builds *builds;
    irw_patch_text_list *texts;
    size_t *text_of; /* of each file: the text that is all of it, + 1 */
};

static bool
is_same(const struct irw_patch_target *one,
        const struct irw_patch_target *other)
{
    if (!one || !other)
        return one == other;
    return irw_equal(one->group, other->group) &&
           irw_equal(one->version, other->version) &&
           irw_equal(one->kind, other->kind);
}

/* Adds a target. With too many, or where some are not known, the text counts as
 * what it says itself. */
static bool
add_target(struct irw_patch_text *text, const struct irw_patch_target *target)
{
    text->open |= text->targets.count == MOST_TARGETS;
    if (text->open) {
        text->targets.count = 0;
        target = NULL;
    }
    for (size_t i = 0; i < text->targets.count; i++)
        if (is_same(text->targets.items[i], target))
            return true;
    return IRW_APPEND(&text->targets, target);
}

/* Adds what a text is for where a step leads to it. Images of pods are found
 * without a target. */
static bool
add_targets(struct irw_patch_text *text,
            const struct irw_kustomization_path *path)
{
    bool selects = irw_patch_selects(path);

    bool known = path->target.kind.size > 0;

    text->open |= selects && path->is_open && !known;
    text->wide |= path->labels.size + path->annotations.size > 0;
    if (known && !irw_is_pod_kind(path->target.kind) &&
        (!selects || path->is_open || path->selected.count == 0))
        return add_target(text, &path->target);
    if (!path->has_target || path->is_open || path->selected.count == 0)
        return add_target(text, NULL);
    for (size_t i = 0; i < path->selected.count; i++)
        if (!add_target(text, &path->selected.items[i]))
            return false;
    return true;
}

/* The text that a step leads to; NULL when memory is out. */
static struct irw_patch_text *
find_text(struct text_search *search, const struct irw_build_step *step,
          const struct irw_kustomization_path *path)
{
    size_t *known = &search->text_of[step->index];
    bool whole = step->target == IRW_TARGET_FILE;
    const struct irw_patch_text made = {
        .file = step->index,
        .from = whole ? 0 : path->at.offset,
        .to = whole ? SIZE_MAX : path->end,
        .inside = path->text,
        .at = step->at,
    };

    if (whole && *known > 0)
        return &search->texts->items[*known - 1];
    if (!IRW_APPEND(search->texts, made))
        return NULL;
    if (whole)
        *known = search->texts->count;
    return &search->texts->items[search->texts->count - 1];
}

/* Whether a step leads to a patch that is read again. What a target of its own
 * kind says of a patch in the file of a kustomization is seen when that is read
 * at first. */
static bool
is_patch(const struct irw_build_step *step,
         const struct irw_kustomization_path *path)
{
    bool whole = step->target == IRW_TARGET_FILE;

    return (step->role == IRW_PATH_PATCH ||
            step->role == IRW_PATH_LATE_PATCH) &&
           (whole || (step->target == IRW_TARGET_INLINE && path->end > 0 &&
                      irw_patch_selects(path)));
}

static bool
add_texts(struct text_search *search, size_t index)
{
    const struct irw_build *build = &search->builds->items.items[index];

    for (size_t i = 0; i < build->steps.count; i++) {
        const struct irw_build_step *step = &build->steps.items[i];
        const struct irw_kustomization_path *path =
            &build->before.paths.items[step->path];
        struct irw_patch_text *text;

        if (!is_patch(step, path))
            continue;
        text = find_text(search, step, path);
        if (!text)
            return false;
        if (text->targets.count == 0)
            text->build = index;
        if (!add_targets(text, path))
            return false;
    }
    return true;
}

/* Adds what a build uses files of patches for besides: a resource is what it
 * says itself. */
static bool
add_resources(struct text_search *search, const struct irw_build *build)
{
    for (size_t i = 0; i < build->steps.count; i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        if (step->role == IRW_PATH_RESOURCE &&
            step->target == IRW_TARGET_FILE &&
            search->text_of[step->index] > 0 &&
            !add_target(
                &search->texts->items[search->text_of[step->index] - 1],
                NULL))
            return false;
    }
    return true;
}

/* Orders texts by their files; for qsort. */
static int
by_file(const void *a, const void *b)
{
    const struct irw_patch_text *one = a, *other = b;

    if (one->file != other->file)
        return one->file < other->file ? -1 : 1;
    /* a file that is a patch is one from its first byte to its last */
    if (one->to != other->to)
        return one->to > other->to ? -1 : 1;
    return (one->from > other->from) - (one->from < other->from);
}

enum imgrw_status
irw_patch_texts_find(const struct irw_builds *builds,
                     irw_patch_text_list *texts, struct imgrw_error *error)
{
    struct text_search search = {
        .builds = builds,
        .texts = texts,
        .text_of = calloc(builds->file_count + 1, sizeof(size_t)),
    };
    bool done = search.text_of;

    for (size_t i = 0; i < builds->items.count && done; i++)
        done = add_texts(&search, i);
    for (size_t i = 0; i < builds->items.count && done; i++)
        done = add_resources(&search, &builds->items.items[i]);
    free(search.text_of);
    if (done && texts->count > 0)
        qsort(texts->items, texts->count, sizeof(*texts->items), by_file);
    return done ? IMGRW_OK : irw_fail_memory(error);
}

void
irw_patch_texts_clear(irw_patch_text_list *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i].targets.items);
    free(texts->items);
}
