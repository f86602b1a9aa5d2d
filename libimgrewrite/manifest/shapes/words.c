#include "manifest/shapes/words.h"
#include "base/str.h"
#include "manifest/classify.h"
#include "reference/placeholder.h"

/* Collects the part, if it is an image. `continues`: others from the same value
 * were collected before. */
static bool
collect_word(struct irw_image_walk *walk, struct irw_part part, bool continues,
             enum imgrw_class image_class, const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, part.node);
    const struct irw_found_image found = {
        .path = path,
        .image_class = image_class,
        .parts = &part,
        .part_count = 1,
        .continues = continues,
    };

    return irw_is_certain_reference(irw_slice(text, part.from, part.to)) &&
           irw_collect(walk, &found);
}

void
irw_collect_words(struct irw_image_walk *walk, struct irw_part part,
                  enum imgrw_class image_class,
                  const struct irw_node_path *path)
{
    imgrw_str text =
        irw_slice(irw_tree_text(walk->tree, part.node), 0, part.to);
    struct irw_part word = {.node = part.node};
    bool continues = false;

    for (size_t at = part.from, end; at < part.to; at = end + 1) {
        size_t equals;

        end = irw_placeholder_pass(text, at, ", \t\r\n");
        equals = irw_placeholder_pass(irw_slice(text, 0, end), at, "=");
        word.from = (uint32_t)(equals == end ? at : equals + 1);
        word.to = (uint32_t)end;
        continues |= collect_word(walk, word, continues, image_class, path);
    }
}
