#include "yaml/scalar.h"
#include "base/error.h"
#include "base/str.h"

static bool
is_word(imgrw_str text, const char *const *words)
{
    for (; *words; words++)
        if (irw_equal(text, irw_str(*words)))
            return true;
    return false;
}

/* Booleans of YAML 1.1, which kubectl's parser reads; 1.2 has fewer. */
static bool
is_boolean(imgrw_str text)
{
    static const char *const words[] = {
        "y",   "Y",   "yes",  "Yes",  "YES",   "on",    "On",    "ON",
        "n",   "N",   "no",   "No",   "NO",    "off",   "Off",   "OFF",
        "true", "True", "TRUE", "false", "False", "FALSE", NULL,
    };

    return text.size <= 5 && is_word(text, words);
}

static bool
is_null(imgrw_str text)
{
    static const char *const words[] = {"~", "null", "Null", "NULL", NULL};

    return text.size == 0 || (text.size <= 4 && is_word(text, words));
}

/* Passes characters of `set` and "_" from `at` on; returns how many. */
static size_t
span(imgrw_str text, size_t at, const char *set)
{
    size_t start = at;

    while (at < text.size && text.data[at] != '\0' &&
           (text.data[at] == '_' || strchr(set, text.data[at])))
        at++;
    return at - start;
}

/* Hexadecimal, octal and binary integers, behind a sign. */
static bool
is_based_integer(imgrw_str text)
{
    static const struct {
        const char *mark, *digits;
    } bases[] = {
        {"0x", "0123456789abcdefABCDEF"},
        {"0o", "01234567"},
        {"0b", "01"},
        {"0X", "0123456789abcdefABCDEF"},
        {"0O", "01234567"},
        {"0B", "01"},
    };

    for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
        if (text.size > 2 && irw_starts_with(text, irw_str(bases[i].mark)) &&
            span(text, 2, bases[i].digits) == text.size - 2)
            return true;
    return false;
}

/* [digits][.digits][e[sign]digits], behind a sign, with a digit in it. */
static bool
is_decimal(imgrw_str text)
{
    size_t at = 0, whole = span(text, at, "0123456789"), fraction = 0, digits;

    at += whole;
    if (at < text.size && text.data[at] == '.') {
        fraction = span(text, at + 1, "0123456789");
        at += 1 + fraction;
    }
    if (whole + fraction == 0)
        return false;
    if (at < text.size && (text.data[at] == 'e' || text.data[at] == 'E')) {
        at++;
        if (at < text.size && (text.data[at] == '+' || text.data[at] == '-'))
            at++;
        digits = span(text, at, "0123456789");
        if (digits == 0)
            return false;
        at += digits;
    }
    return at == text.size;
}

static bool
is_special_float(imgrw_str text)
{
    static const char *const words[] = {".inf", ".Inf", ".INF", ".nan",
                                        ".NaN", ".NAN", NULL};

    return text.size == 4 && is_word(text, words);
}

/* A date, with or without a time behind it: 2001-01-01. */
static bool
is_date(imgrw_str text)
{
    size_t at = 0;

    for (int part = 0; part < 3; part++) {
        size_t digits = 0;

        while (at + digits < text.size && irw_is_digit(text.data[at + digits]))
            digits++;
        if (digits == 0 || (part == 0 && digits != 4) || digits > 4)
            return false;
        at += digits;
        if (part < 2 && (at == text.size || text.data[at++] != '-'))
            return false;
    }
    return at == text.size || strchr("Tt \t", text.data[at]);
}

/* What only some readers of YAML 1.1 take for numbers: base 60, 12:30, and
 * several dots, 1.2.3. */
static bool
is_odd_number(imgrw_str text)
{
    return irw_is_digit(text.data[0]) &&
           span(text, 0, "0123456789:.") == text.size;
}

enum irw_plain
irw_plain_kind(imgrw_str text)
{
    imgrw_str unsigned_text = text;

    if (is_null(text))
        return IRW_PLAIN_NULL;
    if (text.data[0] == '+' || text.data[0] == '-')
        unsigned_text = irw_slice(text, 1, text.size);
    if (unsigned_text.size > 0 &&
        (is_boolean(text) || is_based_integer(unsigned_text) ||
         is_decimal(unsigned_text) || is_special_float(unsigned_text) ||
         is_date(text)))
        return IRW_PLAIN_OTHER;
    if (unsigned_text.size > 0 && is_odd_number(unsigned_text))
        return IRW_PLAIN_AMBIGUOUS;
    return IRW_PLAIN_STRING;
}

static bool
is_string_tag(imgrw_str tag)
{
    return irw_equal(tag, IRW_STR("tag:yaml.org,2002:str")) ||
           irw_equal(tag, IRW_STR("!"));
}

bool
irw_scalar_is_tagged(const struct irw_tree *tree, uint32_t node)
{
    imgrw_str tag =
        irw_tree_properties(tree, irw_tree_follow(tree, node)).tag;

    return tag.size > 0 && !is_string_tag(tag);
}

bool
irw_scalar_is_string(const struct irw_tree *tree, uint32_t node)
{
    const struct irw_node *scalar = &tree->nodes[node];
    enum irw_plain kind;

    if (scalar->style != IRW_STYLE_PLAIN ||
        irw_tree_properties(tree, node).tag.size > 0)
        return true;
    kind = irw_plain_kind(irw_tree_value(tree, node));
    return kind == IRW_PLAIN_STRING || kind == IRW_PLAIN_AMBIGUOUS;
}

/* Whether `value`, a reference, can stand without quotes. An IPv6 registry
 * begins like a list. */
static bool
is_plain_safe(imgrw_str value)
{
    return irw_plain_kind(value) == IRW_PLAIN_STRING &&
           irw_find(value, '[') == SIZE_MAX;
}

/* Writes the node anew from `start` to `end`: plain where that is allowed and
 * safe, else between double quotes. References hold nothing to escape. */
static enum imgrw_status
write_anew(struct irw_text_edit *change, bool quote, struct irw_arena *arena,
           struct imgrw_error *error)
{
    imgrw_str value = change->wish.with;
    char *quoted;

    change->replacement = value;
    change->style = IRW_STYLE_PLAIN;
    if (!quote && is_plain_safe(value))
        return IMGRW_OK;
    quoted = irw_arena_alloc(arena, value.size + 2);
    if (!quoted)
        return irw_fail_memory(error);
    quoted[0] = quoted[value.size + 1] = '"';
    memcpy(quoted + 1, value.data, value.size);
    change->replacement = (imgrw_str){quoted, value.size + 2};
    change->style = IRW_STYLE_DOUBLE;
    return IMGRW_OK;
}

static enum imgrw_status
fail_change(const struct irw_node *scalar, const char *why,
            struct imgrw_error *error)
{
    struct imgrw_location at = {.offset = scalar->start};

    return irw_fail(error, IMGRW_ERR_EDIT, at, "%s", why);
}

/* Replaces all of the value by a reference. */
static enum imgrw_status
change_whole(const struct irw_tree *tree, struct irw_arena *arena,
             struct irw_text_edit *change, struct imgrw_error *error)
{
    const struct irw_node *scalar = &tree->nodes[change->wish.node];
    imgrw_str body;

    if (scalar->type == IRW_NODE_ALIAS)
        return write_anew(change, false, arena, error);
    body = irw_tree_body(tree, change->wish.node);
    if (!scalar->decoded) {
        if (scalar->style == IRW_STYLE_PLAIN &&
            !is_plain_safe(change->wish.with))
            return write_anew(change, true, arena, error);
        change->start = (uint32_t)(body.data - tree->text.data);
        change->end = change->start + (uint32_t)body.size;
        return IMGRW_OK;
    }
    if (scalar->style == IRW_STYLE_LITERAL ||
        scalar->style == IRW_STYLE_FOLDED)
        return fail_change(scalar,
                           "it is a block scalar of more than one line", error);
    return write_anew(change, true, arena, error);
}

/* Replaces a part of the value; what is around it stays as it is spelled. */
static enum imgrw_status
change_part(const struct irw_tree *tree, struct irw_source_map_memo *memo,
            struct irw_arena *arena, struct irw_text_edit *change,
            struct imgrw_error *error)
{
    const struct irw_value_edit *wish = &change->wish;
    const struct irw_node *scalar = &tree->nodes[wish->node];
    enum imgrw_status status;
    size_t start, end;

    if (scalar->type == IRW_NODE_ALIAS)
        return fail_change(scalar, "it is a part of what an alias stands for",
                           error);
    status = irw_source_map_look(tree, wish->node, memo, arena, wish->from,
                                 wish->to, &start, &end, error);
    if (status != IMGRW_OK)
        return status;
    if (end == 0)
        return fail_change(scalar,
                           "the text around it spells it with escapes or over "
                           "several lines", error);
    change->start = (uint32_t)start;
    change->end = (uint32_t)end;
    return irw_source_map_write(wish->with, change->style, arena,
                                &change->replacement, error);
}

enum imgrw_status
irw_scalar_change(const struct irw_tree *tree,
                  const struct irw_value_edit *wish,
                  struct irw_source_map_memo *memo, struct irw_arena *arena,
                  struct irw_text_edit *change, struct imgrw_error *error)
{
    const struct irw_node *scalar = &tree->nodes[wish->node];
    imgrw_str value =
        irw_tree_value(tree, irw_tree_follow(tree, wish->node));

    *change = (struct irw_text_edit){
        .wish = *wish,
        .start = scalar->start,
        .end = scalar->end,
        .replacement = wish->with,
        .style = (enum irw_style)scalar->style,
    };
    if (irw_scalar_is_tagged(tree, wish->node))
        return fail_change(scalar, "it has a tag other than !!str", error);
    if (tree->odd_tags)
        return fail_change(scalar,
                           "a comma follows a tag in this document, which "
                           "libyaml and the cluster read differently",
                           error);
    if (wish->from == 0 && wish->to == value.size)
        return change_whole(tree, arena, change, error);
    return change_part(tree, memo, arena, change, error);
}
