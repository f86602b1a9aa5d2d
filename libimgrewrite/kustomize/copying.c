#include "kustomize/copying.h"
#include "base/error.h"
#include "base/str.h"
#include "base/text.h"
#include "kustomize/sources.h"

/* The copies of a build that are judged. */
struct copy_check {
    const struct irw_flows *flows;
    struct irw_answers *answers;
    struct irw_build *build;
    const irw_flow_list *images;
    struct irw_sources sources;
    bool sources_read;
    struct irw_copy_conflict *conflict;
    struct imgrw_error *error;
};

/* Whether a word of a selector may mean the name of a kind or a resource.
 * kustomize takes it for a regular expression in targets; prefixes and suffixes
 * of names may have been added before. */
static bool
may_mean(imgrw_str word, imgrw_str name)
{
    for (size_t i = 0; i < word.size; i++)
        if (strchr(".*+?()|[]{}^$\\", word.data[i]))
            return true;
    return word.size == 0 || name.size == 0 ||
           memmem(word.data, word.size, name.data, name.size);
}

/* Whether one end of a copy may be the resource that has the image. */
static bool
may_select(const struct irw_copy_end *end,
           const struct irw_image_origin *origin)
{
    const struct imgrw_image *image = origin->site ? &origin->site->image
                                                   : NULL;
    bool rejects = end->not_kind.size + end->not_name.size > 0;

    if (!image || image->kind.size == 0)
        return true;
    if (rejects &&
        (end->not_kind.size == 0 || irw_equal(end->not_kind, image->kind)) &&
        (end->not_name.size == 0 || irw_equal(end->not_name, image->name)))
        return false;
    return may_mean(end->kind, image->kind) && may_mean(end->name, image->name);
}

/* The end of an image from its first tag or digest on: what most copies of a
 * part are about. */
static imgrw_str
tag_of(imgrw_str image)
{
    const char *slash = memrchr(image.data, '/', image.size);
    imgrw_str last =
        irw_slice(image, slash ? (size_t)(slash - image.data) : 0, image.size);
    size_t at = irw_find(last, ':');

    return at == SIZE_MAX ? (imgrw_str){0} : irw_slice(last, at, last.size);
}

static size_t
count_of(imgrw_str text, char character)
{
    size_t count = 0;

    for (size_t i = 0; i < text.size; i++)
        count += text.data[i] == character;
    return count;
}

/* Whether the part that is copied of the image stays the same: of the two
 * between colons the tag, where no host has a port. */
static bool
is_same_part(const struct irw_copy_end *from, const struct irw_flow *flow)
{
    return irw_equal(from->delimiter, IRW_STR(":")) && from->index > 0 &&
           count_of(flow->before, ':') == count_of(flow->after, ':') &&
           irw_equal(tag_of(flow->before), tag_of(flow->after));
}

/* Whether the copy concerns the image, which changes. */
static bool
concerns(const struct irw_copy *copy, const struct irw_image_origin *origin,
         const struct irw_flow *flow)
{
    if (copy->from.field == IRW_COPIED_IMAGE &&
        may_select(&copy->from, origin) && !is_same_part(&copy->from, flow))
        return true;
    return copy->to.field == IRW_COPIED_IMAGE && may_select(&copy->to, origin);
}

/* Whether both ends are whole images, so that the copy moves as what it is a
 * copy of; or no image at all. */
static bool
is_harmless(const struct irw_copy *copy)
{
    if (copy->from.field == IRW_COPIED_IMAGE)
        return copy->from.exact && copy->to.exact;
    return copy->to.field != IRW_COPIED_IMAGE &&
           !(copy->to.field == IRW_COPIED_TEXT &&
             copy->from.field == IRW_COPIED_ANY);
}

/* Whether the value is copied to an image, and is none itself. */
static bool
writes_image(const struct irw_copy *copy)
{
    return copy->to.field == IRW_COPIED_IMAGE &&
           copy->from.field != IRW_COPIED_IMAGE;
}

/* Sets what a copy takes, where that is known: no other copy may have changed
 * it before. */
static enum imgrw_status
find_value(struct copy_check *check, const struct irw_copy *copy,
           struct irw_source_value *value)
{
    const irw_copy_list *copies = &check->build->before.copies;
    struct irw_builds *builds = check->flows->builds;
    enum imgrw_status status = IMGRW_OK;

    *value = (struct irw_source_value){.text = {0}};
    for (size_t i = 0; i < copies->count; i++)
        if (copies->items[i].to.field != IRW_COPIED_IMAGE &&
            may_mean(copies->items[i].to.kind, copy->from.kind))
            return IMGRW_OK;
    if (!check->sources_read)
        status = irw_sources_read(&check->sources, builds, check->build,
                                  check->error);
    check->sources_read = true;
    if (status == IMGRW_OK && copy->from.field != IRW_COPIED_OTHER)
        irw_sources_find(&check->sources, builds, &copy->from, value);
    return status;
}

/* Puts a part into an image, as kustomize does. */
static enum imgrw_status
put_part(const struct irw_copy_end *end, imgrw_str image, imgrw_str part,
         struct irw_arena *arena, imgrw_str *made, struct imgrw_error *error)
{
    struct irw_text text = {0};
    imgrw_str rest = image, piece;
    bool more = true, done;

    for (long i = 0; more; i++) {
        more = irw_cut(rest, end->delimiter.data[0], &piece, &rest);
        irw_text_add(&text, i > 0 ? end->delimiter : (imgrw_str){0});
        irw_text_add(&text, i == end->index ? part : piece);
        if (!more && i < end->index) {
            irw_text_add(&text, end->delimiter);
            irw_text_add(&text, part);
        }
    }
    *made = (imgrw_str){text.data, text.size};
    done = !text.failed && irw_arena_keep(arena, made);
    irw_text_clear(&text);
    return done ? IMGRW_OK : irw_fail_memory(error);
}

/* Sets whether an image with the part in it changes as it should. */
static enum imgrw_status
judge_part(struct copy_check *check, const struct irw_copy *copy,
           const struct irw_flow *flow, imgrw_str part, bool *fits)
{
    struct irw_arena *arena = &check->answers->arena;
    imgrw_str before, after, wanted;
    enum imgrw_status status = put_part(&copy->to, flow->before, part, arena,
                                        &before, check->error);

    if (status == IMGRW_OK)
        status = put_part(&copy->to, flow->after, part, arena, &after,
                          check->error);
    if (status == IMGRW_OK)
        status = irw_answers_get(check->answers, before, &wanted, check->error);
    *fits = status == IMGRW_OK && irw_equal(after, wanted);
    return status;
}

static void
set_conflict(struct copy_check *check, const struct irw_copy *copy,
             const struct irw_flow *flow)
{
    const struct irw_image_origin *origin =
        &check->flows->origins.items[flow->origin];

    *check->conflict =
        (struct irw_copy_conflict){copy, origin->file, origin->at};
}

/* Judges a copy of a value that is known. */
static enum imgrw_status
judge_value(struct copy_check *check, const struct irw_copy *copy,
            const struct irw_source_value *value)
{
    const irw_flow_list *images = check->images;
    enum imgrw_status status = IMGRW_OK;
    imgrw_str wanted;

    if (copy->to.exact) {
        status = irw_answers_get(check->answers, value->text, &wanted,
                                 check->error);
        if (status == IMGRW_OK && !irw_equal(wanted, value->text))
            *check->conflict =
                (struct irw_copy_conflict){copy, value->file, value->at};
        return status;
    }
    for (size_t i = 0; i < images->count && status == IMGRW_OK; i++) {
        const struct irw_flow *flow = &images->items[i];
        bool fits = true;

        if (may_select(&copy->to, &check->flows->origins.items[flow->origin]))
            status = judge_part(check, copy, flow, value->text, &fits);
        if (fits)
            continue;
        set_conflict(check, copy, flow);
        break;
    }
    return status;
}

/* Whether the part goes into all of an image that is known as such. */
static bool
is_part_of_image(const struct copy_check *check, const struct irw_copy *copy)
{
    const irw_copy_list *copies = &check->build->before.copies;
    size_t writers = 0;

    for (size_t i = 0; i < copies->count; i++)
        writers += copies->items[i].to.field == IRW_COPIED_IMAGE;
    return writers == 1 && copy->to.delimiter.size == 1 &&
           irw_ends_with(copy->to.path, IRW_STR(".image"));
}

/* Judges a copy by the images that change. */
static void
judge_images(struct copy_check *check, const struct irw_copy *copy)
{
    for (size_t i = 0; i < check->images->count; i++) {
        const struct irw_flow *flow = &check->images->items[i];

        if (irw_equal(flow->before, flow->after) ||
            !concerns(copy, &check->flows->origins.items[flow->origin], flow))
            continue;
        set_conflict(check, copy, flow);
        return;
    }
    if ((copy->from.field == IRW_COPIED_ANY || writes_image(copy)) &&
        check->build->before.writer.line == 0)
        check->build->before.writer = copy->at;
}

static enum imgrw_status
judge_copy(struct copy_check *check, const struct irw_copy *copy)
{
    struct irw_source_value value = {.text = {0}};
    enum imgrw_status status = IMGRW_OK;

    if (writes_image(copy) &&
        (copy->to.exact || is_part_of_image(check, copy)))
        status = find_value(check, copy, &value);
    if (status != IMGRW_OK)
        return status;
    if (value.text.data)
        return judge_value(check, copy, &value);
    judge_images(check, copy);
    return IMGRW_OK;
}

enum imgrw_status
irw_copies_judge(const struct irw_flows *flows, struct irw_answers *answers,
                 struct irw_build *build, const irw_flow_list *images,
                 struct irw_copy_conflict *conflict, struct imgrw_error *error)
{
    const irw_copy_list *copies = &build->before.copies;
    struct copy_check check = {
        .flows = flows,
        .answers = answers,
        .build = build,
        .images = images,
        .conflict = conflict,
        .error = error,
    };
    enum imgrw_status status = IMGRW_OK;

    *conflict = (struct irw_copy_conflict){0};
    for (size_t i = 0;
         i < copies->count && status == IMGRW_OK && !conflict->copy; i++)
        if (!is_harmless(&copies->items[i]))
            status = judge_copy(&check, &copies->items[i]);
    irw_sources_clear(&check.sources);
    return status;
}
