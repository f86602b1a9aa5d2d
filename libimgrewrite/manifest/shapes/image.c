/*
 * Shapes of one scalar: a reference, alone or after something.
 */
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/shapes/shapes.h"
#include "reference/placeholder.h"

void
irw_shape_url(struct irw_image_walk *walk, uint32_t node,
              const struct irw_place *place, const struct irw_node_path *path)
{
    size_t size = irw_scheme_size(irw_tree_text(walk->tree, node));

    if (size > 0)
        irw_collect_part(walk, irw_rest_of(walk, node, size),
                         place->image_class, path);
}

/* A pod's image has no scheme and no parts; the fields of custom resources may
 * have either. An annotation that says nothing is none. */
void
irw_shape_image(struct irw_image_walk *walk, uint32_t node,
                const struct irw_place *place, const struct irw_node_path *path)
{
    bool strict = place->image_class == IMGRW_CLASS_POD;

    if (place->image_class == IMGRW_CLASS_ANNOTATIONS &&
        irw_tree_text(walk->tree, node).size == 0)
        return;
    if (!strict && irw_scheme_size(irw_tree_text(walk->tree, node)) > 0)
        irw_shape_url(walk, node, place, path);
    else if (irw_is_scalar(walk->tree, node))
        irw_collect_part(walk, irw_rest_of(walk, node, 0), place->image_class,
                         path);
    else if (!strict)
        irw_shape_split(walk, node, place, path);
}

/* The field is read as something else, unless it is a whole reference. */
void
irw_shape_full(struct irw_image_walk *walk, uint32_t node,
               const struct irw_place *place, const struct irw_node_path *path)
{
    if (irw_is_certain_reference(irw_tree_text(walk->tree, node)))
        irw_collect_part(walk, irw_rest_of(walk, node, 0), place->image_class,
                         path);
}

/* The field may name a registry as a whole, which by itself would be read as
 * the name of an image. */
void
irw_shape_named(struct irw_image_walk *walk, uint32_t node,
                const struct irw_place *place, const struct irw_node_path *path)
{
    struct imgrw_reference reference;

    if (irw_is_reference(irw_tree_text(walk->tree, node), &reference) &&
        (reference.registry.size > 0 ||
         irw_find(reference.repository, '.') == SIZE_MAX))
        irw_collect_part(walk, irw_rest_of(walk, node, 0), place->image_class,
                         path);
}

/* Argo CD: `name=reference`, or the reference alone, which then is for the name
 * in it. */
void
irw_shape_override(struct irw_image_walk *walk, uint32_t node,
                   const struct irw_place *place,
                   const struct irw_node_path *path)
{
    struct irw_part part;
    size_t equals;
    imgrw_str text;

    if (!irw_is_scalar(walk->tree, node))
        return;
    text = irw_tree_text(walk->tree, node);
    equals = irw_placeholder_pass(text, 0, "=");
    part = irw_rest_of(walk, node, equals == text.size ? 0 : equals + 1);
    part.keeps_name = equals == text.size;
    irw_collect_part(walk, part, place->image_class, path);
}

/* Whether a text is a URL of something else than a registry. */
static bool
is_other_url(imgrw_str text, size_t scheme)
{
    size_t colon = irw_find(text, ':');

    return scheme == 0 && colon != SIZE_MAX &&
           irw_starts_with(irw_slice(text, colon + 1, text.size),
                           IRW_STR("//"));
}

static void
collect_registry(struct irw_image_walk *walk, uint32_t node,
                 const struct irw_place *place,
                 const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, node);
    size_t scheme = irw_scheme_size(text);
    struct irw_part part = irw_rest_of(walk, node, scheme);
    const struct irw_found_image found = {
        .path = path,
        .image_class = place->image_class,
        .parts = &part,
        .part_count = 1,
        .reason = IMGRW_REASON_BASE,
        .asked = place->shape == IRW_SHAPE_FIELD,
    };

    while (part.to > part.from && text.data[part.to - 1] == '/')
        part.to--;
    if (part.to > part.from && !is_other_url(text, scheme))
        irw_collect(walk, &found);
}

/* A registry or a path, maybe after a scheme, to which the reader of the field
 * appends the names of images. These names are not in the manifest, so that a
 * rule could only guess what is pulled. */
void
irw_shape_base(struct irw_image_walk *walk, uint32_t node,
               const struct irw_place *place, const struct irw_node_path *path)
{
    collect_registry(walk, node, place, path);
}

/* Whether a text is a host alone, with or without the slash after it. */
static bool
is_host(imgrw_str text)
{
    size_t dot = irw_find(text, '.'), colon = irw_find(text, ':');

    text.size -= irw_ends_with(text, IRW_STR("/"));
    return irw_find(text, '/') == SIZE_MAX &&
           irw_find(text, '@') == SIZE_MAX && dot != SIZE_MAX && dot < colon;
}

/* Who names a field with a registry in it asks for all that lies below. */
void
irw_shape_field(struct irw_image_walk *walk, uint32_t node,
                const struct irw_place *place, const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, node);

    for (const struct irw_asked_field *field = place->asked; field;
         field = field->next)
        walk->findings->fields_met[field->number] = true;
    if (irw_is_scalar(walk->tree, node) &&
        is_host(irw_slice(text, irw_scheme_size(text), text.size)))
        collect_registry(walk, node, place, path);
    else
        irw_shape_image(walk, node, place, path);
}
