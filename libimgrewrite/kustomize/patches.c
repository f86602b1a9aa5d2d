#include "kustomize/patch_files.h"
#include "base/error.h"
#include "base/str.h"

#include <stdlib.h>

/* What a file is for. */
struct patch_use {
    const struct irw_patch_target *target; /* NULL: it is no such patch */
    bool other; /* it is for something else as well */
};

static bool
is_same(const struct irw_patch_target *one,
        const struct irw_patch_target *other)
{
    return irw_equal(one->group, other->group) &&
           irw_equal(one->version, other->version) &&
           irw_equal(one->kind, other->kind);
}

/* The target of a step that names a patch; NULL: it has none that matters, for
 * images of pods are found without it. */
static const struct irw_patch_target *
target_of(const struct irw_build *build, const struct irw_build_step *step)
{
    const struct irw_kustomization_path *path =
        &build->before.paths.items[step->path];

    return step->role == IRW_PATH_PATCH && path->has_target &&
                   path->target.kind.size > 0 && !irw_patches_pods(path)
               ? &path->target
               : NULL;
}

/* Finds out what the files of a build are for. */
static void
note_uses(const struct irw_build *build, struct patch_use *uses)
{
    for (size_t i = 0; i < build->steps.count; i++) {
        const struct irw_build_step *step = &build->steps.items[i];
        const struct irw_patch_target *target = target_of(build, step);
        struct patch_use *use = &uses[step->index];

        if (step->target != IRW_TARGET_FILE)
            continue;
        if (target && !use->target)
            use->target = target;
        else if (!target || !is_same(target, use->target))
            use->other = true;
    }
}

/* Plans a file as a patch of its target. One that cannot be read has failed
 * before. */
static enum imgrw_status
plan_file(struct irw_trees *trees, const struct irw_tree_options *options,
          size_t index, const struct irw_patch_target *target,
          struct imgrw_error *error)
{
    struct irw_build_file *file = &trees->builds.files[index];
    struct irw_tree_result *result = &trees->results[index];
    struct imgrw_manifest *manifest = NULL;
    struct imgrw_plan *plan = NULL;
    imgrw_str text;
    enum imgrw_status status =
        irw_tree_result_text(result, file, options->parse->max_bytes, &text,
                             error);

    if (status == IMGRW_OK)
        status = irw_manifest_parse_patch(text, file->path, target,
                                          options->parse, &manifest, error);
    if (status == IMGRW_OK && options->rules)
        status = imgrw_plan_new(manifest, options->rules, options->plan, &plan,
                                error);
    if (status != IMGRW_OK) {
        imgrw_manifest_free(manifest);
        return status == IMGRW_ERR_MEMORY ? irw_fail_memory(error) : IMGRW_OK;
    }
    result->manifest = manifest;
    result->plan = plan;
    result->is_read_again = true;
    file->text = text;
    file->manifest = manifest;
    file->plan = plan;
    return IMGRW_OK;
}

/* Notes a file that is for two things in the builds that have it. */
static void
note_writers(struct irw_build *build, const struct patch_use *uses)
{
    for (size_t i = 0; i < build->steps.count; i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        if (step->target == IRW_TARGET_FILE && target_of(build, step) &&
            uses[step->index].other && build->before.writer.line == 0)
            build->before.writer = step->at;
    }
}

enum imgrw_status
irw_patch_files_plan(struct irw_trees *trees,
                     const struct irw_tree_options *options,
                     struct imgrw_error *error)
{
    struct irw_builds *builds = &trees->builds;
    struct patch_use *uses = calloc(builds->file_count + 1, sizeof(*uses));
    enum imgrw_status status = IMGRW_OK;

    if (!uses)
        return irw_fail_memory(error);
    for (size_t i = 0; i < builds->items.count; i++)
        note_uses(&builds->items.items[i], uses);
    for (size_t i = 0; i < builds->items.count; i++)
        note_writers(&builds->items.items[i], uses);
    for (size_t i = 0; i < builds->file_count && status == IMGRW_OK; i++)
        if (uses[i].target && !uses[i].other)
            status = plan_file(trees, options, i, uses[i].target, error);
    free(uses);
    return status;
}
