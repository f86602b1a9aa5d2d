#include "kustomize/trees.h"
#include "base/error.h"
#include "base/str.h"
#include "kustomize/argo.h"
#include "kustomize/check.h"
#include "kustomize/data_files.h"
#include "kustomize/data_left.h"
#include "kustomize/entry_lists.h"
#include "kustomize/extensions.h"
#include "kustomize/patched_resources.h"
#include "kustomize/patches.h"
#include "kustomize/selection.h"
#include "kustomize/tell.h"
#include "kustomize/together.h"
#include "kustomize/wishes.h"
#include "rules/below.h"

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
        if (changes->entries[i].has_second ||
            irw_entry_changes(&build->before.entries.items[i],
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

static bool
is_asked(const struct tree_planning *planning)
{
    return planning->options->parse->find &
           IMGRW_FIND(IMGRW_CLASS_KUSTOMIZATION);
}

/* Reads a text with the images of its entries. */
static enum imgrw_status
parse_entries(const struct tree_planning *planning, imgrw_str text,
              size_t file, struct imgrw_manifest **manifest,
              struct imgrw_error *error)
{
    struct imgrw_parse_options options = *planning->options->parse;

    options.find = options.find ? options.find : IMGRW_FIND_DEFAULT;
    options.find |= IMGRW_FIND(IMGRW_CLASS_KUSTOMIZATION);
    return irw_patches_parse(planning->trees, file, text, &options, manifest,
                             error);
}

/* Reads a file with the images of its entries. */
static enum imgrw_status
reread(const struct tree_planning *planning, size_t file,
       struct imgrw_error *error)
{
    struct irw_tree_result *result = &planning->trees->results[file];
    struct imgrw_manifest *made = NULL;
    enum imgrw_status status =
        parse_entries(planning, planning->trees->builds.files[file].text, file,
                      &made, error);

    if (status != IMGRW_OK)
        return status;
    result->first_manifest = result->manifest;
    result->manifest = made;
    result->has_entries = true;
    return IMGRW_OK;
}

/* Sets the manifest of a file that has the images of its entries, which is read
 * where there is none yet. */
static enum imgrw_status
read_entries(const struct tree_planning *planning, size_t file,
             const struct imgrw_manifest **manifest, struct imgrw_error *error)
{
    const struct irw_build_file *from = &planning->trees->builds.files[file];
    struct irw_tree_result *result = &planning->trees->results[file];
    enum imgrw_status status = IMGRW_OK;

    *manifest = from->manifest;
    if (is_asked(planning))
        return IMGRW_OK;
    if (!result->has_entries)
        status = reread(planning, file, error);
    *manifest = result->manifest;
    return status;
}

/* What is planned anew in a file. */
struct tree_file {
    size_t file;             /* by its number */
    struct irw_build *build; /* whose entries follow; NULL: it has none */
    size_t first_list, list_end; /* the builds of its lists, which follow */
};

/* Whether the entries of the build are to be planned anew. */
static bool
is_planned(const struct tree_planning *planning, const struct irw_build *build)
{
    const struct irw_build *first = planning->trees->builds.items.items;

    return is_known(build) && build->before.entries.count > 0 &&
           (is_asked(planning) ||
            has_changes(build, &planning->trees->changes[build - first]));
}

/* Finds out what is planned anew; false where nothing is. */
static bool
find_work(const struct tree_planning *planning, struct tree_file *work)
{
    struct irw_builds *builds = &planning->trees->builds;
    size_t index = builds->build_of[work->file];
    size_t list = builds->first_list[work->file];

    if (index > 0 && is_planned(planning, &builds->items.items[index - 1]))
        work->build = &builds->items.items[index - 1];
    work->first_list = work->list_end = list > 0 ? list - 1 : 0;
    while (list > 0 && work->list_end < builds->items.count &&
           builds->items.items[work->list_end].file == work->file)
        work->list_end++;
    for (size_t i = work->first_list; i < work->list_end; i++)
        if (is_planned(planning, &builds->items.items[i]))
            return true;
    work->list_end = work->first_list;
    return work->build ||
           keep_aliases(&planning->trees->flows, work->file, NULL, NULL);
}

/* Adds the wishes for the entries of the file. */
static enum imgrw_status
add_wishes(struct tree_planning *planning, const struct tree_file *work,
           const struct imgrw_manifest *manifest, struct irw_wish *wishes,
           struct imgrw_error *error)
{
    struct irw_trees *trees = planning->trees;
    struct irw_build *builds = trees->builds.items.items;
    enum imgrw_status status =
        work->build ? irw_wishes_add(manifest, work->build,
                                     &trees->changes[work->build - builds],
                                     &trees->flows.arena, wishes, error)
                    : IMGRW_OK;

    for (size_t i = work->first_list;
         i < work->list_end && status == IMGRW_OK; i++)
        status =
            is_known(&builds[i])
                ? irw_wishes_add(manifest, &builds[i], &trees->changes[i],
                                 &trees->flows.arena, wishes, error)
                : IMGRW_OK;
    return status;
}

/* Plans a file anew. */
static enum imgrw_status
plan_file(struct tree_planning *planning, const struct tree_file *work,
          struct imgrw_error *error)
{
    struct irw_trees *trees = planning->trees;
    const struct imgrw_manifest *manifest =
        trees->builds.files[work->file].manifest;
    bool entries = work->build || work->list_end > work->first_list;
    struct irw_wish *wishes;
    enum imgrw_status status = IMGRW_OK;

    if (entries)
        status = read_entries(planning, work->file, &manifest, error);
    if (status != IMGRW_OK || !manifest)
        return status;
    wishes =
        irw_wishes_new(manifest, is_asked(planning), &trees->flows.arena);
    if (!wishes)
        return irw_fail_memory(error);
    status = add_wishes(planning, work, manifest, wishes, error);
    if (status != IMGRW_OK)
        return status;
    keep_aliases(&trees->flows, work->file, manifest, wishes);
    /* images borrow from the first plan as long as they flow */
    trees->results[work->file].first_plan = trees->results[work->file].plan;
    trees->results[work->file].plan = NULL;
    return irw_plan_new(manifest, planning->options->rules,
                        planning->options->plan, wishes,
                        &trees->results[work->file].plan, error);
}

/* Reads what the entries of the file have become. */
static enum imgrw_status
read_result(struct tree_planning *planning, const struct tree_file *work)
{
    struct irw_trees *trees = planning->trees;
    const struct irw_build_file *from = &trees->builds.files[work->file];
    struct irw_tree_result *result = &trees->results[work->file];
    struct irw_list_file lists = {.file = work->file};
    enum imgrw_status status = IMGRW_OK;

    if (!result->plan)
        return IMGRW_OK;
    if (work->build)
        status = irw_kustomization_read(
            imgrw_plan_text(result->plan), from->path, &trees->builds.arena,
            &work->build->after, planning->error);
    if (status != IMGRW_OK || work->list_end == work->first_list)
        return status;
    status = parse_entries(planning, imgrw_plan_text(result->plan), work->file,
                           &result->rewritten, planning->error);
    lists.manifest = result->rewritten;
    return status == IMGRW_OK
               ? irw_entry_lists_reread(&trees->builds, &lists, planning->error)
               : status;
}

/* The same, with the numbers that the entries had. */
static enum imgrw_status
reread_entries(struct tree_planning *planning, const struct tree_file *work)
{
    struct irw_trees *trees = planning->trees;
    struct irw_build *builds = trees->builds.items.items;
    enum imgrw_status status = read_result(planning, work);

    if (work->build && status == IMGRW_OK)
        irw_number_entries(work->build,
                           &trees->changes[work->build - builds]);
    for (size_t i = work->first_list;
         i < work->list_end && status == IMGRW_OK; i++)
        irw_number_entries(&builds[i], &trees->changes[i]);
    return status;
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

/* The same for all entries of the file. */
static enum imgrw_status
check_file(const struct tree_planning *planning, const struct tree_file *work,
           struct imgrw_error *error)
{
    const struct irw_trees *trees = planning->trees;
    const struct irw_build *builds = trees->builds.items.items;
    enum imgrw_status status =
        work->build
            ? check_keys(work->build, &trees->changes[work->build - builds],
                         error)
            : IMGRW_OK;

    for (size_t i = work->first_list;
         i < work->list_end && status == IMGRW_OK; i++)
        status = check_keys(&builds[i], &trees->changes[i], error);
    return status;
}

/* Plans a file anew where something in it follows, or stays. */
static enum imgrw_status
look_at_file(struct tree_planning *planning, size_t file)
{
    struct irw_trees *trees = planning->trees;
    struct tree_file work = {.file = file};
    struct irw_refusal refusal = {.file = file};
    enum imgrw_status status;

    if (!trees->builds.files[file].plan || !find_work(planning, &work))
        return IMGRW_OK;
    status = check_file(planning, &work, &refusal.error);
    if (status == IMGRW_OK)
        status = plan_file(planning, &work, &refusal.error);
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(planning->error);
    if (status != IMGRW_OK)
        return IRW_APPEND(&planning->refusals, refusal)
                   ? IMGRW_OK
                   : irw_fail_memory(planning->error);
    return reread_entries(planning, &work);
}

/* Tells of what is built from something that is not rewritten. */
static bool
warn_of_elsewhere(struct irw_trees *trees, const struct irw_build *build)
{
    const char *own = trees->builds.files[build->file].path;

    return build->elsewhere.line == 0 || build->elsewhere.path != own ||
           irw_trees_warn(trees, build->elsewhere,
                          "what this leads to is not among the files: its "
                          "images stay, but for those that entries of "
                          "`images:` name");
}

/* Tells of what writes images in ways that are not followed. */
static bool
warn_of_writer(struct irw_trees *trees, const struct irw_build *build)
{
    return build->before.writer.line == 0 ||
           irw_trees_warn(trees, build->before.writer,
                          "images that are written here are not followed; "
                          "compare what `kustomize build` prints before and "
                          "after");
}

static enum imgrw_status
warn(struct tree_planning *planning, const struct irw_build *build)
{
    struct irw_trees *trees = planning->trees;

    return warn_of_elsewhere(trees, build) && warn_of_writer(trees, build)
               ? IMGRW_OK
               : irw_fail_memory(planning->error);
}

/* Whether the rules may move something that the entry is for: of the registry
 * that its name begins with, something moves. */
static bool
may_move(struct tree_planning *planning, const struct irw_entry *entry,
         enum imgrw_status *status)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    const char *obstacle = NULL, *slash;
    bool whole;
    imgrw_str start = irw_name_pattern_start(
        &entry->name, &planning->trees->flows.arena, &whole);

    if (!start.data)
        *status = irw_fail_memory(planning->error);
    slash = start.size > 0 ? memrchr(start.data, '/', start.size) : NULL;
    if (!slash)
        return true;
    *status = irw_rules_move_below(
        planning->options->rules,
        irw_slice(start, 0, (size_t)(slash - start.data)), &buffer, &outcome,
        &obstacle, planning->error);
    return obstacle || outcome.result == IMGRW_REWRITTEN;
}

/* Tells of entries that go on being for images elsewhere, and cannot give these
 * their new names: they are for several. */
static enum imgrw_status
warn_of_patterns(struct tree_planning *planning, const struct irw_build *build)
{
    struct irw_trees *trees = planning->trees;
    enum imgrw_status status = IMGRW_OK;

    if (!irw_flows_guess(&trees->flows, build) ||
        (build->is_list && !build->list.moves))
        return IMGRW_OK;
    for (size_t i = 0;
         i < build->before.entries.count && status == IMGRW_OK; i++) {
        const struct irw_entry *entry = &build->before.entries.items[i];

        if (entry->text.new_name.size == 0 && irw_name_is_many(&entry->name) &&
            may_move(planning, entry, &status) && status == IMGRW_OK &&
            !irw_trees_warn(trees, entry->at,
                            "this entry is for several names, and what it is "
                            "for elsewhere is not moved: add an entry with a "
                            "newName for each of these"))
            status = irw_fail_memory(planning->error);
    }
    return status;
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

/* Plans what is a part of builds, and finds out whether these are right. */
static enum imgrw_status
plan_builds(struct tree_planning *planning)
{
    struct irw_trees *trees = planning->trees;
    struct irw_builds *builds = &trees->builds;
    struct imgrw_error *error = planning->error;
    enum imgrw_status status = irw_flows_open(&trees->flows, builds, error);

    trees->flows.answers = &trees->answers;
    trees->flows.find = planning->options->parse->find
                            ? planning->options->parse->find
                            : IMGRW_FIND_DEFAULT;
    trees->flows.guesses = finds_pods(planning->options->parse);
    if (status == IMGRW_OK)
        status =
            irw_follow(&trees->flows, &trees->answers, trees->changes, error);
    for (size_t i = 0; i < builds->file_count && status == IMGRW_OK; i++)
        status = look_at_file(planning, i);
    if (status == IMGRW_OK)
        status = irw_check_builds(&trees->flows, &trees->answers,
                                  &planning->refusals, error);
    if (status == IMGRW_OK)
        status = irw_patched_resources_check(trees, planning->options,
                                             &planning->refusals, error);
    for (size_t i = 0; i < builds->items.count && status == IMGRW_OK; i++)
        if (is_known(&builds->items.items[i]))
            status = warn(planning, &builds->items.items[i]);
    for (size_t i = 0; i < builds->items.count && status == IMGRW_OK; i++)
        if (is_known(&builds->items.items[i]))
            status = warn_of_patterns(planning, &builds->items.items[i]);
    for (size_t i = 0; i < builds->items.count && status == IMGRW_OK; i++)
        if (is_known(&builds->items.items[i]))
            status = irw_data_left(trees, &builds->items.items[i],
                                   planning->options, &planning->refusals,
                                   error);
    return status;
}

static enum imgrw_status
plan_files(struct tree_planning *planning)
{
    struct irw_data_files data = {.options = planning->options,
                                  .trees = planning->trees};
    enum imgrw_status status =
        irw_data_files_plan(&data, &planning->refusals, planning->error);

    if (status == IMGRW_OK)
        status = plan_builds(planning);
    if (status == IMGRW_OK)
        status =
            irw_data_files_check(&data, &planning->refusals, planning->error);
    irw_data_files_clear(&data);
    return status == IMGRW_OK ? take_refusals(planning) : status;
}

/* Adds the lists of entries of a file to the builds. */
static enum imgrw_status
add_lists(struct tree_planning *planning, size_t file)
{
    struct irw_builds *builds = &planning->trees->builds;
    const struct irw_build_file *from = &builds->files[file];
    struct irw_list_file lists = {.file = file, .moves = is_asked(planning)};
    enum imgrw_status status;

    if (!from->manifest || !from->plan || builds->build_of[file] > 0 ||
        !irw_may_have_entry_lists(from->text))
        return IMGRW_OK;
    status = read_entries(planning, file, &lists.manifest, planning->error);
    return status == IMGRW_OK
               ? irw_entry_lists_add(builds, &lists, planning->error)
               : status;
}

/* Warns of entries of Argo CD that no longer apply to what moves. */
static enum imgrw_status
warn_of_argo(struct tree_planning *planning)
{
    const struct irw_builds *builds = &planning->trees->builds;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < builds->file_count && status == IMGRW_OK; i++)
        if (builds->files[i].manifest)
            status = irw_argo_warn(planning->trees, builds->files[i].manifest,
                                   planning->error);
    return status;
}

/* Plans what the rules have to do with. */
static enum imgrw_status
plan_all(struct tree_planning *planning)
{
    struct irw_trees *trees = planning->trees;
    enum imgrw_status status = IMGRW_OK;
    size_t count;

    for (size_t i = 0; i < trees->builds.file_count && status == IMGRW_OK; i++)
        status = add_lists(planning, i);
    count = trees->builds.items.count;
    if (status == IMGRW_OK && count > 0) {
        trees->changes = calloc(count, sizeof(*trees->changes));
        for (size_t i = 0; trees->changes && i < count; i++)
            trees->changes[i].is_asked = is_asked(planning);
        status = trees->changes ? plan_files(planning)
                                : irw_fail_memory(planning->error);
    }
    return status == IMGRW_OK ? warn_of_argo(planning) : status;
}

enum imgrw_status
irw_trees_plan(struct irw_trees *trees, struct irw_build_file *files,
               size_t count, const struct irw_tree_options *options,
               struct imgrw_error *error)
{
    struct tree_planning planning = {
        .trees = trees, .options = options, .error = error};
    enum imgrw_status status =
        irw_builds_read(&trees->builds, files, count, error);

    trees->answers.rules = options->rules;
    trees->results = calloc(count + 1, sizeof(*trees->results));
    if (status == IMGRW_OK && !trees->results)
        status = irw_fail_memory(error);
    if (status == IMGRW_OK)
        status = irw_extensions_read(&trees->builds, error);
    if (status == IMGRW_OK)
        status = irw_selections_find(&trees->builds, error);
    if (status == IMGRW_OK)
        status = irw_patches_plan(trees, options, &planning.refusals, error);
    if (status == IMGRW_OK && options->rules)
        status = plan_all(&planning);
    free(planning.refusals.items);
    return status;
}

void
irw_trees_clear(struct irw_trees *trees)
{
    for (size_t i = 0; trees->results && i < trees->builds.file_count; i++)
        irw_tree_result_clear(&trees->results[i]);
    free(trees->results);
    free(trees->changes);
    free(trees->warnings.items);
    irw_flows_clear(&trees->flows);
    irw_answers_clear(&trees->answers);
    irw_builds_clear(&trees->builds);
}
