/*
 * An item may be an alias, and so may its name and its value: what is found in
 * there belongs to the alias that led there.
 */
#include "manifest/shapes/name_value_list.h"

void
irw_each_pair(struct irw_image_walk *walk, uint32_t node,
              const struct irw_place *place, const struct irw_node_path *path,
              irw_name_value_fn *take)
{
    const struct irw_tree *tree = walk->tree;
    struct irw_items items = irw_items(tree, node);
    struct irw_node_path step = {.outer = path};
    struct irw_node_path inner = {.outer = &step, .key = IRW_STR("value")};
    struct irw_way outer = walk->way;
    uint32_t item;

    while (irw_items_next(&items, &item, &step.index)) {
        uint32_t pair = irw_tree_follow(tree, item);
        uint32_t name = irw_own_scalar(tree, pair, IRW_STR("name"));
        uint32_t value = irw_own_scalar(tree, pair, IRW_STR("value"));

        if (name == IRW_NO_NODE || value == IRW_NO_NODE)
            continue;
        if (pair != item)
            walk->way = irw_way_through(outer, item);
        take(walk, irw_tree_text(tree, name), value, place, &inner);
        walk->way = outer;
    }
}
