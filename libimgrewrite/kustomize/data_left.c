#include "kustomize/data_left.h"
#include "base/error.h"
#include "base/str.h"
#include "kustomize/data_values.h"

#include <stdlib.h>

/* Data that is looked through. */
struct data_check {
    struct irw_trees *trees;
    const struct irw_build *build;
    const struct irw_tree_options *options;
    irw_refusal_list *refusals;
    bool refused; /* once is enough */
    struct imgrw_error *error;
};

/* Where a generator is that may be in a file of its own: the error is one of
 * the kustomization. */
static struct imgrw_location
place_of(const struct data_check *check, struct imgrw_location at)
{
    const char *own = check->trees->builds.files[check->build->file].path;

    return strcmp(at.path, own) == 0 ? at
                                     : (struct imgrw_location){own, 0, 1, 1};
}

/* Refuses values that are no part of YAML. */
static enum imgrw_status
check_values(struct data_check *check)
{
    struct irw_trees *trees = check->trees;
    irw_data_value_list values = {0};
    enum imgrw_status status = irw_data_values_read(
        &trees->builds, check->build, false, &values, check->error);

    for (size_t i = 0;
         i < values.count && status == IMGRW_OK && !check->refused; i++) {
        const struct irw_data_value *value = &values.items[i];
        imgrw_str image, wanted;

        if (value->form == IRW_DATA_LITERAL ||
            !irw_data_value_image(value, &image))
            continue;
        status = irw_answers_get(&trees->answers, image, &wanted, check->error);
        if (status != IMGRW_OK || irw_equal(image, wanted))
            continue;
        check->refused = true;
        if (!irw_refuse(check->refusals, check->build->file,
                        place_of(check, value->made_at),
                        "an image that becomes data of a ConfigMap "
                        "(%.80s:%u:%u) would stay, for it is no YAML: change "
                        "it by hand, or leave this tree out",
                        value->at.path, (unsigned)value->at.line,
                        (unsigned)value->at.column))
            status = irw_fail_memory(check->error);
    }
    free(values.items);
    return status;
}

/* Whether the rules are for an image in a text that becomes data. */
static enum imgrw_status
find_change(const struct irw_tree_options *options, imgrw_str text,
            bool *changes, struct imgrw_error *error)
{
    const struct imgrw_plan_options how = {
        .size = sizeof(how),
        .proof = IMGRW_PROOF_NONE,
    };
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan = NULL;
    enum imgrw_status status = irw_manifest_parse_data(
        text, NULL, options->parse, &manifest, error);

    *changes = false;
    if (status != IMGRW_OK)
        return status;
    status = imgrw_plan_new(manifest, options->rules, &how, &plan, NULL);
    /* what cannot be planned would have changed */
    *changes = status != IMGRW_OK || imgrw_plan_count(plan) > 0;
    imgrw_plan_free(plan);
    imgrw_manifest_free(manifest);
    return status == IMGRW_ERR_MEMORY ? irw_fail_memory(error) : IMGRW_OK;
}

/* Refuses a file that is not of the run. */
static enum imgrw_status
check_files(struct data_check *check)
{
    struct irw_builds *builds = &check->trees->builds;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < check->build->data.count && status == IMGRW_OK &&
                       !check->refused; i++) {
        const struct irw_data_step *step = &check->build->data.items[i];
        bool changes = false;
        imgrw_str text;

        if (step->file > 0 || step->source->is_secret ||
            step->source->form != IRW_DATA_FILE)
            continue;
        status = irw_data_step_text(builds, step, &text, check->error);
        if (status == IMGRW_OK && text.size > 0)
            status = find_change(check->options, text, &changes, check->error);
        if (status != IMGRW_OK || !changes)
            continue;
        check->refused = true;
        if (!irw_refuse(check->refusals, check->build->file,
                        place_of(check, step->source->at),
                        "this file becomes data of a ConfigMap, and its images "
                        "(%.*s:1:1) would stay, for it is not among the files: "
                        "name it as well",
                        IRW_PRINT(step->source->text)))
            status = irw_fail_memory(check->error);
    }
    return status;
}

enum imgrw_status
irw_data_left(struct irw_trees *trees, const struct irw_build *build,
              const struct irw_tree_options *options,
              irw_refusal_list *refusals, struct imgrw_error *error)
{
    struct data_check check = {
        .trees = trees,
        .build = build,
        .options = options,
        .refusals = refusals,
        .error = error,
    };
    enum imgrw_status status;

    if (!(options->parse->find & IMGRW_FIND(IMGRW_CLASS_CONFIGMAP)))
        return IMGRW_OK;
    status = check_values(&check);
    return status == IMGRW_OK ? check_files(&check) : status;
}
