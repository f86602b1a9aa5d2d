/*
 * Scalars: what a plain one means, and a new value in the style of the old.
 */
#include "yaml/scalar.h"
#include "base/text.h"
#include "support.h"

#include <string.h>

/* ---- plain scalars ---------------------------------------------------- */

#define STRING IRW_PLAIN_STRING
#define EMPTY IRW_PLAIN_NULL
#define OTHER IRW_PLAIN_OTHER
#define AMBIGUOUS IRW_PLAIN_AMBIGUOUS

static const struct {
    const char *text;
    enum irw_plain kind;
} plain[] = {
    /* strings */
    {"nginx", STRING}, {"nginx:1.25", STRING}, {"quay.io/a/b", STRING},
    {"a1", STRING}, {"1a", STRING}, {"v1", STRING}, {"1.2.x", STRING},
    {"1-2", STRING}, {"1/2", STRING}, {"-", STRING}, {"+", STRING},
    {".", STRING}, {"e3", STRING}, {"1e", STRING}, {"1e+", STRING},
    {"1e3x", STRING}, {"0x", STRING}, {"0xg", STRING}, {"0x1g", STRING},
    {"0b2", STRING}, {"0b", STRING}, {"0o8", STRING}, {"inf", STRING},
    {"nan", STRING}, {".info", STRING}, {".nanx", STRING}, {"nil", STRING},
    {"none", STRING}, {"nUll", STRING}, {"tRUE", STRING}, {"yEs", STRING},
    {"yesterday", STRING}, {"nope", STRING}, {"one", STRING}, {"offs", STRING},
    {"truetrue", STRING}, {"~a", STRING}, {"sha256:12", STRING},
    {"2001-01", STRING}, {"2001-01-01x", STRING}, {"20001-01-01", STRING},
    {"2001-01-01-01", STRING}, {"2001/01/01", STRING}, {"12:30x", STRING},
    {"12:x", STRING}, {":30", STRING}, {"a:30", STRING}, {"-a", STRING},
    {"5000/a", STRING}, {"\xC3\xA4", STRING},
    /* null */
    {"", EMPTY}, {"~", EMPTY}, {"null", EMPTY}, {"Null", EMPTY},
    {"NULL", EMPTY},
    /* booleans of YAML 1.1 */
    {"true", OTHER}, {"True", OTHER}, {"TRUE", OTHER}, {"false", OTHER},
    {"False", OTHER}, {"FALSE", OTHER}, {"yes", OTHER}, {"Yes", OTHER},
    {"YES", OTHER}, {"no", OTHER}, {"No", OTHER}, {"NO", OTHER}, {"on", OTHER},
    {"On", OTHER}, {"ON", OTHER}, {"off", OTHER}, {"Off", OTHER},
    {"OFF", OTHER}, {"y", OTHER}, {"Y", OTHER}, {"n", OTHER}, {"N", OTHER},
    /* integers */
    {"0", OTHER}, {"5", OTHER}, {"42", OTHER}, {"+5", OTHER}, {"-5", OTHER},
    {"007", OTHER}, {"010", OTHER}, {"08", OTHER}, {"1_000", OTHER},
    {"0x1f", OTHER}, {"0xDEADBEEF", OTHER}, {"-0x1f", OTHER}, {"0o17", OTHER},
    {"0b101", OTHER}, {"0x1_0", OTHER},
    {"123456789012345678901234567890", OTHER},
    /* floats */
    {"1.5", OTHER}, {"1.20", OTHER}, {"1.", OTHER}, {".5", OTHER},
    {"-.5", OTHER}, {"+1.5", OTHER}, {"1e3", OTHER}, {"1E3", OTHER},
    {"1e+3", OTHER}, {"1.5e-3", OTHER}, {"1_0.5", OTHER}, {".inf", OTHER},
    {".Inf", OTHER}, {".INF", OTHER}, {"-.inf", OTHER}, {"+.inf", OTHER},
    {".nan", OTHER}, {".NaN", OTHER}, {".NAN", OTHER},
    /* dates */
    {"2001-01-01", OTHER}, {"2001-1-1", OTHER},
    {"2001-01-01T10:00:00Z", OTHER}, {"2001-01-01t10:00:00+01:00", OTHER},
    {"2001-01-01 10:00:00", OTHER}, {"2001-01-01 10:00:00.5 Z", OTHER},
    /* strings to kubectl, numbers of YAML 1.1: base 60, and the floats of its
       own pattern, [0-9.]* behind the point */
    {"12:30", AMBIGUOUS}, {"190:20:30", AMBIGUOUS}, {"190:20:30.15", AMBIGUOUS},
    {"-12:30", AMBIGUOUS}, {"1:1", AMBIGUOUS}, {"1.2.3", AMBIGUOUS},
    {"10.0.0.1", AMBIGUOUS},
};

static void
test_plain(void **state)
{
    static const char *const names[] = {
        [STRING] = "a string",
        [EMPTY] = "null",
        [OTHER] = "something else",
        [AMBIGUOUS] = "ambiguous",
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(plain); i++) {
        enum irw_plain kind = irw_plain_kind(support_str(plain[i].text));

        support_row(&tally, "%s", plain[i].text);
        support_check(&tally, kind == plain[i].kind, "it is %s, not %s",
                      names[plain[i].kind], names[kind]);
    }
    support_finish(&tally);
}

/* ---- reading a text whose last node is in question ------------------- */

struct last {
    struct irw_arena arena;
    struct irw_tree tree;
    uint32_t node;
};

static struct last
last_read(const char *text)
{
    struct last last = {0};
    imgrw_str str = support_str(text);

    assert_int_equal(irw_tree_read(&irw_libyaml, str, 0, str.size, 10,
                                   &last.arena, &last.tree, NULL),
                     IMGRW_OK);
    last.node = (uint32_t)last.tree.count - 1;
    return last;
}

static void
last_clear(struct last *last)
{
    irw_tree_clear(&last->tree);
    irw_arena_clear(&last->arena);
}

static void
test_is_string(void **state)
{
    static const struct {
        const char *text;
        bool is_string;
    } rows[] = {
        {"a", true},       {"5", false},        {"'5'", true},
        {"\"5\"", true},   {"|-\n 5", true},    {">-\n 5", true},
        {"!!str 5", true}, {"! 5", true},       {"&a 5", false},
        {"true", false},   {"\"true\"", true},  {"null", false},
        {"'null'", true},  {"''", true},        {"---\n", false},
        {"12:30", true},   {"2001-01-01", false}, {"1.2.3", true},
        {"&a x", true},    {"nginx:1", true},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct last last = last_read(rows[i].text);

        support_row(&tally, "%s", rows[i].text);
        support_check(&tally,
                      irw_scalar_is_string(&last.tree, last.node) ==
                          rows[i].is_string,
                      "it is %s string", rows[i].is_string ? "a" : "no");
        last_clear(&last);
    }
    support_finish(&tally);
}

/* ---- changes ---------------------------------------------------------- */

static const struct change {
    const char *name, *text, *value;
    const char *result; /* NULL: refused */
    enum irw_style style;
} changes[] = {
    {"plain", "a: b", "x/y:1", "a: x/y:1", IRW_STYLE_PLAIN},
    {"single", "a: 'b'", "x", "a: 'x'", IRW_STYLE_SINGLE},
    {"double", "a: \"b\"", "x", "a: \"x\"", IRW_STYLE_DOUBLE},
    {"literal", "a: |-\n  b\n", "x", "a: |-\n  x\n", IRW_STYLE_LITERAL},
    {"folded", "a: >-\n  b\n", "x", "a: >-\n  x\n", IRW_STYLE_FOLDED},
    {"literal, CRLF", "a: |-\r\n  b\r\n\r\n", "x", "a: |-\r\n  x\r\n\r\n",
     IRW_STYLE_LITERAL},
    {"literal, header comment", "a: |- # b\n  b\n", "x", "a: |- # b\n  x\n",
     IRW_STYLE_LITERAL},
    {"literal, indicator", "a: |2-\n  b", "x", "a: |2-\n  x",
     IRW_STYLE_LITERAL},
    {"anchor", "a: &a b", "x", "a: &a x", IRW_STYLE_PLAIN},
    {"tag", "a: !!str b", "x", "a: !!str x", IRW_STYLE_PLAIN},
    {"tag of strings", "a: ! 'b'", "x", "a: ! 'x'", IRW_STYLE_SINGLE},
    {"tag and anchor", "a: !!str &a \"b\"", "x", "a: !!str &a \"x\"",
     IRW_STYLE_DOUBLE},
    {"alias", "- &a b\n- *a", "x", "- &a b\n- x", IRW_STYLE_PLAIN},
    {"alias in flow", "[&a b, *a ]", "x:1", "[&a b, x:1 ]", IRW_STYLE_PLAIN},
    {"alias, to a number", "- &a b\n- *a", "5", "- &a b\n- \"5\"",
     IRW_STYLE_DOUBLE},
    {"to a number", "a: b", "5", "a: \"5\"", IRW_STYLE_DOUBLE},
    {"to a float", "a: b # c", "1.5", "a: \"1.5\" # c", IRW_STYLE_DOUBLE},
    {"to null", "a: b", "null", "a: \"null\"", IRW_STYLE_DOUBLE},
    {"to a boolean", "a: b", "no", "a: \"no\"", IRW_STYLE_DOUBLE},
    {"to a date", "a: b", "2001-01-01", "a: \"2001-01-01\"", IRW_STYLE_DOUBLE},
    {"to a time", "a: b", "12:30", "a: \"12:30\"", IRW_STYLE_DOUBLE},
    {"to a version", "a: b", "1.2.3", "a: \"1.2.3\"", IRW_STYLE_DOUBLE},
    {"to IPv6", "a: b", "[::1]:5000/x", "a: \"[::1]:5000/x\"",
     IRW_STYLE_DOUBLE},
    {"single, to a number", "a: 'b'", "5", "a: '5'", IRW_STYLE_SINGLE},
    {"literal, to a number", "a: |-\n  b", "5", "a: |-\n  5",
     IRW_STYLE_LITERAL},
    {"single, to IPv6", "['b']", "[::1]:5/x", "['[::1]:5/x']",
     IRW_STYLE_SINGLE},
    {"anchor, to a number", "a: &a b", "5", "a: &a \"5\"", IRW_STYLE_DOUBLE},
    {"tag, to a number", "a: !!str b", "5", "a: !!str \"5\"",
     IRW_STYLE_DOUBLE},
    {"escapes", "a: \"b\\x63\"", "x", "a: \"x\"", IRW_STYLE_DOUBLE},
    {"continuation", "a: \"b\\\n  c\" # d", "x", "a: \"x\" # d",
     IRW_STYLE_DOUBLE},
    {"quotes in quotes", "a: 'b''c'", "x", "a: \"x\"", IRW_STYLE_DOUBLE},
    {"two lines", "a: b\n  c", "x", "a: \"x\"", IRW_STYLE_DOUBLE},
    {"two quoted lines", "a: 'b\n  c'", "x", "a: \"x\"", IRW_STYLE_DOUBLE},
    {"escapes behind an anchor", "a: &a \"b\\x63\"", "x", "a: &a \"x\"",
     IRW_STYLE_DOUBLE},
    {"wide characters", "\xC3\xA4: '\xE2\x82\xAC'", "x", "\xC3\xA4: 'x'",
     IRW_STYLE_SINGLE},
    {"two literal lines", "a: |-\n  b\n  c\n", "x", NULL, 0},
    {"two folded lines", "a: >-\n  b\n  c\n", "x", NULL, 0},
    {"literal that keeps its line break", "a: |\n  b\n", "x", NULL, 0},
    {"literal with a blank first", "a: |2-\n   b\n", "x", NULL, 0},
    {"local tag", "a: !x b", "x", NULL, 0},
    {"binary", "a: !!binary b", "x", NULL, 0},
    {"number by tag", "a: !!int '5'", "x", NULL, 0},
    {"verbatim tag", "a: !<x> b", "x", NULL, 0},
    {"alias of a local tag", "- &a !x b\n- *a", "x", NULL, 0},
    {"alias of binary", "- &a !!binary b\n- *a", "x", NULL, 0},
};

/* The text with the change in it. */
static void
apply(struct irw_text *result, imgrw_str text,
      const struct irw_text_edit *change)
{
    irw_text_add(result, (imgrw_str){text.data, change->start});
    irw_text_add(result, change->replacement);
    irw_text_add(result, (imgrw_str){text.data + change->end,
                                     text.size - change->end});
}

static void
check_change(struct support_tally *tally, const struct change *row)
{
    struct last last = last_read(row->text);
    struct irw_text result = {0};
    struct irw_text_edit change = {0};
    struct imgrw_error error = {.message = "success"};
    imgrw_str text = support_str(row->text), value = support_str(row->value);
    imgrw_str old =
        irw_tree_value(&last.tree, irw_tree_follow(&last.tree, last.node));
    struct irw_value_edit wish = {last.node, 0, (uint32_t)old.size, value};
    struct irw_source_map_memo memo = {0};
    enum imgrw_status status = irw_scalar_change(
        &last.tree, &wish, &memo, &last.arena, &change, &error);

    if (!row->result) {
        support_check(tally, status == IMGRW_ERR_EDIT, "status %d", status);
    } else if (support_check(tally, status == IMGRW_OK, "status %d: %s", status,
                             error.message)) {
        apply(&result, text, &change);
        support_check_str(tally, "text", (imgrw_str){result.data, result.size},
                          support_str(row->result));
        support_check_str(tally, "value", change.wish.with, value);
        support_check(tally, change.style == row->style, "style %d",
                      change.style);
        support_check(tally, change.wish.node == last.node, "another node");
    }
    irw_text_clear(&result);
    last_clear(&last);
}

static void
test_changes(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(changes); i++) {
        support_row(&tally, "%s", changes[i].name);
        check_change(&tally, &changes[i]);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_is_string),
        cmocka_unit_test(test_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
