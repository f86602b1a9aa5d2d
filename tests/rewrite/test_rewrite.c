/*
 * The pairs of fixtures/rewrite: a manifest, and what becomes of it, byte for
 * byte. What comes out is put in again, and then nothing may change.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

enum column { CASE, EDITS, SINGLE_PROOFS, WARNINGS };

enum refused_column { REFUSED_CASE, LINE, COLUMN, MESSAGE };

static const struct fixture_find usual = {
    .options.size = sizeof(usual.options),
};

/* What an edit says of itself: where it is, and that it changes something. */
static void
check_edit(const struct fixture_run *run, imgrw_str source, size_t index)
{
    const struct imgrw_edit *edit = imgrw_plan_edit(run->plan, index);
    const struct imgrw_decision *decision =
        imgrw_plan_decision(run->plan, edit->image);
    struct imgrw_location at = fixture_locate(source, edit->at.offset);

    support_check(run->tally,
                  edit->at.line == at.line && edit->at.column == at.column,
                  "edit %zu is at %u:%u and says %u:%u", index, at.line,
                  at.column, edit->at.line, edit->at.column);
    support_check(run->tally, edit->at.path && !strcmp(edit->at.path, "case"),
                  "edit %zu has lost its path", index);
    support_check(run->tally,
                  decision && decision->edit == index &&
                      decision->outcome.result == IMGRW_REWRITTEN,
                  "the image of edit %zu knows of another", index);
}

/* The edits applied to the old text by hand; the caller frees `data`. */
static imgrw_str
apply_edits(const struct fixture_run *run, imgrw_str source)
{
    size_t size = source.size, from = 0, to = 0;
    char *bytes;

    for (size_t i = 0; i < imgrw_plan_count(run->plan); i++)
        size += imgrw_plan_edit(run->plan, i)->replacement.size;
    bytes = malloc(size + 1);
    assert_non_null(bytes);
    for (size_t i = 0; i < imgrw_plan_count(run->plan); i++) {
        const struct imgrw_edit *edit = imgrw_plan_edit(run->plan, i);

        assert_true(edit->at.offset >= from);
        assert_true(edit->at.offset + edit->length <= source.size);
        memcpy(bytes + to, source.data + from, edit->at.offset - from);
        to += edit->at.offset - from;
        memcpy(bytes + to, edit->replacement.data, edit->replacement.size);
        to += edit->replacement.size;
        from = edit->at.offset + edit->length;
        check_edit(run, source, i);
    }
    memcpy(bytes + to, source.data + from, source.size - from);
    return (imgrw_str){bytes, to + source.size - from};
}

static void
check_result(struct fixture_run *run, const struct support_line *row,
             imgrw_str source, imgrw_str expected)
{
    imgrw_str applied = apply_edits(run, source);
    size_t edits = imgrw_plan_count(run->plan);
    size_t single = imgrw_plan_unwitnessed_count(run->plan);
    size_t warnings = imgrw_manifest_warning_count(run->manifest);

    support_check_str(run->tally, "text", imgrw_plan_text(run->plan), expected);
    support_check_str(run->tally, "edits applied by hand", applied, expected);
    support_check_str(run->tally, "source", imgrw_plan_source(run->plan),
                      source);
    support_check(run->tally, edits == fixture_number(row, EDITS),
                  "%zu edits, expected %s", edits, row->columns[EDITS]);
    support_check(run->tally, single == fixture_number(row, SINGLE_PROOFS),
                  "libyaml alone proved %zu documents, expected %s", single,
                  row->columns[SINGLE_PROOFS]);
    support_check(run->tally, warnings == fixture_number(row, WARNINGS),
                  "%zu warnings, expected %s", warnings,
                  row->columns[WARNINGS]);
    free((char *)applied.data);
}

/* The second run. */
static void
check_again(struct fixture_run *run, imgrw_str text)
{
    if (fixture_run_parse(run, text) && fixture_run_plan(run)) {
        support_check(run->tally, imgrw_plan_count(run->plan) == 0,
                      "a second run makes %zu edits",
                      imgrw_plan_count(run->plan));
        support_check_str(run->tally, "the second run's text",
                          imgrw_plan_text(run->plan), text);
    }
    fixture_run_reset(run);
}

static void
test_pairs(void **state)
{
    char *folder = fixture_folder("rewrite");
    struct support_table table = support_table_read(folder, "cases.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        const struct support_line *row = &table.lines[i];
        const char *name = row->columns[CASE];
        imgrw_str source = fixture_read(folder, name, ".in.yaml");
        imgrw_str expected = fixture_read(folder, name, ".out.yaml");
        struct fixture_run run = {
            .tally = &tally, .name = "case", .find = usual};

        support_row(&tally, "%s", name);
        run.rules = fixture_rules(&tally, folder, name);
        if (fixture_run_parse(&run, source) && fixture_run_plan(&run))
            check_result(&run, row, source, expected);
        fixture_run_reset(&run);
        check_again(&run, expected);
        imgrw_rules_free(run.rules);
        free((char *)source.data);
        free((char *)expected.data);
    }
    assert_int_equal(fixture_count(folder, ".in.yaml"), table.count);
    support_table_free(&table);
    free(folder);
    support_finish(&tally);
}

/* Plans for a text that must not be edited, whatever the proof. */
static void
check_refused(struct support_tally *tally, const struct support_line *row,
              const struct imgrw_manifest *manifest,
              const struct imgrw_rules *rules)
{
    struct imgrw_plan *plan = NULL;
    struct imgrw_error error = {.message = "success"};
    enum imgrw_status status =
        imgrw_plan_new(manifest, rules, NULL, &plan, &error);

    support_check(tally, !plan, "there is a plan");
    imgrw_plan_free(plan);
    if (!support_check(tally, status == IMGRW_ERR_EDIT, "status %d: %s", status,
                       error.message))
        return;
    support_check(tally,
                  error.at.line == fixture_number(row, LINE) &&
                      error.at.column == fixture_number(row, COLUMN),
                  "at %u:%u, expected %s:%s", error.at.line, error.at.column,
                  row->columns[LINE], row->columns[COLUMN]);
    support_check(tally, error.status == status, "the error says %d",
                  error.status);
    fixture_check_message(tally, row, MESSAGE, error.message);
}

static void
test_refused(void **state)
{
    char *folder = fixture_folder("rewrite"), *cases;
    struct support_table table = support_table_read(folder, "refused.tsv");
    struct support_tally tally = {0};

    (void)state;
    cases = support_path(folder, "refused/");
    for (size_t i = 0; i < table.count; i++) {
        const struct support_line *row = &table.lines[i];
        const char *name = row->columns[REFUSED_CASE];
        imgrw_str text = fixture_read(cases, name, ".yaml");
        struct imgrw_rules *rules = fixture_rules(&tally, folder, name);
        const struct imgrw_parse_options options = {
            .size = sizeof(options),
            .find = IMGRW_FIND_ALL,
        };
        struct imgrw_manifest *manifest = NULL;

        support_row(&tally, "%s", name);
        if (support_check(&tally,
                          imgrw_manifest_parse(text, NULL, &options, &manifest,
                                               NULL) == IMGRW_OK,
                          "it does not parse"))
            check_refused(&tally, row, manifest, rules);
        imgrw_manifest_free(manifest);
        imgrw_rules_free(rules);
        free((char *)text.data);
    }
    assert_int_equal(fixture_count(cases, ".yaml"), table.count);
    support_table_free(&table);
    free(cases);
    free(folder);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
