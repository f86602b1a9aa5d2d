#include "kustomize/check.h"
#include "base/error.h"
#include "base/str.h"
#include "kustomize/build_images.h"
#include "kustomize/copying.h"
#include "kustomize/data_copies.h"
#include "kustomize/setters.h"

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
static bool
refuse_copy(struct build_check *check, const struct irw_copy_conflict *conflict)
{
    const struct imgrw_location *copy = &conflict->copy->at;

    return irw_refuse(
        check->refusals, conflict->file, conflict->at,
        "the replacement, variable or patch (%.80s:%u:%u) may copy this "
        "image, or a part of one, and cannot follow: let `images:` set it, or "
        "leave this tree out",
        copy->path, (unsigned)copy->line, (unsigned)copy->column);
}

/* Whether something sets images in a build that `images:` does not. */
static bool
has_setters(const struct irw_kustomization *made)
{
    return made->setters.count + made->copies.count > 0 ||
           made->reach.line > 0 || made->unclear.line > 0;
}

/* Refuses a build in which something else than `images:` sets images, and
 * cannot follow. Copies come last, when values are known to be images. */
static enum imgrw_status
check_setters(struct build_check *check, struct irw_build *build,
              irw_flow_list *flows, struct imgrw_error *error)
{
    struct irw_build_images images = {.cut = false};
    struct irw_copy_conflict conflict = {.copy = NULL};
    enum imgrw_status status = IMGRW_OK;

    if (has_setters(&build->before))
        status =
            irw_build_images_list(check->flows, build, flows, &images, error);
    if (status == IMGRW_OK)
        status = irw_setters_check(build, &images, check->answers,
                                   check->refusals, error);
    irw_data_copies_make(check->flows, build, flows);
    if (status == IMGRW_OK)
        status = irw_copies_judge(
            &(struct irw_copy_judging){check->flows, check->answers, build,
                                       flows, &images},
            &conflict, error);
    if (status == IMGRW_OK && conflict.copy && !refuse_copy(check, &conflict))
        status = irw_fail_memory(error);
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

    for (size_t i = 0; i < flows->count && status == IMGRW_OK; i++) {
        struct irw_flow *flow = &flows->items[i];

        status = apply_all(check, build, false, flow, error);
        if (status == IMGRW_OK)
            status = apply_all(check, build, true, flow, error);
    }
    for (size_t i = 0; i < flows->count; i++)
        flows->items[i].enter = 0;
    return status == IMGRW_OK ? check_setters(check, build, flows, error)
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

    if (flow->last || flow->copy)
        other = flow->last ? flow->last->at : flow->copy->at;
    return irw_refuse(check->refusals, origin->file, origin->at,
                      "%s (%.80s:%u:%u) cannot follow this image: with it, "
                      "kustomize would build %.*s, and not %.*s",
                      flow->last   ? "the entry"
                      : flow->copy ? "the replacement or variable"
                                   : "the kustomization",
                      other.path, (unsigned)other.line, (unsigned)other.column,
                      IRW_PRINT(flow->after), IRW_PRINT(wanted))
               ? IMGRW_OK
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
