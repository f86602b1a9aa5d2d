/*
 * Source maps: which bytes of the text give which bytes of a value.
 */
#include "support.h"
#include "yaml/source_map.h"

#include <string.h>

static const struct row {
    const char *name, *text;
    const char *part;    /* of the value of the last scalar */
    const char *spelled; /* how the text has it; NULL: on no one line */
} rows[] = {
    {"plain", "a: xIMGy", "IMG", "IMG"},
    {"plain, all of it", "a: IMG", "IMG", "IMG"},
    {"plain over lines", "a: x\n  y IMG\n  z", "IMG", "IMG"},
    {"plain over lines, first", "a: IMG\n  y\n", "IMG", "IMG"},
    {"plain, the fold itself", "a: x\n  y", "x y", NULL},
    {"plain, an empty line", "a: x\n\n  IMG", "IMG", "IMG"},
    {"single", "a: 'x IMG y'", "IMG", "IMG"},
    {"single, quotes around", "a: 'it''s IMG, ''x'''", "IMG", "IMG"},
    {"single, quotes inside", "a: 'a''b'", "a'b", "a''b"},
    {"single over lines", "a: 'x\n\n  y IMG\n  z'", "IMG", "IMG"},
    {"double", "a: \"x IMG\"", "IMG", "IMG"},
    {"double, escapes before", "a: \"\\n\\t\\x41\\u00e4\\U0001F600IMG\"", "IMG",
     "IMG"},
    {"double, named escapes", "a: \"\\N\\_\\L\\PIMG\"", "IMG", "IMG"},
    {"double, escaped inside", "a: \"I\\x4dG\"", "IMG", "I\\x4dG"},
    {"double, slash", "a: \"a\\/b\"", "a/b", "a\\/b"},
    {"double, quotes", "a: \"{\\\"i\\\": \\\"IMG\\\"}\"", "IMG", "IMG"},
    {"double, with its quotes", "a: \"{\\\"i\\\": \\\"IMG\\\"}\"", "\"IMG\"",
     "\\\"IMG\\\""},
    {"double over lines", "a: \"x \n  y IMG\n\n  z\"", "IMG", "IMG"},
    {"double, escaped break", "a: \"x\\\n  IMG\"", "IMG", "IMG"},
    {"double, broken inside", "a: \"I\\\n  MG\"", "IMG", NULL},
    {"literal", "a: |\n  x\n  IMG\n", "IMG", "IMG"},
    {"literal, strip", "a: |-\n  x\n  y IMG", "IMG", "IMG"},
    {"literal, keep", "a: |+\n  x IMG\n\n\n", "IMG", "IMG"},
    {"literal, indicator", "a: |2\n     x\n  IMG\n", "IMG", "IMG"},
    {"literal, empty lines first", "a: |\n\n\n  x\n\n  IMG\n", "IMG", "IMG"},
    {"literal, more indented", "a: |\n  x\n    IMG\n  y\n", "IMG", "IMG"},
    {"literal, blanks on empty lines", "a: |\n  x\n    \n \n  IMG\n", "IMG",
     "IMG"},
    {"literal, CRLF", "a: |\r\n  x\r\n  IMG y\r\n", "IMG", "IMG"},
    {"literal, two lines", "a: |\n  x\n  y\n", "x\ny", NULL},
    {"folded", "a: >\n  x\n  IMG y\n", "IMG", "IMG"},
    {"folded, the fold itself", "a: >\n  x\n  y\n", "x y", NULL},
    {"folded, paragraphs", "a: >-\n  x\n\n\n  IMG\n\n  y\n", "IMG", "IMG"},
    {"folded, more indented", "a: >\n  x\n\n    IMG\n    y\n\n  z\n", "IMG",
     "IMG"},
    {"folded, CRLF", "a: >\r\n  x\r\n  IMG\r\n", "IMG", "IMG"},
    {"wide characters", "a: |\n  \xC3\xA4 \xE2\x82\xAC IMG\n", "IMG", "IMG"},
};

static void
check_row(struct support_tally *tally, const struct row *row)
{
    imgrw_str text = support_str(row->text), value;
    struct irw_arena arena = {0};
    struct irw_tree tree = {0};
    struct irw_source_map spelling;
    const char *part;
    size_t start = 0, end = 0, from;
    uint32_t node;
    bool found;

    assert_int_equal(irw_tree_read(&irw_libyaml, irw_extract_all(text), 10,
                                   &arena, &tree, NULL),
                     IMGRW_OK);
    node = (uint32_t)tree.count - 1;
    value = irw_tree_value(&tree, node);
    part = memmem(value.data, value.size, row->part, strlen(row->part));
    assert_non_null(part);
    from = (size_t)(part - value.data);
    assert_int_equal(irw_source_map_read(&tree, node, &arena, &spelling, NULL),
                     IMGRW_OK);
    support_check(tally, spelling.count > 0, "it is not understood");
    found = irw_source_map_find(&spelling, text, from, from + strlen(row->part),
                                &start, &end);
    support_check(tally, found == (row->spelled != NULL), "it is %s",
                  found ? "found" : "not found");
    if (found && row->spelled)
        support_check_str(tally, "text",
                          (imgrw_str){text.data + start, end - start},
                          support_str(row->spelled));
    irw_tree_clear(&tree);
    irw_arena_clear(&arena);
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        support_row(&tally, "%s", rows[i].name);
        check_row(&tally, &rows[i]);
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
