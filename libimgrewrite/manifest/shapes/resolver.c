/*
 * What Tekton fetches from a bundle, which is an image: the reference to a task
 * or pipeline names the resolver, and one of its parameters the bundle.
 */
#include "base/str.h"
#include "manifest/collect.h"
#include "manifest/shapes/name_value_list.h"
#include "manifest/shapes/shapes.h"

static void
take_parameter(struct irw_image_walk *walk, imgrw_str name, uint32_t value,
               const struct irw_place *place, const struct irw_node_path *path)
{
    if (irw_equal(name, IRW_STR("bundle")))
        irw_collect_scalar(walk, value, place->image_class, path);
}

/* Whether the reference that has the parameters wants this resolver. */
static bool
is_resolved_by(struct irw_image_walk *walk, const struct irw_node_path *path,
               imgrw_str resolver)
{
    const struct irw_tree *tree = walk->tree;
    uint32_t node = irw_mapping_find(tree, path->map, IRW_STR("resolver"),
                                     &walk->budget);

    return node != IRW_NO_NODE &&
           irw_equal(irw_tree_value(tree, node), resolver);
}

void
irw_shape_resolver(struct irw_image_walk *walk, uint32_t node,
                   const struct irw_place *place,
                   const struct irw_node_path *path)
{
    if (is_resolved_by(walk, path, IRW_STR("bundles")))
        irw_each_pair(walk, node, place, path, take_parameter);
}
