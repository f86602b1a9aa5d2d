#include "manifest/locate.h"
#include "base/str.h"
#include "manifest/warnings.h"

/* Maps bytes of the document that is walked, on one line, to those of the whole
 * text that give them; false when they cannot be told apart. */
static bool
map_outward(const struct irw_image_walk *walk, size_t *start, size_t *end)
{
    uint32_t document = walk->document;

    while (document != IRW_ROOT_DOCUMENT) {
        const struct irw_embedded *inner = &walk->findings->embedded[document];
        const struct irw_tree *outer;
        struct irw_byte_range range;

        document = inner->outer;
        outer = irw_findings_tree(walk->findings, walk->root_tree, document);
        if (!irw_source_map_find(&inner->spelling, outer->text,
                                 *start + inner->from, *end + inner->from,
                                 &range.start, &range.end))
            return false;
        *start = range.start;
        *end = range.end;
    }
    return true;
}

/* The outermost scalar in which the tree that is walked is embedded. */
static const struct irw_node *
outermost_scalar(const struct irw_image_walk *walk)
{
    const struct irw_embedded *embedded =
        &walk->findings->embedded[walk->document];

    while (embedded->outer != IRW_ROOT_DOCUMENT)
        embedded = &walk->findings->embedded[embedded->outer];
    return &walk->root_tree->nodes[embedded->node];
}

size_t
irw_text_offset(const struct irw_image_walk *walk, uint32_t node)
{
    size_t start = walk->tree->nodes[node].start, end = start + 1;

    return map_outward(walk, &start, &end)
               ? start
               : outermost_scalar(walk)->start;
}

bool
irw_is_whole(const struct irw_tree *tree, const struct irw_part *part)
{
    return part->from == 0 && part->to == irw_tree_text(tree, part->node).size;
}

/* Where the part is written in its own tree's text: the whole scalar, or, where
 * the scalar holds more, the bytes that are the part's own. */
static bool
find_part(struct irw_image_walk *walk, const struct irw_part *part,
          size_t *start, size_t *end)
{
    const struct irw_tree *tree = walk->tree;
    const struct irw_node *node = &tree->nodes[part->node];
    const struct irw_value_edit bytes = {part->node, part->from, part->to,
                                         {0}};
    struct irw_byte_range range = {0};

    *start = node->start;
    *end = node->end;
    if (irw_is_whole(tree, part) || node->type == IRW_NODE_ALIAS)
        return true;
    if (irw_source_map_look(tree, &bytes, &walk->memo, walk->findings->arena,
                            &range, NULL) != IMGRW_OK)
        walk->failed = true;
    if (range.end == 0)
        return false;
    *start = range.start;
    *end = range.end;
    return true;
}

bool
irw_locate_parts(struct irw_image_walk *walk, const struct irw_part *parts,
                 size_t count, struct imgrw_image *image)
{
    bool exact = true;
    size_t start = 0, end = 0;

    /* from the last to the first, whose place is the image's */
    for (size_t i = count; i-- > 0;)
        exact &= parts[i].fixed || (find_part(walk, &parts[i], &start, &end) &&
                                    map_outward(walk, &start, &end));
    if (!exact && walk->document != IRW_ROOT_DOCUMENT) {
        start = outermost_scalar(walk)->start;
        end = outermost_scalar(walk)->end;
    }
    image->at.offset = start;
    image->length = end - start;
    return exact;
}

void
irw_locate_site(struct irw_image_walk *walk, struct irw_site *site)
{
    struct imgrw_image *image = &site->image;

    if (irw_locate_parts(walk, site->parts, site->part_count, image) ||
        !imgrw_reason_names_image(image->reason))
        return;
    image->reason = IMGRW_REASON_INEXACT;
    walk->failed |= !irw_warn(
        walk->findings, image->at.offset,
        "the image \"%.*s\" is spelled with escapes or over several lines "
        "here; it is not changed",
        IRW_PRINT(image->text));
}
