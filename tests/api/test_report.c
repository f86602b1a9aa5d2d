/*
 * Reports as a program sees them: what they hold, what they refuse, and that a
 * callback can stop them at any point.
 */
#include "sink.h"

#include <imgrewrite/report.h>

#include <stdlib.h>
#include <string.h>

#define POD "kind: Pod\nspec:\n  containers:\n  - image: nginx:1\n"

/* What a write function was given; it refuses call number `stop_at`. */
static imgrw_str
taken(const struct sink *sink)
{
    return (imgrw_str){sink->text, sink->size};
}

/* A manifest, rules and a plan; a cmocka state. */
struct planned {
    struct imgrw_manifest *manifest;
    struct imgrw_rules *rules;
    struct imgrw_plan *plan;
};

static int
set_up(void **state)
{
    struct planned *planned = calloc(1, sizeof(*planned));

    assert_non_null(planned);
    assert_int_equal(imgrw_rules_new(&planned->rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_prefix(planned->rules, "docker.io",
                                            "r.example.com/hub", NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_manifest_parse(support_str(POD), "a.yaml", NULL,
                                          &planned->manifest, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_plan_new(planned->manifest, planned->rules, NULL,
                                    &planned->plan, NULL),
                     IMGRW_OK);
    *state = planned;
    return 0;
}

static int
tear_down(void **state)
{
    struct planned *planned = *state;

    imgrw_plan_free(planned->plan);
    imgrw_manifest_free(planned->manifest);
    imgrw_rules_free(planned->rules);
    free(planned);
    return 0;
}

#define IMAGE \
    "\"class\": \"pod\", \"apiVersion\": null, \"kind\": \"Pod\", " \
    "\"name\": null, \"namespace\": null, \"document\": 0, " \
    "\"field\": \"spec/containers/0/image\", \"line\": 4, \"column\": 12, " \
    "\"offset\": 41, \"length\": 7, \"old\": \"nginx:1\""

static enum imgrw_status
write_report(const struct planned *planned, const struct imgrw_rules *rules,
             struct sink *sink)
{
    const struct imgrw_error failure = {
        .status = IMGRW_ERR_SYNTAX,
        .at = {.line = 2, .column = 3},
        .message = "not \"good\"",
    };
    struct imgrw_report *report;
    enum imgrw_status status =
        imgrw_report_new(rules, take, sink, &report, NULL);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_report_add(report, "a.yaml", IMGRW_FILE_REWRITTEN,
                              planned->plan, NULL, NULL);
    if (status == IMGRW_OK)
        status = imgrw_report_add(report, "b.yaml", IMGRW_FILE_ERROR, NULL,
                                  &failure, NULL);
    if (status == IMGRW_OK)
        status = imgrw_report_finish(report, NULL);
    imgrw_report_free(report);
    return status;
}

static void
report_of_two_files(void **state)
{
    static const char expected[] =
        "{\"version\": 1,\n \"files\": [\n"
        "  {\"path\": \"a.yaml\", \"status\": \"rewritten\", \"images\": [\n"
        "   {" IMAGE ", \"new\": \"r.example.com/hub/library/nginx:1\", "
        "\"rule\": \"prefix docker.io\", \"edits\": [{\"offset\": 41, "
        "\"length\": 7, \"old\": \"nginx:1\", "
        "\"new\": \"r.example.com/hub/library/nginx:1\"}]}]},\n"
        "  {\"path\": \"b.yaml\", \"status\": \"error\", \"error\": "
        "{\"status\": \"not YAML\", \"line\": 2, \"column\": 3, "
        "\"message\": \"not \\\"good\\\"\"}, \"images\": []}],\n"
        " \"rules\": [\n  {\"rule\": \"prefix docker.io\", \"matched\": 1}],\n"
        " \"summary\": {\"files\": 2, \"rewritten\": 1, \"images\": 1, "
        "\"edits\": 1, \"errors\": 1, \"skipped\": 0, "
        "\"possible\": 0}}\n";
    const struct planned *planned = *state;
    struct sink sink = {.size = 0};

    assert_int_equal(write_report(planned, planned->rules, &sink), IMGRW_OK);
    assert_string_equal(sink.text, expected);
}

/* Without rules every image is left alone. */
static void
report_without_rules(void **state)
{
    struct planned planned = *(struct planned *)*state;
    struct sink sink = {.size = 0};

    assert_int_equal(
        imgrw_plan_new(planned.manifest, NULL, NULL, &planned.plan, NULL),
        IMGRW_OK);
    assert_null(imgrw_plan_rules(planned.plan));
    assert_int_equal(imgrw_plan_count(planned.plan), 0);
    assert_int_equal(write_report(&planned, NULL, &sink), IMGRW_OK);
    assert_non_null(strstr(sink.text, IMAGE ", \"new\": null, \"rule\": null, "
                                            "\"reason\": \"no rule matches\""));
    assert_non_null(strstr(sink.text, "\"rules\": []"));
    imgrw_plan_free(planned.plan);
}

static void
list_of_images(void **state)
{
    static const char expected[] =
        "[\n  {\"path\": \"a.yaml\", " IMAGE "},\n"
        "  {\"path\": \"a.yaml\", " IMAGE "}]\n";
    const struct planned *planned = *state;
    struct imgrw_list_report *list;
    struct sink sink = {.size = 0};

    assert_int_equal(imgrw_list_report_new(take, &sink, &list, NULL), IMGRW_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(imgrw_list_report_add(list, planned->manifest, NULL),
                         IMGRW_OK);
    assert_int_equal(imgrw_list_report_finish(list, NULL), IMGRW_OK);
    imgrw_list_report_free(list);
    assert_string_equal(sink.text, expected);
}

static enum imgrw_status
write_list(const struct planned *planned, struct sink *sink)
{
    struct imgrw_list_report *list;
    enum imgrw_status status = imgrw_list_report_new(take, sink, &list, NULL);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_list_report_add(list, planned->manifest, NULL);
    if (status == IMGRW_OK)
        status = imgrw_list_report_finish(list, NULL);
    imgrw_list_report_free(list);
    return status;
}

static void
writing_can_be_stopped(void **state)
{
    const struct planned *planned = *state;

    for (size_t stop = 1; stop <= 5; stop++) {
        struct sink report = {.stop_at = stop}, list = {.stop_at = stop};

        assert_int_equal(write_report(planned, planned->rules, &report),
                         stop <= 4 ? IMGRW_ERR_STOPPED : IMGRW_OK);
        assert_int_equal(report.calls, stop <= 4 ? stop : 4);
        assert_int_equal(write_list(planned, &list),
                         stop <= 3 ? IMGRW_ERR_STOPPED : IMGRW_OK);
    }
}

/* A plan of other rules would be counted for rules that are not there. */
static void
plans_of_other_rules_are_refused(void **state)
{
    const struct planned *planned = *state;
    const struct imgrw_rules *others[2] = {NULL};
    struct imgrw_rules *empty;
    struct imgrw_error error;

    assert_int_equal(imgrw_rules_new(&empty, NULL), IMGRW_OK);
    others[1] = empty;
    for (size_t i = 0; i < SUPPORT_COUNT(others); i++) {
        struct imgrw_report *report;
        struct sink sink = {.size = 0};

        assert_int_equal(
            imgrw_report_new(others[i], take, &sink, &report, NULL), IMGRW_OK);
        assert_int_equal(imgrw_report_add(report, "a.yaml",
                                          IMGRW_FILE_REWRITTEN, planned->plan,
                                          NULL, &error),
                         IMGRW_ERR_ARGUMENT);
        assert_non_null(strstr(error.message, "other rules"));
        imgrw_report_free(report);
    }
    imgrw_rules_free(empty);
}

/* Nor has a report numbers for rules that came after it. */
static void
plans_of_later_rules_are_refused(void **state)
{
    struct planned *planned = *state;
    struct imgrw_report *report;
    struct imgrw_plan *plan;
    struct sink sink = {.size = 0};

    assert_int_equal(
        imgrw_report_new(planned->rules, take, &sink, &report, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_prefix(planned->rules, "nginx",
                                            "r.example.com/web", NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_plan_new(planned->manifest, planned->rules, NULL,
                                    &plan, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_report_add(report, "a.yaml", IMGRW_FILE_REWRITTEN,
                                      plan, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_report_finish(report, NULL), IMGRW_OK);
    assert_null(strstr(sink.text, "prefix nginx"));
    imgrw_plan_free(plan);
    imgrw_report_free(report);
}

/* What would come after the end, or after a gap, would be no JSON. */
static void
nothing_comes_after_the_end(void **state)
{
    const struct planned *planned = *state;

    for (size_t stop = 0; stop <= 2; stop += 2) {
        struct sink sink = {.stop_at = stop}, other = {.stop_at = stop};
        struct imgrw_report *report;
        struct imgrw_list_report *list;
        enum imgrw_status ended = stop ? IMGRW_ERR_STOPPED : IMGRW_OK;

        assert_int_equal(
            imgrw_report_new(NULL, take, &sink, &report, NULL), IMGRW_OK);
        assert_int_equal(imgrw_list_report_new(take, &other, &list, NULL),
                         IMGRW_OK);
        assert_int_equal(imgrw_report_finish(report, NULL), ended);
        assert_int_equal(imgrw_list_report_finish(list, NULL), ended);
        assert_int_equal(imgrw_report_add(report, "a", IMGRW_FILE_SKIPPED, NULL,
                                          NULL, NULL),
                         IMGRW_ERR_ARGUMENT);
        assert_int_equal(imgrw_report_finish(report, NULL), IMGRW_ERR_ARGUMENT);
        assert_int_equal(imgrw_list_report_add(list, planned->manifest, NULL),
                         IMGRW_ERR_ARGUMENT);
        assert_int_equal(imgrw_list_report_finish(list, NULL),
                         IMGRW_ERR_ARGUMENT);
        assert_int_equal(sink.calls, 2);
        assert_int_equal(other.calls, 2);
        imgrw_report_free(report);
        imgrw_list_report_free(list);
    }
}

static void
json_strings(void **state)
{
    static const struct {
        const char *name;
        imgrw_str text;
        const char *expected;
    } rows[] = {
        {"nothing", {NULL, 0}, "\"\""},
        {"letters", {"nginx", 5}, "\"nginx\""},
        {"quotes", {"a\"\\", 3}, "\"a\\\"\\\\\""},
        {"controls", {"\n\0\x1F", 3}, "\"\\n\\u0000\\u001f\""},
        {"UTF-8", {"\xC3\xBC", 2}, "\"\xC3\xBC\""},
        {"a line break of YAML", {"\xC2\x85", 2}, "\"\\u0085\""},
        {"a byte order mark", {"\xEF\xBB\xBF", 3}, "\"\\ufeff\""},
        {"no character of YAML", {"\xEF\xBF\xBE", 3}, "\"\\ufffe\""},
        {"not UTF-8", {"\xFF", 1}, "\"\xEF\xBF\xBD\""},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct sink sink = {.size = 0}, stopped = {.stop_at = 1};

        support_row(&tally, "%s", rows[i].name);
        support_check(&tally,
                      imgrw_json_write_string(rows[i].text, take, &sink,
                                              NULL) == IMGRW_OK,
                      "it failed");
        support_check_str(&tally, "the string", taken(&sink),
                          support_str(rows[i].expected));
        support_check(&tally,
                      imgrw_json_write_string(rows[i].text, take, &stopped,
                                              NULL) == IMGRW_ERR_STOPPED,
                      "it was not stopped");
    }
    support_finish(&tally);
}

static void
arguments_are_checked(void **state)
{
    const struct planned *planned = *state;
    struct imgrw_report *report, *none = NULL;
    struct imgrw_list_report *list, *no_list = NULL;
    struct imgrw_error error;
    struct sink sink = {.size = 0};
    enum imgrw_status statuses[13];
    size_t count = 0;

    assert_int_equal(
        imgrw_report_new(planned->rules, take, &sink, &report, NULL), IMGRW_OK);
    assert_int_equal(imgrw_list_report_new(take, &sink, &list, NULL), IMGRW_OK);
    statuses[count++] = imgrw_report_new(NULL, NULL, NULL, &none, &error);
    statuses[count++] = imgrw_report_new(NULL, take, &sink, NULL, &error);
    statuses[count++] = imgrw_report_add(NULL, "a", IMGRW_FILE_UNCHANGED, NULL,
                                         NULL, &error);
    statuses[count++] = imgrw_report_add(report, NULL, IMGRW_FILE_UNCHANGED,
                                         NULL, NULL, &error);
    statuses[count++] = imgrw_report_add(report, "a", (enum imgrw_file_status)9,
                                         NULL, NULL, &error);
    statuses[count++] = imgrw_report_finish(NULL, &error);
    statuses[count++] = imgrw_list_report_new(NULL, NULL, &no_list, &error);
    statuses[count++] = imgrw_list_report_add(list, NULL, &error);
    statuses[count++] = imgrw_list_report_finish(NULL, &error);
    statuses[count++] = imgrw_diff_write(NULL, "a", take, &sink, &error);
    statuses[count++] = imgrw_diff_write(planned->plan, NULL, take, &sink,
                                         &error);
    statuses[count++] = imgrw_diff_write(planned->plan, "a", NULL, NULL,
                                         &error);
    statuses[count++] = imgrw_json_write_string((imgrw_str){NULL, 1}, take,
                                                &sink, NULL);
    assert_int_equal(count, SUPPORT_COUNT(statuses));
    for (size_t i = 0; i < count; i++)
        assert_int_equal(statuses[i], IMGRW_ERR_ARGUMENT);
    assert_null(none);
    assert_null(no_list);
    imgrw_report_free(report);
    imgrw_report_free(NULL);
    imgrw_list_report_free(list);
    imgrw_list_report_free(NULL);
}

static void
diff_names_the_file(void **state)
{
    static const char expected[] =
        "--- a/dir/a.yaml\n+++ b/dir/a.yaml\n@@ -1,4 +1,4 @@\n"
        " kind: Pod\n spec:\n   containers:\n-  - image: nginx:1\n"
        "+  - image: r.example.com/hub/library/nginx:1\n";
    const struct planned *planned = *state;
    struct sink sink = {.size = 0}, stopped = {.stop_at = 1};

    assert_int_equal(
        imgrw_diff_write(planned->plan, "/dir//a.yaml", take, &sink, NULL),
        IMGRW_OK);
    assert_string_equal(sink.text, expected);
    assert_int_equal(
        imgrw_diff_write(planned->plan, "a", take, &stopped, NULL),
        IMGRW_ERR_STOPPED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(report_of_two_files),
        TEST(report_without_rules),
        TEST(list_of_images),
        TEST(writing_can_be_stopped),
        TEST(plans_of_other_rules_are_refused),
        TEST(plans_of_later_rules_are_refused),
        TEST(nothing_comes_after_the_end),
        TEST(json_strings),
        TEST(arguments_are_checked),
        TEST(diff_names_the_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
