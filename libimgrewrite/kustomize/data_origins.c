#include "kustomize/data_origins.h"
#include "base/error.h"
#include "base/str.h"

#include <stdlib.h>

bool
irw_data_is_copied(const struct irw_builds *builds)
{
    for (size_t i = 0; i < builds->items.count; i++) {
        const irw_copy_list *copies = &builds->items.items[i].before.copies;

        for (size_t k = 0; k < copies->count; k++)
            if (irw_copy_is_of_data(&copies->items[k]))
                return true;
    }
    return false;
}

static bool
finds_config_maps(const struct irw_flows *flows)
{
    return flows->find & IMGRW_FIND(IMGRW_CLASS_CONFIGMAP);
}

/* Appends a value as an origin, which is to become `after`, or what the rules
 * make of it where that is NULL. */
static enum imgrw_status
add_value(struct irw_flows *flows, size_t file,
          const struct irw_data_value *value, const imgrw_str *after,
          struct imgrw_error *error)
{
    struct irw_data_value *kept = irw_arena_alloc(&flows->arena, sizeof(*kept));
    struct irw_image_origin origin = {
        .file = file,
        .at = value->at,
        .before = value->text,
        .data = kept,
    };
    enum imgrw_status status;

    if (!kept)
        return irw_fail_memory(error);
    *kept = *value;
    status = irw_answers_get(flows->answers, value->text, &kept->wanted, error);
    if (status != IMGRW_OK)
        return status;
    origin.after = after ? *after : kept->wanted;
    return IRW_APPEND(&flows->origins, origin) ? IMGRW_OK
                                               : irw_fail_memory(error);
}

/* Appends the values that generators make. */
static enum imgrw_status
add_generated(struct irw_flows *flows, const struct irw_build *build,
              struct imgrw_error *error)
{
    irw_data_value_list values = {0};
    enum imgrw_status status =
        irw_data_values_read(flows->builds, build, finds_config_maps(flows),
                             &values, error);

    for (size_t i = 0; i < values.count && status == IMGRW_OK; i++)
        status = add_value(flows, build->file, &values.items[i],
                           values.items[i].moves ? NULL
                                                 : &values.items[i].text,
                           error);
    free(values.items);
    return status;
}

/* The key in the data of a ConfigMap that a field leads to; empty: to none. */
static imgrw_str
key_of(imgrw_str field)
{
    const char *slash = field.size > 0 ? memrchr(field.data, '/', field.size)
                                       : NULL;
    imgrw_str around =
        irw_slice(field, 0, slash ? (size_t)(slash - field.data) : 0);

    return irw_equal(around, IRW_STR("data")) ||
                   irw_ends_with(around, IRW_STR("/data"))
               ? irw_slice(field, around.size + 1, field.size)
               : (imgrw_str){0};
}

/* Appends the values of ConfigMaps that a manifest has. */
static enum imgrw_status
add_values(struct irw_flows *flows, size_t file,
           const struct imgrw_manifest *manifest, const struct imgrw_plan *plan,
           struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < imgrw_manifest_count(manifest) && status == IMGRW_OK;
         i++) {
        const struct irw_site *site = &manifest->findings.sites[i];
        const struct irw_data_value value = {
            .map = site->image.name,
            .key = key_of(site->image.field),
            .text = site->image.text,
            .at = site->image.at,
        };

        imgrw_str after = irw_origin_after(manifest, plan, i);

        if (value.key.size > 0 && site->document == IRW_ROOT_DOCUMENT &&
            irw_equal(site->image.kind, IRW_STR("ConfigMap")))
            status = add_value(flows, file, &value, &after, error);
    }
    return status;
}

/* Appends the values of ConfigMaps in a file, which is read again where the run
 * is not about them. */
static enum imgrw_status
add_file(struct irw_flows *flows, size_t file, struct imgrw_error *error)
{
    const struct irw_build_file *from = &flows->builds->files[file];
    const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .find = IMGRW_FIND(IMGRW_CLASS_CONFIGMAP),
    };
    struct imgrw_manifest *manifest;
    enum imgrw_status status;

    if (finds_config_maps(flows))
        return add_values(flows, file, from->manifest, from->plan, error);
    if (!from->manifest || !from->text.data ||
        !irw_contains(from->text, "ConfigMap"))
        return IMGRW_OK;
    status = imgrw_manifest_parse(from->text, from->path, &options, &manifest,
                                  NULL);
    if (status != IMGRW_OK)
        return status == IMGRW_ERR_MEMORY ? irw_fail_memory(error) : IMGRW_OK;
    if (!IRW_APPEND(&flows->manifests, manifest)) {
        imgrw_manifest_free(manifest);
        return irw_fail_memory(error);
    }
    return add_values(flows, file, manifest, NULL, error);
}

enum imgrw_status
irw_data_origins_read(struct irw_flows *flows, const struct irw_build *build,
                      struct imgrw_error *error)
{
    enum imgrw_status status = add_generated(flows, build, error);

    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK; i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        if (step->role == IRW_PATH_RESOURCE && step->target == IRW_TARGET_FILE)
            status = add_file(flows, step->index, error);
    }
    return status;
}
