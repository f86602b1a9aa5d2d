/*
 * How the text around is written is looked up where it is written: the
 * indentation, gaps and quotes of a neighbour are copied. Where they cannot be
 * seen, the insertion is refused. Nothing here has to be right about YAML: what
 * was written is read again, and compare.c is the judge.
 */
#include "edit/insertion.h"
#include "base/error.h"
#include "base/str.h"
#include "edit/fragment.h"
#include "edit/trivia.h"
#include "yaml/cursor.h"

/* An insertion that is being written. */
struct writer {
    const struct irw_insert *insert;
    const struct irw_tree *tree;
    struct irw_fragment_style style;
    struct irw_text text;
    struct irw_arena *arena;
    struct irw_text_edit *edit;
    struct imgrw_error *error;
};

static enum imgrw_status
refuse(struct writer *writer, const char *why)
{
    irw_text_clear(&writer->text);
    return irw_fail(writer->error, IMGRW_ERR_EDIT, IRW_NOWHERE, "%s", why);
}

/* Makes the edit, which replaces the bytes from `start` to `end`, and the null
 * `replaces`, if there is one. */
static enum imgrw_status
finish(struct writer *writer, size_t start, size_t end, uint32_t replaces)
{
    imgrw_str text = {writer->text.data, writer->text.size};
    struct irw_insertion *insertion =
        irw_arena_calloc(writer->arena, 1, sizeof(*insertion));
    char *bytes = writer->text.failed ? NULL
                                      : irw_arena_copy(writer->arena, text);

    irw_text_clear(&writer->text);
    if (!insertion || !bytes)
        return irw_fail_memory(writer->error);
    *insertion = (struct irw_insertion){
        .into = writer->insert->into,
        .replaces = replaces,
        .fragment = writer->insert->fragment,
        .claim = writer->insert->claim,
    };
    *writer->edit = (struct irw_text_edit){
        .of.node = IRW_NO_NODE,
        .start = (uint32_t)start,
        .end = (uint32_t)end,
        .replacement = {bytes, text.size},
        .insertion = insertion,
    };
    return IMGRW_OK;
}

static bool
is_block(const struct irw_tree *tree, uint32_t node)
{
    return tree->nodes[node].style == IRW_STYLE_BLOCK;
}

static bool
is_list(const struct irw_tree *tree, uint32_t node)
{
    return tree->nodes[node].type == IRW_NODE_SEQUENCE;
}

static bool
is_empty(const struct irw_tree *tree, uint32_t node)
{
    return tree->nodes[node].next == node + 1;
}

static char
quote_of(const struct irw_tree *tree, uint32_t scalar)
{
    switch ((enum irw_style)tree->nodes[scalar].style) {
    case IRW_STYLE_SINGLE:
        return '\'';
    case IRW_STYLE_DOUBLE:
        return '"';
    default:
        return 0;
    }
}

/* Writes as the key is written. Where keys are quoted, so are the values. */
static struct irw_fragment_style
style_of_key(const struct irw_tree *tree, uint32_t key)
{
    return (struct irw_fragment_style){
        .key_quote = quote_of(tree, key),
        .value_quote = quote_of(tree, key),
        .colon = irw_trivia_colon(tree, key),
        .dash = IRW_STR("- "),
        .feed = irw_trivia_feed(tree->text, tree->nodes[key].start),
        .indent = 2,
    };
}

/* Writes pairs as the mapping has the one with the same key, or else its first.
 */
static void
follow_pair(struct writer *writer, uint32_t mapping, bool quotes)
{
    const struct irw_tree *tree = writer->tree;
    imgrw_str key = irw_fragment_last_key(writer->insert->fragment);
    uint32_t pair = irw_own_entry(tree, mapping, key).key;

    if (is_empty(tree, mapping))
        return;
    if (pair == IRW_NO_NODE)
        pair = mapping + 1;
    writer->style.colon = irw_trivia_colon(tree, pair);
    if (!quotes)
        return;
    writer->style.key_quote = quote_of(tree, pair);
    writer->style.value_quote = quote_of(tree, tree->nodes[pair].next);
}

/* Writes as the items of the list are written, by its last one. */
static void
follow_list(struct writer *writer, uint32_t list, bool quotes)
{
    const struct irw_tree *tree = writer->tree;
    struct irw_fragment_style *style = &writer->style;
    uint32_t last = irw_trivia_last(tree, list);

    if (is_block(tree, list))
        style->dash = irw_trivia_dash(tree, list, last);
    if (tree->nodes[last].type != IRW_NODE_MAPPING)
        return;
    style->flow_items = !is_block(tree, last);
    follow_pair(writer, last, quotes);
    if (is_block(tree, last))
        return;
    irw_trivia_gaps(tree, list, &style->after_bracket, &style->before_bracket);
    irw_trivia_gaps(tree, last, &style->after_brace, &style->before_brace);
}

/* Gaps without line breaks, for a list on a line of its own. */
static void
straighten(struct irw_fragment_style *style)
{
    imgrw_str *const gaps[] = {&style->after_bracket, &style->before_bracket,
                               &style->after_brace, &style->before_brace};

    for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++)
        if (irw_find(*gaps[i], '\n') != SIZE_MAX ||
            irw_find(*gaps[i], '\r') != SIZE_MAX)
            *gaps[i] = (imgrw_str){0};
}

/* How far the dashes of a list are to the right of its key. */
static size_t
indent_of(const struct irw_tree *tree, uint32_t list)
{
    size_t dash, column;

    if (!irw_trivia_column(tree->text, irw_trivia_first_dash(tree, list),
                           &dash) ||
        !irw_trivia_column(tree->text, irw_trivia_key_start(tree, list - 1),
                           &column) ||
        dash < column)
        return 2;
    return dash - column;
}

/* Writes a new list as the model is written: one in brackets without its line
 * breaks, unless it is to be in braces itself. */
static void
follow_model(struct writer *writer)
{
    const struct irw_tree *tree = writer->tree;
    uint32_t model = writer->insert->model;
    bool block = is_block(tree, writer->insert->mapping);

    if (model == IRW_NO_NODE)
        return;
    follow_list(writer, model, false);
    writer->style.flow_values = !is_block(tree, model);
    if (block && !writer->style.flow_values) {
        writer->style.indent = indent_of(tree, model);
        writer->style.flow_items = false;
        if (irw_find(writer->style.dash, '\n') != SIZE_MAX)
            writer->style.dash = IRW_STR("- ");
    }
    if (block)
        straighten(&writer->style);
}

/* Pairs on lines of their own, before that of the key. */
static enum imgrw_status
insert_lines(struct writer *writer, size_t start)
{
    size_t column;

    if (!irw_trivia_column(writer->tree->text, start, &column))
        return refuse(writer, "the key before which it belongs does not "
                              "begin a line, or is written with \"?\"");
    irw_fragment_write_lines(&writer->text, writer->insert->fragment, 0,
                             &writer->style, column);
    irw_text_add(&writer->text, writer->style.feed);
    irw_fragment_blanks(&writer->text, column);
    return finish(writer, start, start, IRW_NO_NODE);
}

/* Pairs in braces, before the key. */
static enum imgrw_status
insert_in_braces(struct writer *writer, size_t start)
{
    const struct irw_insert *insert = writer->insert;
    imgrw_str gap;

    if (irw_trivia_opening(writer->tree, insert->into) == SIZE_MAX ||
        !irw_trivia_entry_gap(writer->tree, insert->into, insert->key, start,
                              &gap))
        return refuse(writer, "the mapping has no braces, or its keys are "
                              "written in an unusual way");
    irw_fragment_write_flow(&writer->text, insert->fragment, 0, &writer->style);
    irw_text_add(&writer->text, IRW_STR(","));
    irw_text_add(&writer->text, gap);
    return finish(writer, start, start, IRW_NO_NODE);
}

static struct writer
begin(const struct irw_insert *insert, struct irw_arena *arena,
      struct irw_text_edit *edit, struct imgrw_error *error)
{
    return (struct writer){
        .insert = insert,
        .tree = insert->tree,
        .style = style_of_key(insert->tree, insert->key),
        .arena = arena,
        .edit = edit,
        .error = error,
    };
}

enum imgrw_status
irw_insert_before(const struct irw_insert *insert, struct irw_arena *arena,
                  struct irw_text_edit *edit, struct imgrw_error *error)
{
    struct writer writer = begin(insert, arena, edit, error);
    size_t start = irw_trivia_key_start(insert->tree, insert->key);

    if (start == SIZE_MAX)
        return refuse(&writer, "the tag or anchor of the key before which it "
                               "belongs is written in an unusual way");
    follow_model(&writer);
    return is_block(insert->tree, insert->into)
               ? insert_lines(&writer, start)
               : insert_in_braces(&writer, start);
}

/* Adds lines at `end`, after another line. Where that one is not ended, the
 * last new one is not either. */
static enum imgrw_status
add_lines(struct writer *writer, size_t end, size_t column, uint32_t replaces)
{
    bool open = !irw_trivia_begins_line(writer->tree->text, end);

    if (open)
        irw_text_add(&writer->text, writer->style.feed);
    irw_fragment_blanks(&writer->text, column);
    /* What takes the place of a null is the child of the fragment's root. */
    irw_fragment_write_lines(&writer->text, writer->insert->fragment,
                             replaces == IRW_NO_NODE ? 0 : 1, &writer->style,
                             column);
    if (!open)
        irw_text_add(&writer->text, writer->style.feed);
    return finish(writer, end, end, replaces);
}

/* Lines after those of the last child. */
static enum imgrw_status
append_lines(struct writer *writer)
{
    const struct irw_tree *tree = writer->tree;
    uint32_t into = writer->insert->into;
    size_t first = is_list(tree, into) ? irw_trivia_first_dash(tree, into)
                                       : irw_trivia_key_start(tree, into + 1);
    size_t end = irw_trivia_node_end(tree, irw_trivia_last(tree, into));
    size_t column, after;

    if (!irw_trivia_column(tree->text, first, &column) || end == SIZE_MAX ||
        !irw_trivia_line_end(tree->text, end, &after))
        return refuse(writer, "its entries are written in an unusual way");
    return add_lines(writer, after, column, IRW_NO_NODE);
}

/* More children before the closing bracket or brace. */
static enum imgrw_status
append_in_brackets(struct writer *writer)
{
    const struct irw_tree *tree = writer->tree;
    uint32_t into = writer->insert->into, last = irw_trivia_last(tree, into);
    size_t end = irw_trivia_node_end(tree, last);

    if (end == SIZE_MAX || irw_trivia_opening(tree, into) == SIZE_MAX)
        return refuse(writer, "its entries are written in an unusual way");
    irw_text_add(&writer->text, IRW_STR(","));
    irw_text_add(&writer->text, irw_trivia_last_gap(tree, into));
    irw_fragment_write_flow(&writer->text, writer->insert->fragment, 0,
                            &writer->style);
    return finish(writer, end, end, IRW_NO_NODE);
}

/* The first children of what has none. */
static enum imgrw_status
fill_brackets(struct writer *writer)
{
    const struct irw_tree *tree = writer->tree;
    uint32_t into = writer->insert->into;
    size_t open = irw_trivia_opening(tree, into);
    imgrw_str inside;

    if (open == SIZE_MAX)
        return refuse(writer, "it is written in an unusual way");
    inside = irw_slice(tree->text, open + 1, tree->nodes[into].end - 1);
    irw_text_add(&writer->text, inside.size == 0 ? writer->style.after_bracket
                                                 : irw_trivia_blanks(inside));
    irw_fragment_write_flow(&writer->text, writer->insert->fragment, 0,
                            &writer->style);
    if (inside.size == 0)
        irw_text_add(&writer->text, writer->style.before_bracket);
    return finish(writer, open + 1, open + 1, IRW_NO_NODE);
}

enum imgrw_status
irw_insert_last(const struct irw_insert *insert, struct irw_arena *arena,
                struct irw_text_edit *edit, struct imgrw_error *error)
{
    const struct irw_tree *tree = insert->tree;
    struct writer writer = begin(insert, arena, edit, error);

    if (is_empty(tree, insert->into)) {
        follow_model(&writer);
        return fill_brackets(&writer);
    }
    if (is_list(tree, insert->into))
        follow_list(&writer, insert->into, true);
    else
        follow_pair(&writer, insert->into, true);
    return is_block(tree, insert->into) ? append_lines(&writer)
                                        : append_in_brackets(&writer);
}

enum imgrw_status
irw_insert_value(const struct irw_insert *insert, struct irw_arena *arena,
                 struct irw_text_edit *edit, struct imgrw_error *error)
{
    const struct irw_tree *tree = insert->tree;
    struct writer writer = begin(insert, arena, edit, error);
    uint32_t value = tree->nodes[insert->key].next;
    const struct irw_node *null = &tree->nodes[value];
    size_t start = irw_trivia_key_start(tree, insert->key), column, end;
    size_t colon = irw_trivia_after_colon(tree, insert->key);

    follow_model(&writer);
    if (null->start < null->end) {
        irw_fragment_write_flow(&writer.text, insert->fragment, 1,
                                &writer.style);
        return finish(&writer, null->start, null->end, value);
    }
    if (!is_block(tree, insert->into) || colon == SIZE_MAX)
        return refuse(&writer, "its value is left out; write `[]` there");
    if (!irw_trivia_column(tree->text, start, &column) ||
        !irw_trivia_line_end(tree->text, colon, &end))
        return refuse(&writer, "its line is written in an unusual way");
    writer.style.flow_items = false;
    return add_lines(&writer, end, column + writer.style.indent, value);
}
