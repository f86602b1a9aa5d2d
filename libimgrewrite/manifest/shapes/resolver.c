/*
 * What Tekton fetches from a bundle, which is an image: the reference to a task
 * or pipeline names the resolver, and one of its parameters the bundle.
 */
#include "base/str.h"
#include "manifest/shapes/name_value_list.h"

static void
take_parameter(struct irw_finder *finder, imgrw_str name, uint32_t value,
               const struct irw_place *place, const struct irw_node_path *trail)
{
    if (irw_equal(name, IRW_STR("bundle")))
        irw_collect_scalar(finder, value, place->image_class, trail);
}

/* Whether the reference that has the parameters wants this resolver. */
static bool
is_resolved_by(struct irw_finder *finder, const struct irw_node_path *trail,
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
                   const struct irw_place *place,
                   const struct irw_node_path *trail)
{
    if (is_resolved_by(finder, trail, IRW_STR("bundles")))
        irw_each_pair(finder, node, place, trail, take_parameter);
}
