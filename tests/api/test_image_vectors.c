/*
 * The rows of vectors/kustomize-edit-set-image.tsv: which entry of `images:`
 * `kustomize edit set image` makes of its argument. The same argument for
 * imgrw_rules_add_image has to mean that entry: both are applied to images that
 * show what an override does. Needs IMGREWRITE_TEST_DATA.
 */
#include "entries.h"
#include "rules_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 157
#define COMPARED 28
#define REFUSED 29

enum column { ARGUMENTS, BEFORE, EXIT, AFTER };

/* An option of a command line knows no earlier entries, and kustomize lets pass
 * what our grammar has no form for. */
static struct entries_reason reasons[] = {
    {"it is not one argument", 5, 0},
    {"there are entries already", 83, 0},
    {"a part is empty", 12, 0},
};

struct counts {
    size_t compared, refused;
};

/* Decodes a list of one string; false if it is another list. */
static bool
decode_argument(char *column, imgrw_str *argument)
{
    char *cursor = column + 1;

    return column[0] == '[' && support_json_string(&cursor, argument) &&
           strcmp(cursor, "]") == 0;
}

/* Whether a part of NAME=NEW:TAG@DIGEST has its mark and is empty, or NAME
 * is. */
static bool
has_empty_part(const char *argument)
{
    static const char marks[] = "=:@";

    if (argument[0] == '=')
        return true;
    for (const char *c = argument; *c != '\0'; c++)
        if (strchr(marks, c[0]) && (c[1] == '\0' || strchr(marks, c[1])))
            return true;
    return false;
}

/* Applies a set to `image`; the text is in `buffer`. */
static imgrw_str
apply(const struct imgrw_rules *rules, const char *image,
      struct imgrw_reference_buffer *buffer)
{
    struct imgrw_outcome outcome;

    if (imgrw_rules_apply(rules, support_str(image), buffer, &outcome, NULL) !=
        IMGRW_OK)
        return support_str("(an error)");
    return outcome.text;
}

/* Both sets have to give the same for the name alone, with a tag, with a digest
 * and with both. */
static void
compare(struct support_tally *tally, const struct imgrw_rules *ours,
        const struct imgrw_rules *entry, imgrw_str name)
{
    static const char *const ends[] = {"", ":7", "@" DIGEST, ":7@" DIGEST};
    struct imgrw_reference_buffer buffers[2];
    char image[256];

    for (size_t i = 0; i < SUPPORT_COUNT(ends); i++) {
        snprintf(image, sizeof(image), "%.*s%s", (int)name.size, name.data,
                 ends[i]);
        support_check_str(tally, image, apply(ours, image, &buffers[0]),
                          apply(entry, image, &buffers[1]));
    }
}

/* The argument is one that kustomize takes, and makes one entry of. */
static void
check_entry(struct support_tally *tally, const char *argument, char *after,
            struct counts *counts)
{
    struct support_object object;
    struct imgrw_override override;
    struct imgrw_rules *ours, *entry;
    struct imgrw_error error = {.message = "success"};
    enum imgrw_status status;
    bool refused, valid;

    if (!support_check(tally, support_json_list(after, &object, 1) == 1,
                       "no list of one entry"))
        return;
    override = entries_override(&object);
    valid = !entries_fault(&object, &refused) && entries_sets(&override);
    assert_int_equal(imgrw_rules_new(&ours, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_new(&entry, NULL), IMGRW_OK);
    status = imgrw_rules_add_image(ours, argument, &error);
    support_check(tally, status == (valid ? IMGRW_OK : IMGRW_ERR_RULE),
                  "status %d: %s", status, error.message);
    if (valid && support_check(tally, imgrw_rules_add_override(
                                          entry, &override, &error) == IMGRW_OK,
                               "the entry is refused: %s", error.message))
        compare(tally, ours, entry, override.name);
    counts->compared += valid;
    counts->refused += !valid;
    imgrw_rules_free(ours);
    imgrw_rules_free(entry);
}

/* What kustomize refuses is refused here. */
static void
check_refused(struct support_tally *tally, const char *argument,
              struct counts *counts)
{
    struct imgrw_rules *rules;
    enum imgrw_status status;

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    status = imgrw_rules_add_image(rules, argument, NULL);
    support_check(tally, status == IMGRW_ERR_RULE, "status %d", status);
    counts->refused++;
    imgrw_rules_free(rules);
}

static void
run_row(struct support_tally *tally, struct support_line *line,
        struct counts *counts)
{
    char row[256];
    imgrw_str argument;
    const char *reason = NULL;

    snprintf(row, sizeof(row), "line %zu: %.120s %.80s", line->number,
             line->columns[ARGUMENTS], line->columns[BEFORE]);
    support_row(tally, "%s", row);
    if (!decode_argument(line->columns[ARGUMENTS], &argument))
        reason = "it is not one argument";
    else if (strcmp(line->columns[BEFORE], "[]") != 0)
        reason = "there are entries already";
    else if (strcmp(line->columns[EXIT], "0") != 0)
        check_refused(tally, argument.data, counts);
    else if (has_empty_part(argument.data))
        reason = "a part is empty";
    else
        check_entry(tally, argument.data, line->columns[AFTER], counts);
    if (reason)
        entries_leave_out(tally, reasons, SUPPORT_COUNT(reasons), reason, row);
}

static void
test_vectors(void **state)
{
    struct support_table table = support_table_read(
        support_data(), "vectors/kustomize-edit-set-image.tsv");
    struct support_tally tally = {0};
    struct counts counts = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++)
        run_row(&tally, &table.lines[i], &counts);
    print_message("%zu of %zu rows compared, %zu refused\n", counts.compared,
                  table.count, counts.refused);
    entries_check_reasons(&tally, reasons, SUPPORT_COUNT(reasons));
    support_row(&tally, "counts");
    support_check(&tally, table.count == ROWS, "%zu rows", table.count);
    support_check(&tally, counts.compared == COMPARED, "%zu rows compared",
                  counts.compared);
    support_check(&tally, counts.refused == REFUSED, "%zu rows refused",
                  counts.refused);
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
