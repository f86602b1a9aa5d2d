/*
 * JSON by RFC 8259: what it is and is not, and the nodes that it makes.
 */
#include "base/text.h"
#include "support.h"
#include "yaml/tree.h"

#include <string.h>

/* Texts and their trees; NULL for what is no JSON. */
static const struct row {
    const char *name, *text;
    const char *tree; /* {key value ...}, [item ...], strings in <> */
} rows[] = {
    {"string", "\"a\"", "<a>"},
    {"empty string", "\"\"", "<>"},
    {"number", " -1.5e+3 ", "-1.5e+3"},
    {"words", "[true,false,null]", "[true false null]"},
    {"empty mapping", "{}", "{}"},
    {"empty list", "[ ]", "[]"},
    {"mapping", "{\"a\":1,\"b\":\"c\"}", "{<a> 1 <b> <c>}"},
    {"blanks", "\t{ \"a\"\r\n: [ 1 ,\n2 ] }\n", "{<a> [1 2]}"},
    {"nested", "{\"a\":{\"b\":[{\"c\":[]},{}]},\"d\":0}",
     "{<a> {<b> [{<c> []} {}]} <d> 0}"},
    {"escapes", "\"\\\"\\\\\\/\"", "<\"\\/>"},
    {"unicode", "\"\\u0041\\u00e9\\u20Ac\"", "<A\xC3\xA9\xE2\x82\xAC>"},
    {"two escapes for one character", "\"\\uD834\\udd1e\"",
     "<\xF0\x9D\x84\x9E>"}, /* the G clef of RFC 8259, section 7 */
    {"last character", "\"\\uDBFF\\uDFFF\"", "<\xF4\x8F\xBF\xBF>"},
    {"UTF-8", "\"\xC3\xA9\"", "<\xC3\xA9>"},
    {"what looks like YAML", "[\"*a\",\"&b\",\"<<\",\"# c\"]",
     "[<*a> <&b> <<<> <# c>]"},
    {"delete is no control character", "\"\x7F\"", "<\x7F>"},
    {"nothing", "", NULL},
    {"blanks alone", " \n", NULL},
    {"word", "hunter", NULL},
    {"single quotes", "'a'", NULL},
    {"key without quotes", "{a:1}", NULL},
    {"key that is a number", "{1:1}", NULL},
    {"key that is a list", "{[]:1}", NULL},
    {"no colon", "{\"a\" 1}", NULL},
    {"no value", "{\"a\":}", NULL},
    {"no value at the end", "{\"a\"", NULL},
    {"colon at the end", "{\"a\":", NULL},
    {"key alone", "{\"a\"}", NULL},
    {"comma at the end", "[1,]", NULL},
    {"comma at the end of a mapping", "{\"a\":1,}", NULL},
    {"comma in front", "[,1]", NULL},
    {"two commas", "[1,,2]", NULL},
    {"no comma", "[1 2]", NULL},
    {"no comma in a mapping", "{\"a\":1 \"b\":2}", NULL},
    {"wrong end", "[1}", NULL},
    {"wrong end of a mapping", "{\"a\":1]", NULL},
    {"wrong end of nothing", "[}", NULL},
    {"no end", "[1", NULL},
    {"end too much", "[1]]", NULL},
    {"two values", "1 2", NULL},
    {"two lists", "[][]", NULL},
    {"no quote at the end", "\"a", NULL},
    {"backslash at the end", "\"a\\", NULL},
    {"unknown escape", "\"\\x41\"", NULL},
    {"short escape", "\"\\u004\"", NULL},
    {"escape cut", "\"\\u00", NULL},
    {"first half alone", "\"\\ud834\"", NULL},
    {"first half and a letter", "\"\\ud834\\u0041\"", NULL},
    {"first half and another", "\"\\ud834\\ud834\"", NULL},
    {"second half alone", "\"\\udd1e\"", NULL},
    {"line break in a string", "\"a\nb\"", NULL},
    {"tab in a string", "\"a\tb\"", NULL},
    {"comment", "[] # a", NULL},
};

/* The node as the rows have it. */
static void
describe(const struct irw_tree *tree, uint32_t index, struct irw_text *text)
{
    const struct irw_node *node = &tree->nodes[index];
    imgrw_str value = irw_tree_value(tree, index);
    bool map = node->type == IRW_NODE_MAPPING;
    bool quoted = node->style == IRW_STYLE_DOUBLE;

    if (node->type == IRW_NODE_SCALAR) {
        irw_text_printf(text, "%s%.*s%s", quoted ? "<" : "", (int)value.size,
                        value.size > 0 ? value.data : "", quoted ? ">" : "");
        return;
    }
    irw_text_printf(text, "%s", map ? "{" : "[");
    for (uint32_t child = index + 1; child < node->next;
         child = tree->nodes[child].next) {
        irw_text_printf(text, "%s", child > index + 1 ? " " : "");
        describe(tree, child, text);
    }
    irw_text_printf(text, "%s", map ? "}" : "]");
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        imgrw_str source = support_str(rows[i].text);
        struct irw_arena arena = {0};
        struct irw_tree tree = {0};
        struct irw_text text = {0};
        struct imgrw_error error = {0};
        enum imgrw_status status = irw_tree_read(
            &irw_json, irw_extract_all(source), 16, &arena, &tree, &error);

        support_row(&tally, "%s", rows[i].name);
        if (support_check(
                &tally, status == (rows[i].tree ? IMGRW_OK : IMGRW_ERR_SYNTAX),
                "status %d", (int)status) &&
            status == IMGRW_OK) {
            describe(&tree, tree.documents[0].root, &text);
            support_check_str(&tally, "tree", (imgrw_str){text.data, text.size},
                              support_str(rows[i].tree));
        }
        irw_text_clear(&text);
        irw_tree_clear(&tree);
        irw_arena_wipe(&arena);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
