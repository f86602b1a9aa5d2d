#include "manifest/file_kind.h"
#include "base/str.h"

/* The kinds of files that their names tell: by how these begin, and end. */
static const struct {
    const char *start, *end, *kind;
} names[] = {
    {"Chart.", "ml", "Chart"},
    {"kustomization.", "ml", "Kustomization"},
    {"Kustomization", "", "Kustomization"},
    {".argocd-source", "ml", "ArgoSource"},
    {"fleet.", "ml", "Fleet"},
    {"compose", "ml", "Compose"},
    {"docker-compose", "ml", "Compose"},
    {"requirements.", "ml", ""},
};

/* The kind that the name of a file tells, or NULL. */
static const char *
named_kind(const char *path)
{
    imgrw_str name = irw_path_name(irw_str(path));

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (*names[i].end ? irw_starts_with(name, irw_str(names[i].start)) &&
                                irw_ends_with(name, irw_str(names[i].end))
                          : irw_equal(name, irw_str(names[i].start)))
            return names[i].kind;
    return NULL;
}

bool
irw_is_file_of_tool(const char *path)
{
    return named_kind(path) != NULL;
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
    const char *named = named_kind(walk->findings->source->path);

    if (named && *named)
        return named;
    if (has_services(walk, root))
        return "Compose";
    if (named || irw_is_test_suite(tree, root))
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
