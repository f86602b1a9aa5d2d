/*
 * What Tekton fetches from a bundle, which is an image: the reference to a task
 * or pipeline names the resolver, and one of its parameters the bundle.
 */
#include "base/str.h"
#include "manifest/finder.h"

/* A parameter: {name: bundle, value: IMAGE}. */
static void
take_parameter(struct irw_finder *finder, uint32_t parameter,
               const struct irw_place *place, const struct irw_trail *trail)
{
    const struct irw_tree *tree = finder->tree;
    struct irw_trail step = {.outer = trail, .key = IRW_STR("value")};
    uint32_t name = irw_own_scalar(tree, parameter, IRW_STR("name"));
    uint32_t value = irw_own_scalar(tree, parameter, IRW_STR("value"));

    if (name != IRW_NO_NODE && value != IRW_NO_NODE &&
        irw_equal(irw_tree_value(tree, irw_tree_follow(tree, name)),
                  IRW_STR("bundle")))
        irw_note_scalar(finder, value, place->image_class, &step);
}

/* Whether the reference that has the parameters wants this resolver. */
static bool
is_resolved_by(struct irw_finder *finder, const struct irw_trail *trail,
               imgrw_str resolver)
{
    const struct irw_tree *tree = finder->tree;
    uint32_t node = irw_mapping_find(tree, trail->map, IRW_STR("resolver"),
                                     &finder->budget);

    return node != IRW_NO_NODE &&
           irw_equal(irw_tree_value(tree, node), resolver);
}

void
irw_shape_resolver(struct irw_finder *finder, uint32_t node,
                   const struct irw_place *place, const struct irw_trail *trail)
{
    const struct irw_tree *tree = finder->tree;
    struct irw_trail step = {.outer = trail};

    if (tree->nodes[node].type != IRW_NODE_SEQUENCE ||
        !is_resolved_by(finder, trail, IRW_STR("bundles")))
        return;
    for (uint32_t item = node + 1; item < tree->nodes[node].next;
         item = tree->nodes[item].next) {
        uint32_t parameter = irw_tree_follow(tree, item);
        uint32_t outer = finder->alias;

        if (parameter != item)
            finder->alias = item;
        if (tree->nodes[parameter].type == IRW_NODE_MAPPING)
            take_parameter(finder, parameter, place, &step);
        finder->alias = outer;
        step.index++;
    }
}
