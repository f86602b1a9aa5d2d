/*
 * The readers that the other tests trust.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

/* A decoded string may hold a NUL, so it comes with its size. */
static void
test_json_string(void **state)
{
    static const struct {
        const char *name, *json;
        imgrw_str value; /* no data: no string */
    } rows[] = {
        {"empty", "\"\"", {"", 0}},
        {"plain", "\"nginx:1\"", {"nginx:1", 7}},
        {"escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", {"\"\\/\b\f\n\r\t", 8}},
        {"NUL", "\"a\\u0000b\"", {"a\0b", 3}},
        {"two bytes", "\"\\u00e9\"", {"\xC3\xA9", 2}},
        {"three bytes", "\"\\u20AC\"", {"\xE2\x82\xAC", 3}},
        {"pair", "\"\\ud83d\\ude00\"", {"\xF0\x9F\x98\x80", 4}},
        {"UTF-8 as it is", "\"\xC3\xA9\"", {"\xC3\xA9", 2}},
        {"half a pair", "\"\\ud83d\"", {0}},
        {"second half first", "\"\\ude00\\ud83d\"", {0}},
        {"no such escape", "\"\\x41\"", {0}},
        {"short escape", "\"\\u12\"", {0}},
        {"control character", "\"\n\"", {0}},
        {"not closed", "\"nginx", {0}},
        {"no string", "nginx", {0}},
        {"nothing", "", {0}},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        char *text = strdup(rows[i].json), *cursor = text;
        imgrw_str value;
        bool is_string = support_json_string(&cursor, &value);

        support_row(&tally, "%s", rows[i].name);
        support_check(&tally, is_string == !!rows[i].value.data, "got %s",
                      is_string ? "a string" : "none");
        if (is_string)
            support_check_str(&tally, "value", value, rows[i].value);
        support_check(&tally, *cursor == '\0' || !is_string, "%s is left",
                      cursor);
        free(text);
    }
    support_finish(&tally);
}

static void
test_json_list(void **state)
{
    static const struct {
        const char *name, *json;
        size_t count;
    } rows[] = {
        {"empty", "[]", 0},
        {"empty object", "[{}]", 1},
        {"null", "[null]", 1},
        {"two", "[{\"name\":\"a\"},{\"name\":\"b\",\"newTag\":null}]", 2},
        {"three are too many", "[{},{},{}]", SIZE_MAX},
        {"no list", "{}", SIZE_MAX},
        {"a number", "[5]", SIZE_MAX},
        {"a list inside", "[{\"a\":[]}]", SIZE_MAX},
        {"comma after it", "[{},]", SIZE_MAX},
        {"not closed", "[{}", SIZE_MAX},
        {"text after it", "[{}] ", SIZE_MAX},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct support_object objects[2];
        char *text = strdup(rows[i].json);
        size_t count = support_json_list(text, objects, 2);

        support_row(&tally, "%s", rows[i].name);
        support_check(&tally, count == rows[i].count, "got %zu", count);
        free(text);
    }
    support_finish(&tally);
}

static void
test_json_members(void **state)
{
    char text[] = "[{\"name\":\"a\\n\",\"newTag\":null,\"digest\":\"\"},null]";
    struct support_object objects[2];

    (void)state;
    assert_int_equal(support_json_list(text, objects, 2), 2);
    assert_string_equal(support_json_get(&objects[0], "name"), "a\n");
    assert_string_equal(support_json_get(&objects[0], "digest"), "");
    assert_null(support_json_get(&objects[0], "newTag"));
    assert_null(support_json_get(&objects[0], "newName"));
    assert_int_equal(objects[0].count, 3);
    assert_false(objects[0].is_null);
    assert_true(objects[1].is_null);
}

/* A table goes to disk and comes back. */
static void
test_table(void **state)
{
    static const char text[] = "# name\tvalue\n\na\t1\n\nb\t\tx\nc";
    char *folder = support_temp_new();
    char *path = support_path(folder, "table.tsv");
    struct support_table table;

    (void)state;
    support_write_file(path, support_str(text));
    table = support_table_read(folder, "table.tsv");
    assert_int_equal(table.count, 3);
    assert_int_equal(table.lines[0].number, 3);
    assert_string_equal(table.lines[0].columns[1], "1");
    assert_string_equal(table.lines[1].columns[1], "");
    assert_string_equal(table.lines[1].columns[2], "x");
    assert_int_equal(table.lines[2].number, 6);
    assert_int_equal(table.lines[2].count, 1);
    assert_string_equal(table.lines[2].columns[1], "");
    support_table_free(&table);
    free(path);
    support_temp_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_string),
        cmocka_unit_test(test_json_list),
        cmocka_unit_test(test_json_members),
        cmocka_unit_test(test_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
