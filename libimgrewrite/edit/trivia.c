#include "edit/trivia.h"

static bool
is_gap(char c)
{
    return irw_is_white(c) || c == '\r' || c == '\n';
}

imgrw_str
irw_trivia_gap(imgrw_str text, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++)
        if (!is_gap(text.data[i]))
            return (imgrw_str){0};
    return start < end ? irw_slice(text, start, end) : (imgrw_str){0};
}

bool
irw_trivia_has_break(imgrw_str gap)
{
    return irw_find(gap, '\n') != SIZE_MAX || irw_find(gap, '\r') != SIZE_MAX;
}

/* The gap that ends at `end`. */
static imgrw_str
gap_before(imgrw_str text, size_t end)
{
    size_t start = end;

    while (start > 0 && is_gap(text.data[start - 1]))
        start--;
    return irw_slice(text, start, end);
}

char
irw_trivia_byte_before(imgrw_str text, size_t end)
{
    imgrw_str gap = gap_before(text, end);

    return end > gap.size ? text.data[end - gap.size - 1] : '\0';
}

/* The first byte of the word that ends before the blanks before `offset`. */
static size_t
word_before(imgrw_str text, size_t offset)
{
    while (offset > 0 && irw_is_white(text.data[offset - 1]))
        offset--;
    while (offset > 0 && !is_gap(text.data[offset - 1]) &&
           !strchr("{[,", text.data[offset - 1]))
        offset--;
    return offset;
}

size_t
irw_trivia_start(const struct irw_tree *tree, uint32_t node)
{
    struct irw_properties properties = irw_tree_properties(tree, node);
    size_t start = tree->nodes[node].start;
    int words = (properties.anchor.size > 0) + (properties.tag.size > 0);

    while (words-- > 0) {
        size_t before = word_before(tree->text, start);

        if (before == start || !strchr("&!", tree->text.data[before]))
            return SIZE_MAX;
        start = before;
    }
    return start;
}

uint32_t
irw_trivia_last(const struct irw_tree *tree, uint32_t collection)
{
    uint32_t at = collection + 1;

    while (tree->nodes[at].next < tree->nodes[collection].next)
        at = tree->nodes[at].next;
    return at;
}

size_t
irw_trivia_end(const struct irw_tree *tree, uint32_t node)
{
    const struct irw_node *last;

    while (tree->nodes[node].style == IRW_STYLE_BLOCK)
        node = irw_trivia_last(tree, node);
    last = &tree->nodes[node];
    if (last->start == last->end ||
        (last->style == IRW_STYLE_FLOW &&
         !strchr("]}", tree->text.data[last->end - 1])) ||
        (last->style >= IRW_STYLE_LITERAL &&
         !irw_trivia_begins_line(tree->text, last->end)))
        return SIZE_MAX;
    return last->end;
}

size_t
irw_trivia_opening(const struct irw_tree *tree, uint32_t node)
{
    const struct irw_node *outer = &tree->nodes[node];
    char opening = outer->style == IRW_STYLE_BLOCK       ? '-'
                   : outer->type == IRW_NODE_MAPPING ? '{'
                                                     : '[';
    size_t first = outer->next == node + 1 ? outer->end - 1
                                           : irw_trivia_start(tree, node + 1);

    /* Anchors and tags may be in the range of a collection. */
    if (tree->text.data[outer->start] == opening)
        return outer->start;
    if (first == SIZE_MAX ||
        irw_trivia_byte_before(tree->text, first) != opening)
        return SIZE_MAX;
    return first - gap_before(tree->text, first).size - 1;
}

bool
irw_trivia_begins_line(imgrw_str text, size_t offset)
{
    return offset > 0 && text.data[offset - 1] == '\n';
}

bool
irw_trivia_column(imgrw_str text, size_t offset, size_t *column)
{
    size_t start = offset, first = 0;

    if (offset == SIZE_MAX)
        return false;
    if (irw_starts_with(text, IRW_STR("\xEF\xBB\xBF")))
        first = 3;
    while (start > first && !irw_trivia_begins_line(text, start)) {
        start--;
        if (text.data[start] != ' ' &&
            (text.data[start] != '-' || text.data[start + 1] != ' '))
            return false;
    }
    *column = offset - start;
    return true;
}

/* Whether libyaml sees a line break at `at` where others do not. */
static bool
is_odd_break(imgrw_str text, size_t at)
{
    imgrw_str rest = irw_slice(text, at, text.size);

    return (text.data[at] == '\r' &&
            !irw_starts_with(rest, IRW_STR("\r\n"))) ||
           irw_starts_with(rest, IRW_STR("\xC2\x85")) ||
           irw_starts_with(rest, IRW_STR("\xE2\x80\xA8")) ||
           irw_starts_with(rest, IRW_STR("\xE2\x80\xA9"));
}

size_t
irw_trivia_line_end(imgrw_str text, size_t offset)
{
    size_t end = irw_line_end(text, offset);

    if (irw_trivia_begins_line(text, offset))
        return offset;
    while (offset < end && is_gap(text.data[offset]) &&
           !is_odd_break(text, offset))
        offset++;
    if (offset < end && text.data[offset] != '#')
        return SIZE_MAX;
    for (; offset < end; offset++)
        if (is_odd_break(text, offset))
            return SIZE_MAX;
    return end;
}

imgrw_str
irw_trivia_line_break(imgrw_str text, size_t offset)
{
    imgrw_str rest = irw_slice(text, offset, text.size);
    imgrw_str lines = irw_find(rest, '\n') == SIZE_MAX ? text : rest;
    size_t feed = irw_find(lines, '\n');

    return feed != SIZE_MAX && feed > 0 && lines.data[feed - 1] == '\r'
               ? IRW_STR("\r\n")
               : IRW_STR("\n");
}

imgrw_str
irw_trivia_colon(const struct irw_tree *tree, uint32_t key)
{
    const struct irw_node *value = &tree->nodes[tree->nodes[key].next];
    size_t start = tree->nodes[key].end, at = start;

    if (value->start == value->end || value->style == IRW_STYLE_BLOCK)
        return IRW_STR(": ");
    while (at < value->start && irw_is_white(tree->text.data[at]))
        at++;
    if (at >= value->start || tree->text.data[at] != ':')
        return IRW_STR(": ");
    while (++at < value->start)
        if (!irw_is_white(tree->text.data[at]))
            return IRW_STR(": ");
    return irw_slice(tree->text, start, value->start);
}

imgrw_str
irw_trivia_dash(const struct irw_tree *tree, uint32_t item)
{
    size_t start = tree->nodes[item].start;
    imgrw_str gap = gap_before(tree->text, start);

    if (gap.size == 0 || irw_trivia_byte_before(tree->text, start) != '-')
        return IRW_STR("- ");
    return irw_slice(tree->text, start - gap.size - 1, start);
}

void
irw_trivia_gaps(const struct irw_tree *tree, uint32_t node, imgrw_str gaps[2])
{
    const struct irw_node *outer = &tree->nodes[node];
    size_t opening = irw_trivia_opening(tree, node);

    gaps[0] = gaps[1] = (imgrw_str){0};
    if (outer->style != IRW_STYLE_FLOW || opening == SIZE_MAX ||
        outer->next == node + 1)
        return;
    gaps[0] = irw_trivia_gap(tree->text, opening + 1,
                             tree->nodes[node + 1].start);
    gaps[1] = irw_trivia_gap(tree->text,
                             tree->nodes[irw_trivia_last(tree, node)].end,
                             outer->end - 1);
}

/* A gap from its last line break on, or all of it. */
static imgrw_str
last_line(imgrw_str gap)
{
    size_t at = gap.size;

    while (at > 0 && gap.data[at - 1] != '\n' && gap.data[at - 1] != '\r')
        at--;
    if (at > 1 && gap.data[at - 1] == '\n' && gap.data[at - 2] == '\r')
        at--;
    return irw_slice(gap, at > 0 ? at - 1 : 0, gap.size);
}

imgrw_str
irw_trivia_child_gap(const struct irw_tree *tree, uint32_t collection,
                     uint32_t child, imgrw_str usual)
{
    size_t start = irw_trivia_start(tree, child);
    uint32_t next = tree->nodes[child].next;
    imgrw_str gap = gap_before(tree->text, start == SIZE_MAX ? 0 : start);

    if (irw_trivia_has_break(gap) ||
        irw_trivia_byte_before(tree->text, start == SIZE_MAX ? 0 : start) ==
            ',')
        return last_line(gap);
    if (tree->nodes[collection].type == IRW_NODE_MAPPING)
        next = tree->nodes[next].next;
    /* Before the first child there is no comma; the second has one. */
    return child == collection + 1 && next < tree->nodes[collection].next
               ? irw_trivia_child_gap(tree, collection, next, usual)
               : usual;
}
