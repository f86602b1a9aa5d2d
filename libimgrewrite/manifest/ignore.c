#include "manifest/ignore.h"
#include "base/str.h"

#define MARK "imgrewrite:ignore"

/* Whether a scalar of the tree, from `node` on, has the byte at `offset`. */
static bool
is_in_scalar(const struct irw_tree *tree, uint32_t node, size_t offset)
{
    while (node < tree->count && tree->nodes[node].start <= offset) {
        if (tree->nodes[node].type == IRW_NODE_SCALAR &&
            tree->nodes[node].end > offset)
            return true;
        node++;
    }
    return false;
}

/* Whether a comment `# imgrewrite:ignore` ends the line after `node`, which
 * ends at `end`. */
static bool
ends_with_mark(const struct irw_tree *tree, uint32_t node, size_t end)
{
    imgrw_str rest = irw_slice(tree->text, tree->nodes[node].end, end);
    const char *mark =
        rest.size > 0 ? memmem(rest.data, rest.size, MARK, strlen(MARK)) : NULL;
    size_t at, after;

    if (!mark)
        return false;
    at = (size_t)(mark - rest.data);
    after = at + strlen(MARK);
    while (at > 0 && strchr(" \t", rest.data[at - 1]))
        at--;
    return at >= 2 && rest.data[at - 1] == '#' &&
           strchr(" \t", rest.data[at - 2]) &&
           (after == rest.size || strchr(" \t\r", rest.data[after])) &&
           !is_in_scalar(tree, node + 1,
                         (size_t)(rest.data - tree->text.data) + at - 1);
}

/* The same, with the answer kept for the other images of the line. */
static bool
is_line_ignored(const struct irw_tree *tree, uint32_t node,
                struct irw_line *line)
{
    size_t from = tree->nodes[node].end, feed;

    if (tree->nodes[node].style >= IRW_STYLE_LITERAL)
        return false;
    if (line->text == tree->text.data && line->from <= from &&
        from <= line->end)
        return line->ignored;
    feed = irw_find(irw_slice(tree->text, from, tree->text.size), '\n');
    *line = (struct irw_line){
        .text = tree->text.data,
        .from = from,
        .end = feed == SIZE_MAX ? tree->text.size : from + feed,
    };
    line->ignored = ends_with_mark(tree, node, line->end);
    return line->ignored;
}

bool
irw_is_ignored(struct irw_image_walk *walk, uint32_t node)
{
    uint32_t document = walk->document;
    const struct irw_tree *tree = walk->tree;

    for (unsigned nesting = walk->nesting;; nesting--) {
        const struct irw_embedded *embedded;

        if (is_line_ignored(tree, node, &walk->lines[nesting]))
            return true;
        if (document == IRW_ROOT_DOCUMENT)
            return false;
        embedded = &walk->findings->embedded[document];
        node = embedded->node;
        document = embedded->outer;
        tree = irw_findings_tree(walk->findings, walk->root_tree, document);
    }
}
