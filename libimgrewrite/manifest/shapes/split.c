/*
 * Maps of the parts of one reference, in custom resources.
 */
#include "manifest/shapes/split.h"
#include "manifest/shapes/shapes.h"
#include "yaml/scalar.h"

/* As custom resources have them. */
static const struct irw_part_key custom_keys[] = {
    IRW_PART_KEY("repository", REPOSITORY),
    IRW_PART_KEY("image", NAME),
    IRW_PART_KEY("name", NAME),
    IRW_PART_KEY("registry", REGISTRY),
    IRW_PART_KEY("tag", TAG),
    IRW_PART_KEY("version", TAG),
    IRW_PART_KEY("digest", DIGEST),
    IRW_PART_KEY("sha", DIGEST),
};

void
irw_split_read(const struct irw_image_walk *walk, struct irw_split_map *map)
{
    const struct irw_tree *tree = walk->tree;
    unsigned roles = 0;

    for (size_t i = 0; i < map->key_count; i++) {
        const struct irw_part_key *key = &map->keys[i];
        uint32_t node = irw_own_scalar(tree, map->node, key->key);

        if (node == IRW_NO_NODE)
            continue;
        map->versioned |=
            key->role == IRW_ROLE_TAG || key->role == IRW_ROLE_DIGEST;
        if (roles & 1u << key->role ||
            irw_scalar_is_null(tree, irw_tree_follow(tree, node)))
            continue;
        roles |= 1u << key->role;
        map->weak |= irw_equal(key->key, IRW_STR("version"));
        map->found[map->count] = irw_rest_of(walk, node, 0);
        map->found[map->count++].role = key->role;
    }
    map->parts = irw_parts_read(tree, map->found, map->count);
}

void
irw_split_collect(struct irw_image_walk *walk, const struct irw_split_map *map,
                  enum imgrw_reason reason, const struct irw_place *place,
                  const struct irw_node_path *path)
{
    irw_collect(walk, &(struct irw_found_image){
                          .path = path,
                          .image_class = place->image_class,
                          .parts = map->found,
                          .part_count = map->count,
                          .reason = reason,
                      });
}

void
irw_shape_split(struct irw_image_walk *walk, uint32_t node,
                const struct irw_place *place, const struct irw_node_path *path)
{
    struct irw_split_map map = {IRW_PART_KEYS(custom_keys), node, .count = 0};

    if (walk->tree->nodes[node].type != IRW_NODE_MAPPING)
        return;
    irw_split_read(walk, &map);
    if (map.count > 0)
        irw_split_collect(walk, &map, IMGRW_REASON_NONE, place, path);
}
