/*
 * The rows of fixtures/kots: what KOTS makes of an image, and what has to come
 * out here. Where that is not the same there is a reason, which the README of
 * the tables explains (tests/cli/test_overlay_kots.py holds them together).
 * Whatever comes out is given to the same rules again, which have to leave it
 * alone.
 */
#include "support.h"

#include <imgrewrite/files.h>
#include <imgrewrite/rules.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 512

/* What stands in the column `here` where no image comes out. */
#define RULE_REFUSED "(the rule is refused)"
#define IMAGE_REFUSED "(the image is refused)"
#define RESULT_REFUSED "(the result is refused)"

#define KOTS_FAILS "(an error)"

/* The last columns of a row, which are those of every table. */
struct vector {
    const char *image, *kots, *here, *reason;
};

static struct vector
vector_at(char **columns)
{
    return (struct vector){columns[0], columns[1], columns[2], columns[3]};
}

/* Whether the row says that nothing but an error comes out. */
static bool
is_refused(const struct vector *vector)
{
    return vector->here[0] == '(';
}

/* A row has a reason if there is something to explain. */
static void
check_reason(struct support_tally *tally, const struct vector *vector)
{
    bool alike = strcmp(vector->kots, KOTS_FAILS) == 0
                     ? is_refused(vector)
                     : strcmp(vector->kots, vector->here) == 0;

    support_check(tally, alike == (vector->reason[0] == '\0'),
                  "the reason \"%s\" cannot be right", vector->reason);
}

static struct imgrw_rules *
new_rules(void)
{
    struct imgrw_rules *rules;

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    return rules;
}

/* A set of one preset; NULL if that is refused, as the row may say. */
static struct imgrw_rules *
preset_rules(struct support_tally *tally, const char *preset, bool refused)
{
    struct imgrw_rules *rules = new_rules();
    struct imgrw_error error = {.message = "success"};
    enum imgrw_status status = imgrw_rules_add_preset(rules, preset, &error);

    if (support_check(tally, status == (refused ? IMGRW_ERR_RULE : IMGRW_OK),
                      "%s: status %d: %s", preset, status, error.message) &&
        status == IMGRW_OK)
        return rules;
    imgrw_rules_free(rules);
    return NULL;
}

/* Applies the rules to what they gave. */
static void
check_at_rest(struct support_tally *tally, const struct imgrw_rules *rules,
              imgrw_str text)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_error error = {.message = "success"};
    struct imgrw_outcome outcome = {.result = IMGRW_REWRITTEN};
    enum imgrw_status status =
        imgrw_rules_apply(rules, text, &buffer, &outcome, &error);

    if (support_check(tally, status == IMGRW_OK, "second run: status %d: %s",
                      status, error.message))
        support_check(tally, outcome.result != IMGRW_REWRITTEN,
                      "a second run gives %.*s", (int)outcome.text.size,
                      outcome.text.data);
}

static void
check_vector(struct support_tally *tally, const struct imgrw_rules *rules,
             const struct vector *vector)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_error error = {.message = "success"};
    struct imgrw_outcome outcome;
    enum imgrw_status expected =
        strcmp(vector->here, IMAGE_REFUSED) == 0    ? IMGRW_ERR_REFERENCE
        : strcmp(vector->here, RESULT_REFUSED) == 0 ? IMGRW_ERR_RULE
                                                    : IMGRW_OK;
    enum imgrw_status status = imgrw_rules_apply(
        rules, support_str(vector->image), &buffer, &outcome, &error);

    if (!support_check(tally, status == expected, "status %d: %s", status,
                       error.message) ||
        status != IMGRW_OK)
        return;
    support_check_str(tally, "image", outcome.text, support_str(vector->here));
    check_at_rest(tally, rules, outcome.text);
}

/* Runs a row with one preset. */
static void
run_preset(struct support_tally *tally, const char *preset,
           const struct vector *vector)
{
    bool refused = strcmp(vector->here, RULE_REFUSED) == 0;
    struct imgrw_rules *rules = preset_rules(tally, preset, refused);
    struct imgrw_error error = {.message = "success"};

    check_reason(tally, vector);
    if (!rules)
        return;
    support_check(tally,
                  imgrw_rules_check(rules, NULL, NULL, &error) == IMGRW_OK,
                  "%s: %s", preset, error.message);
    check_vector(tally, rules, vector);
    imgrw_rules_free(rules);
}

/* ---- tables ---------------------------------------------------------- */

typedef void row_fn(struct support_tally *tally, char **columns);

static void
run_table(const char *name, row_fn *run)
{
    struct support_table table = support_table_read(support_fixtures(), name);
    struct support_tally tally = {0};

    for (size_t i = 0; i < table.count; i++) {
        support_row(&tally, "%s", table.lines[i].columns[0]);
        run(&tally, table.lines[i].columns);
    }
    support_table_free(&table);
    support_finish(&tally);
}

static void
run_flattened(struct support_tally *tally, char **columns)
{
    const struct vector vector = vector_at(columns + 3);
    char preset[TEXT_MAX];

    snprintf(preset, sizeof(preset), "kots:host=%s,namespace=%s", columns[1],
             columns[2]);
    run_preset(tally, preset, &vector);
}

static void
run_proxied(struct support_tally *tally, char **columns)
{
    const struct vector vector = vector_at(columns + 4);
    char preset[TEXT_MAX];

    snprintf(preset, sizeof(preset), "replicated:host=%s,app=%s,port=%s",
             columns[1], columns[2], columns[3]);
    run_preset(tally, preset, &vector);
}

static void
run_domains(struct support_tally *tally, char **columns)
{
    const struct vector vector = vector_at(columns + 4);
    char preset[TEXT_MAX];

    snprintf(preset, sizeof(preset),
             "replicated:registry=%s,host=%s,port=%s,app=my-app", columns[1],
             columns[2], columns[3]);
    run_preset(tally, preset, &vector);
}

static void
run_renamed(struct support_tally *tally, char **columns)
{
    const struct vector vector = vector_at(columns + 3);
    struct imgrw_rules *rules = new_rules();
    struct imgrw_error error = {.message = "success"};
    char *place = columns[1];

    for (char *name; (name = strtok_r(place, " ", &place));) {
        const struct imgrw_override override = {
            .size = sizeof(override),
            .name = support_str(name),
            .new_name = support_str(columns[2]),
        };

        support_check(tally,
                      imgrw_rules_add_override(rules, &override, &error) ==
                          IMGRW_OK,
                      "%s: %s", name, error.message);
    }
    check_reason(tally, &vector);
    check_vector(tally, rules, &vector);
    imgrw_rules_free(rules);
}

static void
test_flattened(void **state)
{
    (void)state;
    run_table("kots/flattened.tsv", run_flattened);
}

static void
test_proxied(void **state)
{
    (void)state;
    run_table("kots/proxied.tsv", run_proxied);
}

static void
test_domains(void **state)
{
    (void)state;
    run_table("kots/domains.tsv", run_domains);
}

static void
test_renamed(void **state)
{
    (void)state;
    run_table("kots/renamed.tsv", run_renamed);
}

/* ---- collisions ------------------------------------------------------ */

#define COLLIDING 4 /* images in a row */

/* Runs over a file with both images, writing nothing. */
static enum imgrw_status
run_files(const struct imgrw_rules *rules, const char *one, const char *other,
          bool allowed, struct imgrw_error *error)
{
    const struct imgrw_run_options options = {
        .size = sizeof(options),
        .allow_collisions = allowed,
    };
    char *folder = support_temp_new();
    char *path = support_path(folder, "pod.yaml");
    struct imgrw_run *run;
    enum imgrw_status status;
    char text[TEXT_MAX];

    snprintf(text, sizeof(text),
             "kind: Pod\nspec:\n  containers:\n  - image: %s\n  - image: %s\n",
             one, other);
    support_write_file(path, support_str(text));
    assert_int_equal(imgrw_run_new(rules, &options, &run, error), IMGRW_OK);
    assert_int_equal(imgrw_run_add(run, path, error), IMGRW_OK);
    status = imgrw_run_plan(run, error);
    assert_int_equal(imgrw_run_summary(run)->images, 2);
    imgrw_run_free(run);
    free(path);
    support_temp_remove(folder);
    return status;
}

static void
check_pair(struct support_tally *tally, const struct imgrw_rules *rules,
           const char *one, const char *other)
{
    struct imgrw_error error = {.message = "success"};
    enum imgrw_status status = run_files(rules, one, other, false, &error);

    support_check(tally, status == IMGRW_ERR_RULE, "%s, %s: status %d: %s", one,
                  other, status, error.message);
    support_check(tally,
                  strstr(error.message, one) && strstr(error.message, other),
                  "%s and %s are not named: %s", one, other, error.message);
    status = run_files(rules, one, other, true, &error);
    support_check(tally, status == IMGRW_OK, "allowed, %s, %s: status %d: %s",
                  one, other, status, error.message);
}

/* Each image alone becomes what KOTS says; no two may meet. */
static void
run_collisions(struct support_tally *tally, char **columns)
{
    char **images = columns + 3, preset[TEXT_MAX];
    const char *kots = columns[3 + COLLIDING];
    struct imgrw_rules *rules;

    snprintf(preset, sizeof(preset), "kots:host=%s,namespace=%s", columns[1],
             columns[2]);
    rules = preset_rules(tally, preset, false);
    if (!rules)
        return;
    check_reason(tally, &(struct vector){images[0], kots, RESULT_REFUSED,
                                         columns[4 + COLLIDING]});
    for (size_t i = 0; i < COLLIDING; i++) {
        check_vector(tally, rules, &(struct vector){images[i], kots, kots, ""});
        for (size_t j = 0; j < i; j++)
            check_pair(tally, rules, images[j], images[i]);
    }
    imgrw_rules_free(rules);
}

static void
test_collisions(void **state)
{
    (void)state;
    run_table("kots/collisions.tsv", run_collisions);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flattened),
        cmocka_unit_test(test_proxied),
        cmocka_unit_test(test_domains),
        cmocka_unit_test(test_renamed),
        cmocka_unit_test(test_collisions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
