/*
 * The pairs of fixtures/shapes, where an image is more than a scalar: what is
 * found before, what becomes of it byte for byte, and that this stays as it is.
 * And the files of fixtures/false-friends, where nothing is found.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { LINE, CLASS, REFERENCE, FIELD, MARK };

static const char *
mark_of(const struct imgrw_image *image)
{
    if (image->ignored)
        return "ignored";
    if (image->reason == IMGRW_REASON_INEXACT)
        return "inexact";
    if (image->reason == IMGRW_REASON_FILLED_IN)
        return "filled-in";
    return image->is_override_name ? "matches" : "";
}

static void
check_image(struct support_tally *tally, const struct support_line *row,
            const struct imgrw_image *image, imgrw_str source)
{
    struct imgrw_location at = fixture_locate(source, image->at.offset);
    const struct {
        enum column column;
        const char *name;
        imgrw_str value;
    } texts[] = {
        {CLASS, "class", support_str(imgrw_class_name(image->image_class))},
        {REFERENCE, "reference", image->text},
        {FIELD, "field", image->field},
        {MARK, "mark", support_str(mark_of(image))},
    };

    for (size_t i = 0; i < SUPPORT_COUNT(texts); i++)
        support_check_str(tally, texts[i].name, texts[i].value,
                          support_str(row->columns[texts[i].column]));
    support_check(tally, image->at.line == fixture_number(row, LINE),
                  "on line %u, expected %s", image->at.line,
                  row->columns[LINE]);
    support_check(tally,
                  image->at.line == at.line && image->at.column == at.column,
                  "byte %zu is at %u:%u", image->at.offset, at.line, at.column);
}

/* The next image from `*index` on that is a reference, also one that cannot be
 * changed, or NULL. */
static const struct imgrw_image *
next_image(const struct imgrw_manifest *manifest, size_t *index)
{
    const struct imgrw_image *image;

    while ((image = imgrw_manifest_image(manifest, (*index)++)))
        if (imgrw_reason_names_image(image->reason) ||
            image->reason == IMGRW_REASON_INEXACT)
            return image;
    return NULL;
}

/* What is found against NAME.tsv. */
static void
check_list(struct fixture_run *run, imgrw_str source)
{
    char table_name[128];
    struct support_table table;
    const struct imgrw_image *image;
    size_t row = 0, index = 0;

    snprintf(table_name, sizeof(table_name), "%s.tsv", run->name);
    table = support_table_read(run->folder, table_name);
    while ((image = next_image(run->manifest, &index))) {
        support_row(run->tally, "%s, image %zu", run->name, row);
        if (row < table.count)
            check_image(run->tally, &table.lines[row], image, source);
        else
            support_check(run->tally, false, "not expected: \"%.*s\", line %u",
                          (int)image->text.size, image->text.data,
                          image->at.line);
        row++;
    }
    for (; row < table.count; row++) {
        support_row(run->tally, "%s, image %zu", run->name, row);
        support_check(run->tally, false, "not found: \"%s\", line %s",
                      table.lines[row].columns[REFERENCE],
                      table.lines[row].columns[LINE]);
    }
    support_table_free(&table);
}

/* The list, the new text, and that a second run has nothing to do. */
static void
check_pair(struct fixture_run *run, imgrw_str source, imgrw_str expected)
{
    support_row(run->tally, "%s", run->name);
    if (fixture_run_parse(run, source)) {
        check_list(run, source);
        support_row(run->tally, "%s, rewritten", run->name);
        if (fixture_run_plan(run))
            support_check_str(run->tally, "text", imgrw_plan_text(run->plan),
                              expected);
    }
    fixture_run_reset(run);
    support_row(run->tally, "%s, a second time", run->name);
    if (fixture_run_parse(run, expected) && fixture_run_plan(run)) {
        support_check(run->tally, imgrw_plan_count(run->plan) == 0,
                      "%zu edits", imgrw_plan_count(run->plan));
        support_check_str(run->tally, "text", imgrw_plan_text(run->plan),
                          expected);
    }
    fixture_run_reset(run);
}

static void
test_shapes(void **state)
{
    char *folder = fixture_folder("shapes");
    char **names = fixture_names(folder, ".in.yaml");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; names[i]; i++) {
        struct fixture_run run = {
            .tally = &tally,
            .folder = folder,
            .name = names[i],
        };
        imgrw_str source = fixture_read(folder, names[i], ".in.yaml");
        imgrw_str expected = fixture_read(folder, names[i], ".out.yaml");

        fixture_find_read(&run.find, folder, names[i]);
        run.rules = fixture_rules(&tally, folder, names[i]);
        check_pair(&run, source, expected);
        imgrw_rules_free(run.rules);
        fixture_find_free(&run.find);
        free((char *)source.data);
        free((char *)expected.data);
    }
    assert_int_equal(fixture_count(folder, ".out.yaml"),
                     fixture_count(folder, ".in.yaml"));
    assert_int_equal(fixture_count(folder, ".tsv"),
                     fixture_count(folder, ".in.yaml"));
    fixture_names_free(names);
    free(folder);
    support_finish(&tally);
}

/* Nothing is found, and so nothing is changed. */
static void
check_false_friend(struct fixture_run *run, imgrw_str source)
{
    const struct imgrw_image *image;
    size_t index = 0;

    support_row(run->tally, "%s", run->name);
    if (!fixture_run_parse(run, source))
        return;
    while ((image = fixture_next_reference(run->manifest, &index)))
        support_check(run->tally, false, "line %u: \"%.*s\" is no image",
                      image->at.line, (int)image->text.size, image->text.data);
    if (!fixture_run_plan(run))
        return;
    support_check(run->tally, imgrw_plan_count(run->plan) == 0, "%zu edits",
                  imgrw_plan_count(run->plan));
    support_check_str(run->tally, "text", imgrw_plan_text(run->plan), source);
}

static void
test_false_friends(void **state)
{
    char *folder = fixture_folder("false-friends");
    char *shapes = fixture_folder("shapes");
    char **names = fixture_names(folder, ".yaml");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; names[i]; i++) {
        struct fixture_run run = {
            .tally = &tally,
            .folder = folder,
            .name = names[i],
        };
        imgrw_str source = fixture_read(folder, names[i], ".yaml");

        fixture_find_read(&run.find, shapes, "default");
        run.rules = fixture_rules(&tally, shapes, "default");
        check_false_friend(&run, source);
        fixture_run_reset(&run);
        imgrw_rules_free(run.rules);
        fixture_find_free(&run.find);
        free((char *)source.data);
    }
    fixture_names_free(names);
    free(shapes);
    free(folder);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_false_friends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
