#include "edit/text_edit.h"
#include "base/error.h"
#include "base/str.h"
#include "yaml/scalar.h"

/* Whether `value`, a reference or a part of one, can be written without quotes.
 * One with an IPv6 registry begins like a list, and what is filled in later may
 * look like anything. */
static bool
is_plain_safe(imgrw_str value)
{
    for (size_t i = 0; i < value.size; i++)
        if (!irw_is_alnum(value.data[i]) &&
            !strchr("._/:@+=-", value.data[i]))
            return false;
    return irw_plain_kind(value) == IRW_PLAIN_STRING;
}

/* The characters that need another one before them in this style. */
static const char *
escaped_in(enum irw_style style)
{
    return style == IRW_STYLE_SINGLE   ? "'"
           : style == IRW_STYLE_DOUBLE ? "\"\\"
                                       : "";
}

/* Spells what the value edit puts in as it must stand in a scalar of its style:
 * between quotes, which may be empty, and with the escapes that it needs. */
static enum imgrw_status
spell(struct irw_text_edit *edit, imgrw_str quote, struct irw_arena *arena,
      struct imgrw_error *error)
{
    const char *escaped = escaped_in(edit->style);
    imgrw_str value = edit->of.with;
    size_t size = 2 * quote.size;
    char *bytes;

    edit->replacement = value;
    for (size_t i = 0; i < value.size; i++)
        size += 1 + (*escaped && strchr(escaped, value.data[i]));
    if (size == value.size)
        return IMGRW_OK;
    bytes = irw_arena_alloc(arena, size);
    if (!bytes)
        return irw_fail_memory(error);
    edit->replacement = (imgrw_str){bytes, size};
    memcpy(bytes + size - quote.size, quote.data, quote.size);
    bytes = mempcpy(bytes, quote.data, quote.size);
    for (size_t i = 0; i < value.size; i++) {
        if (strchr(escaped, value.data[i]))
            *bytes++ = edit->style == IRW_STYLE_SINGLE ? '\'' : '\\';
        *bytes++ = value.data[i];
    }
    return IMGRW_OK;
}

/* Writes the node anew from `start` to `end`: plain where that is allowed and
 * safe, else between double quotes. */
static enum imgrw_status
write_anew(struct irw_text_edit *edit, bool quote, struct irw_arena *arena,
           struct imgrw_error *error)
{
    bool plain = !quote && is_plain_safe(edit->of.with);

    edit->style = plain ? IRW_STYLE_PLAIN : IRW_STYLE_DOUBLE;
    return spell(edit, plain ? IRW_STR("") : IRW_STR("\""), arena, error);
}

static enum imgrw_status
fail_edit(const struct irw_node *scalar, const char *why,
          struct imgrw_error *error)
{
    struct imgrw_location at = {.offset = scalar->start};

    return irw_fail(error, IMGRW_ERR_EDIT, at, "%s", why);
}

/* Replaces all of the value by a reference. */
static enum imgrw_status
edit_whole(const struct irw_tree *tree, struct irw_arena *arena,
           struct irw_text_edit *edit, struct imgrw_error *error)
{
    const struct irw_node *scalar = &tree->nodes[edit->of.node];
    imgrw_str body;

    /* An alias cannot keep its quotes or its block header: it has none. */
    if (scalar->type == IRW_NODE_ALIAS)
        return write_anew(edit, false, arena, error);
    body = irw_tree_body(tree, edit->of.node);
    if (!scalar->decoded) {
        /* The text spells the value as it is, so that its bytes can be
         * exchanged, unless the new ones need the quotes that it lacks. */
        if (scalar->style == IRW_STYLE_PLAIN && !is_plain_safe(edit->of.with))
            return write_anew(edit, true, arena, error);
        edit->start = (uint32_t)(body.data - tree->text.data);
        edit->end = edit->start + (uint32_t)body.size;
        return IMGRW_OK;
    }
    /* Quotes in the place of a block header would have to go with its lines,
     * and with the comment that may follow it. */
    if (scalar->style == IRW_STYLE_LITERAL ||
        scalar->style == IRW_STYLE_FOLDED)
        return fail_edit(scalar, "it is a block scalar of more than one line",
                         error);
    return write_anew(edit, true, arena, error);
}

/* Replaces a part of the value; what is around it stays as it is spelled. */
static enum imgrw_status
edit_part(const struct irw_tree *tree, struct irw_source_map_memo *memo,
          struct irw_arena *arena, struct irw_text_edit *edit,
          struct imgrw_error *error)
{
    const struct irw_node *scalar = &tree->nodes[edit->of.node];
    struct irw_byte_range range;
    enum imgrw_status status;

    if (scalar->type == IRW_NODE_ALIAS)
        return fail_edit(scalar, "it is a part of what an alias stands for",
                         error);
    status = irw_source_map_look(tree, &edit->of, memo, arena, &range, error);
    if (status != IMGRW_OK)
        return status;
    if (range.end == 0)
        return fail_edit(scalar,
                         "the text around it spells it with escapes or over "
                         "several lines", error);
    edit->start = (uint32_t)range.start;
    edit->end = (uint32_t)range.end;
    if (edit->style == IRW_STYLE_PLAIN &&
        !irw_plain_is_harmless(edit->of.with))
        return irw_fail(error, IMGRW_ERR_EDIT, IRW_NO_LOCATION,
                        "it would have to be quoted");
    return spell(edit, IRW_STR(""), arena, error);
}

enum imgrw_status
irw_text_edit_make(const struct irw_tree *tree,
                   const struct irw_value_edit *value,
                   struct irw_source_map_memo *memo, struct irw_arena *arena,
                   struct irw_text_edit *edit, struct imgrw_error *error)
{
    const struct irw_node *scalar = &tree->nodes[value->node];
    imgrw_str old =
        irw_tree_value(tree, irw_tree_follow(tree, value->node));

    *edit = (struct irw_text_edit){
        .of = *value,
        .start = scalar->start,
        .end = scalar->end,
        .replacement = value->with,
        .style = (enum irw_style)scalar->style,
    };
    if (irw_scalar_is_tagged(tree, value->node))
        return fail_edit(scalar, "it has a tag other than !!str", error);
    if (tree->odd_tags)
        return fail_edit(scalar,
                         "a comma follows a tag in this document, which "
                         "libyaml and the cluster read differently",
                         error);
    if (value->from == 0 && value->to == old.size)
        return edit_whole(tree, arena, edit, error);
    return edit_part(tree, memo, arena, edit, error);
}
