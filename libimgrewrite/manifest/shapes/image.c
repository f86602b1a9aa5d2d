/*
 * Shapes of one scalar: a reference, alone or behind something.
 */
#include "base/str.h"
#include "manifest/finder.h"
#include "manifest/classify.h"

static imgrw_str
scalar_text(const struct irw_finder *finder, uint32_t node)
{
    return irw_tree_value(finder->tree, irw_tree_follow(finder->tree, node));
}

static bool
is_scalar(const struct irw_finder *finder, uint32_t node)
{
    const struct irw_tree *tree = finder->tree;

    return tree->nodes[irw_tree_follow(tree, node)].type == IRW_NODE_SCALAR;
}

/* Takes note of the end of the scalar from byte `from` on. */
static void
note_rest(struct irw_finder *finder, uint32_t node, size_t from,
          const struct irw_place *place, const struct irw_node_path *trail)
{
    imgrw_str text = scalar_text(finder, node);
    const struct irw_part part = {
        .node = node,
        .from = (uint32_t)from,
        .to = (uint32_t)text.size,
    };
    const struct irw_found_image note = {
        .trail = trail,
        .image_class = place->image_class,
        .text = irw_slice(text, from, text.size),
        .parts = &part,
        .part_count = 1,
    };

    irw_collect(finder, &note);
}

void
irw_shape_url(struct irw_finder *finder, uint32_t node,
              const struct irw_place *place, const struct irw_node_path *trail)
{
    size_t size;

    if (!is_scalar(finder, node))
        return;
    size = irw_scheme_size(scalar_text(finder, node));
    if (size > 0)
        note_rest(finder, node, size, place, trail);
}

/* A pod's image has no scheme and no parts; the fields of custom resources may
 * have either. */
void
irw_shape_image(struct irw_finder *finder, uint32_t node,
                const struct irw_place *place,
                const struct irw_node_path *trail)
{
    bool strict = place->image_class == IMGRW_CLASS_POD;

    if (is_scalar(finder, node) && !strict &&
        irw_scheme_size(scalar_text(finder, node)) > 0)
        irw_shape_url(finder, node, place, trail);
    else if (is_scalar(finder, node))
        irw_collect_scalar(finder, node, place->image_class, trail);
    else if (!strict)
        irw_shape_split(finder, node, place, trail);
}

/* The field is read as something else, unless it is a whole reference. */
void
irw_shape_full(struct irw_finder *finder, uint32_t node,
               const struct irw_place *place, const struct irw_node_path *trail)
{
    if (is_scalar(finder, node) &&
        irw_is_certain_reference(scalar_text(finder, node)))
        irw_collect_scalar(finder, node, place->image_class, trail);
}

/* Argo CD: `name=reference`, or the reference alone. */
void
irw_shape_override(struct irw_finder *finder, uint32_t node,
                   const struct irw_place *place,
                   const struct irw_node_path *trail)
{
    size_t equals;

    if (!is_scalar(finder, node))
        return;
    equals = irw_find(scalar_text(finder, node), '=');
    note_rest(finder, node, equals == SIZE_MAX ? 0 : equals + 1, place, trail);
}

/* What is pulled from there, nobody can tell from here: a rule for it would be
 * a guess. */
void
irw_shape_base(struct irw_finder *finder, uint32_t node,
               const struct irw_place *place, const struct irw_node_path *trail)
{
    imgrw_str text = scalar_text(finder, node);
    const struct irw_part part = {
        .node = node,
        .to = (uint32_t)text.size,
    };
    const struct irw_found_image note = {
        .trail = trail,
        .image_class = place->image_class,
        .text = text,
        .parts = &part,
        .part_count = 1,
        .reason = IMGRW_REASON_BASE,
    };

    if (is_scalar(finder, node) && text.size > 0)
        irw_collect(finder, &note);
}
