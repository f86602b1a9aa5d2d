/*
 * The variables of a container: RELATED_IMAGE_X=IMAGE, and those that hold a
 * line VERSION=IMAGE for every version.
 */
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/shapes/name_value_list.h"

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

/* Takes note of the bytes of the value from `from` to `to`, if they are an
 * image. */
static bool
note_value(struct irw_finder *finder, uint32_t node, size_t from, size_t to,
           bool continues, const struct irw_place *place,
           const struct irw_node_path *trail)
{
    imgrw_str text =
        irw_tree_value(finder->tree, irw_tree_follow(finder->tree, node));
    const struct irw_part part = {
        .node = node,
        .from = (uint32_t)from,
        .to = (uint32_t)to,
    };
    const struct irw_found_image note = {
        .trail = trail,
        .image_class = place->image_class,
        .text = irw_slice(text, from, to),
        .parts = &part,
        .part_count = 1,
        .continues = continues,
    };

    return irw_is_certain_reference(note.text) && irw_collect(finder, &note);
}

/* Lines, or words, of the form VERSION=IMAGE. */
static void
note_lines(struct irw_finder *finder, uint32_t node,
           const struct irw_place *place, const struct irw_node_path *trail)
{
    imgrw_str text =
        irw_tree_value(finder->tree, irw_tree_follow(finder->tree, node));
    bool continues = false;

    for (size_t at = 0, end; at < text.size; at = end + 1) {
        size_t equals;

        for (end = at; end < text.size && !strchr(", \t\r\n", text.data[end]);)
            end++;
        equals = irw_find(irw_slice(text, at, end), '=');
        if (equals != SIZE_MAX)
            continues |= note_value(finder, node, at + equals + 1, end,
                                    continues, place, trail);
    }
}

static void
take_variable(struct irw_finder *finder, imgrw_str name, uint32_t value,
              const struct irw_place *place, const struct irw_node_path *trail)
{
    const struct irw_tree *tree = finder->tree;
    imgrw_str text = irw_tree_value(tree, irw_tree_follow(tree, value));

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!irw_starts_with(name, names[i].start) ||
            !irw_ends_with(name, names[i].end))
            continue;
        if (names[i].lines)
            note_lines(finder, value, place, trail);
        else
            note_value(finder, value, 0, text.size, false, place, trail);
        return;
    }
}

void
irw_shape_environment(struct irw_finder *finder, uint32_t node,
                      const struct irw_place *place,
                      const struct irw_node_path *trail)
{
    irw_each_pair(finder, node, place, trail, take_variable);
}
