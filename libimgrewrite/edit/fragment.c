#include "edit/fragment.h"
#include "base/error.h"
#include "base/json_write.h"
#include "base/str.h"
#include "yaml/scalar.h"

#define DEEPEST 20

enum imgrw_status
irw_fragment_read(imgrw_str text, struct irw_arena *arena,
                  struct irw_tree *fragment, struct imgrw_error *error)
{
    struct irw_tree tree = {0};
    const struct irw_node *scalar;
    enum imgrw_status status = irw_tree_read(
        &irw_libyaml, irw_extract_all(text), DEEPEST, arena, &tree, error);

    if (status == IMGRW_OK)
        status = irw_tree_keep(&tree, arena, fragment, error);
    irw_tree_clear(&tree);
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(error);
    scalar = status != IMGRW_OK || fragment->count == 0
                 ? NULL
                 : &fragment->nodes[irw_fragment_first_scalar(fragment)];
    if (!scalar || fragment->document_count != 1 || fragment->count < 2 ||
        fragment->nodes[0].type > IRW_NODE_SEQUENCE || fragment->indirect ||
        scalar->type != IRW_NODE_SCALAR || scalar->start == scalar->end)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "\"%.*s\" is no fragment to insert", IRW_PRINT(text));
    for (uint32_t i = 0; i < fragment->count; i++)
        if (irw_tree_properties(fragment, i).anchor.size > 0 ||
            irw_tree_properties(fragment, i).tag.size > 0)
            return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                            "anchors and tags cannot be inserted");
    return IMGRW_OK;
}

uint32_t
irw_fragment_first_scalar(const struct irw_tree *fragment)
{
    uint32_t node = 0;

    while (node + 1 < fragment->count &&
           fragment->nodes[node].type < IRW_NODE_SCALAR)
        node++;
    return node;
}

imgrw_str
irw_fragment_last_key(const struct irw_tree *fragment)
{
    return irw_tree_value(fragment, (uint32_t)fragment->count - 2);
}

void
irw_fragment_blanks(struct irw_text *text, size_t count)
{
    while (count-- > 0)
        irw_text_add(text, IRW_STR(" "));
}

/* Whether a string can be written without quotes wherever a scalar may be. */
static bool
is_plain_safe(imgrw_str value)
{
    for (size_t i = 0; i < value.size; i++)
        if (!irw_is_alnum(value.data[i]) && !strchr("._/:@+=-", value.data[i]))
            return false;
    return irw_plain_kind(value) == IRW_PLAIN_STRING &&
           irw_is_alnum(value.data[0]) && value.data[value.size - 1] != ':';
}

static bool
has_control(imgrw_str value)
{
    for (size_t i = 0; i < value.size; i++)
        if ((unsigned char)value.data[i] < ' ' || value.data[i] == 0x7F)
            return true;
    return false;
}

/* The quote that a scalar gets when those around it have `quote`. What is not a
 * string stays without. Between single quotes nothing can be escaped. */
static char
quote_for(const struct irw_tree *fragment, uint32_t node, char quote)
{
    imgrw_str value = irw_tree_value(fragment, node);

    if (!irw_scalar_is_string(fragment, node))
        return 0;
    if (has_control(value) || (quote == 0 && !is_plain_safe(value)))
        return '"';
    return quote;
}

/* Writes a scalar. JSON's escapes are some of YAML's. */
static void
write_scalar(struct irw_text *text, const struct irw_tree *fragment,
             uint32_t node, char quote)
{
    imgrw_str value = irw_tree_value(fragment, node);

    quote = quote_for(fragment, node, quote);
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

/* Writes the colon after a key. It may touch its value only where that begins
 * with a bracket, or where both sides have quotes. */
static void
write_colon(struct irw_text *text, const struct irw_tree *fragment,
            uint32_t key, const struct irw_fragment_style *style)
{
    uint32_t value = fragment->nodes[key].next;

    if (irw_ends_with(style->colon, IRW_STR(":")) &&
        fragment->nodes[value].type == IRW_NODE_SCALAR &&
        (quote_for(fragment, key, style->key_quote) == 0 ||
         quote_for(fragment, value, style->value_quote) == 0))
        irw_text_add(text, IRW_STR(": "));
    else
        irw_text_add(text, style->colon);
}

/* The pair or the item after that of `node` in a collection. */
static uint32_t
next_child(const struct irw_tree *fragment, uint32_t collection, uint32_t node)
{
    node = fragment->nodes[node].next;
    return fragment->nodes[collection].type == IRW_NODE_MAPPING
               ? fragment->nodes[node].next
               : node;
}

static void
write_child(struct irw_text *text, const struct irw_tree *fragment,
            uint32_t collection, uint32_t node,
            const struct irw_fragment_style *style)
{
    if (fragment->nodes[collection].type == IRW_NODE_MAPPING) {
        write_scalar(text, fragment, node, style->key_quote);
        write_colon(text, fragment, node, style);
        node = fragment->nodes[node].next;
    }
    irw_fragment_write_flow(text, fragment, node, style);
}

void
irw_fragment_write_flow(struct irw_text *text, const struct irw_tree *fragment,
                        uint32_t node, const struct irw_fragment_style *style)
{
    const struct irw_node *outer = &fragment->nodes[node];
    bool list = outer->type == IRW_NODE_SEQUENCE;
    bool gaps = node > 0 && outer->next > node + 1;

    if (outer->type == IRW_NODE_SCALAR) {
        write_scalar(text, fragment, node, style->value_quote);
        return;
    }
    if (node > 0)
        irw_text_add(text, list ? IRW_STR("[") : IRW_STR("{"));
    if (gaps)
        irw_text_add(text, list ? style->after_bracket : style->after_brace);
    for (uint32_t at = node + 1; at < outer->next;
         at = next_child(fragment, node, at)) {
        if (at > node + 1)
            irw_text_add(text, irw_ends_with(style->colon, IRW_STR(":"))
                                   ? IRW_STR(",")
                                   : IRW_STR(", "));
        write_child(text, fragment, node, at, style);
    }
    if (gaps)
        irw_text_add(text, list ? style->before_bracket : style->before_brace);
    if (node > 0)
        irw_text_add(text, list ? IRW_STR("]") : IRW_STR("}"));
}

/* How far an item is from its dash; on a line of its own, from its start. */
static size_t
item_offset(const struct irw_fragment_style *style, size_t column)
{
    size_t at = style->dash.size;

    while (at > 0 && style->dash.data[at - 1] != '\n')
        at--;
    return at == 0 ? column + style->dash.size : style->dash.size - at;
}

/* Writes an item with its dash: in flow style, unless it is a mapping that has
 * its pairs on lines of their own. */
static void
write_item(struct irw_text *text, const struct irw_tree *fragment,
           uint32_t node, const struct irw_fragment_style *style, size_t column)
{
    const struct irw_node *item = &fragment->nodes[node];

    irw_text_add(text, style->dash);
    if (item->type == IRW_NODE_MAPPING && item->next > node + 1 &&
        !style->flow_items)
        irw_fragment_write_lines(text, fragment, node, style,
                                 item_offset(style, column));
    else
        irw_fragment_write_flow(text, fragment, node, style);
}

/* Writes a key and its value, which is on lines of its own where it can be. */
static void
write_pair(struct irw_text *text, const struct irw_tree *fragment,
           uint32_t key, const struct irw_fragment_style *style, size_t column)
{
    uint32_t value = fragment->nodes[key].next;
    const struct irw_node *node = &fragment->nodes[value];
    bool list = node->type == IRW_NODE_SEQUENCE;

    write_scalar(text, fragment, key, style->key_quote);
    if (node->type == IRW_NODE_SCALAR) {
        write_colon(text, fragment, key, style);
        write_scalar(text, fragment, value, style->value_quote);
    } else if (style->flow_values || node->next == value + 1) {
        irw_text_add(text, IRW_STR(": "));
        irw_fragment_write_flow(text, fragment, value, style);
    } else {
        irw_text_add(text, IRW_STR(":"));
        irw_text_add(text, style->feed);
        column += list ? style->indent : 2;
        irw_fragment_blanks(text, column);
        irw_fragment_write_lines(text, fragment, value, style, column);
    }
}

void
irw_fragment_write_lines(struct irw_text *text,
                         const struct irw_tree *fragment, uint32_t node,
                         const struct irw_fragment_style *style, size_t column)
{
    for (uint32_t at = node + 1; at < fragment->nodes[node].next;
         at = next_child(fragment, node, at)) {
        if (at > node + 1) {
            irw_text_add(text, style->feed);
            irw_fragment_blanks(text, column);
        }
        if (fragment->nodes[node].type == IRW_NODE_MAPPING)
            write_pair(text, fragment, at, style, column);
        else
            write_item(text, fragment, at, style, column);
    }
}
