/*
 * The variables of a container: RELATED_IMAGE_X=IMAGE, and those that hold a
 * line VERSION=IMAGE for every version.
 */
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/shapes/name_value_list.h"
#include "manifest/shapes/shapes.h"

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

/* Collects the bytes of the value, if they are an image. `continues`: others
 * from the same value were collected before. */
static bool
collect_value(struct irw_image_walk *walk, struct irw_part part, bool continues,
              const struct irw_place *place, const struct irw_node_path *path)
{
    const struct irw_found_image found = {
        .path = path,
        .image_class = place->image_class,
        .text = irw_slice(irw_tree_text(walk->tree, part.node), part.from,
                          part.to),
        .parts = &part,
        .part_count = 1,
        .continues = continues,
    };

    return irw_is_certain_reference(found.text) && irw_collect(walk, &found);
}

/* Lines, or words, of the form VERSION=IMAGE. */
static void
collect_lines(struct irw_image_walk *walk, uint32_t node,
              const struct irw_place *place, const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, node);
    bool continues = false;

    for (size_t at = 0, end; at < text.size; at = end + 1) {
        size_t equals;

        for (end = at; end < text.size && !strchr(", \t\r\n", text.data[end]);)
            end++;
        equals = irw_find(irw_slice(text, at, end), '=');
        if (equals != SIZE_MAX)
            continues |= collect_value(
                walk,
                (struct irw_part){.node = node,
                                  .from = (uint32_t)(at + equals + 1),
                                  .to = (uint32_t)end},
                continues, place, path);
    }
}

static void
take_variable(struct irw_image_walk *walk, imgrw_str name, uint32_t value,
              const struct irw_place *place, const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, value);

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!irw_starts_with(name, names[i].start) ||
            !irw_ends_with(name, names[i].end))
            continue;
        if (names[i].lines)
            collect_lines(walk, value, place, path);
        else
            collect_value(walk,
                          (struct irw_part){.node = value,
                                            .to = (uint32_t)text.size},
                          false, place, path);
        return;
    }
}

void
irw_shape_environment(struct irw_image_walk *walk, uint32_t node,
                      const struct irw_place *place,
                      const struct irw_node_path *path)
{
    irw_each_pair(walk, node, place, path, take_variable);
}
