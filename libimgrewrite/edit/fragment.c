#include "edit/fragment.h"
#include "base/error.h"
#include "base/json_write.h"
#include "base/str.h"
#include "yaml/scalar.h"

#define DEEPEST 20

uint32_t
irw_fragment_first_scalar(const struct irw_tree *fragment)
{
    uint32_t node = 0;

    while (node + 1 < fragment->count &&
           fragment->nodes[node].type < IRW_NODE_SCALAR)
        node++;
    return node;
}

static bool
is_fragment(const struct irw_tree *tree)
{
    const struct irw_node *scalar;

    if (tree->document_count != 1 || tree->count < 2 || tree->indirect ||
        tree->nodes[0].type > IRW_NODE_SEQUENCE)
        return false;
    for (uint32_t i = 0; i < tree->count; i++)
        if (irw_tree_properties(tree, i).anchor.size > 0 ||
            irw_tree_properties(tree, i).tag.size > 0)
            return false;
    scalar = &tree->nodes[irw_fragment_first_scalar(tree)];
    return scalar->type == IRW_NODE_SCALAR && scalar->start < scalar->end;
}

enum imgrw_status
irw_fragment_read(imgrw_str text, struct irw_arena *arena,
                  struct irw_tree *fragment, struct imgrw_error *error)
{
    struct irw_tree tree = {0};
    enum imgrw_status status = irw_tree_read(
        &irw_libyaml, irw_extract_all(text), DEEPEST, arena, &tree, error);
    bool good = status == IMGRW_OK && is_fragment(&tree);

    if (good)
        status = irw_tree_keep(&tree, arena, fragment, error);
    irw_tree_clear(&tree);
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(error);
    return good ? IMGRW_OK
                : irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                           "\"%.*s\" is no fragment to insert",
                           IRW_PRINT(text));
}

imgrw_str
irw_fragment_gap(const struct irw_fragment_writer *writer)
{
    return irw_ends_with(writer->colon, IRW_STR(":")) ? IRW_STR("")
                                                      : IRW_STR(" ");
}

void
irw_fragment_indent(struct irw_fragment_writer *writer, size_t column)
{
    while (column-- > 0)
        irw_text_add(&writer->text, IRW_STR(" "));
}

static void
feed(struct irw_fragment_writer *writer, size_t column)
{
    irw_text_add(&writer->text, writer->feed);
    irw_fragment_indent(writer, column);
}

/* The quote that a scalar gets when those around it have `quote`. What is not a
 * string stays without. Between single quotes nothing can be escaped. */
static char
quote_for(const struct irw_fragment_writer *writer, uint32_t node, char quote)
{
    imgrw_str value = irw_tree_value(writer->fragment, node);

    if (!irw_scalar_is_string(writer->fragment, node))
        return 0;
    if (irw_json_hides(value))
        return '"';
    return quote == 0 && !(irw_plain_kind(value) == IRW_PLAIN_STRING &&
                           irw_plain_is_harmless(value))
               ? '"'
               : quote;
}

/* JSON's escapes are some of YAML's. */
static void
write_scalar(struct irw_fragment_writer *writer, uint32_t node, char quote)
{
    imgrw_str value = irw_tree_value(writer->fragment, node);
    struct irw_text *text = &writer->text;

    quote = quote_for(writer, node, quote);
    if (quote == '"') {
        irw_json_string(text, value);
        return;
    }
    irw_text_add(text, (imgrw_str){&quote, quote != 0});
    for (size_t i = 0; i < value.size; i++) {
        if (quote != 0 && value.data[i] == quote)
            irw_text_add(text, (imgrw_str){&quote, 1});
        irw_text_add(text, (imgrw_str){value.data + i, 1});
    }
    irw_text_add(text, (imgrw_str){&quote, quote != 0});
}

/* Writes a key and its colon, which may touch the value only where the key has
 * quotes, and the value has as well or begins with a bracket. */
static void
write_key(struct irw_fragment_writer *writer, uint32_t key)
{
    uint32_t value = writer->fragment->nodes[key].next;
    bool touches = irw_ends_with(writer->colon, IRW_STR(":"));

    write_scalar(writer, key, writer->key_quote);
    if (touches &&
        (quote_for(writer, key, writer->key_quote) == 0 ||
         (writer->fragment->nodes[value].type == IRW_NODE_SCALAR &&
          quote_for(writer, value, writer->value_quote) == 0)))
        irw_text_add(&writer->text, IRW_STR(": "));
    else
        irw_text_add(&writer->text, writer->colon);
}

/* Writes a scalar, or a collection in its brackets. */
static void
write_value(struct irw_fragment_writer *writer, uint32_t node)
{
    const struct irw_node *outer = &writer->fragment->nodes[node];
    bool list = outer->type == IRW_NODE_SEQUENCE;
    const imgrw_str *gaps = writer->gaps[list];

    if (outer->type == IRW_NODE_SCALAR) {
        write_scalar(writer, node, writer->value_quote);
        return;
    }
    irw_text_add(&writer->text, list ? IRW_STR("[") : IRW_STR("{"));
    if (outer->next > node + 1) {
        irw_text_add(&writer->text, gaps[0]);
        irw_fragment_write_flow(writer, node);
        irw_text_add(&writer->text, gaps[1]);
    }
    irw_text_add(&writer->text, list ? IRW_STR("]") : IRW_STR("}"));
}

void
irw_fragment_write_flow(struct irw_fragment_writer *writer, uint32_t collection)
{
    const struct irw_node *nodes = writer->fragment->nodes;
    uint32_t at = collection + 1;

    while (at < nodes[collection].next) {
        if (at > collection + 1) {
            irw_text_add(&writer->text, IRW_STR(","));
            irw_text_add(&writer->text, irw_fragment_gap(writer));
        }
        if (nodes[collection].type == IRW_NODE_MAPPING) {
            write_key(writer, at);
            at = nodes[at].next;
        }
        write_value(writer, at);
        at = nodes[at].next;
    }
}

/* Writes an item with its dash: in flow style, unless it is a mapping that has
 * its pairs on lines of their own. */
static void
write_item(struct irw_fragment_writer *writer, uint32_t node, size_t column)
{
    const struct irw_node *item = &writer->fragment->nodes[node];
    imgrw_str dash = writer->dash;
    size_t line = dash.size; /* where the last line of the dash begins */

    irw_text_add(&writer->text, dash);
    if (item->type != IRW_NODE_MAPPING || item->next == node + 1 ||
        writer->flow_items) {
        write_value(writer, node);
        return;
    }
    while (line > 0 && dash.data[line - 1] != '\n')
        line--;
    irw_fragment_write_lines(writer, node,
                             (line == 0 ? column : 0) + dash.size - line);
}

/* Writes a key and its value, which is on lines of its own where it can be. */
static void
write_pair(struct irw_fragment_writer *writer, uint32_t key, size_t column)
{
    uint32_t value = writer->fragment->nodes[key].next;
    const struct irw_node *node = &writer->fragment->nodes[value];

    if (node->type == IRW_NODE_SCALAR) {
        write_key(writer, key);
        write_value(writer, value);
        return;
    }
    write_scalar(writer, key, writer->key_quote);
    irw_text_add(&writer->text, IRW_STR(":"));
    if (writer->flow_values || node->next == value + 1) {
        irw_text_add(&writer->text, IRW_STR(" "));
        write_value(writer, value);
        return;
    }
    column += node->type == IRW_NODE_SEQUENCE ? writer->indent : 2;
    feed(writer, column);
    irw_fragment_write_lines(writer, value, column);
}

void
irw_fragment_write_lines(struct irw_fragment_writer *writer,
                         uint32_t collection, size_t column)
{
    const struct irw_node *nodes = writer->fragment->nodes;
    bool list = nodes[collection].type == IRW_NODE_SEQUENCE;
    uint32_t at = collection + 1;

    while (at < nodes[collection].next) {
        if (at > collection + 1)
            feed(writer, column);
        if (list)
            write_item(writer, at, column);
        else
            write_pair(writer, at, column);
        at = list ? nodes[at].next : nodes[nodes[at].next].next;
    }
}
