/*
 * Helm values: maps of the parts of one reference, and references under the
 * keys of images.
 */
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/shapes/shapes.h"
#include "manifest/shapes/split.h"

/* As Helm values have them; `name` is mostly something else there. */
static const struct irw_part_key value_keys[] = {
    IRW_PART_KEY("repository", REPOSITORY), IRW_PART_KEY("image", NAME),
    IRW_PART_KEY("registry", REGISTRY),     IRW_PART_KEY("tag", TAG),
    IRW_PART_KEY("imageTag", TAG),          IRW_PART_KEY("version", TAG),
    IRW_PART_KEY("digest", DIGEST),         IRW_PART_KEY("sha", DIGEST),
};

/* Whether a host keeps sources, which have repositories and tags as well. */
static bool
is_git_host(imgrw_str host)
{
    static const char *const hosts[] = {"github.com", "gitlab.com",
                                        "bitbucket.org", "codeberg.org"};

    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        if (irw_equal_nocase(host, irw_str(hosts[i])))
            return true;
    return false;
}

/* Whether a map among values, under `key`, is an image. A map under a key that
 * is an image's needs a repository and one part more; under another key it must
 * name its registry as well, and a version is no tag there. */
static bool
is_image_map(const struct irw_split_map *map, imgrw_str key)
{
    const imgrw_str *parts = map->parts.at;
    char buffer[IRW_JOINED_MAX];
    imgrw_str text = irw_join(&map->parts, buffer);
    struct imgrw_reference reference;

    if (irw_classify_text(text, &reference) != IMGRW_REASON_NONE)
        return false;
    if (parts[IRW_ROLE_REPOSITORY].size == 0) /* image, with a tag beside it */
        return map->versioned;
    if (irw_is_image_key(key))
        return map->versioned || parts[IRW_ROLE_REGISTRY].size > 0;
    if (reference.registry.size == 0 || is_git_host(reference.registry))
        return false;
    return (map->versioned && !map->weak) || parts[IRW_ROLE_REGISTRY].size > 0;
}

void
irw_shape_values(struct irw_image_walk *walk, uint32_t node,
                 const struct irw_place *place,
                 const struct irw_node_path *path)
{
    const struct irw_tree *tree = walk->tree;
    uint32_t held = irw_tree_follow(tree, node);
    struct irw_split_map map = {IRW_PART_KEYS(value_keys), .node = held};
    imgrw_str key;

    if (!path)
        return; /* a whole file is no image */
    key = path->key;
    if (tree->nodes[held].type == IRW_NODE_MAPPING) {
        irw_split_read(walk, &map);
        if (is_image_map(&map, key))
            irw_split_collect(walk, &map, IMGRW_REASON_NONE, place, path);
    } else if (tree->nodes[held].type == IRW_NODE_SCALAR && key.size > 0 &&
               irw_is_image_key(key) &&
               irw_is_likely_reference(irw_tree_value(tree, held))) {
        irw_collect_part(walk, irw_rest_of(walk, node, 0), place->image_class,
                         path);
    }
}
