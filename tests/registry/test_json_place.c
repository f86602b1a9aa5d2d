/*
 * Places in JSON: those of texts that are marked with a "^" before the value,
 * which is taken out before they are read.
 */
#include "registry/json_place.h"
#include "registry/json.h"
#include "support.h"

#include <string.h>

static const struct row {
    const char *name, *text;
    const char *names[4];
    uint32_t line, column;
} rows[] = {
    {"root", "  ^{\"a\":1}", {NULL}, 1, 3},
    {"member", "{\"a\": ^1}", {"a"}, 1, 7},
    {"member of a member", "{\n \"a\": {\n  \"b\":\t^\"c\"}}", {"a", "b"}, 3,
     8},
    {"behind others",
     "{\"x\":[1,{\"a\":2},\"]}\\\"\"],\"y\":-1.5e3,\"z\":{\"a\":null},"
     "\"a\":^true}",
     {"a"}, 1, 55},
    {"the last of two", "{\"a\":{\"b\":1},\"a\":{\"b\":^2}}", {"a", "b"}, 1,
     23},
    {"spelled with escapes", "{\"https:\\/\\/reg.io\": ^{}}",
     {"https://reg.io"}, 1, 22},
    {"another one with escapes", "{\"\\u0061b\": 1, \"a\": ^2}", {"a"}, 1, 21},
    {"characters of several bytes", "{\"\xC3\xA4\xE2\x82\xAC\": 1, \"a\": ^2}",
     {"a"}, 1, 16},
    {"missing", "{\"a\": ^{\"b\": 1}}", {"a", "c"}, 1, 7},
    {"below a missing one", "{\"a\": ^{\"b\": 1}}", {"a", "c", "b"}, 1, 7},
    {"in no object", "{\"a\": ^[1]}", {"a", "b"}, 1, 7},
    {"empty object", "^{ }", {"a"}, 1, 1},
    {"root is a list", "^[{\"a\":1}]", {"a"}, 1, 1},
    {"line breaks of Windows", "{\r\n\"a\":\r\n^1\r\n}", {"a"}, 3, 1},
};

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        const struct row *row = &rows[i];
        char text[100];
        size_t offset = strcspn(row->text, "^"), size = strlen(row->text) - 1;
        struct imgrw_location at;
        json_t *root;

        support_row(&tally, "%s", row->name);
        assert_true(size < sizeof(text));
        memcpy(text, row->text, offset);
        memcpy(text + offset, row->text + offset + 1, size - offset);
        assert_int_equal(irw_json_read((imgrw_str){text, size}, 0, NULL, &root,
                                       NULL),
                         IMGRW_OK);
        irw_json_free(root);
        irw_json_place((imgrw_str){text, size}, row->names, &at);
        support_check(&tally, at.offset == offset && at.line == row->line &&
                                  at.column == row->column,
                      "byte %zu, %u:%u", at.offset, (unsigned)at.line,
                      (unsigned)at.column);
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
