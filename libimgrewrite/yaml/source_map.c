/*
 * The text of a scalar and its decoded value are walked side by side. Nothing
 * is decoded here: what the library read is the measure, and where the two do
 * not fit there is no map, so that a mistake here can lose an edit but never
 * make a wrong one.
 */
#include "yaml/source_map.h"
#include "base/error.h"
#include "base/list.h"
#include "base/str.h"

#include <stdlib.h>

/* The walk: the next byte of either side, and the segments so far, which are
 * malloc'ed. */
struct mapper {
    imgrw_str text, value;
    size_t source, end; /* in the text */
    size_t at;          /* in the value */
    struct irw_segment *segments;
    size_t count, capacity;
    bool failed; /* memory is out */
};

static bool
is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* The size in bytes of the line break at `at`. */
static size_t
break_size(const struct mapper *mapper, size_t at)
{
    const char *text = mapper->text.data;

    return text[at] == '\r' && at + 1 < mapper->end && text[at + 1] == '\n'
               ? 2
               : 1;
}

/* Adds the next bytes of both sides; false when they disagree. What gives
 * nothing, such as an escaped line break, needs no segment. */
static bool
add_segment(struct mapper *mapper, size_t value_size, size_t source_size,
            bool same)
{
    struct irw_segment *last =
        mapper->count > 0 ? &mapper->segments[mapper->count - 1] : NULL;

    if (value_size > mapper->value.size - mapper->at ||
        (same && memcmp(mapper->value.data + mapper->at,
                        mapper->text.data + mapper->source,
                        value_size) != 0))
        return false;
    if (last && last->same && same &&
        last->source + last->source_size == mapper->source) {
        last->value_size += (uint32_t)value_size;
        last->source_size += (uint32_t)source_size;
    } else if (value_size > 0) {
        if (!irw_grow(&mapper->segments, &mapper->capacity, mapper->count + 1,
                      sizeof(*mapper->segments))) {
            mapper->failed = true;
            return false;
        }
        mapper->segments[mapper->count++] = (struct irw_segment){
            (uint32_t)mapper->at, (uint32_t)value_size,
            (uint32_t)mapper->source, (uint32_t)source_size, same};
    }
    mapper->at += value_size;
    mapper->source += source_size;
    return true;
}

/* How many bytes UTF-8 has for the character with these hexadecimal digits. */
static size_t
utf8_size(const char *digits, size_t count)
{
    char copy[9] = "";
    unsigned long code;

    memcpy(copy, digits, count);
    code = strtoul(copy, NULL, 16);
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/* An escape between double quotes; the source is at its backslash. An escaped
 * line break gives nothing, and takes the blanks that begin the next line. */
static bool
map_escape(struct mapper *mapper)
{
    const char *escape = mapper->text.data + mapper->source + 1;
    size_t left = mapper->end - mapper->source - 1, digits = 0, size;

    if (left == 0)
        return false;
    if (is_break(*escape)) {
        size = 1 + break_size(mapper, mapper->source + 1);
        while (mapper->source + size < mapper->end &&
               irw_is_white(mapper->text.data[mapper->source + size]))
            size++;
        return add_segment(mapper, 0, size, false);
    }
    /* what is not listed gives one byte; libyaml has refused bad escapes */
    digits = *escape == 'x' ? 2 : *escape == 'u' ? 4 : *escape == 'U' ? 8 : 0;
    if (digits >= left)
        return false;
    if (digits > 0)
        size = utf8_size(escape + 1, digits);
    else
        size = strchr("N_", *escape) ? 2 : strchr("LP", *escape) ? 3 : 1;
    return add_segment(mapper, size, 2 + digits, false);
}

/* Blanks. Within a line they are kept. Around line breaks they are folded: one
 * break gives a space, and each further one a line feed. */
static bool
map_blanks(struct mapper *mapper)
{
    const char *text = mapper->text.data;
    size_t at = mapper->source, breaks = 0;

    while (at < mapper->end && irw_is_white(text[at]))
        at++;
    if (at == mapper->end || !is_break(text[at]))
        return add_segment(mapper, at - mapper->source, at - mapper->source,
                       true);
    while (at < mapper->end &&
           (irw_is_white(text[at]) || is_break(text[at]))) {
        breaks += is_break(text[at]);
        at += is_break(text[at]) ? break_size(mapper, at) : 1;
    }
    return add_segment(mapper, breaks == 1 ? 1 : breaks - 1,
                       at - mapper->source, false);
}

/* A plain or quoted scalar. */
static bool
map_flow(struct mapper *mapper, enum irw_style style)
{
    while (mapper->source < mapper->end) {
        char c = mapper->text.data[mapper->source];
        bool fits;

        if (irw_is_white(c) || is_break(c))
            fits = map_blanks(mapper);
        else if (style == IRW_STYLE_SINGLE && c == '\'')
            fits = add_segment(mapper, 1, 2, false);
        else if (style == IRW_STYLE_DOUBLE && c == '\\')
            fits = map_escape(mapper);
        else
            fits = add_segment(mapper, 1, 1, true);
        if (!fits)
            return false;
    }
    return mapper->at == mapper->value.size;
}

static size_t
count_spaces(imgrw_str text, size_t at)
{
    size_t start = at;

    while (at < text.size && text.data[at] == ' ')
        at++;
    return at - start;
}

/* The indentation of a block: the spaces that its first line that is not empty
 * has in the text, and lacks in the value. An indicator in the header may leave
 * some of them to the value, so that the text alone does not say. */
static size_t
block_indent(const struct mapper *mapper)
{
    size_t line = mapper->source, first = 0;
    size_t spaces = count_spaces(mapper->text, line), kept;

    while (line + spaces < mapper->end &&
           is_break(mapper->text.data[line + spaces])) {
        line += spaces;
        line += break_size(mapper, line);
        spaces = count_spaces(mapper->text, line);
    }
    while (first < mapper->value.size && mapper->value.data[first] == '\n')
        first++;
    kept = count_spaces(mapper->value, first);
    return spaces > kept ? spaces - kept : 0;
}

/* What the value has before a line of a folded scalar that is not empty: a
 * space or line feeds, and nothing before the first. How many depends on which
 * lines are indented further; the value says it, so that no rule is needed. */
static bool
map_fold(struct mapper *mapper, size_t content)
{
    imgrw_str value = mapper->value;
    size_t size = 0;

    while (mapper->at + size < value.size &&
           value.data[mapper->at + size] == '\n')
        size++;
    if (size == 0 && mapper->at > 0)
        size = 1;
    return add_segment(mapper, size, content - mapper->source, false);
}

/* A literal or folded scalar; the source is at the line after its header. What
 * the end of the value has in line feeds is chosen by the header, and no edit
 * reaches there. */
static bool
map_block(struct mapper *mapper, bool folded)
{
    size_t indent = block_indent(mapper), line = mapper->source;

    while (line < mapper->end && mapper->at < mapper->value.size) {
        size_t content = line, feed = line;

        while (feed < mapper->end && !is_break(mapper->text.data[feed]))
            feed++;
        /* a blank line may have less than the indentation */
        content += feed - line < indent ? feed - line : indent;
        /* a folded line break is a blank or nothing, which only the next line
         * with text decides */
        if (folded && feed > content && !map_fold(mapper, content))
            return false;
        if (!folded || feed > content)
            mapper->source = content;
        if (feed > content &&
            !add_segment(mapper, feed - content, feed - content, true))
            return false;
        line = feed + (feed < mapper->end ? break_size(mapper, feed) : 0);
        if (!folded && feed < mapper->end &&
            mapper->at < mapper->value.size &&
            !add_segment(mapper, 1, line - feed, false))
            return false;
    }
    while (mapper->at < mapper->value.size &&
           mapper->value.data[mapper->at] == '\n')
        mapper->at++;
    return mapper->at == mapper->value.size;
}

static bool
map_scalar(struct mapper *mapper, enum irw_style style)
{
    imgrw_str block =
        irw_slice(mapper->text, mapper->source, mapper->end);
    size_t feed;

    if (style == IRW_STYLE_PLAIN)
        return map_flow(mapper, style);
    if (style == IRW_STYLE_SINGLE || style == IRW_STYLE_DOUBLE) {
        mapper->source++;
        mapper->end--;
        return map_flow(mapper, style);
    }
    feed = irw_find(block, '\n');
    if (feed == SIZE_MAX)
        return false;
    mapper->source += feed + 1;
    return map_block(mapper, style == IRW_STYLE_FOLDED);
}

enum imgrw_status
irw_source_map_read(const struct irw_tree *tree, uint32_t node,
                    struct irw_arena *arena, struct irw_source_map *map,
                    struct imgrw_error *error)
{
    const struct irw_node *scalar = &tree->nodes[node];
    struct mapper mapper = {
        .text = tree->text,
        .value = scalar->decoded ? irw_tree_value(tree, node)
                                 : irw_tree_body(tree, node),
        .source = scalar->start,
        .end = scalar->end,
    };
    size_t size;

    *map = (struct irw_source_map){0};
    if (map_scalar(&mapper, (enum irw_style)scalar->style) &&
        mapper.count > 0) {
        size = mapper.count * sizeof(*mapper.segments);
        map->segments = irw_arena_alloc(arena, size);
        if (map->segments)
            memcpy(map->segments, mapper.segments, size);
        map->count = map->segments ? mapper.count : 0;
        mapper.failed |= !map->segments;
    }
    free(mapper.segments);
    return mapper.failed ? irw_fail_memory(error) : IMGRW_OK;
}

/* The segment that may give the value's byte `at`. */
static const struct irw_segment *
find_segment(const struct irw_source_map *map, size_t at)
{
    size_t after; /* the first segment after the byte */

    IRW_LOWER_BOUND(after, map->count, map->segments[after].value <= at);
    return &map->segments[after > 0 ? after - 1 : 0];
}

/* Whether the segment gives the value's byte `at`. */
static bool
segment_has(const struct irw_segment *segment, size_t at)
{
    return at >= segment->value && at - segment->value < segment->value_size;
}

bool
irw_source_map_find(const struct irw_source_map *map, imgrw_str text,
                    size_t from, size_t to, size_t *start, size_t *end)
{
    const struct irw_segment *first, *last;

    if (map->count == 0 || from >= to)
        return false;
    first = find_segment(map, from);
    last = find_segment(map, to - 1);
    if (!segment_has(first, from) || !segment_has(last, to - 1) ||
        (!first->same && from != first->value) ||
        (!last->same && to != last->value + last->value_size))
        return false;
    *start = first->source + (first->same ? from - first->value : 0);
    *end = last->source +
           (last->same ? to - last->value : (size_t)last->source_size);
    /* An edit over a line break would have to indent or fold its text. */
    for (size_t at = *start; at < *end; at++)
        if (is_break(text.data[at]))
            return false;
    return true;
}

enum imgrw_status
irw_source_map_look(const struct irw_tree *tree,
                    const struct irw_value_edit *edit,
                    struct irw_source_map_memo *memo, struct irw_arena *arena,
                    struct irw_byte_range *range, struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;
    size_t body;

    *range = (struct irw_byte_range){0};
    if (!tree->nodes[edit->node].decoded) {
        body = (size_t)(irw_tree_body(tree, edit->node).data - tree->text.data);
        *range = (struct irw_byte_range){body + edit->from, body + edit->to};
        return IMGRW_OK;
    }
    if (memo->nodes != tree->nodes || memo->node != edit->node)
        status = irw_source_map_read(tree, edit->node, arena, &memo->map,
                                     error);
    memo->nodes = tree->nodes;
    memo->node = edit->node;
    if (status == IMGRW_OK &&
        !irw_source_map_find(&memo->map, tree->text, edit->from, edit->to,
                             &range->start, &range->end))
        *range = (struct irw_byte_range){0};
    return status;
}
