/*
 * A copy is right if what it takes and what it writes change alike. What it
 * takes changes where an image is in it; what it writes should become what the
 * rules make of the result. Where neither can be told the build is refused, or
 * its user is warned if no image in its reach changes.
 */
#include "kustomize/copying.h"
#include "base/error.h"
#include "base/str.h"
#include "base/text.h"
#include "kustomize/data_copies.h"
#include "kustomize/sources.h"
#include "kustomize/variables.h"
#include "manifest/classify.h"

/* The copies of a build that are judged. */
struct copy_check {
    const struct irw_flows *flows;
    const irw_flow_list *values; /* and images */
    struct irw_builds *builds;
    struct irw_answers *answers;
    struct irw_build *build;
    const struct irw_build_images *images;
    struct irw_sources sources;
    bool sources_read;
    struct irw_copy_conflict *conflict;
    struct imgrw_error *error;
};

static bool
changes(const struct irw_build_image *image)
{
    return !irw_equal(image->before, image->after);
}

static void
set_conflict(struct copy_check *check, const struct irw_copy *copy,
             const struct irw_build_image *image)
{
    *check->conflict =
        (struct irw_copy_conflict){copy, image->file, image->at};
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
is_same_part(const struct irw_copy_end *from,
             const struct irw_build_image *image)
{
    return irw_equal(from->delimiter, IRW_STR(":")) && from->index > 0 &&
           count_of(image->before, ':') == count_of(image->after, ':') &&
           irw_equal(tag_of(image->before), tag_of(image->after));
}

/* Whether the copy of an image goes to a variable that is one of images, so
 * that the rules make the same of it there. */
static bool
becomes_image(const struct copy_check *check, const struct irw_copy *copy,
              const struct irw_build_image *image)
{
    imgrw_str name = irw_copy_variable(copy->to.path);

    return copy->from.exact && copy->to.delimiter.size == 0 && name.size > 0 &&
           (check->flows->find & IMGRW_FIND(IMGRW_CLASS_ENV)) &&
           irw_is_image_variable(name, image->before) &&
           irw_is_image_variable(name, image->after);
}

/* Whether a text is a version: nobody means an image by that, although it could
 * be the name of one. */
static bool
is_version(imgrw_str text)
{
    size_t v = irw_starts_with(text, IRW_STR("v"));

    return text.size > v && irw_is_digit(text.data[v]) &&
           irw_find(text, '/') == SIZE_MAX && irw_find(text, ':') == SIZE_MAX;
}

/* Whether a copy takes images as a whole to where there are images: one to one,
 * or containers to containers. */
static bool
is_whole(const struct irw_copy *copy)
{
    const struct irw_copy_end *from = &copy->from, *to = &copy->to;

    return from->field == IRW_COPIED_IMAGE && to->field == IRW_COPIED_IMAGE &&
           from->exact == to->exact &&
           from->delimiter.size + to->delimiter.size == 0;
}

/* Looks for an image that changes in what a copy takes; one that is copied as a
 * whole to an image, or to a variable for one, moves with it. Sets whether the
 * copy is one of those. */
static void
judge_source(struct copy_check *check, const struct irw_copy *copy, bool *whole)
{
    *whole = false;
    for (size_t i = 0; i < check->images->list.count; i++) {
        const struct irw_build_image *image = &check->images->list.items[i];

        if (!irw_build_image_is_at(image, &copy->from))
            continue;
        if (is_whole(copy) || becomes_image(check, copy, image)) {
            *whole = true;
            return;
        }
        if (changes(image) && !is_same_part(&copy->from, image)) {
            set_conflict(check, copy, image);
            return;
        }
    }
}

/* Sets what a copy takes, where that is known: no other copy may have changed
 * it before. */
static enum imgrw_status
find_value(struct copy_check *check, const struct irw_copy *copy,
           struct irw_source_value *value)
{
    const irw_copy_list *copies = &check->build->before.copies;
    enum imgrw_status status = IMGRW_OK;

    *value = (struct irw_source_value){
        .text = copy->value, .file = check->build->file, .at = copy->at};
    if (copy->value.data)
        return IMGRW_OK;
    for (size_t i = 0; i < copies->count; i++)
        if (copies->items[i].to.field != IRW_COPIED_IMAGE ||
            !irw_equal(copies->items[i].to.kind, copy->to.kind))
            if (&copies->items[i] != copy)
                return IMGRW_OK;
    if (!check->sources_read)
        status = irw_sources_read(&check->sources, check->builds, check->build,
                                  check->error);
    check->sources_read = true;
    if (status == IMGRW_OK && copy->from.field == IRW_COPIED_ANY)
        irw_sources_find(&check->sources, check->builds, &copy->from, value);
    /* the answers outlive the sources */
    if (value->text.data &&
        !irw_arena_keep(&check->answers->arena, &value->text))
        status = irw_fail_memory(check->error);
    return status;
}

/* Puts a part into an image, as kustomize does. */
static enum imgrw_status
put_part(const struct irw_copy_end *end, imgrw_str image, imgrw_str part,
         struct irw_arena *arena, imgrw_str *made, struct imgrw_error *error)
{
    struct irw_text text = {0};
    imgrw_str rest = image, piece;
    bool more = true;

    if (end->index < 0) { /* in front of all parts */
        irw_text_add(&text, part);
        irw_text_add(&text, end->delimiter);
    }
    for (long i = 0; more; i++) {
        more = irw_cut(rest, end->delimiter.data[0], &piece, &rest);
        irw_text_add(&text, i > 0 ? end->delimiter : (imgrw_str){0});
        irw_text_add(&text, i == end->index ? part : piece);
        if (!more && end->index >= 0 && i < end->index) {
            irw_text_add(&text, end->delimiter);
            irw_text_add(&text, part);
        }
    }
    return irw_text_keep(&text, arena, made) ? IMGRW_OK
                                             : irw_fail_memory(error);
}

/* Sets whether an image with the part in it changes as it should. */
static enum imgrw_status
judge_part(struct copy_check *check, const struct irw_copy *copy,
           const struct irw_build_image *image, imgrw_str part, bool *fits)
{
    struct irw_arena *arena = &check->answers->arena;
    imgrw_str before, after, wanted;
    enum imgrw_status status = put_part(&copy->to, image->before, part, arena,
                                        &before, check->error);

    if (status == IMGRW_OK)
        status = put_part(&copy->to, image->after, part, arena, &after,
                          check->error);
    if (status == IMGRW_OK)
        status = irw_answers_get(check->answers, before, &wanted, check->error);
    *fits = status == IMGRW_OK && irw_equal(after, wanted);
    return status;
}

/* Judges a copy of a part into images, with a value that is known. */
static enum imgrw_status
judge_parts(struct copy_check *check, const struct irw_copy *copy,
            imgrw_str part)
{
    enum imgrw_status status = IMGRW_OK;
    bool fits = true;

    for (size_t i = 0; i < check->images->list.count && status == IMGRW_OK;
         i++) {
        const struct irw_build_image *image = &check->images->list.items[i];

        if (!irw_build_image_is_at(image, &copy->to))
            continue;
        status = judge_part(check, copy, image, part, &fits);
        if (fits)
            continue;
        set_conflict(check, copy, image);
        break;
    }
    return status;
}

/* Whether a copy may go into an argument, which alone may have several images.
 */
static bool
may_be_argument(const struct irw_copy *copy)
{
    imgrw_str path = copy->to.path;
    bool argument = copy->variable.size > 0;

    while (path.size > 0 && !argument) {
        imgrw_str step = irw_copy_step(&path);

        argument = irw_equal(step, IRW_STR("args")) ||
                   irw_equal(step, IRW_STR("command"));
    }
    return argument;
}

/* Sets `wanted` to something else than the text where one of several images in
 * it, between commas, blanks and equals signs, changes. */
static enum imgrw_status
judge_several(struct copy_check *check, imgrw_str text, imgrw_str *wanted)
{
    enum imgrw_status status = IMGRW_OK;
    size_t start = 0;

    if (!(check->flows->find & IMGRW_FIND(IMGRW_CLASS_ARGS)))
        return IMGRW_OK;
    for (size_t i = 0; i <= text.size && status == IMGRW_OK; i++) {
        imgrw_str part, answer;

        if (i < text.size && !strchr(",= \t\n", text.data[i]))
            continue;
        part = irw_slice(text, start, i);
        start = i + 1;
        if (irw_find(part, '/') == SIZE_MAX)
            continue;
        status = irw_answers_get(check->answers, part, &answer, check->error);
        if (status == IMGRW_OK && !irw_equal(part, answer))
            *wanted = answer;
    }
    return status;
}

/* Judges a copy of a value that is known, and replaces all that it is written
 * to. */
static enum imgrw_status
judge_whole(struct copy_check *check, const struct irw_copy *copy,
            const struct irw_source_value *value)
{
    imgrw_str wanted;
    enum imgrw_status status =
        irw_answers_get(check->answers, value->text, &wanted, check->error);

    if (status == IMGRW_OK && irw_equal(wanted, value->text) &&
        may_be_argument(copy))
        status = judge_several(check, value->text, &wanted);
    if (status == IMGRW_OK && !irw_equal(wanted, value->text) &&
        !(copy->to.field != IRW_COPIED_IMAGE && is_version(value->text)))
        *check->conflict =
            (struct irw_copy_conflict){copy, value->file, value->at};
    return status;
}

/* The image that a copy writes to, or into which it writes: the first that
 * changes, or else the first. */
static const struct irw_build_image *
find_target(const struct copy_check *check, const struct irw_copy *copy)
{
    const struct irw_build_image *first = NULL;

    for (size_t i = 0;
         i < check->images->list.count && copy->variable.size == 0; i++) {
        const struct irw_build_image *image = &check->images->list.items[i];

        if (!irw_build_image_is_at(image, &copy->to) &&
            !irw_build_image_has_part(image, &copy->to))
            continue;
        if (changes(image))
            return image;
        first = first ? first : image;
    }
    return first;
}

/* Whether a copy may go into a ConfigMap, and the run is about those. */
static bool
goes_into_data(const struct copy_check *check, const struct irw_copy *copy)
{
    return irw_copy_may_write_data(copy) &&
           (check->flows->find & IMGRW_FIND(IMGRW_CLASS_CONFIGMAP));
}

/* Whether a copy goes to a key that says an image, or where one is, and not in
 * a pod. */
static bool
goes_into_parts(const struct irw_copy *copy)
{
    static const char *const keys[] = {"image", "imageRepository", "registry",
                                       "repository", NULL};
    imgrw_str path = copy->to.path, step = {0};

    while (path.size > 0)
        step = irw_copy_step(&path);
    return copy->to.field == IRW_COPIED_ANY && irw_is_one_of(step, keys) &&
           !irw_equal(copy->to.kind, IRW_STR("ConfigMap"));
}

/* Whether a copy sets a part of an image that changes, so that the rest would
 * be another one. */
static bool
breaks_parts(const struct irw_copy *copy, const struct irw_build_image *target)
{
    return changes(target) && irw_build_image_has_part(target, &copy->to);
}

/* Judges what a copy writes. A name or a number is no image. */
static enum imgrw_status
judge_target(struct copy_check *check, const struct irw_copy *copy)
{
    const struct irw_build_image *target = find_target(check, copy);
    bool is_part = copy->to.delimiter.size > 0;
    struct irw_source_value value;
    enum imgrw_status status;

    if (!target && !goes_into_data(check, copy) && !goes_into_parts(copy) &&
        copy->to.field != IRW_COPIED_IMAGE &&
        (copy->to.field != IRW_COPIED_TEXT ||
         copy->from.field == IRW_COPIED_OTHER))
        return IMGRW_OK;
    status = find_value(check, copy, &value);
    if (status == IMGRW_OK && target && breaks_parts(copy, target)) {
        set_conflict(check, copy, target);
        return IMGRW_OK;
    }
    if (status == IMGRW_OK && value.text.data && !is_part)
        return judge_whole(check, copy, &value);
    if (status == IMGRW_OK && value.text.data && copy->to.delimiter.size == 1)
        return judge_parts(check, copy, value.text);
    if (status == IMGRW_OK && target && changes(target))
        set_conflict(check, copy, target);
    else
        check->build->before.writer = copy->at;
    return status;
}

static enum imgrw_status
judge_copies(struct copy_check *check)
{
    const irw_copy_list *copies = &check->build->before.copies;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0;
         i < copies->count && status == IMGRW_OK && !check->conflict->copy;
         i++) {
        const struct irw_copy *copy = &copies->items[i];
        bool whole, used = true;

        if (copy->variable.size > 0)
            status = irw_variable_look(check->builds, copy->variable, &used,
                                       check->error);
        if (status != IMGRW_OK || !used)
            continue;
        if (irw_copy_is_of_data(copy) && !check->build->data_changes &&
            irw_data_copy_is_known(check->flows, copy, check->values,
                                   check->conflict))
            continue;
        judge_source(check, copy, &whole);
        if (!whole && !check->conflict->copy)
            status = judge_target(check, copy);
    }
    return status;
}

enum imgrw_status
irw_copies_judge(const struct irw_copy_judging *judging,
                 struct irw_copy_conflict *conflict, struct imgrw_error *error)
{
    struct irw_build *build = judging->build;
    struct copy_check check = {
        .flows = judging->flows,
        .values = judging->values,
        .builds = judging->flows->builds,
        .answers = judging->answers,
        .build = build,
        .images = judging->images,
        .conflict = conflict,
        .error = error,
    };
    enum imgrw_status status;

    *conflict = (struct irw_copy_conflict){0};
    if (build->before.copies.count == 0)
        return IMGRW_OK;
    if (judging->images->cut)
        build->before.writer = build->before.copies.items[0].at;
    status = judge_copies(&check);
    irw_sources_clear(&check.sources);
    return status;
}
