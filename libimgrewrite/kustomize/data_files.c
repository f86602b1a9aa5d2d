/*
 * A text is made for each thing that a file is for. Where these are the same,
 * the file becomes it, and else nothing can be right.
 */
#include "kustomize/data_files.h"
#include "base/error.h"
#include "kustomize/tell.h"

#include <stdlib.h>

static bool
finds_config_maps(const struct irw_data_files *data)
{
    return data->options->parse->find & IMGRW_FIND(IMGRW_CLASS_CONFIGMAP);
}

/* Notes that a generator takes the file. */
static void
note_data(const struct irw_data_files *data, const struct irw_data_step *step)
{
    struct irw_data_file *file = &data->items[step->file - 1];
    const struct irw_data_source *source = step->source;
    const struct irw_data_source **use =
        source->form == IRW_DATA_FILE && !source->is_secret &&
                finds_config_maps(data)
            ? &file->config
            : &file->stays;

    if (!*use)
        *use = source;
}

static void
note_other(struct irw_data_file *file, struct imgrw_location at,
           const char *word)
{
    if (file->other.line > 0)
        return;
    file->other = at;
    file->other_word = word;
}

/* Finds out what the files are for that a build names. */
static void
note_build(const struct irw_data_files *data, const struct irw_build *build)
{
    const struct irw_builds *builds = &data->trees->builds;
    const struct imgrw_location start = {builds->files[build->file].path, 0, 1,
                                         1};

    if (!build->is_list)
        note_other(&data->items[build->file], start, "a kustomization");
    for (size_t i = 0; i < build->steps.count; i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        if (step->target == IRW_TARGET_FILE)
            note_other(&data->items[step->index], step->at,
                       step->role == IRW_PATH_PATCH ||
                               step->role == IRW_PATH_LATE_PATCH
                           ? "a patch"
                           : "a resource");
    }
    for (size_t i = 0; i < build->data.count && !build->broken; i++)
        if (build->data.items[i].file > 0)
            note_data(data, &build->data.items[i]);
}

/* The same for data of what kustomize does not build as it is: a file that is
 * nothing else is meant to be that. */
static void
note_broken(const struct irw_data_files *data, const struct irw_build *build)
{
    for (size_t i = 0; i < build->data.count && build->broken; i++) {
        const struct irw_data_step *step = &build->data.items[i];

        if (step->file > 0 && data->items[step->file - 1].other.line == 0)
            note_data(data, step);
    }
}

/* Plans the file as data of a ConfigMap, of which a pod gets no secret. */
static enum imgrw_status
plan_data(const struct irw_data_files *data, size_t index,
          struct imgrw_error *error)
{
    const struct irw_build_file *file = &data->trees->builds.files[index];
    struct irw_data_file *made = &data->items[index];
    struct imgrw_plan_options options;
    imgrw_str text;
    enum imgrw_status status =
        irw_plan_options(data->options->plan, &options, error);

    options.size = sizeof(options);
    options.pull_secret = NULL;
    if (status == IMGRW_OK)
        status = irw_tree_result_text(&data->trees->results[index], file,
                                      data->options->parse->max_bytes, &text,
                                      error);
    if (status == IMGRW_OK)
        status = irw_manifest_parse_data(text, file->path, data->options->parse,
                                         &made->manifest, error);
    return status == IMGRW_OK
               ? imgrw_plan_new(made->manifest, data->options->rules, &options,
                                &made->plan, error)
               : status;
}

/* Plans the file so that all of it stays. */
static enum imgrw_status
plan_to_stay(const struct irw_data_files *data, size_t index,
             struct imgrw_error *error)
{
    struct irw_trees *trees = data->trees;
    const struct irw_build_file *file = &trees->builds.files[index];
    struct irw_wish *wishes;

    if (!file->manifest || !file->plan)
        return IMGRW_OK;
    wishes = irw_wish_all(file->manifest,
                          data->items[index].stays->is_secret
                              ? IRW_STR("it becomes data of a Secret")
                              : IRW_STR("it becomes data of a ConfigMap"),
                          &trees->builds.arena);
    return wishes ? irw_plan_new(file->manifest, data->options->rules,
                                 data->options->plan, wishes,
                                 &trees->results[index].plan, error)
                  : irw_fail_memory(error);
}

/* Warns that a file stays that would have changed. */
static enum imgrw_status
warn(const struct irw_data_files *data, size_t index, struct imgrw_error *error)
{
    const struct irw_data_source *stays = data->items[index].stays;
    const char *where =
        stays->is_secret ? "Secret, which is never rewritten: change its "
                           "images by hand"
        : stays->form == IRW_DATA_LINES
            ? "ConfigMap, line by line: change its images by hand"
            : "ConfigMap: add --find configmap to have its images rewritten";

    return irw_trees_warn(
               data->trees, stays->at,
               "%.100s stays as it is, for it becomes data of a %s",
               data->trees->builds.files[index].path, where)
               ? IMGRW_OK
               : irw_fail_memory(error);
}

static const char *
word_of(const struct irw_data_source *source)
{
    return source->is_secret ? "data of a Secret" : "data of a ConfigMap";
}

/* Refuses a file that one plan changes and that has to be something else. */
static enum imgrw_status
refuse(const struct irw_data_files *data, size_t index,
       const struct imgrw_plan *plan, irw_refusal_list *refusals,
       struct imgrw_error *error)
{
    const struct irw_data_file *file = &data->items[index];
    const struct irw_data_source *source = file->stays ? file->stays
                                                       : file->config;
    bool twice = file->stays && file->config;
    struct imgrw_location one = twice ? file->config->at : file->other;
    struct imgrw_location other = source->at;

    return irw_refuse(refusals, index, imgrw_plan_edit(plan, 0)->at,
                      "its file is %s (%.60s:%u:%u) and %s (%.60s:%u:%u), and "
                      "would have to become two different texts: give each its "
                      "own",
                      twice ? word_of(file->config) : file->other_word,
                      one.path, (unsigned)one.line, (unsigned)one.column,
                      word_of(source), other.path, (unsigned)other.line,
                      (unsigned)other.column)
               ? IMGRW_OK
               : irw_fail_memory(error);
}

/* Gives a file that is nothing but data what it becomes. */
static enum imgrw_status
plan_only_data(const struct irw_data_files *data, size_t index,
               irw_refusal_list *refusals, struct imgrw_error *error)
{
    struct irw_data_file *file = &data->items[index];
    struct irw_tree_result *result = &data->trees->results[index];
    bool changes = imgrw_plan_count(data->trees->builds.files[index].plan) > 0;
    enum imgrw_status status = IMGRW_OK;

    if (file->config && file->stays && imgrw_plan_count(file->plan) > 0)
        return refuse(data, index, file->plan, refusals, error);
    result->is_read_again = true;
    if (file->config) {
        result->manifest = file->manifest;
        result->plan = file->plan;
        file->manifest = NULL;
        file->plan = NULL;
    } else {
        status = plan_to_stay(data, index, error);
    }
    return status == IMGRW_OK && changes && !file->config
               ? warn(data, index, error)
               : status;
}

static enum imgrw_status
plan_file(const struct irw_data_files *data, size_t index,
          irw_refusal_list *refusals, struct imgrw_error *error)
{
    struct irw_data_file *file = &data->items[index];
    struct irw_refusal refusal = {.file = index};
    enum imgrw_status status =
        file->config ? plan_data(data, index, &refusal.error) : IMGRW_OK;

    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(error);
    if (status != IMGRW_OK)
        return IRW_APPEND(refusals, refusal) ? IMGRW_OK
                                             : irw_fail_memory(error);
    return (file->config || file->stays) && file->other.line == 0
               ? plan_only_data(data, index, refusals, error)
               : IMGRW_OK;
}

enum imgrw_status
irw_data_files_plan(struct irw_data_files *data, irw_refusal_list *refusals,
                    struct imgrw_error *error)
{
    const struct irw_builds *builds = &data->trees->builds;
    enum imgrw_status status = IMGRW_OK;

    data->items = calloc(builds->file_count + 1, sizeof(*data->items));
    if (!data->items)
        return irw_fail_memory(error);
    for (size_t i = 0; i < builds->items.count; i++)
        note_build(data, &builds->items.items[i]);
    for (size_t i = 0; i < builds->items.count; i++)
        note_broken(data, &builds->items.items[i]);
    for (size_t i = 0; i < builds->file_count && status == IMGRW_OK; i++)
        status = plan_file(data, i, refusals, error);
    return status;
}

/* The plan of a file that makes it something else than another use of it may
 * be; NULL: there is none. */
static const struct imgrw_plan *
find_conflict(const struct irw_data_files *data, size_t index)
{
    const struct irw_data_file *file = &data->items[index];
    const struct irw_tree_result *result = &data->trees->results[index];
    const struct imgrw_plan *plan =
        result->plan ? result->plan : data->trees->builds.files[index].plan;
    bool changes = imgrw_plan_count(plan) > 0;

    if (file->other.line == 0 || result->failure.status != IMGRW_OK)
        return NULL;
    if (file->stays && changes)
        return plan;
    if (!file->plan || (imgrw_plan_count(file->plan) == 0 && !changes) ||
        (plan && irw_equal(imgrw_plan_text(plan), imgrw_plan_text(file->plan))))
        return NULL;
    return changes ? plan : file->plan;
}

enum imgrw_status
irw_data_files_check(const struct irw_data_files *data,
                     irw_refusal_list *refusals, struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0;
         i < data->trees->builds.file_count && status == IMGRW_OK; i++) {
        const struct imgrw_plan *plan = find_conflict(data, i);

        if (plan)
            status = refuse(data, i, plan, refusals, error);
    }
    return status;
}

void
irw_data_files_clear(struct irw_data_files *data)
{
    for (size_t i = 0; data->items && i < data->trees->builds.file_count; i++) {
        imgrw_plan_free(data->items[i].plan);
        imgrw_manifest_free(data->items[i].manifest);
    }
    free(data->items);
}
