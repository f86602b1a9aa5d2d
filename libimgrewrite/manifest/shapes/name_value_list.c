/*
 * Lists of {name: NAME, value: VALUE}: the variables of a container, such as
 * RELATED_IMAGE_X=IMAGE, or those that hold a line VERSION=IMAGE for every
 * version; and the parameters of a Tekton resolver, one of which names the
 * bundle that Tekton fetches, which is an image.
 */
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/shapes/shapes.h"

/* Takes the name of an item and its value, a scalar or an alias of one; `path`
 * leads to the value. */
typedef void pair_fn(struct irw_image_walk *walk, imgrw_str name,
                     uint32_t value, const struct irw_place *place,
                     const struct irw_node_path *path);

/* Hands the pairs of the list at `node` to `take`, and leaves out what is none:
 * variables may say `valueFrom`. An item may be an alias, and so may its name
 * and its value: what is found in there belongs to the alias that led there. */
static void
each_pair(struct irw_image_walk *walk, uint32_t node,
          const struct irw_place *place, const struct irw_node_path *path,
          pair_fn *take)
{
    const struct irw_tree *tree = walk->tree;
    struct irw_items items = irw_items(tree, node);
    struct irw_node_path step = {.outer = path};
    struct irw_node_path inner = {.outer = &step, .key = IRW_STR("value")};
    struct irw_alias_path outer = walk->way;
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

/* How the names of variables with an image begin or end. */
static const struct {
    imgrw_str start, end;
    bool lines; /* VERSION=IMAGE */
} names[] = {
#define IRW_VARIABLE(start, end, lines) \
    {{start, sizeof(start) - 1}, {end, sizeof(end) - 1}, lines},
#include "catalog/environment.def"
#undef IRW_VARIABLE
};

/* Collects the part, if it is an image. `continues`: others from the same value
 * were collected before. */
static bool
collect_value(struct irw_image_walk *walk, struct irw_part part, bool continues,
              const struct irw_place *place, const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, part.node);
    const struct irw_found_image found = {
        .path = path,
        .image_class = place->image_class,
        .parts = &part,
        .part_count = 1,
        .continues = continues,
    };

    return irw_is_certain_reference(irw_slice(text, part.from, part.to)) &&
           irw_collect(walk, &found);
}

/* Lines, or words, of the form VERSION=IMAGE. */
static void
collect_lines(struct irw_image_walk *walk, uint32_t node,
              const struct irw_place *place, const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, node);
    struct irw_part part = {.node = node};
    bool continues = false;

    for (size_t at = 0, end; at < text.size; at = end + 1) {
        size_t equals;

        for (end = at; end < text.size && !strchr(", \t\r\n", text.data[end]);)
            end++;
        equals = irw_find(irw_slice(text, at, end), '=');
        part.from = (uint32_t)(at + equals + 1);
        part.to = (uint32_t)end;
        if (equals != SIZE_MAX)
            continues |= collect_value(walk, part, continues, place, path);
    }
}

static void
take_variable(struct irw_image_walk *walk, imgrw_str name, uint32_t value,
              const struct irw_place *place, const struct irw_node_path *path)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!irw_starts_with(name, names[i].start) ||
            !irw_ends_with(name, names[i].end))
            continue;
        if (names[i].lines)
            collect_lines(walk, value, place, path);
        else
            collect_value(walk, irw_rest_of(walk, value, 0), false, place,
                          path);
        return;
    }
}

void
irw_shape_environment(struct irw_image_walk *walk, uint32_t node,
                      const struct irw_place *place,
                      const struct irw_node_path *path)
{
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
