/*
 * Parameters of workflows and tasks: lists of {name: NAME} with a value, a
 * default, or a list of what may be chosen. Their names say whether these are
 * images. Those of a run may name the image that it builds, though.
 */
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/pushed.h"
#include "manifest/shapes/shapes.h"

/* A parameter being looked at. */
struct parameter {
    struct irw_image_walk *walk;
    const struct irw_place *place;
    const struct irw_node_path *path;
    uint32_t map;
    imgrw_str name;
};

static void
take_value(const struct parameter *parameter, uint32_t value,
           const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(parameter->walk->tree, value);

    if (irw_ends_with_image(parameter->name) ? irw_is_likely_reference(text)
                                             : irw_is_certain_reference(text))
        irw_collect_part(parameter->walk,
                         irw_rest_of(parameter->walk, value, 0),
                         parameter->place->image_class, path);
}

/* Takes what stands under a key: a value, or a list of some. */
static void
take_key(const struct parameter *parameter, imgrw_str key)
{
    const struct irw_tree *tree = parameter->walk->tree;
    const struct irw_node_path step = {
        .outer = parameter->path,
        .key = key,
        .map = parameter->map,
    };
    struct irw_node_path inner = {.outer = &step};
    uint32_t value = irw_own_entry(tree, parameter->map, key).value, item;
    struct irw_items items;

    if (value == IRW_NO_NODE)
        return;
    items = irw_items(tree, value);
    while (irw_items_next(&items, &item, &inner.index))
        if (irw_is_scalar(tree, item))
            take_value(parameter, item, &inner);
    if (irw_is_scalar(tree, value))
        take_value(parameter, value, &step);
}

static void
take_parameter(struct parameter *parameter)
{
    /* the last two are of Argo CD's plugins */
    static const char *const keys[] = {"value", "default", "enum", "string",
                                       "array"};
    const struct irw_tree *tree = parameter->walk->tree;
    uint32_t name = irw_own_scalar(tree, parameter->map, IRW_STR("name"));

    if (name == IRW_NO_NODE)
        return;
    parameter->name = irw_tree_text(tree, name);
    if (!irw_mentions_image(parameter->name) ||
        irw_is_pushed(parameter->walk, parameter->name) ||
        (parameter->place->shape == IRW_SHAPE_RUN_PARAMETERS &&
         irw_is_any_image(parameter->name)))
        return;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        take_key(parameter, irw_str(keys[i]));
}

void
irw_shape_parameters(struct irw_image_walk *walk, uint32_t node,
                     const struct irw_place *place,
                     const struct irw_node_path *path)
{
    struct irw_items items = irw_items(walk->tree, node);
    struct irw_node_path step = {.outer = path};
    struct irw_alias_path outer = walk->way;
    uint32_t item;

    while (irw_items_next(&items, &item, &step.index)) {
        struct parameter parameter = {
            .walk = walk,
            .place = place,
            .path = &step,
            .map = irw_tree_follow(walk->tree, item),
        };

        if (parameter.map != item)
            walk->way = irw_way_through(outer, item);
        take_parameter(&parameter);
        walk->way = outer;
    }
}
