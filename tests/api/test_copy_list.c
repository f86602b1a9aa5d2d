/*
 * Lists of copies as a program sees them: what becomes of each image, what is
 * refused, and that memory and callers may stop them. What the copies are, in
 * every format, tests/cli/test_copies.py shows.
 */
#include "sink.h"

#include <imgrewrite/report.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a write function was given. */
static int
refuse(const char *data, size_t size, void *user)
{
    (void)data;
    (void)size;
    (void)user;
    return 1;
}

/* A text with its plan. */
struct planned {
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan;
};

static struct planned
plan(const struct imgrw_rules *rules, const char *text)
{
    static const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .find = IMGRW_FIND_ALL,
    };
    struct planned planned;

    assert_int_equal(imgrw_manifest_parse(support_str(text), "a.yaml", &options,
                                          &planned.manifest, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_plan_new(planned.manifest, rules, NULL,
                                    &planned.plan, NULL),
                     IMGRW_OK);
    return planned;
}

static void
free_planned(struct planned *planned)
{
    imgrw_plan_free(planned->plan);
    imgrw_manifest_free(planned->manifest);
}

static struct imgrw_copy_list *
new_list(void)
{
    struct imgrw_copy_list *list;

    assert_int_equal(imgrw_copy_list_new(&list, NULL), IMGRW_OK);
    return list;
}

static struct imgrw_rules *
hub_rules(void)
{
    struct imgrw_rules *rules;

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_prefix(rules, "docker.io",
                                            "r.example.com/hub", NULL),
                     IMGRW_OK);
    return rules;
}

#define POD(image) "kind: Pod\nspec:\n  containers:\n  - image: " image "\n"

static void
each_image_has_a_result(void **state)
{
    static const struct {
        const char *name, *text;
        enum imgrw_copy_result result;
        size_t count;
    } rows[] = {
        {"it moves", POD("nginx:1"), IMGRW_COPY_LISTED, 1},
        {"it stays", POD("quay.io/a"), IMGRW_COPY_UNMOVED, 0},
        {"it is ignored", POD("nginx # imgrewrite:ignore"), IMGRW_COPY_UNMOVED,
         0},
        {"it is no image", POD("${IMAGE}"), IMGRW_COPY_UNMOVED, 0},
        {"another tag", POD("quay.io/b"), IMGRW_COPY_IN_PLACE, 0},
        {"filled in later", POD("nginx:${TAG}"), IMGRW_COPY_FILLED_IN, 0},
        {"a digest filled in later", POD("nginx@sha256:${DIGEST}"),
         IMGRW_COPY_FILLED_IN, 0},
    };
    struct imgrw_rules *rules = hub_rules();
    struct support_tally tally = {0};

    (void)state;
    assert_int_equal(imgrw_rules_add_image(rules, "quay.io/b:2", NULL),
                     IMGRW_OK);
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct planned planned = plan(rules, rows[i].text);
        struct imgrw_copy_list *list = new_list();
        enum imgrw_copy_result result = (enum imgrw_copy_result)99;

        support_row(&tally, "%s", rows[i].name);
        support_check(&tally,
                      imgrw_copy_list_add(list, planned.plan, 0, &result,
                                          NULL) == IMGRW_OK,
                      "it failed");
        support_check(&tally, result == rows[i].result, "it is result %d",
                      (int)result);
        support_check(&tally, imgrw_copy_list_count(list) == rows[i].count,
                      "there are %zu copies", imgrw_copy_list_count(list));
        imgrw_copy_list_free(list);
        free_planned(&planned);
    }
    imgrw_rules_free(rules);
    support_finish(&tally);
}

/* The list outlives what it was made from, and may be written several times. */
static void
nothing_of_a_plan_is_kept(void **state)
{
    static const char expected[] =
        "crane copy docker.io/library/nginx:1 r.example.com/hub/library/nginx:1"
        "\n";
    struct imgrw_rules *rules = hub_rules();
    struct imgrw_copy_list *list = new_list();
    char *text = strdup(POD("nginx:1"));
    struct planned planned = plan(rules, text);
    enum imgrw_copy_result result;

    (void)state;
    assert_int_equal(imgrw_copy_list_add(list, planned.plan, 0, &result, NULL),
                     IMGRW_OK);
    free_planned(&planned);
    imgrw_rules_free(rules);
    free(text);
    for (int i = 0; i < 2; i++) {
        struct sink sink = {.size = 0};

        assert_int_equal(imgrw_copy_list_write(list, IMGRW_COPY_CRANE, take,
                                               &sink, NULL),
                         IMGRW_OK);
        assert_string_equal(sink.text, expected);
        assert_int_equal(sink.calls, 1);
    }
    imgrw_copy_list_free(list);
}

/* The place is that of the image which comes second; the first stays listed. */
static void
two_sources_for_one_place_are_refused(void **state)
{
    struct imgrw_rules *rules;
    struct imgrw_copy_list *list = new_list();
    enum imgrw_copy_result result = IMGRW_COPY_BASE;
    struct imgrw_error error;
    struct planned planned;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_image(rules, "nginx=q.io/x:1", NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_rules_add_image(rules, "redis=q.io/x:1", NULL),
                     IMGRW_OK);
    planned = plan(rules, POD("nginx") "  - image: redis\n");
    assert_int_equal(imgrw_copy_list_add(list, planned.plan, 0, &result, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_copy_list_add(list, planned.plan, 1, &result,
                                         &error),
                     IMGRW_ERR_RULE);
    assert_int_equal(error.at.line, 5);
    assert_non_null(strstr(error.message, "(a.yaml:4:12)"));
    assert_int_equal(imgrw_copy_list_count(list), 1);
    imgrw_copy_list_free(list);
    free_planned(&planned);
    imgrw_rules_free(rules);
}

/* An end that is so long that the full name has no room before it. */
static void
long_ends_are_filled_in(void **state)
{
    char key[1001], text[1100];
    struct imgrw_rules *rules = NULL;
    struct imgrw_copy_list *list = new_list();
    enum imgrw_copy_result result = IMGRW_COPY_LISTED;
    struct planned planned;

    (void)state;
    memset(key, 'A', sizeof(key) - 1);
    key[sizeof(key) - 1] = '\0';
    snprintf(text, sizeof(text), POD("nginx:${%s}"), key);
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_prefix(rules, "docker.io/library", "q.io",
                                            NULL),
                     IMGRW_OK);
    planned = plan(rules, text);
    assert_int_equal(imgrw_copy_list_add(list, planned.plan, 0, &result, NULL),
                     IMGRW_OK);
    assert_int_equal(result, IMGRW_COPY_FILLED_IN);
    imgrw_copy_list_free(list);
    free_planned(&planned);
    imgrw_rules_free(rules);
}

static void
arguments_are_checked(void **state)
{
    struct imgrw_rules *rules = hub_rules();
    struct planned planned = plan(rules, POD("nginx"));
    struct imgrw_copy_list *list = new_list();
    enum imgrw_copy_result result;
    const enum imgrw_status statuses[] = {
        imgrw_copy_list_new(NULL, NULL),
        imgrw_copy_list_add(NULL, planned.plan, 0, &result, NULL),
        imgrw_copy_list_add(list, NULL, 0, &result, NULL),
        imgrw_copy_list_add(list, planned.plan, 0, NULL, NULL),
        imgrw_copy_list_add(list, planned.plan, 1, &result, NULL),
        imgrw_copy_list_write(NULL, IMGRW_COPY_CRANE, take, NULL, NULL),
        imgrw_copy_list_write(list, IMGRW_COPY_CRANE, NULL, NULL, NULL),
        imgrw_copy_list_write(list, (enum imgrw_copy_format)9, take, NULL,
                              NULL),
    };

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(statuses); i++)
        assert_int_equal(statuses[i], IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_copy_list_count(NULL), 0);
    assert_int_equal(imgrw_copy_list_write(list, IMGRW_COPY_REGSYNC, refuse,
                                           NULL, NULL),
                     IMGRW_ERR_STOPPED);
    imgrw_copy_list_free(NULL);
    imgrw_copy_list_free(list);
    free_planned(&planned);
    imgrw_rules_free(rules);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_image_has_a_result),
        cmocka_unit_test(nothing_of_a_plan_is_kept),
        cmocka_unit_test(two_sources_for_one_place_are_refused),
        cmocka_unit_test(long_ends_are_filled_in),
        cmocka_unit_test(arguments_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
