#include "manifest/file_kind.h"
#include "base/str.h"
#include "manifest/finder.h"

/* Whether the last name in the text's path begins and ends so. */
static bool
is_named(const struct irw_finder *finder, const char *start, const char *end)
{
    imgrw_str path = irw_str(finder->findings->source->path);
    const char *slash = path.size > 0 ? memrchr(path.data, '/', path.size)
                                      : NULL;

    if (slash)
        path = irw_slice(path, (size_t)(slash + 1 - path.data), path.size);
    return irw_starts_with(path, irw_str(start)) &&
           irw_ends_with(path, irw_str(end));
}

/* Whether the mapping has services as a compose file has them. */
static bool
has_services(struct irw_finder *finder, uint32_t root)
{
    const struct irw_tree *tree = finder->tree;
    uint32_t services =
        irw_mapping_find(tree, root, IRW_STR("services"), &finder->budget);

    if (services == IRW_NO_NODE ||
        tree->nodes[services].type != IRW_NODE_MAPPING)
        return false;
    for (uint32_t at = services + 1; at < tree->nodes[services].next;) {
        uint32_t value = tree->nodes[at].next;
        uint32_t service = irw_tree_follow(tree, value);

        if (tree->nodes[service].type == IRW_NODE_MAPPING &&
            irw_own_scalar(tree, service, IRW_STR("image")) != IRW_NO_NODE)
            return true;
        at = tree->nodes[value].next;
    }
    return false;
}

static const char *
file_kind(struct irw_finder *finder, uint32_t root)
{
    const struct irw_tree *tree = finder->tree;

    if (is_named(finder, "Chart.", "ml"))
        return "Chart";
    if (is_named(finder, "kustomization.", "ml"))
        return "Kustomization";
    if (is_named(finder, "compose", "ml") ||
        is_named(finder, "docker-compose", "ml") || has_services(finder, root))
        return "Compose";
    if (is_named(finder, "requirements.", "ml"))
        return "";
    if (irw_own_scalar(tree, root, IRW_STR("apiVersion")) == IRW_NO_NODE)
        return "Values";
    return irw_own_scalar(tree, root, IRW_STR("version")) != IRW_NO_NODE
               ? "Chart"
               : "";
}

struct irw_places
irw_file_places(struct irw_finder *finder, uint32_t root)
{
    struct irw_places places = {.count = 0};

    irw_places_add(&places,
                   irw_catalog_file(irw_str(file_kind(finder, root))));
    return places;
}
