/*
 * A reader of scalars that does not decode: it walks the text and the decoded
 * value side by side, and gives up where they do not fit.
 */
#include "yaml/source_map.h"
#include "base/error.h"
#include "base/str.h"

#include <stdlib.h>

/* The walk: the next byte of either side, and the runs so far, malloc'ed. */
struct speller {
    imgrw_str text, value;
    size_t source, end; /* in the text */
    size_t at;          /* in the value */
    struct irw_segment *runs;
    size_t count, capacity;
    bool failed; /* memory is out */
};

static bool
is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* How many bytes the line break at `at` has. */
static size_t
break_size(const struct speller *speller, size_t at)
{
    const char *text = speller->text.data;

    return text[at] == '\r' && at + 1 < speller->end && text[at + 1] == '\n'
               ? 2
               : 1;
}

/* Adds what both sides show next; false when they disagree. */
static bool
add_run(struct speller *speller, size_t value_size, size_t source_size,
        bool same)
{
    struct irw_segment *last =
        speller->count > 0 ? &speller->runs[speller->count - 1] : NULL;
    void *runs = speller->runs;

    if (value_size > speller->value.size - speller->at ||
        (same && memcmp(speller->value.data + speller->at,
                        speller->text.data + speller->source,
                        value_size) != 0))
        return false;
    if (last && last->same && same &&
        last->source + last->source_size == speller->source) {
        last->value_size += (uint32_t)value_size;
        last->source_size += (uint32_t)source_size;
    } else if (value_size > 0) {
        if (!irw_grow(&runs, &speller->capacity, speller->count + 1,
                      sizeof(*speller->runs))) {
            speller->failed = true;
            return false;
        }
        speller->runs = runs;
        speller->runs[speller->count++] = (struct irw_segment){
            (uint32_t)speller->at, (uint32_t)value_size,
            (uint32_t)speller->source, (uint32_t)source_size, same};
    }
    speller->at += value_size;
    speller->source += source_size;
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

/* An escape between double quotes; the source is at its backslash. */
static bool
spell_escape(struct speller *speller)
{
    const char *escape = speller->text.data + speller->source + 1;
    size_t left = speller->end - speller->source - 1, digits = 0, size;

    if (left == 0)
        return false;
    if (is_break(*escape)) {
        size = 1 + break_size(speller, speller->source + 1);
        while (speller->source + size < speller->end &&
               irw_is_white(speller->text.data[speller->source + size]))
            size++;
        return add_run(speller, 0, size, false);
    }
    digits = *escape == 'x' ? 2 : *escape == 'u' ? 4 : *escape == 'U' ? 8 : 0;
    if (digits >= left)
        return false;
    if (digits > 0)
        size = utf8_size(escape + 1, digits);
    else
        size = strchr("N_", *escape) ? 2 : strchr("LP", *escape) ? 3 : 1;
    return add_run(speller, size, 2 + digits, false);
}

/* Blanks: kept inside of a line, folded with what follows at its end. */
static bool
spell_blanks(struct speller *speller)
{
    const char *text = speller->text.data;
    size_t at = speller->source, breaks = 0;

    while (at < speller->end && irw_is_white(text[at]))
        at++;
    if (at == speller->end || !is_break(text[at]))
        return add_run(speller, at - speller->source, at - speller->source,
                       true);
    while (at < speller->end &&
           (irw_is_white(text[at]) || is_break(text[at]))) {
        breaks += is_break(text[at]);
        at += is_break(text[at]) ? break_size(speller, at) : 1;
    }
    return add_run(speller, breaks == 1 ? 1 : breaks - 1, at - speller->source,
                   false);
}

/* A plain or quoted scalar. */
static bool
spell_flow(struct speller *speller, enum irw_style style)
{
    while (speller->source < speller->end) {
        char c = speller->text.data[speller->source];
        bool fits;

        if (irw_is_white(c) || is_break(c))
            fits = spell_blanks(speller);
        else if (style == IRW_STYLE_SINGLE && c == '\'')
            fits = add_run(speller, 1, 2, false);
        else if (style == IRW_STYLE_DOUBLE && c == '\\')
            fits = spell_escape(speller);
        else
            fits = add_run(speller, 1, 1, true);
        if (!fits)
            return false;
    }
    return speller->at == speller->value.size;
}

static size_t
count_spaces(imgrw_str text, size_t at)
{
    size_t start = at;

    while (at < text.size && text.data[at] == ' ')
        at++;
    return at - start;
}

/* By how much the lines of a block are indented: what its first line that is
 * not empty has in the text and not in the value. */
static size_t
block_indent(const struct speller *speller)
{
    size_t line = speller->source, first = 0;
    size_t spaces = count_spaces(speller->text, line), kept;

    while (line + spaces < speller->end &&
           is_break(speller->text.data[line + spaces])) {
        line += spaces;
        line += break_size(speller, line);
        spaces = count_spaces(speller->text, line);
    }
    while (first < speller->value.size && speller->value.data[first] == '\n')
        first++;
    kept = count_spaces(speller->value, first);
    return spaces > kept ? spaces - kept : 0;
}

/* What the value has between two lines of a folded scalar that hold
 * something: a space, or line breaks. */
static bool
spell_fold(struct speller *speller, size_t content)
{
    imgrw_str value = speller->value;
    size_t size = 0;

    while (speller->at + size < value.size &&
           value.data[speller->at + size] == '\n')
        size++;
    if (size == 0 && speller->at > 0)
        size = 1;
    return add_run(speller, size, content - speller->source, false);
}

/* A literal or folded scalar; the source is at its first line. */
static bool
spell_block(struct speller *speller, bool folded)
{
    size_t indent = block_indent(speller), line = speller->source;

    while (line < speller->end && speller->at < speller->value.size) {
        size_t content = line, feed = line;

        while (feed < speller->end && !is_break(speller->text.data[feed]))
            feed++;
        content += feed - line < indent ? feed - line : indent;
        if (folded && feed > content && !spell_fold(speller, content))
            return false;
        if (!folded || feed > content)
            speller->source = content;
        if (feed > content &&
            !add_run(speller, feed - content, feed - content, true))
            return false;
        line = feed + (feed < speller->end ? break_size(speller, feed) : 0);
        if (!folded && feed < speller->end &&
            speller->at < speller->value.size &&
            !add_run(speller, 1, line - feed, false))
            return false;
    }
    while (speller->at < speller->value.size &&
           speller->value.data[speller->at] == '\n')
        speller->at++;
    return speller->at == speller->value.size;
}

static bool
spell(struct speller *speller, enum irw_style style)
{
    imgrw_str block =
        irw_slice(speller->text, speller->source, speller->end);
    size_t feed;

    if (style == IRW_STYLE_PLAIN)
        return spell_flow(speller, style);
    if (style == IRW_STYLE_SINGLE || style == IRW_STYLE_DOUBLE) {
        speller->source++;
        speller->end--;
        return spell_flow(speller, style);
    }
    feed = irw_find(block, '\n');
    if (feed == SIZE_MAX)
        return false;
    speller->source += feed + 1;
    return spell_block(speller, style == IRW_STYLE_FOLDED);
}

enum imgrw_status
irw_source_map_read(const struct irw_tree *tree, uint32_t node,
                    struct irw_arena *arena, struct irw_source_map *spelling,
                    struct imgrw_error *error)
{
    const struct irw_node *scalar = &tree->nodes[node];
    struct speller speller = {
        .text = tree->text,
        .value = irw_tree_value(tree, node),
        .source = scalar->start,
        .end = scalar->end,
    };
    size_t size;

    *spelling = (struct irw_source_map){0};
    if (spell(&speller, (enum irw_style)scalar->style) && speller.count > 0) {
        size = speller.count * sizeof(*speller.runs);
        spelling->runs = irw_arena_alloc(arena, size);
        if (spelling->runs)
            memcpy(spelling->runs, speller.runs, size);
        spelling->count = spelling->runs ? speller.count : 0;
        speller.failed |= !spelling->runs;
    }
    free(speller.runs);
    return speller.failed ? irw_fail_memory(error) : IMGRW_OK;
}

/* The run that the value's byte `at` is in. */
static const struct irw_segment *
find_run(const struct irw_source_map *spelling, size_t at)
{
    size_t low = 0, high = spelling->count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (spelling->runs[middle].value <= at)
            low = middle;
        else
            high = middle;
    }
    return &spelling->runs[low];
}

/* Whether the run has the value's byte `at`. */
static bool
run_has(const struct irw_segment *run, size_t at)
{
    return at >= run->value && at - run->value < run->value_size;
}

bool
irw_source_map_find(const struct irw_source_map *spelling, imgrw_str text,
                    size_t from, size_t to, size_t *start, size_t *end)
{
    const struct irw_segment *first, *last;

    if (spelling->count == 0 || from >= to)
        return false;
    first = find_run(spelling, from);
    last = find_run(spelling, to - 1);
    if (!run_has(first, from) || !run_has(last, to - 1) ||
        (!first->same && from != first->value) ||
        (!last->same && to != last->value + last->value_size))
        return false;
    *start = first->source + (first->same ? from - first->value : 0);
    *end = last->source +
           (last->same ? to - last->value : (size_t)last->source_size);
    for (size_t at = *start; at < *end; at++)
        if (is_break(text.data[at]))
            return false;
    return true;
}

enum imgrw_status
irw_source_map_look(const struct irw_tree *tree, uint32_t node,
                    struct irw_source_map_memo *memo, struct irw_arena *arena,
                    size_t from, size_t to, size_t *start, size_t *end,
                    struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;
    size_t body;

    *start = *end = 0;
    if (!tree->nodes[node].decoded) {
        body = (size_t)(irw_tree_body(tree, node).data - tree->text.data);
        *start = body + from;
        *end = body + to;
        return IMGRW_OK;
    }
    if (memo->nodes != tree->nodes || memo->node != node)
        status = irw_source_map_read(tree, node, arena, &memo->spelling, error);
    memo->nodes = tree->nodes;
    memo->node = node;
    if (status == IMGRW_OK &&
        !irw_source_map_find(&memo->spelling, tree->text, from, to, start, end))
        *start = *end = 0;
    return status;
}

/* The characters that get another one in front of them in this style. */
static const char *
escaped_in(enum irw_style style)
{
    return style == IRW_STYLE_SINGLE   ? "'"
           : style == IRW_STYLE_DOUBLE ? "\"\\"
                                       : "";
}

/* Whether a plain scalar may hold `value` anywhere. */
static bool
is_harmless(imgrw_str value)
{
    for (size_t i = 0; i < value.size; i++)
        if (!irw_is_alnum(value.data[i]) && !strchr("._/:@+=-", value.data[i]))
            return false;
    return value.size > 0 && irw_is_alnum(value.data[0]) &&
           value.data[value.size - 1] != ':';
}

enum imgrw_status
irw_source_map_write(imgrw_str value, enum irw_style style,
                     struct irw_arena *arena, imgrw_str *spelled,
                     struct imgrw_error *error)
{
    const char *escaped = escaped_in(style);
    size_t size = 0;
    char *bytes;

    *spelled = value;
    if (style == IRW_STYLE_PLAIN && !is_harmless(value))
        return irw_fail(error, IMGRW_ERR_EDIT, IRW_NOWHERE,
                        "it would have to be quoted");
    for (size_t i = 0; i < value.size; i++)
        size += 1 + (*escaped && strchr(escaped, value.data[i]));
    if (size == value.size)
        return IMGRW_OK;
    bytes = irw_arena_alloc(arena, size);
    if (!bytes)
        return irw_fail_memory(error);
    *spelled = (imgrw_str){bytes, size};
    for (size_t i = 0; i < value.size; i++) {
        if (strchr(escaped, value.data[i]))
            *bytes++ = style == IRW_STYLE_SINGLE ? '\'' : '\\';
        *bytes++ = value.data[i];
    }
    return IMGRW_OK;
}
