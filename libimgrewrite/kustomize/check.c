#include "kustomize/check.h"
#include "base/error.h"
#include "base/str.h"
#include "kustomize/build_images.h"
#include "kustomize/copying.h"
#include "kustomize/data_copies.h"
#include "kustomize/part_fits.h"

#include <stdlib.h>

/* A check. */
struct build_check {
    struct irw_flows *flows;
    struct irw_answers *answers;
    irw_refusal_list *refusals;
};

/* Has entries work on a text. What is told of one is where it stands now, in
 * `before`. */
static enum imgrw_status
apply_all(struct build_check *check, const struct irw_build *build, bool then,
          struct irw_flow *flow, struct imgrw_error *error)
{
    bool rewritten = then && build->after.text.source.text.data;
    const struct irw_kustomization *kustomization = rewritten ? &build->after
                                                              : &build->before;
    imgrw_str *text = then ? &flow->after : &flow->before;
    struct irw_entry_image image = {*text,
                                    irw_flow_passes(check->flows, flow)};
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < kustomization->entries.count && status == IMGRW_OK;
         i++) {
        const struct irw_entry *entry = &kustomization->entries.items[i];
        bool matched = false;

        if (entry->number + 1 < flow->enter)
            continue;
        if (entry->number < flow->enter && !entry->is_second) {
            status = irw_flows_make(check->flows, &entry->text, &image.text,
                                    error);
            matched = true;
        } else if (status == IMGRW_OK) {
            status = irw_entry_apply(entry, &image, &check->flows->arena,
                                     &matched, error);
        }
        if (matched || entry->name.kind == IRW_NAME_STRANGE)
            flow->last = &build->before.entries.items[entry->number];
    }
    *text = image.text;
    return status;
}

/* Refuses a build for the sake of a copy. */
static enum imgrw_status
refuse_copy(struct build_check *check, const struct irw_build *build,
            const struct irw_copy_conflict *conflict, struct imgrw_error *error)
{
    struct irw_refusal refusal = {
        .build = (size_t)(build - check->flows->builds->items.items),
        .file = conflict->file,
    };

    irw_fail(&refusal.error, IMGRW_ERR_EDIT, conflict->at,
             "the replacement, variable or patch (%.80s:%u:%u) may copy this "
             "image, or a part of one, and cannot follow: let `images:` set "
             "it, or leave this tree out",
             conflict->copy->at.path, (unsigned)conflict->copy->at.line,
             (unsigned)conflict->copy->at.column);
    return IRW_APPEND(check->refusals, refusal) ? IMGRW_OK
                                                : irw_fail_memory(error);
}

/* Sets whether the entry is for an image, as it is or as it will be. */
static enum imgrw_status
is_meant(const struct irw_entry *entry, const struct irw_build_image *image,
         bool *meant, struct imgrw_error *error)
{
    enum imgrw_status status =
        irw_name_pattern_match(&entry->name, image->before, meant, error);

    return status == IMGRW_OK && !*meant
               ? irw_name_pattern_match(&entry->name, image->after, meant,
                                        error)
               : status;
}

/* Refuses a build in which something sets an image that changes, and cannot
 * follow it. */
static enum imgrw_status
refuse_setter(struct build_check *check, const struct irw_build *build,
              const struct irw_build_image *image, struct imgrw_location setter,
              struct imgrw_error *error)
{
    struct irw_refusal refusal = {
        .build = (size_t)(build - check->flows->builds->items.items),
        .file = image->file,
    };

    irw_fail(&refusal.error, IMGRW_ERR_EDIT, image->at,
             "what sets images here (%.80s:%u:%u) cannot follow this one: let "
             "`images:` set them, or leave this tree out",
             setter.path, (unsigned)setter.line, (unsigned)setter.column);
    return IRW_APPEND(check->refusals, refusal) ? IMGRW_OK
                                                : irw_fail_memory(error);
}

/* Entries of `images:` where that reaches further than is known; or none, where
 * something may set any image. */
struct wide_entries {
    const struct irw_entry *items;
    size_t count;
    bool change; /* some will say something else than they do */
    struct imgrw_location at; /* of what makes them so; line 0: their own */
};

/* Sets where one of the entries is that is for an image that changes; line 0:
 * none is. */
static enum imgrw_status
find_meant(const struct wide_entries *entries,
           const struct irw_build_image *image,
           struct imgrw_location *at, struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;
    bool meant = entries->change;

    at->line = 0;
    if (irw_equal(image->before, image->after))
        return IMGRW_OK;
    if (meant)
        *at = entries->at;
    for (size_t i = 0; i < entries->count && !meant && status == IMGRW_OK;
         i++) {
        status = is_meant(&entries->items[i], image, &meant, error);
        if (meant)
            *at = entries->at.line > 0 ? entries->at : entries->items[i].at;
    }
    return status;
}

/* Refuses the build for the sake of the first image that changes and is one of
 * those that the entries are for. */
static enum imgrw_status
judge_entries(struct build_check *check, const struct irw_build *build,
              const struct wide_entries *entries,
              const struct irw_build_images *images, struct imgrw_error *error)
{
    for (size_t i = 0; i < images->list.count; i++) {
        const struct irw_build_image *image = &images->list.items[i];
        struct imgrw_location at;
        enum imgrw_status status = find_meant(entries, image, &at, error);

        if (status != IMGRW_OK)
            return status;
        if (at.line > 0)
            return refuse_setter(check, build, image, at, error);
    }
    return IMGRW_OK;
}

/* Applies a transformer's entry to an image as it is and as it will be, in one
 * of the ways in which it may reach that, and sets whether it fits still. */
static enum imgrw_status
apply_setter(struct build_check *check, const struct irw_entry *setter,
             struct irw_entry_image *before, struct irw_entry_image *after,
             bool *fits, struct imgrw_error *error)
{
    struct irw_arena *arena = &check->answers->arena;
    bool met = false, meets = false;
    imgrw_str wanted;
    enum imgrw_status status =
        irw_entry_apply(setter, before, arena, &met, error);

    if (status == IMGRW_OK)
        status = irw_entry_apply(setter, after, arena, &meets, error);
    if (status == IMGRW_OK && (met || meets))
        status = irw_answers_get(check->answers, before->text, &wanted, error);
    if (status == IMGRW_OK && (met || meets))
        *fits = irw_equal(after->text, wanted);
    return status;
}

/* Refuses a build in which transformers make another image of one than the
 * rules make of what they make now. What an expression means that is not
 * understood, nobody knows. */
static enum imgrw_status
judge_setters(struct build_check *check, const struct irw_build *build,
              const struct irw_build_image *image, bool *fits,
              struct imgrw_error *error)
{
    const struct irw_kustomization *made = &build->before;
    bool changes = !irw_equal(image->before, image->after);
    enum imgrw_status status = IMGRW_OK;

    for (unsigned passes = 1; passes <= (IRW_PASS_LISTS | IRW_PASS_FIELDS);
         passes++) {
        struct irw_entry_image before = {image->before, passes};
        struct irw_entry_image after = {image->after, passes};

        for (size_t i = 0; i < made->setters.count && status == IMGRW_OK; i++) {
            const struct irw_entry *setter = &made->setters.items[i];

            status = apply_setter(check, setter, &before, &after, fits, error);
            *fits &= !changes || setter->name.kind != IRW_NAME_STRANGE;
            if (status == IMGRW_OK && !*fits)
                return refuse_setter(check, build, image, setter->at, error);
        }
    }
    return status;
}

/* Refuses a build in which transformers set images that cannot follow, or
 * entries that reach further than is known. */
static enum imgrw_status
refuse_setters(struct build_check *check, const struct irw_build *build,
               const irw_flow_list *flows, struct imgrw_error *error)
{
    const struct irw_kustomization *made = &build->before;
    const struct wide_entries wide = {
        .items = made->entries.items,
        .count = made->reach.line > 0 ? made->entries.count : 0,
        .change = made->reach.line > 0 && build->after.text.source.text.data,
        .at = made->reach,
    };
    const struct wide_entries unclear = {
        .change = made->unclear.line > 0,
        .at = made->unclear,
    };
    struct irw_build_images images = {.cut = false};
    enum imgrw_status status = IMGRW_OK;
    bool fits = true;

    if (made->setters.count + wide.count > 0 || unclear.change)
        status =
            irw_build_images_list(check->flows, build, flows, &images, error);
    for (size_t i = 0; i < images.list.count && fits && status == IMGRW_OK; i++)
        status =
            judge_setters(check, build, &images.list.items[i], &fits, error);
    if (status == IMGRW_OK)
        status = judge_entries(check, build, &wide, &images, error);
    if (status == IMGRW_OK)
        status = judge_entries(check, build, &unclear, &images, error);
    free(images.list.items);
    return status;
}

/* Refuses a build for the sake of a part of an image that a patch sets. */
static enum imgrw_status
refuse_part(struct build_check *check, const struct irw_build *build,
            const struct irw_build_image *image,
            const struct irw_patched_part *part, struct imgrw_error *error)
{
    struct irw_refusal refusal = {
        .build = (size_t)(build - check->flows->builds->items.items),
        .file = image->file,
    };

    irw_fail(&refusal.error, IMGRW_ERR_EDIT, image->at,
             "the patch (%.80s:%u:%u) sets a part of this image, of which the "
             "rest does not go with it: have it set the registry and the "
             "repository together in one map, or leave this tree out",
             part->at.path, (unsigned)part->at.line, (unsigned)part->at.column);
    return IRW_APPEND(check->refusals, refusal) ? IMGRW_OK
                                                : irw_fail_memory(error);
}

/* Refuses a build in which a patch sets a part of an image so that it is not
 * what it should be. */
static enum imgrw_status
check_parts(struct build_check *check, struct irw_build *build,
            const irw_flow_list *flows, struct imgrw_error *error)
{
    const irw_patched_part_list *parts = &build->before.parts;
    struct irw_build_images images = {.cut = false};
    enum imgrw_status status = IMGRW_OK;
    bool fits = true;

    if (parts->count > 0)
        status =
            irw_build_images_list(check->flows, build, flows, &images, error);
    for (size_t i = 0; i < images.list.count && fits && status == IMGRW_OK; i++)
        for (size_t k = 0; k < parts->count && fits && status == IMGRW_OK;
             k++) {
            status = irw_part_fits(check->flows, check->answers,
                                   &images.list.items[i], &parts->items[k],
                                   &fits, error);
            if (status == IMGRW_OK && !fits)
                status = refuse_part(check, build, &images.list.items[i],
                                     &parts->items[k], error);
        }
    free(images.list.items);
    return status;
}

/* The `apply` of the visitor: entries come before replacements. */
static enum imgrw_status
apply(struct irw_build *build, irw_flow_list *flows, void *user,
      struct imgrw_error *error)
{
    struct build_check *check = user;
    enum imgrw_status status = IMGRW_OK;
    struct irw_copy_conflict conflict;

    for (size_t i = 0; i < flows->count && status == IMGRW_OK; i++) {
        struct irw_flow *flow = &flows->items[i];

        status = apply_all(check, build, false, flow, error);
        if (status == IMGRW_OK)
            status = apply_all(check, build, true, flow, error);
    }
    for (size_t i = 0; i < flows->count; i++)
        flows->items[i].enter = 0;
    if (status == IMGRW_OK)
        status = refuse_setters(check, build, flows, error);
    if (status == IMGRW_OK)
        status = check_parts(check, build, flows, error);
    if (status != IMGRW_OK)
        return status;
    irw_data_copies_make(check->flows, build, flows);
    status = irw_copies_judge(check->flows, check->answers, build, flows,
                              &conflict, error);
    return status == IMGRW_OK && conflict.copy
               ? refuse_copy(check, build, &conflict, error)
               : status;
}

/* Refuses a build for the sake of an image that would not be what it should. */
static enum imgrw_status
refuse(struct build_check *check, const struct irw_build *build,
       const struct irw_flow *flow, imgrw_str wanted, struct imgrw_error *error)
{
    const struct irw_builds *builds = check->flows->builds;
    const struct irw_image_origin *origin =
        &check->flows->origins.items[flow->origin];
    struct imgrw_location other = {builds->files[build->file].path, 0, 1, 1};
    struct irw_refusal refusal = {
        .build = (size_t)(build - builds->items.items),
        .file = origin->file,
    };

    if (flow->last || flow->copy)
        other = flow->last ? flow->last->at : flow->copy->at;
    irw_fail(&refusal.error, IMGRW_ERR_EDIT, origin->at,
             "%s (%.80s:%u:%u) cannot follow this image: with it, "
             "kustomize would build %.*s, and not %.*s",
             flow->last   ? "the entry"
             : flow->copy ? "the replacement or variable"
                          : "the kustomization",
             other.path,
             (unsigned)other.line, (unsigned)other.column,
             IRW_PRINT(flow->after), IRW_PRINT(wanted));
    return IRW_APPEND(check->refusals, refusal) ? IMGRW_OK
                                                : irw_fail_memory(error);
}

/* Whether the image may be meant by an entry whose name is not understood. */
static bool
is_unclear(const struct irw_flow *flow)
{
    return flow->last && flow->last->name.kind == IRW_NAME_STRANGE &&
           !irw_equal(flow->before, flow->after);
}

/* Whether the image may stay what it is: its line says so, or it is elsewhere,
 * and no entry has applied to it. */
static bool
is_left(const struct irw_image_origin *origin, const struct irw_flow *flow)
{
    return origin->is_ignored || (origin->is_guess && !flow->last);
}

/* Whether the run is about an image: one that is copied from data is one of
 * pods only in what is built. */
static bool
is_asked(const struct build_check *check, const struct irw_image_origin *origin)
{
    return !origin->data ||
           (check->flows->find & IMGRW_FIND(IMGRW_CLASS_POD)) != 0;
}

/* The `end` of the visitor. */
static enum imgrw_status
end(struct irw_build *build, irw_flow_list *flows, void *user,
    struct imgrw_error *error)
{
    struct build_check *check = user;

    for (size_t i = 0; i < flows->count; i++) {
        const struct irw_flow *flow = &flows->items[i];
        const struct irw_image_origin *origin =
            &check->flows->origins.items[flow->origin];
        imgrw_str wanted;
        enum imgrw_status status = IMGRW_OK;

        if (origin->data && !flow->copy)
            continue; /* it is no image */
        if (is_asked(check, origin))
            status =
                irw_answers_get(check->answers, flow->before, &wanted, error);
        else
            wanted = flow->before;
        if (status != IMGRW_OK)
            return status;
        if ((!irw_equal(flow->after, wanted) &&
             !(is_left(origin, flow) &&
               irw_equal(flow->after, flow->before))) ||
            is_unclear(flow))
            return refuse(check, build, flow, wanted, error);
    }
    return IMGRW_OK;
}

enum imgrw_status
irw_check_builds(struct irw_flows *flows, struct irw_answers *answers,
                 irw_refusal_list *refusals, struct imgrw_error *error)
{
    struct build_check check = {flows, answers, refusals};
    const struct irw_flow_visitor visitor = {apply, end, &check};

    return irw_flows_run(flows, &visitor, error);
}
