/*
 * A value that may be a whole document or, in a ConfigMap, one image.
 */
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/find.h"
#include "manifest/shapes/shapes.h"

void
irw_shape_document(struct irw_image_walk *walk, uint32_t node,
                   const struct irw_place *place,
                   const struct irw_node_path *path)
{
    irw_embedded_add(walk, node, place->image_class, path);
}

/* Whether all of a value is an image. Without a registry it could be a service
 * and its port, default/web:8080, unless its key mentions an image. */
static bool
is_image_value(imgrw_str key, imgrw_str text)
{
    return irw_is_image_variable(key, text);
}

void
irw_shape_data(struct irw_image_walk *walk, uint32_t node,
               const struct irw_place *place, const struct irw_node_path *path)
{
    imgrw_str value = irw_tree_text(walk->tree, node);
    struct irw_part part = irw_trimmed(walk, irw_rest_of(walk, node, 0));

    if (is_image_value(irw_node_path_key(path),
                       irw_slice(value, part.from, part.to)))
        irw_collect_part(walk, part, place->image_class, path);
    else
        irw_embedded_add(walk, node, place->image_class, path);
}

/* A value without the quotes that kustomize takes off. */
static struct irw_part
without_quotes(imgrw_str text, struct irw_part part)
{
    char quote = part.to - part.from > 1 ? text.data[part.from] : '\0';

    if ((quote == '"' || quote == '\'') && text.data[part.to - 1] == quote) {
        part.from++;
        part.to--;
    }
    return part;
}

void
irw_shape_literal(struct irw_image_walk *walk, uint32_t node,
                  const struct irw_place *place,
                  const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, node), key, value;
    struct irw_part part, trimmed;

    if (!irw_cut(text, '=', &key, &value))
        return;
    part = without_quotes(text, irw_rest_of(walk, node, key.size + 1));
    trimmed = irw_trimmed(walk, part);
    if (is_image_value(key, irw_slice(text, trimmed.from, trimmed.to)))
        irw_collect_part(walk, trimmed, place->image_class, path);
    else
        irw_embedded_add_part(walk, part, place->image_class, path);
}
