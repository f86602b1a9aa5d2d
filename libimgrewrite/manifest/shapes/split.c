/*
 * Maps of the parts of one reference, in custom resources.
 */
#include "manifest/shapes/split.h"
#include "base/str.h"
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

/* The number of the key in the table; `key_count` where it is not in there. */
static size_t
number_of(const struct irw_split_map *map, imgrw_str key)
{
    size_t i = 0;

    while (i < map->key_count && !irw_equal(map->keys[i].key, key))
        i++;
    return i;
}

/* Of equal keys the last one counts, as it does for kubectl. */
void
irw_split_read(const struct irw_image_walk *walk, struct irw_split_map *map)
{
    const struct irw_tree *tree = walk->tree;
    struct irw_entries entries = irw_entries(tree, map->node);
    uint32_t key, value, nodes[IRW_PART_KEYS_MAX];
    unsigned roles = 0;

    map->count = 0;
    map->seen = map->used = 0;
    while (irw_entries_next(&entries, &key, &value)) {
        size_t i = number_of(map, irw_tree_text(tree, key));

        if (i == map->key_count || (map->keys[i].role != IRW_ROLE_WHOLE &&
                                    !irw_is_scalar(tree, value)))
            continue;
        map->seen |= 1u << i;
        nodes[i] = value;
    }
    for (size_t i = 0; i < map->key_count; i++) {
        enum irw_role role = map->keys[i].role;

        if (!(map->seen & 1u << i) || role == IRW_ROLE_WHOLE ||
            roles & 1u << role ||
            irw_scalar_is_null(tree, irw_tree_follow(tree, nodes[i])))
            continue;
        roles |= 1u << role;
        map->used |= 1u << i;
        map->found[map->count] = irw_rest_of(walk, nodes[i], 0);
        map->found[map->count++].role = role;
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
