/*
 * An item may be an alias, and so may its name and its value: what is found in
 * there belongs to the alias that led there.
 */
#include "manifest/shapes/name_value_list.h"

static void
take_item(struct irw_finder *finder, uint32_t item,
          const struct irw_place *place, const struct irw_node_path *trail,
          irw_name_value_fn *take)
{
    const struct irw_tree *tree = finder->tree;
    struct irw_node_path step = {.outer = trail, .key = IRW_STR("value")};
    uint32_t name = irw_own_scalar(tree, item, IRW_STR("name"));
    uint32_t value = irw_own_scalar(tree, item, IRW_STR("value"));

    if (name != IRW_NO_NODE && value != IRW_NO_NODE)
        take(finder, irw_tree_value(tree, irw_tree_follow(tree, name)), value,
             place, &step);
}

void
irw_each_pair(struct irw_finder *finder, uint32_t node,
              const struct irw_place *place, const struct irw_node_path *trail,
              irw_name_value_fn *take)
{
    const struct irw_tree *tree = finder->tree;
    struct irw_node_path step = {.outer = trail};

    if (tree->nodes[node].type != IRW_NODE_SEQUENCE)
        return;
    for (uint32_t item = node + 1; item < tree->nodes[node].next;
         item = tree->nodes[item].next) {
        uint32_t target = irw_tree_follow(tree, item);
        uint32_t outer = finder->alias;

        if (target != item)
            finder->alias = item;
        if (tree->nodes[target].type == IRW_NODE_MAPPING)
            take_item(finder, target, place, &step, take);
        finder->alias = outer;
        step.index++;
    }
}
