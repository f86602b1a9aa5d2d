#include "kustomize/trees.h"
#include "base/error.h"
#include "base/str.h"
#include "kustomize/check.h"
#include "kustomize/extensions.h"
#include "kustomize/together.h"
#include "kustomize/wishes.h"

#include <stdlib.h>

/* Trees that are being planned. */
struct tree_planning {
    struct irw_trees *trees;
    const struct irw_tree_options *options;
    irw_refusal_list refusals;
    struct imgrw_error *error;
};

/* Whether kustomize builds it, or with it. */
static bool
is_known(const struct irw_build *build)
{
    return !build->broken && (build->used || !build->before.is_component);
}

static bool
has_changes(const struct irw_build *build,
            const struct irw_build_changes *changes)
{
    for (size_t i = 0; i < build->before.entries.count; i++)
        if (irw_entry_changes(&build->before.entries.items[i],
                              &changes->entries[i]))
            return true;
    return false;
}

/* Whether the origin stays, and the rules would have it another. */
static bool
is_kept(const struct irw_image_origin *origin)
{
    return origin->is_alias && !irw_equal(origin->before, origin->after);
}

/* Calls for each alias in a file that would not stay by itself. With NULL for
 * wishes, it says whether there is one. */
static bool
keep_aliases(const struct irw_flows *flows, size_t file,
             const struct imgrw_manifest *manifest, struct irw_wish *wishes)
{
    bool found = false;

    for (int use = 0; use < IRW_ORIGIN_USES; use++) {
        size_t first = flows->first_origin[use][file];

        for (size_t i = 0; i < flows->origin_count[use][file]; i++) {
            const struct irw_image_origin *origin =
                &flows->origins.items[first - 1 + i];

            if (!is_kept(origin))
                continue;
            found = true;
            if (wishes)
                irw_wish_alias(manifest, origin, wishes);
        }
    }
    return found;
}

/* Reads a kustomization again, with the images of its entries. */
static enum imgrw_status
read_entries(const struct tree_planning *planning, size_t file,
             const struct imgrw_manifest **manifest, struct imgrw_error *error)
{
    const struct irw_build_file *from = &planning->trees->builds.files[file];
    struct irw_tree_result *result = &planning->trees->results[file];
    struct imgrw_parse_options options = *planning->options->parse;
    enum imgrw_status status;

    options.find = options.find ? options.find : IMGRW_FIND_DEFAULT;
    *manifest = from->manifest;
    if (options.find & IMGRW_FIND(IMGRW_CLASS_KUSTOMIZATION))
        return IMGRW_OK;
    options.find |= IMGRW_FIND(IMGRW_CLASS_KUSTOMIZATION);
    status = imgrw_manifest_parse(from->text, from->path, &options,
                                  &result->manifest, error);
    *manifest = result->manifest;
    return status;
}

/* Plans a file anew: the entries of the build, which may be NULL, follow. */
static enum imgrw_status
plan_file(struct tree_planning *planning, size_t file,
          const struct irw_build *build,
          const struct irw_build_changes *changes, struct imgrw_error *error)
{
    struct irw_trees *trees = planning->trees;
    const struct imgrw_manifest *manifest = trees->builds.files[file].manifest;
    struct irw_wish *wishes;
    enum imgrw_status status = IMGRW_OK;

    if (build)
        status = read_entries(planning, file, &manifest, error);
    if (status != IMGRW_OK || !manifest)
        return status;
    status = irw_wishes_make(manifest, build, changes, &trees->flows.arena,
                             &wishes, error);
    if (status != IMGRW_OK)
        return status;
    keep_aliases(&trees->flows, file, manifest, wishes);
    return irw_plan_new(manifest, planning->options->rules,
                        planning->options->plan, wishes,
                        &trees->results[file].plan, error);
}

/* Reads what a kustomization has become. */
static enum imgrw_status
read_result(struct irw_trees *trees, struct irw_build *build,
            struct imgrw_error *error)
{
    const struct irw_build_file *from = &trees->builds.files[build->file];
    const struct imgrw_plan *plan = trees->results[build->file].plan;

    if (!plan)
        return IMGRW_OK;
    return irw_kustomization_read(imgrw_plan_text(plan), from->path,
                                  &trees->builds.arena, &build->after, error);
}

/* Refuses an entry that would have to set a tag or a digest, and does not have
 * its key. */
static enum imgrw_status
check_keys(const struct irw_build *build,
           const struct irw_build_changes *changes, struct imgrw_error *error)
{
    for (size_t i = 0; i < build->before.entries.count; i++) {
        const struct irw_entry *entry = &build->before.entries.items[i];
        const struct irw_kustomize_entry *to = &changes->entries[i].to;
        bool tag = to->new_tag.size > 0 && entry->text.new_tag.size == 0;
        bool digest = to->digest.size > 0 && entry->text.digest.size == 0;

        if (tag || digest)
            return irw_fail(error, IMGRW_ERR_EDIT, entry->at,
                            "the rules set a %s of what this entry makes, "
                            "which has no key for it: add %s, or leave the "
                            "%s out of the rule",
                            tag ? "tag" : "digest", tag ? "newTag" : "digest",
                            tag ? "tag" : "digest");
    }
    return IMGRW_OK;
}

/* Plans a file anew where something in it follows, or stays. */
static enum imgrw_status
look_at_file(struct tree_planning *planning, size_t file)
{
    struct irw_trees *trees = planning->trees;
    size_t index = trees->builds.build_of[file];
    struct irw_build *build = index > 0 ? &trees->builds.items.items[index - 1]
                                        : NULL;
    struct irw_build_changes *changes = index > 0 ? &trees->changes[index - 1]
                                                  : NULL;
    bool asked = planning->options->parse->find &
                 IMGRW_FIND(IMGRW_CLASS_KUSTOMIZATION);
    struct irw_refusal refusal = {.build = index, .file = file};
    enum imgrw_status status;

    if (build && (!is_known(build) || build->before.entries.count == 0 ||
                  !(asked || has_changes(build, changes))))
        build = NULL;
    if (build)
        changes->is_asked = asked;
    if (!trees->builds.files[file].plan ||
        (!build && !keep_aliases(&trees->flows, file, NULL, NULL)))
        return IMGRW_OK;
    status = build ? check_keys(build, changes, &refusal.error) : IMGRW_OK;
    if (status == IMGRW_OK)
        status = plan_file(planning, file, build, changes, &refusal.error);
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(planning->error);
    if (status != IMGRW_OK)
        return IRW_APPEND(&planning->refusals, refusal)
                   ? IMGRW_OK
                   : irw_fail_memory(planning->error);
    return build ? read_result(trees, build, planning->error) : IMGRW_OK;
}

/* Tells of what is built from something that is not rewritten, and of what
 * writes images in ways that are not followed. */
static enum imgrw_status
warn(struct tree_planning *planning, const struct irw_build *build)
{
    const struct irw_builds *builds = &planning->trees->builds;
    struct imgrw_warning elsewhere = {
        .at = build->elsewhere,
        .message = IMGRW_STR(
            "what this leads to is not among the files: its images stay, but "
            "for those that entries of `images:` name"),
    };
    struct imgrw_warning writer = {
        .at = build->before.writer,
        .message = IMGRW_STR(
            "images that are written here are not followed; compare what "
            "`kustomize build` prints before and after"),
    };

    if (build->elsewhere.line > 0 &&
        build->elsewhere.path == builds->files[build->file].path &&
        !IRW_APPEND(&planning->trees->warnings, elsewhere))
        return irw_fail_memory(planning->error);
    if (build->before.writer.line > 0 &&
        !IRW_APPEND(&planning->trees->warnings, writer))
        return irw_fail_memory(planning->error);
    return IMGRW_OK;
}

/* Makes the results of what was refused. */
static enum imgrw_status
take_refusals(struct tree_planning *planning)
{
    struct irw_trees *trees = planning->trees;

    for (size_t i = 0; i < planning->refusals.count; i++) {
        const struct irw_refusal *refusal = &planning->refusals.items[i];
        struct imgrw_error *failure = &trees->results[refusal->file].failure;

        if (failure->status == IMGRW_OK)
            *failure = refusal->error;
    }
    return planning->options->all_fail
               ? irw_fail_together(&trees->builds, trees->results,
                                   planning->error)
               : IMGRW_OK;
}

/* Whether the run is about images of pods, which those elsewhere are. */
static bool
finds_pods(const struct imgrw_parse_options *options)
{
    return options->find == 0 ||
           (options->find & IMGRW_FIND(IMGRW_CLASS_POD)) != 0;
}

static enum imgrw_status
plan_all(struct tree_planning *planning)
{
    struct irw_trees *trees = planning->trees;
    struct irw_builds *builds = &trees->builds;
    struct imgrw_error *error = planning->error;
    enum imgrw_status status = irw_flows_open(&trees->flows, builds, error);

    trees->flows.guesses = finds_pods(planning->options->parse);
    if (status == IMGRW_OK)
        status =
            irw_follow(&trees->flows, &trees->answers, trees->changes, error);
    for (size_t i = 0; i < builds->file_count && status == IMGRW_OK; i++)
        status = look_at_file(planning, i);
    if (status == IMGRW_OK)
        status = irw_check_builds(&trees->flows, &trees->answers,
                                  &planning->refusals, error);
    for (size_t i = 0; i < builds->items.count && status == IMGRW_OK; i++)
        if (is_known(&builds->items.items[i]))
            status = warn(planning, &builds->items.items[i]);
    return status == IMGRW_OK ? take_refusals(planning) : status;
}

enum imgrw_status
irw_trees_plan(struct irw_trees *trees, const struct irw_build_file *files,
               size_t count, const struct irw_tree_options *options,
               struct imgrw_error *error)
{
    struct tree_planning planning = {
        .trees = trees, .options = options, .error = error};
    enum imgrw_status status =
        irw_builds_read(&trees->builds, files, count, error);

    if (status == IMGRW_OK)
        status = irw_extensions_read(&trees->builds, error);
    trees->answers.rules = options->rules;
    if (status != IMGRW_OK || trees->builds.items.count == 0)
        return status;
    trees->changes = calloc(trees->builds.items.count, sizeof(*trees->changes));
    trees->results = calloc(count, sizeof(*trees->results));
    status = trees->changes && trees->results ? plan_all(&planning)
                                              : irw_fail_memory(error);
    free(planning.refusals.items);
    return status;
}

void
irw_trees_clear(struct irw_trees *trees)
{
    for (size_t i = 0; trees->results && i < trees->builds.file_count; i++) {
        imgrw_plan_free(trees->results[i].plan);
        imgrw_manifest_free(trees->results[i].manifest);
    }
    free(trees->results);
    free(trees->changes);
    free(trees->warnings.items);
    irw_flows_clear(&trees->flows);
    irw_answers_clear(&trees->answers);
    irw_builds_clear(&trees->builds);
}
