#include "edit/trivia.h"
#include "base/str.h"

static bool
is_gap(char c)
{
    return irw_is_white(c) || c == '\r' || c == '\n';
}

imgrw_str
irw_trivia_blanks(imgrw_str text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!is_gap(text.data[i]))
            return (imgrw_str){0};
    return text;
}

/* The gap between two bytes; empty where there is something in it. */
static imgrw_str
gap_between(imgrw_str text, size_t start, size_t end)
{
    return start < end ? irw_trivia_blanks(irw_slice(text, start, end))
                       : (imgrw_str){0};
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

/* The byte before a gap in `text`; NUL at the start of it. */
static char
byte_before(imgrw_str text, imgrw_str gap)
{
    return gap.data > text.data ? gap.data[-1] : '\0';
}

/* A gap from its last line break on, or all of it. */
static imgrw_str
last_line(imgrw_str gap)
{
    size_t at = gap.size;

    while (at > 0 && gap.data[at - 1] != '\n' && gap.data[at - 1] != '\r')
        at--;
    if (at == 0)
        return gap;
    at--;
    if (at > 0 && gap.data[at] == '\n' && gap.data[at - 1] == '\r')
        at--;
    return irw_slice(gap, at, gap.size);
}

static bool
has_break(imgrw_str gap)
{
    return irw_find(gap, '\n') != SIZE_MAX || irw_find(gap, '\r') != SIZE_MAX;
}

/* The first byte of the word that ends before the blanks before `offset`. */
static size_t
word_before(imgrw_str text, size_t offset)
{
    while (offset > 0 && irw_is_white(text.data[offset - 1]))
        offset--;
    while (offset > 0 && !is_gap(text.data[offset - 1]) &&
           !strchr("{,", text.data[offset - 1]))
        offset--;
    return offset;
}

size_t
irw_trivia_key_start(const struct irw_tree *tree, uint32_t key)
{
    struct irw_properties properties = irw_tree_properties(tree, key);
    size_t start = tree->nodes[key].start;
    int words = (properties.anchor.size > 0) + (properties.tag.size > 0);

    while (words-- > 0) {
        size_t before = word_before(tree->text, start);

        if (before == start || !strchr("&!", tree->text.data[before]))
            return SIZE_MAX;
        start = before;
    }
    return start;
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

bool
irw_trivia_line_end(imgrw_str text, size_t offset, size_t *end)
{
    *end = offset;
    if (irw_trivia_begins_line(text, offset))
        return true;
    while (offset < text.size && irw_is_white(text.data[offset]))
        offset++;
    if (offset < text.size && !strchr("\r\n#", text.data[offset]))
        return false;
    while (offset < text.size && text.data[offset] != '\n') {
        if (is_odd_break(text, offset))
            return false;
        offset++;
    }
    *end = offset < text.size ? offset + 1 : offset;
    return true;
}

imgrw_str
irw_trivia_feed(imgrw_str text, size_t offset)
{
    size_t feed = irw_find(irw_slice(text, offset, text.size), '\n');

    if (feed != SIZE_MAX)
        feed += offset;
    else
        while (offset > 0 && feed == SIZE_MAX)
            if (text.data[--offset] == '\n')
                feed = offset;
    return feed != SIZE_MAX && feed > 0 && text.data[feed - 1] == '\r'
               ? IRW_STR("\r\n")
               : IRW_STR("\n");
}

size_t
irw_trivia_after_colon(const struct irw_tree *tree, uint32_t key)
{
    size_t at = tree->nodes[key].end;

    while (at < tree->text.size && irw_is_white(tree->text.data[at]))
        at++;
    return at < tree->text.size && tree->text.data[at] == ':' ? at + 1
                                                              : SIZE_MAX;
}

imgrw_str
irw_trivia_colon(const struct irw_tree *tree, uint32_t key)
{
    const struct irw_node *value = &tree->nodes[tree->nodes[key].next];
    size_t after = irw_trivia_after_colon(tree, key);

    if (after == SIZE_MAX || after > value->start ||
        value->start == value->end || value->style == IRW_STYLE_BLOCK)
        return IRW_STR(": ");
    for (size_t at = after; at < value->start; at++)
        if (!irw_is_white(tree->text.data[at]))
            return IRW_STR(": ");
    return irw_slice(tree->text, tree->nodes[key].end, value->start);
}

uint32_t
irw_trivia_last(const struct irw_tree *tree, uint32_t list)
{
    uint32_t at = list + 1;

    while (tree->nodes[at].next < tree->nodes[list].next)
        at = tree->nodes[at].next;
    return at;
}

size_t
irw_trivia_node_end(const struct irw_tree *tree, uint32_t node)
{
    const struct irw_node *last = &tree->nodes[node];

    while (last->style == IRW_STYLE_BLOCK) {
        node = irw_trivia_last(tree, node);
        last = &tree->nodes[node];
    }
    if (last->start == last->end)
        return SIZE_MAX;
    if (last->style == IRW_STYLE_FLOW &&
        !strchr("]}", tree->text.data[last->end - 1]))
        return SIZE_MAX;
    if (last->style >= IRW_STYLE_LITERAL &&
        !irw_trivia_begins_line(tree->text, last->end))
        return SIZE_MAX;
    return last->end;
}

size_t
irw_trivia_first_dash(const struct irw_tree *tree, uint32_t list)
{
    imgrw_str text = tree->text;
    size_t at = tree->nodes[list].start, end = tree->nodes[list].end;

    while (at < end && text.data[at] != '-') {
        size_t feed = irw_find(irw_slice(text, at, end), '\n');

        if (feed == SIZE_MAX)
            return SIZE_MAX;
        at += feed + 1;
        while (at < end && text.data[at] == ' ')
            at++;
    }
    return at < end ? at : SIZE_MAX;
}

imgrw_str
irw_trivia_dash(const struct irw_tree *tree, uint32_t list, uint32_t entry)
{
    size_t start = tree->nodes[entry].start;
    imgrw_str gap = gap_before(tree->text, start);

    if (gap.size == 0 || byte_before(tree->text, gap) != '-' ||
        start - gap.size <= tree->nodes[list].start)
        return IRW_STR("- ");
    return irw_slice(tree->text, start - gap.size - 1, start);
}

size_t
irw_trivia_opening(const struct irw_tree *tree, uint32_t node)
{
    const struct irw_node *outer = &tree->nodes[node];
    char opening = outer->type == IRW_NODE_MAPPING ? '{' : '[';
    bool empty = outer->next == node + 1;
    imgrw_str gap;

    if (outer->style != IRW_STYLE_FLOW)
        return SIZE_MAX;
    if (tree->text.data[outer->start] == opening)
        return outer->start;
    gap = gap_before(tree->text,
                     empty ? outer->end - 1 : tree->nodes[node + 1].start);
    return byte_before(tree->text, gap) == opening
               ? (size_t)(gap.data - tree->text.data) - 1
               : SIZE_MAX;
}

void
irw_trivia_gaps(const struct irw_tree *tree, uint32_t node,
                imgrw_str *after_opening, imgrw_str *before_closing)
{
    size_t opening = irw_trivia_opening(tree, node);
    size_t closing = tree->nodes[node].end - 1;
    uint32_t last;

    *after_opening = *before_closing = (imgrw_str){0};
    if (opening == SIZE_MAX || tree->nodes[node].next == node + 1)
        return;
    last = irw_trivia_last(tree, node);
    *after_opening = gap_between(tree->text, opening + 1,
                                  tree->nodes[node + 1].start);
    *before_closing =
        gap_between(tree->text, tree->nodes[last].end, closing);
}

/* One blank, unless the mapping has none after its colons. */
static imgrw_str
usual_gap(const struct irw_tree *tree, uint32_t mapping)
{
    if (tree->nodes[mapping].type == IRW_NODE_MAPPING &&
        tree->nodes[mapping].next > mapping + 1 &&
        irw_ends_with(irw_trivia_colon(tree, mapping + 1), IRW_STR(":")))
        return (imgrw_str){0};
    return IRW_STR(" ");
}

imgrw_str
irw_trivia_last_gap(const struct irw_tree *tree, uint32_t collection)
{
    bool mapping = tree->nodes[collection].type == IRW_NODE_MAPPING;
    uint32_t child = collection + 1, next;
    size_t start;
    imgrw_str gap;

    while ((next = tree->nodes[mapping ? tree->nodes[child].next
                                       : child].next) <
           tree->nodes[collection].next)
        child = next;
    start = mapping ? irw_trivia_key_start(tree, child)
                    : tree->nodes[child].start;
    gap = gap_before(tree->text, start == SIZE_MAX ? 0 : start);
    if (has_break(gap))
        return last_line(gap);
    return child > collection + 1 && byte_before(tree->text, gap) == ','
               ? gap
               : usual_gap(tree, mapping ? collection : child);
}

bool
irw_trivia_entry_gap(const struct irw_tree *tree, uint32_t mapping,
                     uint32_t key, size_t start, imgrw_str *gap)
{
    imgrw_str before = gap_before(tree->text, start);
    uint32_t second = tree->nodes[tree->nodes[key].next].next;
    char byte = byte_before(tree->text, before);

    *gap = last_line(before);
    if (has_break(before))
        return byte != '?';
    if (byte == ',')
        return true;
    if (byte != '{' || key != mapping + 1)
        return false;
    *gap = usual_gap(tree, mapping);
    if (second == tree->nodes[mapping].next)
        return true;
    start = irw_trivia_key_start(tree, second);
    before = gap_before(tree->text, start == SIZE_MAX ? 0 : start);
    if (byte_before(tree->text, before) == ',')
        *gap = last_line(before);
    return true;
}
