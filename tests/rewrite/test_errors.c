/*
 * The texts of fixtures/errors: what is refused, where and with which words,
 * and what is taken with a warning.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

enum column { FILE_NAME, STATUS, LINE, COLUMN, MESSAGE };

enum warning_column {
    WARNING_FILE_NAME, WARNING_LINE, WARNING_COLUMN, WARNING_MESSAGE
};

static enum imgrw_status
read_status(const struct support_line *row)
{
    static const struct {
        const char *word;
        enum imgrw_status status;
    } words[] = {
        {"ENCODING", IMGRW_ERR_ENCODING},
        {"SYNTAX", IMGRW_ERR_SYNTAX},
        {"LIMIT", IMGRW_ERR_LIMIT},
    };

    for (size_t i = 0; i < SUPPORT_COUNT(words); i++)
        if (strcmp(row->columns[STATUS], words[i].word) == 0)
            return words[i].status;
    fail_msg("line %zu: no status", row->number);
    return IMGRW_OK;
}

/* A message is one line, without what could write to a terminal. */
static void
check_line(struct support_tally *tally, const char *message)
{
    for (const char *c = message; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            support_check(tally, false, "a control character in \"%s\"",
                          message);
    support_check(tally, message[0] != '\0', "the message is empty");
}

static void
check_error(struct support_tally *tally, const struct support_line *row,
            imgrw_str text, const struct imgrw_error *error)
{
    struct imgrw_location at = fixture_locate(text, error->at.offset);
    enum imgrw_status status = read_status(row);

    support_check(tally, error->status == status, "status %d: %s",
                  error->status, error->message);
    support_check(tally,
                  error->at.line == fixture_number(row, LINE) &&
                      error->at.column == fixture_number(row, COLUMN),
                  "at %u:%u, expected %s:%s: %s", error->at.line,
                  error->at.column, row->columns[LINE], row->columns[COLUMN],
                  error->message);
    support_check(tally,
                  error->at.line == at.line && error->at.column == at.column,
                  "byte %zu is at %u:%u", error->at.offset, at.line, at.column);
    support_check(tally,
                  error->at.path &&
                      strcmp(error->at.path, row->columns[FILE_NAME]) == 0,
                  "the path is lost");
    fixture_check_message(tally, row, MESSAGE, error->message);
    check_line(tally, error->message);
}

static void
test_errors(void **state)
{
    char *folder = fixture_folder("errors");
    struct support_table table = support_table_read(folder, "errors.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        const struct support_line *row = &table.lines[i];
        const char *name = row->columns[FILE_NAME];
        imgrw_str text = fixture_read(folder, name, ".yaml");
        struct imgrw_manifest *manifest = NULL;
        struct imgrw_error error = {0};
        enum imgrw_status status, silent;

        support_row(&tally, "%s", name);
        status = imgrw_manifest_parse(text, name, NULL, &manifest, &error);
        if (support_check(&tally, status != IMGRW_OK, "it is accepted")) {
            silent = imgrw_manifest_parse(text, name, NULL, &manifest, NULL);
            support_check(&tally, status == error.status && silent == status,
                          "status %d, %d without an error", status, silent);
            support_check(&tally, !manifest, "there is a manifest");
            check_error(&tally, row, text, &error);
        }
        imgrw_manifest_free(manifest);
        free((char *)text.data);
    }
    support_table_free(&table);
    free(folder);
    support_finish(&tally);
}

static void
check_warning(struct support_tally *tally, const struct support_line *row,
              const struct imgrw_warning *warning)
{
    char message[256];

    support_check(tally,
                  warning->at.line == fixture_number(row, WARNING_LINE) &&
                      warning->at.column == fixture_number(row, WARNING_COLUMN),
                  "at %u:%u, expected %s:%s", warning->at.line,
                  warning->at.column, row->columns[WARNING_LINE],
                  row->columns[WARNING_COLUMN]);
    assert_true(warning->message.size < sizeof(message));
    memcpy(message, warning->message.data, warning->message.size);
    message[warning->message.size] = '\0';
    fixture_check_message(tally, row, WARNING_MESSAGE, message);
    check_line(tally, message);
}

static void
test_warnings(void **state)
{
    char *folder = fixture_folder("errors");
    struct support_table table = support_table_read(folder, "warnings.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        const struct support_line *row = &table.lines[i];
        const char *name = row->columns[WARNING_FILE_NAME];
        imgrw_str text = fixture_read(folder, name, ".yaml");
        struct imgrw_manifest *manifest = NULL;
        struct imgrw_error error = {.message = "success"};

        support_row(&tally, "%s", name);
        if (support_check(&tally,
                          imgrw_manifest_parse(text, name, NULL, &manifest,
                                               &error) == IMGRW_OK,
                          "%u:%u: %s", error.at.line, error.at.column,
                          error.message) &&
            support_check(&tally, imgrw_manifest_warning_count(manifest) == 1,
                          "%zu warnings",
                          imgrw_manifest_warning_count(manifest)))
            check_warning(&tally, row, imgrw_manifest_warning(manifest, 0));
        imgrw_manifest_free(manifest);
        free((char *)text.data);
    }
    support_table_free(&table);
    free(folder);
    support_finish(&tally);
}

/* No file without a row. */
static void
test_complete(void **state)
{
    char *folder = fixture_folder("errors");
    struct support_table errors = support_table_read(folder, "errors.tsv");
    struct support_table warnings = support_table_read(folder, "warnings.tsv");

    (void)state;
    assert_int_equal(fixture_count(folder, ".yaml"),
                     errors.count + warnings.count);
    support_table_free(&errors);
    support_table_free(&warnings);
    free(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_complete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
