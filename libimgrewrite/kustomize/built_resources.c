#include "kustomize/built_resources.h"
#include "base/error.h"
#include "base/str.h"
#include "kubernetes/names.h"
#include "kubernetes/resource.h"
#include "kustomize/name_pattern.h"
#include "kustomize/value_patch.h"

#include <stdlib.h>

#define MOST_BUILDS 100000 /* a build may be in others again and again */

/* Whether a patch is for a resource. */
enum patch_selection {
    SELECTION_NO,
    SELECTION_MAYBE,
    SELECTION_YES,
};

/* The resources from number `first` on, those of one build, and a patch. */
struct patching {
    struct irw_built_resources *built;
    const struct irw_kustomization_path *path;
    size_t file; /* that the patch is in, where it is no file */
    size_t first;
    struct imgrw_error *error;
};

/* Sets whether a word of a selector, which is a pattern to kustomize, is for a
 * name. */
static enum imgrw_status
match(imgrw_str word, imgrw_str name, enum patch_selection *selection,
      struct imgrw_error *error)
{
    struct irw_name_pattern pattern;
    bool matches = false;
    enum imgrw_status status;

    *selection = SELECTION_YES;
    if (word.size == 0 || irw_equal(word, name))
        return IMGRW_OK;
    *selection = SELECTION_NO;
    if (!irw_is_selector_pattern(word))
        return IMGRW_OK;
    status = irw_name_pattern_read(word, &pattern, error);
    if (status != IMGRW_OK)
        return status;
    if (pattern.kind != IRW_NAME_STRANGE)
        status = irw_name_pattern_match(&pattern, name, &matches, error);
    *selection = pattern.kind == IRW_NAME_STRANGE ? SELECTION_MAYBE
                 : matches                        ? SELECTION_YES
                                                  : SELECTION_NO;
    irw_name_pattern_clear(&pattern);
    return status;
}

/* Takes what one word of a selector says together with what others do. A name
 * that does not fit may be one that the resource got on the way. */
static void
narrow(enum patch_selection *all, enum patch_selection one, bool may_differ)
{
    if (one == SELECTION_NO && may_differ)
        one = SELECTION_MAYBE;
    if (one < *all)
        *all = one;
}

/* Sets whether the target of a patch selects a resource. */
static enum imgrw_status
match_target(const struct patching *patching, const struct irw_built *resource,
             enum patch_selection *selection)
{
    const struct irw_kustomization_path *path = patching->path;
    const struct irw_value_pair *is = resource->from;
    imgrw_str kind = path->target.kind.size > 0 ? path->target.kind
                                                : path->kind_pattern;
    const struct {
        imgrw_str word, name;
        bool may_differ;
    } words[] = {
        {kind, is->kind, false},
        {path->target.group, irw_resource_group(is->api_version), false},
        {path->name, is->name, resource->is_renamed || is->name.size == 0},
        {path->name_space, is->name_space, true},
    };
    enum imgrw_status status = IMGRW_OK;

    *selection = path->has_selector ? SELECTION_MAYBE : SELECTION_YES;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words) &&
                       status == IMGRW_OK;
         i++) {
        enum patch_selection one;

        status = match(words[i].word, words[i].name, &one, patching->error);
        narrow(selection, one, words[i].may_differ);
    }
    return status;
}

/* Whether a patch without a target is for a resource, as it says itself. */
static enum patch_selection
match_head(const struct irw_value_pair *patch, const struct irw_built *resource)
{
    const struct irw_value_pair *is = resource->from;
    enum patch_selection selection = SELECTION_YES;

    if (!irw_equal(patch->kind, is->kind) ||
        !irw_equal(irw_resource_group(patch->api_version),
                   irw_resource_group(is->api_version)))
        return SELECTION_NO;
    if (!irw_equal(patch->name, is->name))
        narrow(&selection, SELECTION_NO,
               resource->is_renamed &&
                   memmem(patch->name.data, patch->name.size, is->name.data,
                          is->name.size));
    if (!irw_equal(patch->name_space, is->name_space))
        narrow(&selection, SELECTION_NO, true);
    return selection;
}

/* Keeps the kind of a resource, which a patch that is merged changes only where
 * that is allowed. */
static void
keep_head(struct irw_value_work *work, const struct irw_value_pair *is,
          struct irw_value *value)
{
    struct irw_value *kind = irw_value_find(work, value, IRW_STR("kind"));
    struct irw_value *version =
        irw_value_find(work, value, IRW_STR("apiVersion"));

    if (kind)
        kind->text = is->kind;
    if (version)
        version->text = is->api_version;
}

/* Applies a patch to what a resource is, or will be: to copies by then. */
static enum irw_patching
apply_to(const struct patching *patching, const struct irw_value_pair *is,
         const struct irw_value *patch, struct irw_value *value)
{
    struct irw_value_work *work = &patching->built->work;
    enum irw_patching done;

    if (!value || !patch)
        return IRW_PATCHING_UNKNOWN;
    done = irw_value_patch(work, value, patch);
    if (patch->type == IRW_VALUE_MAPPING && !patching->path->changes_kind)
        keep_head(work, is, value);
    return done;
}

/* Applies a patch to a resource. */
static void
apply(const struct patching *patching, const struct irw_value_pair *patch,
      struct irw_built *resource)
{
    struct irw_value_work *work = &patching->built->work;
    enum irw_patching before, after;

    if (!resource->is_patched) {
        resource->before = irw_value_copy(work, resource->before, false);
        if (resource->after)
            resource->after = irw_value_copy(work, resource->after, false);
    }
    before =
        apply_to(patching, resource->from, patch->before, resource->before);
    after = apply_to(patching, resource->from, patch->after, resource->after);
    resource->is_patched = true;
    resource->patch = patching->path->at;
    resource->patch_file = patching->file;
    resource->is_gone |= before == IRW_PATCHING_FAILED ||
                         before == IRW_PATCHING_GONE;
    resource->is_unknown |= before == IRW_PATCHING_UNKNOWN ||
                            after == IRW_PATCHING_UNKNOWN;
    resource->fails |= after == IRW_PATCHING_FAILED;
}

/* Applies a patch to the resources that it is for. */
static enum imgrw_status
apply_all(const struct patching *patching, const struct irw_value_pair *patch)
{
    struct irw_built_resources *built = patching->built;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = patching->first;
         i < built->list.count && status == IMGRW_OK; i++) {
        struct irw_built *resource = &built->list.items[i];
        enum patch_selection selection = SELECTION_NO;

        if (!resource->from->before)
            continue;
        if (patching->path->has_target)
            status = match_target(patching, resource, &selection);
        else
            selection = match_head(patch, resource);
        built->was_unsure |= selection == SELECTION_MAYBE;
        if (selection == SELECTION_YES ||
            (selection == SELECTION_MAYBE && built->all_selected))
            apply(patching, patch, resource);
    }
    return status == IMGRW_OK
               ? irw_value_work_end(&built->work, patching->error)
               : status;
}

/* Applies the patches of a build that have a role. */
static enum imgrw_status
apply_patches(struct irw_built_resources *built, const struct irw_build *build,
              size_t first, enum irw_path_role role)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK; i++) {
        const struct irw_build_step *step = &build->steps.items[i];
        const struct patching patching = {
            .built = built,
            .path = &build->before.paths.items[step->path],
            .file = role == IRW_PATH_PATCH ? build->file : step->index,
            .first = first,
            .error = built->texts->error,
        };
        const irw_value_pair_list *patches;

        if (step->role != role)
            continue;
        status = irw_value_texts_patch(built->texts, build, i, &patches);
        for (size_t k = 0; status == IMGRW_OK && k < patches->count; k++)
            status = apply_all(&patching, &patches->items[k]);
    }
    return status;
}

static enum imgrw_status
add_file(struct irw_built_resources *built, size_t file)
{
    const irw_value_pair_list *pairs;
    enum imgrw_status status = irw_value_texts_file(built->texts, file, &pairs);

    for (size_t i = 0; status == IMGRW_OK && i < pairs->count; i++) {
        const struct irw_value_pair *pair = &pairs->items[i];
        const struct irw_built made = {
            .from = pair,
            .file = file,
            .before = pair->before,
            .after = pair->after,
        };

        if (!irw_value_take(&built->work, 1))
            return irw_value_work_end(&built->work, built->texts->error);
        if (pair->before && !IRW_APPEND(&built->list, made))
            status = irw_fail_memory(built->texts->error);
    }
    return status;
}

static enum imgrw_status make(struct irw_built_resources *built,
                              const struct irw_build *build, size_t first);

/* Adds what the steps of a build with this role lead to; components get what
 * there is from number `first` on. */
static enum imgrw_status
add_all(struct irw_built_resources *built, const struct irw_build *build,
        enum irw_path_role role, size_t first)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK; i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        if (step->role != role)
            continue;
        if (step->target == IRW_TARGET_FILE && role == IRW_PATH_RESOURCE)
            status = add_file(built, step->index);
        else if (step->target == IRW_TARGET_BUILD)
            status = make(
                built, &built->texts->trees->builds.items.items[step->index],
                role == IRW_PATH_COMPONENT ? first : built->list.count);
    }
    return status;
}

/* Whether a build renames resources, or gives them a namespace. */
static bool
renames(const struct irw_build *build)
{
    bool found = build->before.renames;

    for (size_t i = 0; i < build->steps.count; i++)
        found |= build->steps.items[i].role == IRW_PATH_TRANSFORMER;
    return found;
}

/* Builds: resources, then components, which work on all of them, and then what
 * the build does itself. */
static enum imgrw_status
make(struct irw_built_resources *built, const struct irw_build *build,
     size_t first)
{
    enum imgrw_status status = IMGRW_OK;

    if (++built->builds > MOST_BUILDS) {
        built->work.spent = true;
        return irw_value_work_end(&built->work, built->texts->error);
    }
    status = add_all(built, build, IRW_PATH_RESOURCE, first);
    if (status == IMGRW_OK)
        status = add_all(built, build, IRW_PATH_COMPONENT, first);
    if (status == IMGRW_OK)
        status = apply_patches(built, build, first, IRW_PATH_PATCH);
    if (status == IMGRW_OK)
        status = apply_patches(built, build, first, IRW_PATH_LATE_PATCH);
    for (size_t i = first; i < built->list.count; i++)
        built->list.items[i].is_renamed |= renames(build);
    return status;
}

enum imgrw_status
irw_built_resources_make(struct irw_built_resources *built,
                         const struct irw_build *build)
{
    built->list.count = 0;
    built->builds = 0;
    irw_arena_clear(built->work.arena);
    built->work = (struct irw_value_work){.arena = built->work.arena,
                                          .steps = IRW_VALUE_STEPS};
    return make(built, build, 0);
}

void
irw_built_resources_clear(struct irw_built_resources *built)
{
    free(built->list.items);
    irw_arena_clear(built->work.arena);
}
