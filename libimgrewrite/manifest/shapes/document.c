/*
 * A value that may be a whole document or, in a ConfigMap, one image.
 */
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/embedded.h"
#include "manifest/shapes/shapes.h"

void
irw_shape_document(struct irw_image_walk *walk, uint32_t node,
                   const struct irw_place *place,
                   const struct irw_node_path *path)
{
    irw_embedded_add(walk, node, place->image_class, path);
}

/* The bytes of the value without blanks and line breaks around them. */
static struct irw_byte_range
trim(imgrw_str value)
{
    size_t start = 0, end = value.size;

    while (end > 0 && strchr(" \t\r\n", value.data[end - 1]))
        end--;
    while (start < end && strchr(" \t\r\n", value.data[start]))
        start++;
    return (struct irw_byte_range){start, end};
}

/* Whether all of a value is an image. Without a registry it could be a service
 * and its port, default/web:8080, unless its key mentions an image. */
static bool
is_image_value(imgrw_str key, imgrw_str text)
{
    struct imgrw_reference reference;

    if (!irw_is_certain_reference(text))
        return false;
    irw_classify_text(text, &reference);
    return reference.registry.size > 0 || irw_mentions_image(key);
}

void
irw_shape_data(struct irw_image_walk *walk, uint32_t node,
               const struct irw_place *place, const struct irw_node_path *path)
{
    imgrw_str value = irw_tree_text(walk->tree, node);
    struct irw_byte_range bytes = trim(value);

    if (is_image_value(path->key, irw_slice(value, bytes.start, bytes.end)))
        irw_collect_range(walk, node, bytes, place->image_class, path);
    else
        irw_embedded_add(walk, node, place->image_class, path);
}
