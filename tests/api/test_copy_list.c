/*
 * Lists of copies as a program sees them: what becomes of each image, which
 * copies there are, what is refused, and that memory and callers may stop them.
 * What the copies are, in every format, tests/cli/test_copies.py shows.
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

/* Two images become one. */
static struct imgrw_rules *
contradictory_rules(void)
{
    struct imgrw_rules *rules;

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_image(rules, "nginx=q.io/x:1", NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_rules_add_image(rules, "redis=q.io/x:1", NULL),
                     IMGRW_OK);
    return rules;
}

/* The place is that of the image which comes second; the first stays listed. */
static void
two_sources_for_one_place_are_refused(void **state)
{
    struct imgrw_rules *rules = contradictory_rules();
    struct imgrw_copy_list *list = new_list();
    enum imgrw_copy_result result = IMGRW_COPY_BASE;
    struct imgrw_error error;
    struct planned planned;

    (void)state;
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

#define D1 \
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define D2 \
    "sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define NEXT(image) "  - image: " image "\n"
#define OLD "docker.io/library/nginx"
#define NEW "r.example.com/hub/library/nginx"

/* Adds all images of a text. */
static void
add_all(struct imgrw_copy_list *list, const struct imgrw_rules *rules,
        const char *text)
{
    struct planned planned = plan(rules, text);
    enum imgrw_copy_result result;

    for (size_t i = 0; i < imgrw_manifest_count(planned.manifest); i++)
        assert_int_equal(
            imgrw_copy_list_add(list, planned.plan, i, &result, NULL),
            IMGRW_OK);
    free_planned(&planned);
}

static bool
says(imgrw_str text, const char *expected)
{
    return support_equal(text, support_str(expected));
}

/* What is expected of a copy. */
struct expected_item {
    const char *source, *target, *digest, *written;
    unsigned line;
};

static bool
is_as_expected(const struct imgrw_copy *item,
               const struct expected_item *expected)
{
    return item && says(item->source, expected->source) &&
           says(item->target, expected->target) &&
           says(item->digest, expected->digest) &&
           says(item->written, expected->written) &&
           strcmp(item->at.path, "a.yaml") == 0 &&
           item->at.line == expected->line;
}

static void
each_copy_is_an_item(void **state)
{
    static const struct {
        const char *name, *text;
        struct expected_item items[3];
    } rows[] = {
        {"none", POD("quay.io/a"), {{0}}},
        {"a tag", POD("nginx:1"), {{OLD ":1", NEW ":1", "", "nginx:1", 4}}},
        {"no tag", POD("nginx"),
         {{OLD ":latest", NEW ":latest", "", "nginx", 4}}},
        {"a digest", POD("nginx@" D1),
         {{OLD "@" D1, NEW "@" D1, D1, "nginx@" D1, 4}}},
        {"both", POD("nginx:1@" D1),
         {{OLD "@" D1, NEW ":1@" D1, D1, "nginx:1@" D1, 4}}},
        {"each once, in their order", POD("nginx:2") NEXT("nginx:1")
         NEXT("docker.io/nginx:2"),
         {{OLD ":2", NEW ":2", "", "nginx:2", 4},
          {OLD ":1", NEW ":1", "", "nginx:1", 5}}},
        {"a tag that is given up", POD("nginx:1@" D1) NEXT("nginx:1"),
         {{OLD "@" D1, NEW ":1@" D1, D1, "nginx:1@" D1, 4},
          {OLD ":1", NEW ":1", "", "nginx:1", 5}}},
        {"the first is what another does",
         POD("nginx:1@" D1) NEXT("nginx@" D1) NEXT("nginx:1@" D2),
         {{OLD "@" D1, NEW "@" D1, D1, "nginx@" D1, 5},
          {OLD "@" D2, NEW ":1@" D2, D2, "nginx:1@" D2, 6}}},
        {"the last is", POD("nginx:1") NEXT("nginx@" D1) NEXT("nginx:1@" D1),
         {{OLD ":1", NEW ":1", "", "nginx:1", 4},
          {OLD "@" D1, NEW "@" D1, D1, "nginx@" D1, 5}}},
        {"a digest that becomes a tag", POD("exact@" D1),
         {{"docker.io/library/exact@" D1, "q.io/exact:1", D1, "exact@" D1,
           4}}},
    };
    struct imgrw_rules *rules = hub_rules();
    struct support_tally tally = {0};

    (void)state;
    imgrw_rules_begin_map(rules);
    assert_int_equal(imgrw_rules_add_exact(rules, support_str("exact@" D1),
                                           support_str("q.io/exact:1"), NULL),
                     IMGRW_OK);
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_copy_list *list = new_list();
        size_t k = 0;

        support_row(&tally, "%s", rows[i].name);
        add_all(list, rules, rows[i].text);
        for (; k < 3 && rows[i].items[k].source; k++)
            support_check(&tally,
                          is_as_expected(imgrw_copy_list_item(list, k),
                                         &rows[i].items[k]),
                          "number %zu is another", k);
        support_check(&tally, !imgrw_copy_list_item(list, k), "there are more");
        support_check(&tally, imgrw_copy_list_count(list) == k,
                      "there are %zu", imgrw_copy_list_count(list));
        imgrw_copy_list_free(list);
    }
    imgrw_rules_free(rules);
    support_finish(&tally);
}

/* What is left out is not written, keeps its number, and its place is taken. */
static void
copies_are_left_out(void **state)
{
    static const struct {
        const char *name;
        size_t left_out[3]; /* ended by 9 */
        const char *crane, *regsync;
    } rows[] = {
        {"none", {9}, "crane copy " OLD ":1 " NEW ":1\n"
         "crane copy " OLD "@" D1 " " NEW "@" D1 "\n", NULL},
        {"the tag, whose digest keeps its name", {1, 9},
         "crane copy " OLD "@" D1 " " NEW "@" D1 "\n",
         "version: 1\nsync:\n- source: \"" OLD "@" D1 "\"\n  target: \"" NEW
         "@" D1 "\"\n  type: image\n"},
        {"the digest", {0, 9}, "crane copy " OLD ":1 " NEW ":1\n", NULL},
        {"one of them twice", {0, 0, 9}, "crane copy " OLD ":1 " NEW ":1\n",
         NULL},
        {"all", {0, 1, 9}, "", "version: 1\nsync: []\n"},
    };
    struct imgrw_rules *rules = hub_rules();
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_copy_list *list = new_list();
        struct sink crane = {.size = 0}, regsync = {.size = 0};

        support_row(&tally, "%s", rows[i].name);
        add_all(list, rules, POD("nginx:1@" D1) NEXT("nginx:1"));
        for (size_t k = 0; rows[i].left_out[k] != 9; k++)
            assert_int_equal(imgrw_copy_list_leave_out(
                                 list, rows[i].left_out[k], NULL),
                             IMGRW_OK);
        assert_int_equal(imgrw_copy_list_write(list, IMGRW_COPY_CRANE, take,
                                               &crane, NULL),
                         IMGRW_OK);
        assert_int_equal(imgrw_copy_list_write(list, IMGRW_COPY_REGSYNC, take,
                                               &regsync, NULL),
                         IMGRW_OK);
        support_check(&tally, strcmp(crane.text, rows[i].crane) == 0, "%s",
                      crane.text);
        support_check(&tally,
                      !rows[i].regsync ||
                          strcmp(regsync.text, rows[i].regsync) == 0,
                      "%s", regsync.text);
        support_check(&tally, imgrw_copy_list_count(list) == 2,
                      "the list is shorter");
        imgrw_copy_list_free(list);
    }
    imgrw_rules_free(rules);
    support_finish(&tally);
}

/* References are taken as manifests' images are. */
static void
references_are_added(void **state)
{
    static const struct {
        const char *name, *reference;
        enum imgrw_status status;
        enum imgrw_copy_result result;
        const char *target; /* of the only copy; NULL: there is none */
    } rows[] = {
        {"it moves", "nginx:1", IMGRW_OK, IMGRW_COPY_LISTED, NEW ":1"},
        {"with a digest", "nginx:1@" D1, IMGRW_OK, IMGRW_COPY_LISTED,
         NEW ":1@" D1},
        {"it stays", "quay.io/a", IMGRW_OK, IMGRW_COPY_UNMOVED, NULL},
        {"it is excluded", "redis", IMGRW_OK, IMGRW_COPY_UNMOVED, NULL},
        {"another tag", "quay.io/b", IMGRW_OK, IMGRW_COPY_IN_PLACE, NULL},
        {"filled in later", "nginx:${TAG}", IMGRW_OK, IMGRW_COPY_FILLED_IN,
         NULL},
        {"what moves it is", "quay.io/c:${TAG}", IMGRW_OK,
         IMGRW_COPY_FILLED_IN, NULL},
        {"no reference", "a//b", IMGRW_ERR_REFERENCE, (enum imgrw_copy_result)9,
         NULL},
    };
    const struct imgrw_location at = {.path = "list", .line = 7, .column = 1};
    struct imgrw_rules *rules = hub_rules();
    struct support_tally tally = {0};

    (void)state;
    assert_int_equal(imgrw_rules_add_image(rules, "quay.io/b:2", NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_rules_add_exclude(rules, "redis", NULL), IMGRW_OK);
    imgrw_rules_begin_map(rules);
    assert_int_equal(imgrw_rules_add_exact(rules, support_str("quay.io/c:1"),
                                           support_str("q.io/c:1"), NULL),
                     IMGRW_OK);
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_copy_list *list = new_list();
        enum imgrw_copy_result result = (enum imgrw_copy_result)9;
        struct imgrw_error error = {.status = IMGRW_OK};
        const struct imgrw_copy *item;
        enum imgrw_status status = imgrw_copy_list_add_reference(
            list, rules, support_str(rows[i].reference), &at, &result, &error);

        support_row(&tally, "%s", rows[i].name);
        item = imgrw_copy_list_item(list, 0);
        support_check(&tally, status == rows[i].status, "its status is %d",
                      (int)status);
        support_check(&tally, result == rows[i].result, "it is result %d",
                      (int)result);
        support_check(&tally,
                      (item != NULL) == (rows[i].target != NULL) &&
                          (!item || (says(item->target, rows[i].target) &&
                                     says(item->written, rows[i].reference) &&
                                     item->at.line == 7)),
                      "it is another copy");
        support_check(&tally,
                      status == IMGRW_OK ||
                          (error.at.line == 7 &&
                           strcmp(error.at.path, "list") == 0),
                      "the error has no place");
        imgrw_copy_list_free(list);
    }
    imgrw_rules_free(rules);
    support_finish(&tally);
}

/* Without a place, the message has none. */
static void
references_may_contradict(void **state)
{
    struct imgrw_rules *rules = contradictory_rules();
    struct imgrw_copy_list *list = new_list();
    enum imgrw_copy_result result;
    struct imgrw_error error;

    (void)state;
    assert_int_equal(imgrw_copy_list_add_reference(
                         list, rules, support_str("nginx"), NULL, &result,
                         NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_copy_list_leave_out(list, 0, NULL), IMGRW_OK);
    assert_int_equal(imgrw_copy_list_add_reference(
                         list, rules, support_str("redis"), NULL, &result,
                         &error),
                     IMGRW_ERR_RULE);
    assert_string_equal(error.message,
                        "redis would be copied to q.io/x:1, and so would "
                        "nginx, which is another image");
    imgrw_copy_list_free(list);
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
        imgrw_copy_list_add_reference(NULL, rules, support_str("a"), NULL,
                                      &result, NULL),
        imgrw_copy_list_add_reference(list, NULL, support_str("a"), NULL,
                                      &result, NULL),
        imgrw_copy_list_add_reference(list, rules, support_str("a"), NULL, NULL,
                                      NULL),
        imgrw_copy_list_leave_out(NULL, 0, NULL),
        imgrw_copy_list_leave_out(list, 0, NULL),
        imgrw_copy_list_write(NULL, IMGRW_COPY_CRANE, take, NULL, NULL),
        imgrw_copy_list_write(list, IMGRW_COPY_CRANE, NULL, NULL, NULL),
        imgrw_copy_list_write(list, (enum imgrw_copy_format)9, take, NULL,
                              NULL),
    };

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(statuses); i++)
        assert_int_equal(statuses[i], IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_copy_list_count(NULL), 0);
    assert_null(imgrw_copy_list_item(NULL, 0));
    assert_null(imgrw_copy_list_item(list, 0));
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
        cmocka_unit_test(each_copy_is_an_item),
        cmocka_unit_test(copies_are_left_out),
        cmocka_unit_test(references_are_added),
        cmocka_unit_test(references_may_contradict),
        cmocka_unit_test(arguments_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
