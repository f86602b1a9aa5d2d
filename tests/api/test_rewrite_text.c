/*
 * imgrw_rewrite: a text in one call.
 */
#include "support.h"

#include <imgrewrite/rewrite.h>

#include <string.h>

#define POD(image) "kind: Pod\nspec:\n  containers:\n  - image: " image "\n"

/* A cmocka state. */
static int
set_up(void **state)
{
    struct imgrw_rules *rules;

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_prefix(rules, "docker.io",
                                            "r.example.com/hub", NULL),
                     IMGRW_OK);
    *state = rules;
    return 0;
}

static int
tear_down(void **state)
{
    imgrw_rules_free(*state);
    return 0;
}

static void
texts_become_what_the_rules_say(void **state)
{
    static const struct {
        const char *name, *text, *expected;
        size_t edits;
    } rows[] = {
        {"an image", POD("nginx:1"), POD("r.example.com/hub/library/nginx:1"),
         1},
        {"another registry's", POD("quay.io/x:1"), POD("quay.io/x:1"), 0},
        {"no image", "a: 1\n", "a: 1\n", 0},
        {"nothing", "", "", 0},
    };
    struct support_tally tally = {0};

    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_plan *plan;

        support_row(&tally, "%s", rows[i].name);
        assert_int_equal(imgrw_rewrite(support_str(rows[i].text), *state, NULL,
                                       &plan, NULL),
                         IMGRW_OK);
        support_check_str(&tally, "the text", imgrw_plan_text(plan),
                          support_str(rows[i].expected));
        support_check(&tally, imgrw_plan_count(plan) == rows[i].edits,
                      "%zu edits", imgrw_plan_count(plan));
        imgrw_plan_free(plan);
    }
    support_finish(&tally);
}

static void
no_rules_change_nothing(void **state)
{
    struct imgrw_plan *plan;

    (void)state;
    assert_int_equal(
        imgrw_rewrite(support_str(POD("nginx")), NULL, NULL, &plan, NULL),
        IMGRW_OK);
    assert_true(support_equal(imgrw_plan_text(plan),
                              support_str(POD("nginx"))));
    assert_int_equal(imgrw_manifest_count(imgrw_plan_manifest(plan)), 1);
    imgrw_plan_free(plan);
}

static void
errors_say_where(void **state)
{
    const struct imgrw_rewrite_options options = {
        .size = sizeof(options),
        .path = "a.yaml",
    };
    struct imgrw_plan *plan = NULL;
    struct imgrw_error error;

    assert_int_equal(
        imgrw_rewrite(support_str("a: [1"), *state, &options, &plan, &error),
        IMGRW_ERR_SYNTAX);
    assert_ptr_equal(error.at.path, options.path);
    assert_int_equal(error.at.column, 6);
    assert_int_equal(imgrw_rewrite(support_str(POD("!x nginx")), *state,
                                   &options, &plan, &error),
                     IMGRW_ERR_EDIT);
    assert_ptr_equal(error.at.path, options.path);
    assert_int_equal(error.at.line, 4);
    assert_null(plan);
}

static void
arguments_are_checked(void **state)
{
    static const struct imgrw_rewrite_options no_size;
    static const struct imgrw_parse_options no_parse_size;
    const struct imgrw_rewrite_options options = {
        .size = sizeof(options),
        .parse = &no_parse_size,
    };
    const imgrw_str text = support_str(POD("nginx"));
    struct imgrw_plan *plan = NULL;

    assert_int_equal(imgrw_rewrite(text, *state, NULL, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_rewrite(text, *state, &no_size, &plan, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_rewrite(text, *state, &options, &plan, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_null(plan);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(texts_become_what_the_rules_say),
        TEST(no_rules_change_nothing),
        TEST(errors_say_where),
        TEST(arguments_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
