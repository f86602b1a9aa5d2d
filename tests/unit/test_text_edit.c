/*
 * Edits of values: a new value in the style of the old, in as few bytes as
 * possible.
 */
#include "edit/text_edit.h"
#include "base/text.h"
#include "last.h"
#include "support.h"

/* ---- edits ---------------------------------------------------------- */

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
    {"escapes after an anchor", "a: &a \"b\\x63\"", "x", "a: &a \"x\"",
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
    enum imgrw_status status = irw_text_edit_make(
        &last.tree, &wish, &memo, &last.arena, &change, &error);

    if (!row->result) {
        support_check(tally, status == IMGRW_ERR_EDIT, "status %d", status);
    } else if (support_check(tally, status == IMGRW_OK, "status %d: %s", status,
                             error.message)) {
        apply(&result, text, &change);
        support_check_str(tally, "text", (imgrw_str){result.data, result.size},
                          support_str(row->result));
        support_check_str(tally, "value", change.of.with, value);
        support_check(tally, change.style == row->style, "style %d",
                      change.style);
        support_check(tally, change.of.node == last.node, "another node");
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
        cmocka_unit_test(test_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
