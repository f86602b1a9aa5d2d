#include "kubernetes/resource.h"
#include "base/str.h"
#include "yaml/scalar.h"

/* The string at `key`, or an empty one. */
static imgrw_str
read_string(const struct irw_tree *tree, uint32_t mapping, const char *key,
            struct irw_budget *budget)
{
    uint32_t value = irw_mapping_find(tree, mapping, irw_str(key), budget);

    if (value == IRW_NO_NODE || tree->nodes[value].type != IRW_NODE_SCALAR ||
        !irw_scalar_is_string(tree, value))
        return (imgrw_str){0};
    return irw_tree_value(tree, value);
}

/* Whether the mapping is the values of a chart that leaves the kind of its
 * workload to the user: it has nothing else that a workload has. */
static bool
is_choice(const struct irw_tree *tree, uint32_t root, imgrw_str kind,
          struct irw_budget *budget)
{
    static const char *const kinds[] = {"DaemonSet", "Deployment",
                                        "StatefulSet"};
    static const char *const keys[] = {"apiVersion", "metadata", "spec"};
    bool workload = false;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        workload |= irw_equal(kind, irw_str(kinds[i]));
    for (size_t i = 0; workload && i < sizeof(keys) / sizeof(keys[0]); i++)
        workload = irw_mapping_find(tree, root, irw_str(keys[i]), budget) ==
                   IRW_NO_NODE;
    return workload;
}

struct irw_resource
irw_resource_read(const struct irw_tree *tree, uint32_t root,
                  struct irw_budget *budget)
{
    struct irw_resource resource = {
        .api_version = read_string(tree, root, "apiVersion", budget),
        .kind = read_string(tree, root, "kind", budget),
    };
    uint32_t metadata =
        irw_mapping_find(tree, root, IRW_STR("metadata"), budget);

    if (is_choice(tree, root, resource.kind, budget))
        resource.kind = (imgrw_str){0};
    resource.name = read_string(tree, metadata, "name", budget);
    if (resource.name.size == 0)
        resource.name = read_string(tree, metadata, "generateName", budget);
    resource.name_space = read_string(tree, metadata, "namespace", budget);
    return resource;
}

imgrw_str
irw_resource_group(imgrw_str api_version)
{
    size_t slash = irw_find(api_version, '/');

    return slash == SIZE_MAX ? (imgrw_str){0}
                             : irw_slice(api_version, 0, slash);
}

uint32_t
irw_resource_items(const struct irw_tree *tree, uint32_t root,
                   const struct irw_resource *resource, imgrw_str *item_kind,
                   struct irw_budget *budget)
{
    static const imgrw_str list = {"List", 4};
    uint32_t items;

    if (!irw_ends_with(resource->kind, list))
        return IRW_NO_NODE;
    items = irw_mapping_find(tree, root, IRW_STR("items"), budget);
    if (items == IRW_NO_NODE || tree->nodes[items].type != IRW_NODE_SEQUENCE)
        return IRW_NO_NODE;
    *item_kind =
        irw_slice(resource->kind, 0, resource->kind.size - list.size);
    return items;
}
