#include "manifest/file_kind.h"
#include "base/str.h"

/* The last name in the text's path. */
static imgrw_str
name_of(const struct irw_image_walk *walk)
{
    imgrw_str path = irw_str(walk->findings->source->path);
    const char *slash = path.size > 0 ? memrchr(path.data, '/', path.size)
                                      : NULL;

    return slash ? irw_slice(path, (size_t)(slash + 1 - path.data), path.size)
                 : path;
}

/* Whether that begins and ends so. */
static bool
is_named(const struct irw_image_walk *walk, const char *start, const char *end)
{
    imgrw_str name = name_of(walk);

    return irw_starts_with(name, irw_str(start)) &&
           irw_ends_with(name, irw_str(end));
}

static bool
is_called(const struct irw_image_walk *walk, const char *name)
{
    return irw_equal(name_of(walk), irw_str(name));
}

/* Whether the mapping has services as a compose file has them. */
static bool
has_services(struct irw_image_walk *walk, uint32_t root)
{
    const struct irw_tree *tree = walk->tree;
    uint32_t services =
        irw_mapping_find(tree, root, IRW_STR("services"), &walk->budget);
    struct irw_entries entries;
    uint32_t key, value;

    if (services == IRW_NO_NODE)
        return false;
    entries = irw_entries(tree, services);
    while (irw_entries_next(&entries, &key, &value))
        if (irw_own_scalar(tree, irw_tree_follow(tree, value),
                           IRW_STR("image")) != IRW_NO_NODE)
            return true;
    return false;
}

bool
irw_is_test_suite(const struct irw_tree *tree, uint32_t root)
{
    uint32_t tests = irw_own_entry(tree, root, IRW_STR("tests")).value;
    uint32_t test, index;
    struct irw_items items;

    if (tests == IRW_NO_NODE)
        return false;
    items = irw_items(tree, tests);
    return irw_items_next(&items, &test, &index) &&
           (irw_own_scalar(tree, root, IRW_STR("suite")) != IRW_NO_NODE ||
            irw_own_entry(tree, test, IRW_STR("asserts")).key != IRW_NO_NODE);
}

/* Whether the mapping has what regsync copies: sources and targets. */
static bool
has_sources(struct irw_image_walk *walk, uint32_t root)
{
    const struct irw_tree *tree = walk->tree;
    struct irw_items items;
    uint32_t sync = irw_own_entry(tree, root, IRW_STR("sync")).value;
    uint32_t item, index;

    if (sync == IRW_NO_NODE)
        return false;
    items = irw_items(tree, sync);
    return irw_items_next(&items, &item, &index) &&
           irw_own_scalar(tree, item, IRW_STR("source")) != IRW_NO_NODE &&
           irw_own_scalar(tree, item, IRW_STR("target")) != IRW_NO_NODE;
}

/* Whether the mapping has what skopeo synchronises: lists of tags, by
 * repositories, by registries. */
static bool
has_registries(struct irw_image_walk *walk, uint32_t root)
{
    const struct irw_tree *tree = walk->tree;
    struct irw_entries entries = irw_entries(tree, root), repositories;
    uint32_t key, value, images;

    while (irw_entries_next(&entries, &key, &value)) {
        imgrw_str host = irw_tree_text(tree, key);

        images = irw_own_entry(tree, value, IRW_STR("images")).value;
        if (images == IRW_NO_NODE || (irw_find(host, '.') == SIZE_MAX &&
                                      irw_find(host, ':') == SIZE_MAX))
            continue;
        repositories = irw_entries(tree, images);
        if (irw_entries_next(&repositories, &key, &value) &&
            tree->nodes[value].type == IRW_NODE_SEQUENCE)
            return true;
    }
    return false;
}

static const char *
file_kind(struct irw_image_walk *walk, uint32_t root)
{
    const struct irw_tree *tree = walk->tree;

    if (is_named(walk, "Chart.", "ml"))
        return "Chart";
    if (is_named(walk, "kustomization.", "ml") ||
        is_called(walk, "Kustomization"))
        return "Kustomization";
    if (is_named(walk, ".argocd-source", "ml"))
        return "ArgoSource";
    if (is_named(walk, "fleet.", "ml"))
        return "Fleet";
    if (is_named(walk, "compose", "ml") ||
        is_named(walk, "docker-compose", "ml") || has_services(walk, root))
        return "Compose";
    if (is_named(walk, "requirements.", "ml") || irw_is_test_suite(tree, root))
        return "";
    if (has_sources(walk, root))
        return "Regsync";
    if (has_registries(walk, root))
        return "SkopeoSync";
    if (irw_own_scalar(tree, root, IRW_STR("apiVersion")) == IRW_NO_NODE)
        return "Values";
    return irw_own_scalar(tree, root, IRW_STR("version")) != IRW_NO_NODE
               ? "Chart"
               : "";
}

struct irw_places
irw_file_places(struct irw_image_walk *walk, uint32_t root)
{
    struct irw_places places = irw_catalog_kindless(walk->search->fields);

    irw_places_add(&places,
                   irw_catalog_file(irw_str(file_kind(walk, root))));
    return places;
}
