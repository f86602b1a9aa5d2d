/*
 * The manifests of fixtures/kinds: where the images of pods are, and where none
 * are, though it looks as if.
 */
#include "fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column {
    LINE, COLUMN, WRITTEN, TEXT, FIELD, KIND, NAME, DOCUMENT, REASON, ANCHOR
};

static const char *
reason_word(enum imgrw_reason reason)
{
    static const char *const words[] = {
        [IMGRW_REASON_NONE] = "",
        [IMGRW_REASON_EMPTY] = "EMPTY",
        [IMGRW_REASON_NOT_STRING] = "NOT_STRING",
        [IMGRW_REASON_PLACEHOLDER] = "PLACEHOLDER",
        [IMGRW_REASON_MALFORMED] = "MALFORMED",
        [IMGRW_REASON_FILLED_IN] = "FILLED_IN",
    };

    return words[reason];
}

/* Checks a place against the columns that say where it should be. */
static void
check_place(struct support_tally *tally, const struct support_line *row,
            const struct imgrw_image *image, imgrw_str source)
{
    struct imgrw_location at = fixture_locate(source, image->at.offset);
    imgrw_str written = {source.data + image->at.offset, image->length};

    support_check(tally,
                  image->at.line == fixture_number(row, LINE) &&
                      image->at.column == fixture_number(row, COLUMN),
                  "at %u:%u, expected %s:%s", image->at.line, image->at.column,
                  row->columns[LINE], row->columns[COLUMN]);
    support_check(tally,
                  image->at.line == at.line && image->at.column == at.column,
                  "byte %zu is at %u:%u", image->at.offset, at.line, at.column);
    support_check_str(tally, "as written", written,
                      support_str(row->columns[WRITTEN]));
}

static void
check_anchor(struct support_tally *tally, const struct support_line *row,
             const struct imgrw_location *anchor)
{
    char text[32] = "";

    if (anchor->line > 0)
        snprintf(text, sizeof(text), "%u:%u", anchor->line, anchor->column);
    support_check_str(tally, "anchor", support_str(text),
                      support_str(row->columns[ANCHOR]));
}

/* The reference is there exactly when nothing speaks against it. */
static void
check_reference(struct support_tally *tally, const struct imgrw_image *image)
{
    struct imgrw_reference parsed = {0};
    enum imgrw_status status =
        imgrw_reference_parse(image->text, &parsed, NULL);

    if (image->reason != IMGRW_REASON_NONE)
        return;
    support_check(tally,
                  status == IMGRW_OK &&
                      imgrw_reference_equal(&parsed, &image->reference),
                  "the reference is another");
}

static void
check_image(struct support_tally *tally, const struct support_line *row,
            const struct imgrw_image *image, imgrw_str source)
{
    const struct {
        enum column column;
        const char *name;
        imgrw_str value;
    } texts[] = {
        {TEXT, "text", image->text},
        {FIELD, "field", image->field},
        {KIND, "kind", image->kind},
        {NAME, "name", image->name},
        {REASON, "reason", support_str(reason_word(image->reason))},
    };

    check_place(tally, row, image, source);
    for (size_t i = 0; i < SUPPORT_COUNT(texts); i++)
        support_check_str(tally, texts[i].name, texts[i].value,
                          support_str(row->columns[texts[i].column]));
    support_check(tally, image->document == fixture_number(row, DOCUMENT),
                  "document %zu, expected %s", image->document,
                  row->columns[DOCUMENT]);
    support_check(tally, image->image_class == IMGRW_CLASS_POD,
                  "class %d", image->image_class);
    check_anchor(tally, row, &image->anchor);
    check_reference(tally, image);
}

/* Checks the manifest NAME.yaml against the table NAME.tsv. */
static void
check_manifest(struct support_tally *tally, const char *folder,
               const char *name, struct imgrw_manifest *manifest,
               imgrw_str source)
{
    char table_name[64];
    struct support_table table;
    size_t count = imgrw_manifest_count(manifest);

    snprintf(table_name, sizeof(table_name), "%s.tsv", name);
    table = support_table_read(folder, table_name);
    for (size_t i = 0; i < table.count || i < count; i++) {
        const struct imgrw_image *image = imgrw_manifest_image(manifest, i);

        support_row(tally, "%s, image %zu", name, i);
        if (i >= table.count)
            support_check(tally, false, "not expected: \"%.*s\" on line %u",
                          (int)image->text.size, image->text.data,
                          image->at.line);
        else if (support_check(tally, image, "not found: \"%s\" on line %s",
                               table.lines[i].columns[TEXT],
                               table.lines[i].columns[LINE]))
            check_image(tally, &table.lines[i], image, source);
    }
    support_table_free(&table);
}

static void
check_file(struct support_tally *tally, const char *folder, const char *name)
{
    imgrw_str source = fixture_read(folder, name, ".yaml");
    struct imgrw_manifest *manifest = NULL;
    struct imgrw_error error = {.message = "success"};
    const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .find = IMGRW_FIND(IMGRW_CLASS_POD),
    };
    enum imgrw_status status =
        imgrw_manifest_parse(source, name, &options, &manifest, &error);

    support_row(tally, "%s", name);
    if (support_check(tally, status == IMGRW_OK, "%u:%u: %s", error.at.line,
                      error.at.column, error.message)) {
        support_check(tally, imgrw_manifest_warning_count(manifest) == 0,
                      "there are warnings");
        check_manifest(tally, folder, name, manifest, source);
    }
    imgrw_manifest_free(manifest);
    free((char *)source.data);
}

static int
is_manifest(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);

    return size > 5 && strcmp(entry->d_name + size - 5, ".yaml") == 0;
}

static void
test_kinds(void **state)
{
    char *folder = fixture_folder("kinds");
    struct support_tally tally = {0};
    struct dirent **entries;
    int count = scandir(folder, &entries, is_manifest, alphasort);

    (void)state;
    assert_true(count > 0);
    assert_int_equal(fixture_count(folder, ".tsv"), count);
    for (int i = 0; i < count; i++) {
        entries[i]->d_name[strlen(entries[i]->d_name) - 5] = '\0';
        check_file(&tally, folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    free(folder);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
