#include "kustomize/data_warnings.h"
#include "base/error.h"
#include "kustomize/data_values.h"
#include "kustomize/tell.h"

#include <stdlib.h>

/* Warns of values that are no part of YAML. */
static enum imgrw_status
warn_of_values(struct irw_trees *trees, const struct irw_build *build,
               struct imgrw_error *error)
{
    irw_data_value_list values = {0};
    enum imgrw_status status =
        irw_data_values_read(&trees->builds, build, false, &values, error);

    for (size_t i = 0; i < values.count && status == IMGRW_OK; i++) {
        const struct irw_data_value *value = &values.items[i];
        imgrw_str image, wanted;

        if (value->form == IRW_DATA_LITERAL ||
            !irw_data_value_image(value, &image))
            continue;
        status = irw_answers_get(&trees->answers, image, &wanted, error);
        if (status == IMGRW_OK && !irw_equal(image, wanted) &&
            !irw_trees_warn(trees, value->at,
                            "this becomes data of a ConfigMap, and its image "
                            "stays: change it by hand"))
            status = irw_fail_memory(error);
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

/* Warns of files that are not of the run. */
static enum imgrw_status
warn_of_files(struct irw_trees *trees, const struct irw_build *build,
              const struct irw_tree_options *options, struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < build->data.count && status == IMGRW_OK; i++) {
        const struct irw_data_step *step = &build->data.items[i];
        bool changes = false;
        imgrw_str text;

        if (step->file > 0 || step->source->is_secret ||
            step->source->form != IRW_DATA_FILE)
            continue;
        status = irw_data_step_text(&trees->builds, step, &text, error);
        if (status == IMGRW_OK && text.size > 0)
            status = find_change(options, text, &changes, error);
        if (status == IMGRW_OK && changes &&
            !irw_trees_warn(trees, step->source->at,
                            "this file becomes data of a ConfigMap, and its "
                            "images stay, for it is not among the files: name "
                            "it as well"))
            status = irw_fail_memory(error);
    }
    return status;
}

enum imgrw_status
irw_data_warn(struct irw_trees *trees, const struct irw_build *build,
              const struct irw_tree_options *options, struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    if (options->parse->find & IMGRW_FIND(IMGRW_CLASS_CONFIGMAP)) {
        status = warn_of_values(trees, build, error);
        if (status == IMGRW_OK)
            status = warn_of_files(trees, build, options, error);
    }
    return status;
}
