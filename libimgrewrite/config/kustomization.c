/*
 * kustomize's own files: kustomizations, of which `images:` is taken, and the
 * files that these name under `configurations:`, of which the field specs of
 * images are.
 */
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "config/config.h"
#include "config/read.h"

#include <stdio.h>
#include <stdlib.h>

/* Keys by which other images come in, or change, that are not taken. */
static const char *const warned[] = {
    "bases", "components", "imageTags", "replacements", "transformers",
};

/* Whether the entry does nothing, which kustomize does not mind. */
static bool
sets_nothing(const struct irw_config *config, uint32_t entry)
{
    static const char *const keys[] = {"newName", "newTag", "tagSuffix",
                                       "digest"};

    if (config->tree.nodes[entry].type != IRW_NODE_MAPPING)
        return false;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        uint32_t value = irw_config_find(config, entry, keys[i]);

        if (value != IRW_NO_NODE &&
            irw_tree_value(&config->tree, value).size > 0)
            return false;
    }
    return true;
}

static enum imgrw_status
read_entry(struct irw_config *config, uint32_t node)
{
    if (!sets_nothing(config, node))
        return irw_config_override(config, node);
    irw_config_warn(config, node, "this entry of images sets nothing");
    return IMGRW_OK;
}

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
    config->any_case = true;
    status = irw_config_list(config, irw_config_find(config, root, "images"),
                             "images", read_entry);
    config->any_case = false;
    if (status != IMGRW_OK)
        return status;
    return irw_config_list(config,
                           irw_config_find(config, root, "configurations"),
                           "configurations", irw_config_fields_file);
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
    return irw_config_list(config, irw_config_find(config, root, "images"),
                           "images", irw_config_fieldspec);
}

enum imgrw_status
irw_config_fields_file(struct irw_config *config, uint32_t node)
{
    struct irw_file_text file;
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
    status = irw_read_file(path, IRW_CONFIG_BYTES, &file, config->error);
    if (status != IMGRW_OK)
        return status;
    status = irw_config_read((imgrw_str){file.data, file.size}, path,
                             read_fields, config);
    free(file.data);
    return status;
}
