/*
 * JSON with secrets: what is refused, where, and that no message quotes it.
 */
#include "registry/json.h"
#include "support.h"

#include <string.h>

#define STR(literal) IMGRW_STR_INIT(literal)

/* Texts with "hunter"; line and column of the last character of what is wrong,
 * or 0. */
static const struct row {
    const char *name;
    imgrw_str text;
    size_t flags;
    uint32_t line, column;
    size_t offset;
} rows[] = {
    {"an object", STR("{\"a\": \"hunter2\"}"), 0, 0, 0, 0},
    {"key twice, last wins", STR("{\"a\":1,\"a\":\"hunter2\"}"), 0, 0, 0, 0},
    {"key twice, refused", STR("{\"a\":1,\n\"a\":\"hunter2\"}"),
     JSON_REJECT_DUPLICATES, 2, 3, 10},
    {"nothing", {0}, 0, 1, 1, 0},
    {"it ends in a string", STR("{\"a\": \"hunter2"), 0, 1, 14, 13},
    {"something behind it", STR("{\"a\":1} hunter"), 0, 1, 14, 13},
    {"line break in a string", STR("{\"a\": \"hunter2\n\"}"), 0, 1, 14, 13},
    {"byte order mark", STR("\xEF\xBB\xBF{\"a\":\"hunter2\"}"), 0, 1, 1, 2},
    {"NUL in a string", STR("{\"a\": \"hunter2\\u0000\"}"), 0, 1, 21, 20},
    {"no colon", STR("{\n \"hunter2\" 1}"), 0, 2, 12, 13},
    {"half a character", STR("{\"a\": \"hunter2\\ud800\"}"), 0, 1, 21, 20},
    {"not UTF-8", STR("{\"a\": \"hunter2\xFF\"}"), 0, 1, 14, 13},
    {"no quotes", STR("[1,\n 2,\n  hunter]"), 0, 3, 8, 15},
    {"columns are characters", STR("[\"\xC3\xA4\", hunter]"), 0, 1, 12, 12},
};

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        const struct row *row = &rows[i];
        struct imgrw_error error = {0};
        json_t *root;
        enum imgrw_status status =
            irw_json_read(row->text, row->flags, "a.json", &root, &error);

        support_row(&tally, "%s", row->name);
        support_check(&tally,
                      status == (row->line > 0 ? IMGRW_ERR_INPUT : IMGRW_OK),
                      "status %d", (int)status);
        irw_json_free(root);
        if (status == IMGRW_OK)
            continue;
        support_check(&tally,
                      error.at.line == row->line &&
                          error.at.column == row->column &&
                          error.at.offset == row->offset &&
                          strcmp(error.at.path, "a.json") == 0,
                      "at %u:%u, byte %zu", (unsigned)error.at.line,
                      (unsigned)error.at.column, error.at.offset);
        support_check(&tally,
                      strncmp(error.message, "not JSON: ", 10) == 0 &&
                          error.message[10] != '\0' &&
                          !strstr(error.message, "hunter"),
                      "message \"%s\"", error.message);
    }
    support_finish(&tally);
}

static void
test_strings(void **state)
{
    json_t *root;
    imgrw_str text;

    (void)state;
    assert_int_equal(irw_json_read(IMGRW_STR("{\"a\":\"b\",\"c\":[]}"), 0, NULL,
                                   &root, NULL),
                     IMGRW_OK);
    text = irw_json_get_text(root, "a");
    assert_true(support_equal(text, support_str("b")));
    assert_int_equal(irw_json_get_text(root, "c").size, 0);
    assert_int_equal(irw_json_get_text(root, "d").size, 0);
    assert_int_equal(irw_json_get_text(NULL, "d").size, 0);
    irw_json_free(root);
    irw_json_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_strings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
