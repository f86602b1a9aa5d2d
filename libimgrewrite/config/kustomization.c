/*
 * kustomize's own files: kustomizations, of which `images:` is taken, and the
 * files that these name under `configurations:`, of which the field specs of
 * images are.
 */
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "config/reader.h"
#include "config/formats.h"

#include <stdio.h>
#include <stdlib.h>

/* Keys by which other images come in, or change, that are not taken. */
static const char *const warned[] = {
    "bases", "components", "imageTags", "replacements", "transformers",
};

enum imgrw_status
irw_config_kustomization(struct irw_config *config, uint32_t root)
{
    enum imgrw_status status;

    for (size_t i = 0; i < sizeof(warned) / sizeof(warned[0]); i++) {
        uint32_t value = irw_config_find(config, root, warned[i]);

        if (value != IRW_NO_NODE)
            irw_config_warn(config, value, "%s is not taken from a "
                                           "kustomization", warned[i]);
    }
    if (irw_config_find(config, root, "images") == IRW_NO_NODE &&
        irw_config_find(config, root, "configurations") == IRW_NO_NODE)
        irw_config_warn(config, root, "a kustomization without images holds "
                                      "no rules");
    config->any_case = true;
    status = irw_config_member_list(config, root, "images",
                                    irw_config_override);
    config->any_case = false;
    if (status != IMGRW_OK)
        return status;
    return irw_config_member_list(config, root, "configurations",
                                  irw_config_fields_file);
}

/* The path that the node names, from the folder of the file that it is in. */
static char *
join_path(struct irw_config *config, const char *name)
{
    const char *slash = config->path ? strrchr(config->path, '/') : NULL;
    size_t folder = slash && name[0] != '/' ? (size_t)(slash - config->path) + 1
                                            : 0;
    size_t size = folder + strlen(name) + 1;
    char *path = irw_arena_alloc(&config->rules->arena, size);

    if (path)
        snprintf(path, size, "%.*s%s", (int)folder,
                 folder > 0 ? config->path : "", name);
    return path;
}

/* The root of a file of `configurations:`; whatever else it configures is not
 * about images. */
static enum imgrw_status
read_fields(struct irw_config *config, uint32_t root)
{
    if (config->tree.nodes[root].type != IRW_NODE_MAPPING)
        return irw_config_fail(config, root, "expected kustomize's "
                                             "configurations, a mapping");
    return irw_config_member_list(config, root, "images",
                                  irw_config_fieldspec);
}

enum imgrw_status
irw_config_fields_file(struct irw_config *config, uint32_t node)
{
    struct irw_file_text file;
    struct imgrw_error why;
    const char *name = NULL;
    char *path;
    enum imgrw_status status =
        irw_config_string(config, node, "configurations", &name);

    if (status != IMGRW_OK)
        return status;
    if (!name || !config->on_disk) {
        irw_config_warn(config, node, "%s is not read", name ? name : "null");
        return IMGRW_OK;
    }
    path = join_path(config, name);
    if (!path)
        return irw_fail_memory(config->error);
    status = irw_read_file(path, IRW_CONFIG_BYTES, &file, &why);
    if (status != IMGRW_OK)
        return irw_fail(config->error, status, irw_config_at(config, node),
                        "%s: %s", path, why.message);
    status = irw_config_read((imgrw_str){file.data, file.size}, path,
                             read_fields, config);
    free(file.data);
    return status;
}
