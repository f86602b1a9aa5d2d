/*
 * How the text around is written is looked up where it is written: the
 * indentation, gaps and quotes of a neighbour are copied. Where they cannot be
 * seen, the insertion is refused. Nothing here has to be right about YAML: what
 * was written is read again, and compare.c is the judge.
 */
#include "edit/insertion.h"
#include "base/error.h"
#include "edit/fragment.h"
#include "edit/trivia.h"
#include "yaml/cursor.h"

/* An insertion that is being written. */
struct job {
    const struct irw_insert *insert;
    const struct irw_tree *tree;
    struct irw_fragment_writer writer;
    size_t start, end; /* bytes that are replaced */
    uint32_t replaces; /* the null that goes, or IRW_NO_NODE */
};

static bool
is_block(const struct irw_tree *tree, uint32_t node)
{
    return tree->nodes[node].style == IRW_STYLE_BLOCK;
}

static bool
is_empty(const struct irw_tree *tree, uint32_t node)
{
    return tree->nodes[node].next == node + 1;
}

static char
quote_of(const struct irw_tree *tree, uint32_t scalar)
{
    return tree->nodes[scalar].style == IRW_STYLE_SINGLE   ? '\''
           : tree->nodes[scalar].style == IRW_STYLE_DOUBLE ? '"'
                                                           : 0;
}

/* Writes pairs as the mapping has the one with the same key, or else its first.
 */
static void
follow_pair(struct job *job, uint32_t mapping, bool quotes)
{
    const struct irw_tree *tree = job->tree;
    const struct irw_tree *fragment = job->insert->fragment;
    imgrw_str key = irw_tree_value(fragment, (uint32_t)fragment->count - 2);
    uint32_t pair = irw_own_entry(tree, mapping, key).key;

    if (is_empty(tree, mapping))
        return;
    if (pair == IRW_NO_NODE)
        pair = mapping + 1;
    job->writer.colon = irw_trivia_colon(tree, pair);
    if (!quotes)
        return;
    job->writer.key_quote = quote_of(tree, pair);
    job->writer.value_quote = quote_of(tree, tree->nodes[pair].next);
}

/* The child after which others are added. */
static uint32_t
child_before(const struct job *job, uint32_t collection)
{
    return job->insert->where == IRW_INSERT_AFTER
               ? job->insert->child
               : irw_trivia_last(job->tree, collection);
}

/* Writes as the items of the list are written, by the one before. */
static void
follow_list(struct job *job, uint32_t list, bool quotes)
{
    const struct irw_tree *tree = job->tree;
    struct irw_fragment_writer *writer = &job->writer;
    uint32_t last = child_before(job, list);

    if (is_block(tree, list))
        writer->dash = irw_trivia_dash(tree, last);
    if (tree->nodes[last].type != IRW_NODE_MAPPING)
        return;
    writer->flow_items = !is_block(tree, last);
    follow_pair(job, last, quotes);
    if (is_block(tree, last))
        return;
    irw_trivia_gaps(tree, list, writer->gaps[IRW_NODE_SEQUENCE]);
    irw_trivia_gaps(tree, last, writer->gaps[IRW_NODE_MAPPING]);
}

/* How far the dashes of a list are to the right of its key. */
static size_t
indent_of(const struct irw_tree *tree, uint32_t list)
{
    size_t dash, column;

    return irw_trivia_column(tree->text, irw_trivia_opening(tree, list),
                             &dash) &&
                   irw_trivia_column(tree->text,
                                     irw_trivia_start(tree, list - 1),
                                     &column) &&
                   dash >= column
               ? dash - column
               : 2;
}

/* Writes a new list as the model is written: one in brackets without its line
 * breaks, unless it is to be in braces itself. */
static void
follow_model(struct job *job)
{
    const struct irw_tree *tree = job->tree;
    struct irw_fragment_writer *writer = &job->writer;
    uint32_t model = job->insert->model;

    if (model == IRW_NO_NODE)
        return;
    follow_list(job, model, false);
    writer->flow_values = !is_block(tree, model);
    if (!is_block(tree, job->insert->mapping))
        return;
    for (size_t i = 0; i < 4; i++)
        if (irw_trivia_has_break(writer->gaps[i / 2][i % 2]))
            writer->gaps[i / 2][i % 2] = (imgrw_str){0};
    if (writer->flow_values)
        return;
    writer->indent = indent_of(tree, model);
    writer->flow_items = false;
    if (irw_trivia_has_break(writer->dash))
        writer->dash = IRW_STR("- ");
}

/* Pairs before a key: on lines of their own, or in the key's braces. Returns
 * why that cannot be, or NULL; so do the next ones. */
static const char *
insert_before(struct job *job)
{
    static const char unusual[] =
        "the key before which it belongs is written in an unusual way: with "
        "\"?\", without braces, or not first on its line";
    const struct irw_insert *insert = job->insert;
    const struct irw_tree *tree = job->tree;
    size_t start = irw_trivia_start(tree, insert->key), column;

    if (start == SIZE_MAX)
        return unusual;
    follow_model(job);
    job->start = job->end = start;
    if (is_block(tree, insert->into)) {
        if (!irw_trivia_column(tree->text, start, &column))
            return unusual;
        irw_fragment_write_lines(&job->writer, 0, column);
        irw_text_add(&job->writer.text, job->writer.feed);
        irw_fragment_indent(&job->writer, column);
        return NULL;
    }
    if (irw_trivia_opening(tree, insert->into) == SIZE_MAX ||
        irw_trivia_byte_before(tree->text, start) == '?')
        return unusual;
    irw_fragment_write_flow(&job->writer, 0);
    irw_text_add(&job->writer.text, IRW_STR(","));
    irw_text_add(&job->writer.text,
                 irw_trivia_child_gap(tree, insert->into, insert->key,
                                      irw_fragment_gap(&job->writer)));
    return NULL;
}

/* Adds lines at `at`, after another line, with what is below a node of the
 * fragment. Where that line is not ended, the last new one is not either. */
static const char *
add_lines(struct job *job, uint32_t node, size_t at, size_t column)
{
    bool open = !irw_trivia_begins_line(job->tree->text, at);

    job->start = job->end = at;
    if (open)
        irw_text_add(&job->writer.text, job->writer.feed);
    irw_fragment_indent(&job->writer, column);
    irw_fragment_write_lines(&job->writer, node, column);
    if (!open)
        irw_text_add(&job->writer.text, job->writer.feed);
    return NULL;
}

/* Lines after those of the child before. */
static const char *
append_lines(struct job *job, bool list)
{
    const struct irw_tree *tree = job->tree;
    uint32_t into = job->insert->into;
    size_t first = list ? irw_trivia_opening(tree, into)
                        : irw_trivia_start(tree, into + 1);
    size_t end = irw_trivia_end(tree, child_before(job, into)), column;

    if (end != SIZE_MAX)
        end = irw_trivia_line_end(tree->text, end);
    if (end == SIZE_MAX || !irw_trivia_column(tree->text, first, &column))
        return "its entries are written in an unusual way";
    return add_lines(job, 0, end, column);
}

/* More children in brackets or braces, after the child before. */
static const char *
append_in_brackets(struct job *job, bool list)
{
    const struct irw_tree *tree = job->tree;
    uint32_t into = job->insert->into, last = child_before(job, into);
    size_t end = irw_trivia_end(tree, last);
    struct irw_entries entries = irw_entries(tree, into);
    uint32_t child = last, value;

    if (end == SIZE_MAX || irw_trivia_opening(tree, into) == SIZE_MAX)
        return "its entries are written in an unusual way";
    while (!list && irw_entries_next(&entries, &child, &value))
        continue;
    job->start = job->end = end;
    irw_text_add(&job->writer.text, IRW_STR(","));
    irw_text_add(&job->writer.text,
                 irw_trivia_child_gap(tree, into, child,
                                      irw_fragment_gap(&job->writer)));
    irw_fragment_write_flow(&job->writer, 0);
    return NULL;
}

/* The first children of what has none. */
static const char *
fill_brackets(struct job *job)
{
    const struct irw_tree *tree = job->tree;
    uint32_t into = job->insert->into;
    size_t open = irw_trivia_opening(tree, into);
    size_t close = tree->nodes[into].end - 1;
    const imgrw_str *gaps = job->writer.gaps[IRW_NODE_SEQUENCE];
    bool bare;

    if (open == SIZE_MAX)
        return "it is written in an unusual way";
    bare = open + 1 == close;
    job->start = job->end = open + 1;
    irw_text_add(&job->writer.text,
                 bare ? gaps[0] : irw_trivia_gap(tree->text, open + 1, close));
    irw_fragment_write_flow(&job->writer, 0);
    irw_text_add(&job->writer.text, bare ? gaps[1] : IRW_STR(""));
    return NULL;
}

static const char *
insert_last(struct job *job)
{
    const struct irw_tree *tree = job->tree;
    uint32_t into = job->insert->into;
    bool list = tree->nodes[into].type == IRW_NODE_SEQUENCE;

    if (is_empty(tree, into)) {
        follow_model(job);
        return fill_brackets(job);
    }
    if (list) {
        follow_list(job, into, true);
    } else {
        follow_model(job);
        follow_pair(job, into, true);
    }
    return is_block(tree, into) ? append_lines(job, list)
                                : append_in_brackets(job, list);
}

/* The only child of the fragment's root in the place of a null, which may be
 * left out. */
static const char *
insert_value(struct job *job)
{
    const struct irw_insert *insert = job->insert;
    const struct irw_tree *tree = job->tree;
    size_t start = irw_trivia_start(tree, insert->key), column, end;
    const struct irw_node *null;

    job->replaces = tree->nodes[insert->key].next;
    null = &tree->nodes[job->replaces];
    follow_model(job);
    if (null->start < null->end) {
        job->start = null->start;
        job->end = null->end;
        irw_fragment_write_flow(&job->writer, 0);
        return NULL;
    }
    /* What is left out after a colon is right there. */
    if (!is_block(tree, insert->into) ||
        tree->text.data[null->start - 1] != ':')
        return "its value is left out; write `[]` there";
    end = irw_trivia_line_end(tree->text, null->start);
    if (end == SIZE_MAX || !irw_trivia_column(tree->text, start, &column))
        return "its line is written in an unusual way";
    job->writer.flow_items = false;
    return add_lines(job, 1, end, column + job->writer.indent);
}

/* Makes the edit of what was written. */
static enum imgrw_status
finish(const struct job *job, struct irw_arena *arena,
       struct irw_text_edit *edit, struct imgrw_error *error)
{
    imgrw_str text = {job->writer.text.data, job->writer.text.size};
    struct irw_insertion *insertion =
        irw_arena_calloc(arena, 1, sizeof(*insertion));
    char *bytes = job->writer.text.failed ? NULL : irw_arena_copy(arena, text);

    if (!insertion || !bytes)
        return irw_fail_memory(error);
    *insertion = (struct irw_insertion){
        .into = job->insert->into,
        .replaces = job->replaces,
        .fragment = job->insert->fragment,
        .claim = job->insert->claim,
    };
    *edit = (struct irw_text_edit){
        .of.node = IRW_NO_NODE,
        .start = (uint32_t)job->start,
        .end = (uint32_t)job->end,
        .replacement = {bytes, text.size},
        .insertion = insertion,
    };
    return IMGRW_OK;
}

enum imgrw_status
irw_insert(const struct irw_insert *insert, struct irw_arena *arena,
           struct irw_text_edit *edit, struct imgrw_error *error)
{
    static const char *(*const ways[])(struct job *job) = {
        [IRW_INSERT_BEFORE] = insert_before,
        [IRW_INSERT_LAST] = insert_last,
        [IRW_INSERT_AFTER] = insert_last,
        [IRW_INSERT_VALUE] = insert_value,
    };
    const struct irw_tree *tree = insert->tree;
    /* Where keys are quoted, so are the values. */
    char quote = quote_of(tree, insert->key);
    struct job job = {
        .insert = insert,
        .tree = tree,
        .writer = {
            .fragment = insert->fragment,
            .key_quote = quote,
            .value_quote = quote,
            .colon = irw_trivia_colon(tree, insert->key),
            .dash = IRW_STR("- "),
            .feed = irw_trivia_line_break(tree->text,
                                          tree->nodes[insert->key].start),
            .indent = 2,
        },
        .replaces = IRW_NO_NODE,
    };
    const char *why = ways[insert->where](&job);
    enum imgrw_status status =
        why ? irw_fail(error, IMGRW_ERR_EDIT, IRW_NO_LOCATION, "%s", why)
            : finish(&job, arena, edit, error);

    irw_text_clear(&job.writer.text);
    return status;
}
