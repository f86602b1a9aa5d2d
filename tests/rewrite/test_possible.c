/*
 * Possible images: what is told of the files of fixtures/possible, against
 * tables; that the field which an entry offers has it found; and
 * that little is told of the files of fixtures/false-friends.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { LINE, REFERENCE, FIELD, FIELDSPEC };
enum { FILE_NAME, FILE_LINE };

static struct imgrw_manifest *
parse(struct support_tally *tally, imgrw_str text,
      const struct imgrw_parse_options *options)
{
    struct imgrw_manifest *manifest = NULL;
    struct imgrw_error error = {.message = ""};

    support_check(tally,
                  imgrw_manifest_parse(text, NULL, options, &manifest,
                                       &error) == IMGRW_OK,
                  "line %u: %s", error.at.line, error.message);
    return manifest;
}

static void
check_image(struct support_tally *tally, const struct support_line *row,
            const struct imgrw_image *image, imgrw_str text)
{
    struct imgrw_location at = fixture_locate(text, image->at.offset);
    imgrw_str bytes = {text.data + image->at.offset, image->length};

    support_check_str(tally, "reference", image->text,
                      support_str(row->columns[REFERENCE]));
    support_check_str(tally, "field", image->field,
                      support_str(row->columns[FIELD]));
    support_check_str(tally, "fieldspec", image->fieldspec,
                      support_str(row->columns[FIELDSPEC]));
    support_check(tally, image->at.line == fixture_number(row, LINE),
                  "on line %u, expected %s", image->at.line,
                  row->columns[LINE]);
    support_check(tally,
                  image->at.line == at.line && image->at.column == at.column,
                  "byte %zu is at %u:%u", image->at.offset, at.line, at.column);
    support_check(tally,
                  bytes.data[0] == '*' ||
                      memmem(bytes.data, bytes.size, image->text.data,
                             image->text.size),
                  "its bytes are \"%.*s\"", (int)bytes.size, bytes.data);
    support_check(tally,
                  imgrw_reason_names_image(image->reason) &&
                      image->reference.repository.size > 0 &&
                      image->image_class ==
                          (enum imgrw_class)IMGRW_CLASS_COUNT,
                  "it is no reference");
}

/* Splits GROUP/KIND:PATH or :PATH. */
static struct imgrw_fieldspec
split_field(char *text)
{
    char *colon = strchr(text, ':'), *slash = strchr(text, '/');

    assert_non_null(colon);
    if (colon == text)
        return (struct imgrw_fieldspec){.path = colon + 1};
    assert_true(slash && slash < colon);
    *colon = *slash = '\0';
    return (struct imgrw_fieldspec){
        .group = text, .kind = slash + 1, .path = colon + 1};
}

/* With its field the image is found where it was told of, and told of no
 * more. */
static void
check_field(struct support_tally *tally, imgrw_str fieldspec, imgrw_str text,
            const struct imgrw_image *told)
{
    char *copy = strndup(fieldspec.data, fieldspec.size);
    struct imgrw_fieldspec field = split_field(copy);
    const struct imgrw_parse_options options = {
        .size = sizeof(options), .fields = &field, .field_count = 1};
    struct imgrw_manifest *manifest = parse(tally, text, &options);
    const struct imgrw_image *image;
    bool found = false;

    for (size_t i = 0; (image = imgrw_manifest_image(manifest, i)); i++)
        found |= image->at.offset == told->at.offset &&
                 support_equal(image->text, told->text);
    support_check(tally, found, "%.*s does not have it found",
                  (int)fieldspec.size, fieldspec.data);
    for (size_t i = 0; (image = imgrw_manifest_possible(manifest, i)); i++)
        support_check(tally, image->at.offset != told->at.offset,
                      "it is found and told of");
    imgrw_manifest_free(manifest);
    free(copy);
}

static void
check_file(struct support_tally *tally, const char *name, imgrw_str text,
           const struct support_table *table)
{
    struct imgrw_manifest *manifest;
    const struct imgrw_image *image;
    size_t count = 0;

    support_row(tally, "%s", name);
    manifest = parse(tally, text, NULL);
    for (; (image = imgrw_manifest_possible(manifest, count)); count++) {
        support_row(tally, "%s, line %u", name, image->at.line);
        if (!support_check(tally, count < table->count, "\"%.*s\" is told of",
                           (int)image->text.size, image->text.data))
            continue;
        check_image(tally, &table->lines[count], image, text);
        if (image->fieldspec.size > 0)
            check_field(tally, image->fieldspec, text, image);
    }
    support_row(tally, "%s, all of it", name);
    support_check(tally, count >= table->count, "\"%s\" is not told of",
                  count < table->count ? table->lines[count].columns[REFERENCE]
                                       : "");
    imgrw_manifest_free(manifest);
}

static void
test_possible(void **state)
{
    char *folder = fixture_folder("possible");
    char **names = fixture_names(folder, ".yaml");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; names[i]; i++) {
        imgrw_str text = fixture_read(folder, names[i], ".yaml");
        struct support_table table = {.count = 0};
        char table_name[64];

        snprintf(table_name, sizeof(table_name), "%s.tsv", names[i]);
        if (strcmp(names[i], "none") != 0)
            table = support_table_read(folder, table_name);
        check_file(&tally, names[i], text, &table);
        support_table_free(&table);
        free((char *)text.data);
    }
    fixture_names_free(names);
    free(folder);
    support_finish(&tally);
}

/* What is told of one file, against the rows with its name. */
static void
check_false_friend(struct support_tally *tally, const char *name,
                   imgrw_str text, const struct support_table *table)
{
    struct imgrw_manifest *manifest;
    const struct imgrw_image *image;
    size_t row = 0, index = 0;

    support_row(tally, "%s", name);
    manifest = parse(tally, text, NULL);
    for (; row < table->count; row++) {
        const struct support_line *line = &table->lines[row];

        if (strcmp(line->columns[FILE_NAME], name) != 0)
            continue;
        image = imgrw_manifest_possible(manifest, index++);
        support_check(tally,
                      image && image->at.line == fixture_number(line,
                                                                FILE_LINE),
                      "told of line %u, not %s", image ? image->at.line : 0,
                      line->columns[FILE_LINE]);
    }
    for (; (image = imgrw_manifest_possible(manifest, index)); index++)
        support_check(tally, false, "line %u: \"%.*s\" is told of",
                      image->at.line, (int)image->text.size, image->text.data);
    imgrw_manifest_free(manifest);
}

static void
test_false_friends(void **state)
{
    char *folder = fixture_folder("false-friends");
    char *tables = fixture_folder("possible");
    char **names = fixture_names(folder, ".yaml");
    struct support_table table =
        support_table_read(tables, "false-friends.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; names[i]; i++) {
        imgrw_str text = fixture_read(folder, names[i], ".yaml");

        check_false_friend(&tally, names[i], text, &table);
        free((char *)text.data);
    }
    support_table_free(&table);
    fixture_names_free(names);
    free(tables);
    free(folder);
    support_finish(&tally);
}

static void
test_nothing(void **state)
{
    struct imgrw_manifest *manifest;

    (void)state;
    assert_int_equal(imgrw_manifest_possible_count(NULL), 0);
    assert_null(imgrw_manifest_possible(NULL, 0));
    assert_int_equal(imgrw_manifest_parse(IMGRW_STR("a: b\n"), NULL, NULL,
                                          &manifest, NULL), IMGRW_OK);
    assert_int_equal(imgrw_manifest_possible_count(manifest), 0);
    assert_null(imgrw_manifest_possible(manifest, 0));
    imgrw_manifest_free(manifest);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_possible),
        cmocka_unit_test(test_false_friends),
        cmocka_unit_test(test_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
