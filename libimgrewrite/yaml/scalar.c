/*
 * Which plain scalars are strings is a matter of opinion: kubectl's parser
 * knows the booleans of YAML 1.1, such as "no" and "y", others those of 1.2;
 * base 60 is a number to some and a string to kubectl. So what any reader may
 * take for something else gets quotes when it is written; when it is read, what
 * kubectl takes for a string is one.
 */
#include "yaml/scalar.h"
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

/* Hexadecimal, octal and binary integers, after a sign. */
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

/* [digits][.digits][e[sign]digits], after a sign, with a digit in it. */
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

/* A date, with or without a time after it: 2001-01-01. */
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

/* Whether the first character and the size show that it is a string, as they do
 * for most: words that mean something else are short. */
static bool
is_surely_string(imgrw_str text)
{
    return text.size > 0 && irw_is_alnum(text.data[0]) &&
           !irw_is_digit(text.data[0]) &&
           (text.size > 5 || !strchr("yYnNoOtTfF", text.data[0]));
}

enum irw_plain
irw_plain_kind(imgrw_str text)
{
    imgrw_str unsigned_text = text;

    if (is_surely_string(text))
        return IRW_PLAIN_STRING;
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

bool
irw_plain_is_harmless(imgrw_str text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!irw_is_alnum(text.data[i]) && !strchr("._/:@+=-", text.data[i]))
            return false;
    return text.size > 0 && irw_is_alnum(text.data[0]) &&
           text.data[text.size - 1] != ':';
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
irw_scalar_is_null(const struct irw_tree *tree, uint32_t node)
{
    return tree->nodes[node].type == IRW_NODE_SCALAR &&
           tree->nodes[node].style == IRW_STYLE_PLAIN &&
           irw_plain_kind(irw_tree_value(tree, node)) == IRW_PLAIN_NULL;
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
