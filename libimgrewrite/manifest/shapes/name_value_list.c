/*
 * Lists of {name: NAME, value: VALUE}: the variables of a container, such as
 * RELATED_IMAGE_X=IMAGE, or those that hold a line VERSION=IMAGE for every
 * version, such as STRIMZI_KAFKA_IMAGES; and the parameters of a Tekton
 * resolver, one of which names the bundle that Tekton fetches, which is an
 * image.
 */
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/pushed.h"
#include "manifest/shapes/shapes.h"
#include "manifest/shapes/words.h"

/* Takes the name of an item and its value, a scalar or an alias of one; `path`
 * leads to the value. */
typedef void pair_fn(struct irw_image_walk *walk, imgrw_str name,
                     uint32_t value, const struct irw_place *place,
                     const struct irw_node_path *path);

/* Hands the pair at `item`, to which `path` leads, to `take`, unless it is
 * none: variables may say `valueFrom`. It may be an alias, and so may its name
 * and its value: what is found in there belongs to the alias that led there. */
static void
take_item(struct irw_image_walk *walk, uint32_t item,
          const struct irw_place *place, const struct irw_node_path *path,
          pair_fn *take)
{
    const struct irw_tree *tree = walk->tree;
    struct irw_node_path inner = {.outer = path, .key = IRW_STR("value")};
    struct irw_alias_path outer = walk->way;
    uint32_t pair = irw_tree_follow(tree, item);
    uint32_t name = irw_own_scalar(tree, pair, IRW_STR("name"));
    uint32_t value = irw_own_scalar(tree, pair, IRW_STR("value"));

    if (name == IRW_NO_NODE || value == IRW_NO_NODE)
        return;
    if (pair != item)
        walk->way = irw_way_through(outer, item);
    take(walk, irw_tree_text(tree, name), value, place, &inner);
    walk->way = outer;
}

/* Hands the pairs of the list at `node` to `take`. */
static void
each_pair(struct irw_image_walk *walk, uint32_t node,
          const struct irw_place *place, const struct irw_node_path *path,
          pair_fn *take)
{
    struct irw_items items = irw_items(walk->tree, node);
    struct irw_node_path step = {.outer = path};
    uint32_t item;

    while (irw_items_next(&items, &item, &step.index))
        take_item(walk, item, place, &step, take);
}

static void
take_variable(struct irw_image_walk *walk, imgrw_str name, uint32_t value,
              const struct irw_place *place, const struct irw_node_path *path)
{
    struct irw_part part = irw_rest_of(walk, value, 0);
    bool plural = name.size > 0 && irw_lower(name.data[name.size - 1]) == 's';

    if (irw_is_pushed(walk, name))
        return;
    if (plural && irw_mentions_image(name))
        irw_collect_words(walk, part, place->image_class, path);
    else if (irw_is_image_variable(name, irw_tree_text(walk->tree, value)))
        irw_collect_part(walk, part, place->image_class, path);
}

/* The variable that a JSON patch sets, or the value of one whose name it does
 * not say. */
static void
take_patched(struct irw_image_walk *walk, uint32_t node,
             const struct irw_place *place, const struct irw_node_path *path)
{
    if (!irw_is_scalar(walk->tree, node))
        take_item(walk, node, place, path, take_variable);
    else if (irw_is_image_variable((imgrw_str){0},
                              irw_tree_text(walk->tree, node)))
        irw_collect_part(walk, irw_rest_of(walk, node, 0), place->image_class,
                         path);
}

void
irw_shape_environment(struct irw_image_walk *walk, uint32_t node,
                      const struct irw_place *place,
                      const struct irw_node_path *path)
{
    if (path && path->patched.data)
        take_patched(walk, node, place, path);
    each_pair(walk, node, place, path, take_variable);
}

static void
take_parameter(struct irw_image_walk *walk, imgrw_str name, uint32_t value,
               const struct irw_place *place, const struct irw_node_path *path)
{
    if (irw_equal(name, IRW_STR("bundle")))
        irw_collect_part(walk, irw_rest_of(walk, value, 0), place->image_class,
                         path);
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
        each_pair(walk, node, place, path, take_parameter);
}
