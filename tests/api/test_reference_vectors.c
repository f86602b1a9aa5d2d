/*
 * Every row of vectors/references.tsv: the answers of the reference package of
 * github.com/distribution to texts good and bad. Needs IMGREWRITE_TEST_DATA.
 */
#include "support.h"

#include <imgrewrite/reference.h>

#include <string.h>

#define ROWS 460

enum column { INPUT, VERDICT, REGISTRY, REPOSITORY, TAG, DIGEST, FAMILIAR };

static size_t
count_characters(imgrw_str text, size_t end)
{
    size_t count = 0;

    for (size_t i = 0; i < end; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

/* The package gives no place; whichever ours is, it is one of the text. */
static void
check_error(struct support_tally *tally, imgrw_str text,
            enum imgrw_status status, const struct imgrw_error *error)
{
    if (!support_check(tally, status == IMGRW_ERR_REFERENCE,
                       "status %d where the package has an error", status) ||
        !support_check(tally, error->at.offset <= text.size,
                       "offset %zu of %zu", error->at.offset, text.size))
        return;
    support_check(tally,
                  error->at.line == 1 &&
                      error->at.column ==
                          count_characters(text, error->at.offset) + 1,
                  "byte %zu is at %u:%u", error->at.offset, error->at.line,
                  error->at.column);
}

static void
check_text(struct support_tally *tally, const char *what,
           const struct imgrw_reference *reference, imgrw_str expected)
{
    struct imgrw_reference_buffer buffer;
    imgrw_str text = {0};

    if (support_check(tally,
                      imgrw_reference_format(reference, &buffer, &text, NULL) ==
                          IMGRW_OK,
                      "%s does not format", what))
        support_check_str(tally, what, text, expected);
}

static void
check_reference(struct support_tally *tally, imgrw_str text,
                const struct imgrw_reference *written, char **columns)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference full, familiar;

    check_text(tally, "round trip", written, text);
    assert_int_equal(imgrw_reference_normalize(written, &buffer, &full, NULL),
                     IMGRW_OK);
    support_check_str(tally, "registry", full.registry,
                      support_str(columns[REGISTRY]));
    support_check_str(tally, "repository", full.repository,
                      support_str(columns[REPOSITORY]));
    support_check_str(tally, "tag", full.tag, support_str(columns[TAG]));
    support_check_str(tally, "digest", full.digest,
                      support_str(columns[DIGEST]));
    imgrw_reference_shorten(&full, &familiar);
    check_text(tally, "familiar form", &familiar,
               support_str(columns[FAMILIAR]));
    support_check(tally, imgrw_reference_equal(written, &full),
                  "not equal to its full name");
}

static void
test_vectors(void **state)
{
    struct support_table table =
        support_table_read(support_data(), "vectors/references.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        char **columns = table.lines[i].columns;
        struct imgrw_reference written;
        struct imgrw_error error = {.message = "success"};
        enum imgrw_status status;
        imgrw_str text;

        support_row(&tally, "line %zu, %.100s", table.lines[i].number,
                    columns[INPUT]);
        text = support_json_column(columns[INPUT]);
        status = imgrw_reference_parse(text, &written, &error);
        if (strcmp(columns[VERDICT], "error") == 0)
            check_error(&tally, text, status, &error);
        else if (support_check(&tally, status == IMGRW_OK, "%s", error.message))
            check_reference(&tally, text, &written, columns);
    }
    support_check(&tally, table.count == ROWS, "%zu rows", table.count);
    support_table_free(&table);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
    };

    support_data_or_skip();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
