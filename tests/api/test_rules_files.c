/*
 * The files of fixtures/rules: what each format makes of images, what is told
 * of a file that is taken, and where and with which words a mistake is.
 */
#include "support.h"

#include <imgrewrite/rules_file.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WARNINGS_MAX 16

/* `fields.yaml` is not here: another one names it. */
static const char *const files[] = {
    "any-registry.yaml",
    "any-registry-as-written.yaml",
    "bare.yaml",
    "case.yaml",
    "chart-lock.yaml",
    "component.yaml",
    "configurations.yaml",
    "content-source-policy.yaml",
    "dates.yaml",
    "digest-file.yaml",
    "digest-mirrors.yaml",
    "documents.yaml",
    "full.yaml",
    "images-lock.yaml",
    "installation.yaml",
    "known-line.json",
    "known-line-private.json",
    "known-lines.json",
    "json.json",
    "kbld-config.yaml",
    "kbld-lock.yaml",
    "kept-tags.yaml",
    "kustomization.yaml",
    "minimal.yaml",
    "mirrors-side-by-side.yaml",
    "presets.yaml",
    "relocation-mapping.json",
    "tag-mirrors.yaml",
};

/* The warnings of reading one file. */
struct warnings {
    struct {
        struct imgrw_location at;
        char message[256];
    } items[WARNINGS_MAX];
    size_t count;
};

static void
take_warning(const struct imgrw_location *at, const char *message, void *user)
{
    struct warnings *warnings = user;

    assert_true(warnings->count < WARNINGS_MAX);
    warnings->items[warnings->count].at = *at;
    snprintf(warnings->items[warnings->count++].message, 256, "%s", message);
}

static char *
rules_path(const char *folder, const char *name)
{
    char *path = support_path(support_fixtures(), folder);
    char *file = support_path(path, name);

    free(path);
    return file;
}

static struct support_table
read_table(const char *folder, const char *name)
{
    char *path = support_path(support_fixtures(), folder);
    struct support_table table = support_table_read(path, name);

    free(path);
    return table;
}

/* `name` with another ending. */
static char *
with_ending(const char *name, const char *ending)
{
    const char *dot = strrchr(name, '.');
    char *other = NULL;

    if (asprintf(&other, "%.*s%s", (int)(dot - name), name, ending) < 0)
        fail_msg("out of memory");
    return other;
}

/* Reads a file that has to be accepted, and checks the set. */
static struct imgrw_rules *
read_file(struct support_tally *tally, const char *name,
          struct warnings *warnings)
{
    char *path = rules_path("rules", name);
    struct imgrw_rules *rules;
    struct imgrw_error error = {.message = "success"};
    enum imgrw_status status;

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    if (strncmp(name, "known-line", 10) == 0) /* which are no rules alone */
        assert_int_equal(
            imgrw_rules_add_preset(rules, "replicated:app=my-app,only=private",
                                   NULL), IMGRW_OK);
    status = imgrw_rules_read_file(rules, path, take_warning, warnings, &error);
    if (status == IMGRW_OK)
        status = imgrw_rules_check(rules, NULL, NULL, &error);
    support_check(tally, status == IMGRW_OK, "%u:%u: %s", error.at.line,
                  error.at.column, error.message);
    free(path);
    return rules;
}

/* ---- what images become ----------------------------------------------- */

/* The word of a table for what became of an image; its new text where it has
 * one. */
static const char *
say_outcome(const struct imgrw_outcome *outcome, char *buffer)
{
    switch (outcome->result) {
    case IMGRW_EXCLUDED:
        return "excluded";
    case IMGRW_UNCHANGED:
        return "same";
    case IMGRW_REWRITTEN:
        buffer[outcome->text.size] = '\0';
        return buffer;
    default:
        return outcome->access_unknown ? "unknown" : "-";
    }
}

static void
check_image(struct support_tally *tally, const struct imgrw_rules *rules,
            const struct support_line *line)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_rules_apply(
        rules, support_str(line->columns[0]), &buffer, &outcome, &error);

    if (support_check(tally, status == IMGRW_OK, "%s: %s", line->columns[0],
                      error.message))
        support_check_str(tally, line->columns[0],
                          support_str(say_outcome(&outcome, buffer.bytes)),
                          support_str(line->columns[1]));
}

static void
test_images(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(files); i++) {
        char *name = with_ending(files[i], ".tsv");
        struct support_table table = read_table("rules", name);
        struct warnings warnings = {0};
        struct imgrw_rules *rules;

        support_row(&tally, "%s", files[i]);
        rules = read_file(&tally, files[i], &warnings);
        support_check(&tally, table.count > 0, "no images");
        for (size_t j = 0; j < table.count; j++)
            check_image(&tally, rules, &table.lines[j]);
        imgrw_rules_free(rules);
        support_table_free(&table);
        free(name);
    }
    support_finish(&tally);
}

/* ---- what is told ------------------------------------------------------ */

static size_t
number(const char *text)
{
    char *end;
    size_t value = strtoul(text, &end, 10);

    if (end == text || *end != '\0')
        fail_msg("no number: %s", text);
    return value;
}

/* Checks the columns from `first` on against a message, which is one line. */
static void
check_words(struct support_tally *tally, const struct support_line *line,
            size_t first, const char *message)
{
    for (size_t i = first; i < line->count; i++)
        support_check(tally, strstr(message, line->columns[i]),
                      "\"%s\" does not hold \"%s\"", message, line->columns[i]);
    for (const char *c = message; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            support_check(tally, false, "a control character in \"%s\"",
                          message);
}

static void
check_warnings(struct support_tally *tally, const char *file,
               const struct warnings *warnings)
{
    char *name = with_ending(file, ".warnings");
    char *path = rules_path("rules", name);
    FILE *there = fopen(path, "r");
    struct support_table table = {0};

    if (there) {
        fclose(there);
        table = read_table("rules", name);
    }
    support_check(tally, warnings->count == table.count,
                  "%zu warnings, expected %zu; the last: %s", warnings->count,
                  table.count,
                  warnings->count > 0
                      ? warnings->items[warnings->count - 1].message
                      : "none");
    for (size_t i = 0; i < table.count && i < warnings->count; i++) {
        support_check(tally,
                      warnings->items[i].at.line ==
                          number(table.lines[i].columns[0]),
                      "line %u: %s", warnings->items[i].at.line,
                      warnings->items[i].message);
        check_words(tally, &table.lines[i], 1, warnings->items[i].message);
    }
    support_table_free(&table);
    free(path);
    free(name);
}

static void
test_warnings(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(files); i++) {
        struct warnings warnings = {0};

        support_row(&tally, "%s", files[i]);
        imgrw_rules_free(read_file(&tally, files[i], &warnings));
        check_warnings(&tally, files[i], &warnings);
    }
    support_finish(&tally);
}

/* ---- mistakes ---------------------------------------------------------- */

enum error_column { FILE_NAME, SCHEMA, LINE, COLUMN, WORDS };

/* Reads a file, and checks the set where that succeeds. */
static enum imgrw_status
read_and_check(const char *path, imgrw_warn_fn *warn, void *user,
               struct imgrw_error *error)
{
    struct imgrw_rules *rules;
    enum imgrw_status status;

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    status = imgrw_rules_read_file(rules, path, warn, user, error);
    if (status == IMGRW_OK)
        status = imgrw_rules_check(rules, warn, user, error);
    if (status != IMGRW_OK && error)
        error->at.path = error->at.path ? path : NULL; /* it was the set's */
    imgrw_rules_free(rules);
    return status;
}

static void
check_error(struct support_tally *tally, const struct support_line *line)
{
    char *path = rules_path("rules/errors", line->columns[FILE_NAME]);
    struct warnings warnings = {0};
    struct imgrw_error error = {.message = "success"};
    enum imgrw_status status =
        read_and_check(path, take_warning, &warnings, &error);

    support_check(tally, status != IMGRW_OK && status == error.status,
                  "status %d: %s", status, error.message);
    support_check(tally, read_and_check(path, NULL, NULL, NULL) == status,
                  "another status when nobody hears");
    support_check(tally,
                  error.at.line == number(line->columns[LINE]) &&
                      error.at.column == number(line->columns[COLUMN]),
                  "at %u:%u, expected %s:%s: %s", error.at.line,
                  error.at.column, line->columns[LINE], line->columns[COLUMN],
                  error.message);
    support_check(tally, error.at.path != NULL, "the path is lost");
    check_words(tally, line, WORDS, error.message);
    free(path);
}

static void
test_errors(void **state)
{
    struct support_table table = read_table("rules/errors", "errors.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        support_row(&tally, "%s", table.lines[i].columns[FILE_NAME]);
        check_error(&tally, &table.lines[i]);
    }
    support_table_free(&table);
    support_finish(&tally);
}

/* How many files of a folder have an ending. */
static size_t
count_files(const char *folder, const char *ending)
{
    char *path = support_path(support_fixtures(), folder);
    DIR *directory = opendir(path);
    size_t count = 0, size = strlen(ending);

    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));) {
        size_t length = strlen(entry->d_name);

        count += length > size &&
                 strcmp(entry->d_name + length - size, ending) == 0;
    }
    closedir(directory);
    free(path);
    return count;
}

/* No file without a row. */
static void
test_complete(void **state)
{
    struct support_table table = read_table("rules/errors", "errors.tsv");

    (void)state;
    assert_int_equal(count_files("rules/errors", ".yaml"), table.count);
    assert_int_equal(count_files("rules", ".yaml") +
                         count_files("rules", ".json"),
                     SUPPORT_COUNT(files) + 1);
    support_table_free(&table);
}

/* ---- places ------------------------------------------------------------ */

static size_t
find_rule(const struct imgrw_rules *rules, const char *name)
{
    size_t count = imgrw_rules_count(rules);

    for (size_t i = 0; i < count; i++)
        if (strcmp(imgrw_rules_name(rules, i), name) == 0)
            return i;
    return count;
}

/* places.tsv: file, rule, line, column. */
static void
test_places(void **state)
{
    struct support_table table = read_table("rules", "places.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        char **columns = table.lines[i].columns;
        char *path = rules_path("rules", columns[0]);
        struct warnings warnings = {0};
        struct imgrw_rules *rules;
        struct imgrw_location at;

        support_row(&tally, "%s: %s", columns[0], columns[1]);
        rules = read_file(&tally, columns[0], &warnings);
        at = imgrw_rules_location(rules, find_rule(rules, columns[1]));
        support_check(&tally,
                      at.line == number(columns[2]) &&
                          at.column == number(columns[3]),
                      "at %u:%u", at.line, at.column);
        support_check(&tally, at.path && strcmp(at.path, path) == 0,
                      "the path is lost");
        imgrw_rules_free(rules);
        free(path);
    }
    support_table_free(&table);
    support_finish(&tally);
}

/* The classes of a column: words with commas, or "-". */
static unsigned
read_classes(char *column)
{
    unsigned bits = 0;
    char *place = NULL;

    for (char *word = strtok_r(column, ",", &place); word;
         word = strtok_r(NULL, ",", &place))
        bits |= imgrw_find_bits(support_str(word));
    return bits;
}

static const char *
or_empty(const char *text)
{
    return text ? text : "";
}

/* reads.tsv: file, classes, fields. */
static void
test_reads(void **state)
{
    struct support_table table = read_table("rules", "reads.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        const struct support_line *line = &table.lines[i];
        struct warnings warnings = {0};
        const struct imgrw_fieldspec *fields;
        struct imgrw_rules *rules;
        size_t count;

        support_row(&tally, "%s", line->columns[0]);
        rules = read_file(&tally, line->columns[0], &warnings);
        support_check(&tally,
                      imgrw_rules_find(rules) == read_classes(line->columns[1]),
                      "classes %#x", imgrw_rules_find(rules));
        fields = imgrw_rules_fields(rules, &count);
        support_check(&tally, count == line->count - 2, "%zu fields", count);
        for (size_t j = 0; j < count; j++) {
            char text[256];

            snprintf(text, sizeof(text), "%s|%s|%s|%s",
                     or_empty(fields[j].group), or_empty(fields[j].version),
                     or_empty(fields[j].kind), fields[j].path);
            support_check_str(&tally, "field", support_str(text),
                              support_str(line->columns[2 + j]));
            support_check(&tally, imgrw_rules_field_location(rules, j).line > 0,
                          "field %zu has no line", j);
        }
        support_check(&tally,
                      imgrw_rules_field_location(rules, count).line == 0,
                      "there is one field more");
        imgrw_rules_free(rules);
    }
    support_table_free(&table);
    support_finish(&tally);
}

static void
test_arguments(void **state)
{
    imgrw_str nothing = {NULL, 0};
    struct imgrw_rules *rules;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_read(NULL, nothing, "a", NULL, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_rules_read(rules, nothing, NULL, NULL, NULL, NULL),
                     IMGRW_ERR_RULE);
    assert_int_equal(imgrw_rules_read_file(NULL, "a", NULL, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_rules_read_file(rules, NULL, NULL, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    imgrw_rules_free(rules);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_images), cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_errors), cmocka_unit_test(test_complete),
        cmocka_unit_test(test_places), cmocka_unit_test(test_reads),
        cmocka_unit_test(test_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
