/*
 * A set of rules as a whole: the order in which rules speak, what an outcome
 * says, how many there may be, and what callers pass in.
 */
#include "rules_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Excludes come first, then overrides, then one prefix; the order in which
 * rules of different kinds were added is of no account. */
static const struct rules_row order[] = {
    {"excluded from an override",
     {"override name=nginx newTag=2", "exclude nginx"}, "nginx:1",
     EXCLUDED},
    {"excluded from a prefix", {"prefix docker.io h.io", "exclude nginx"},
     "nginx:1", EXCLUDED},
    {"another is not", {"prefix docker.io h.io", "exclude nginx"},
     "httpd:1", "h.io/library/httpd:1"},
    {"a result is not excluded",
     {"exclude quay.io", "override name=nginx newName=quay.io/nginx"},
     "nginx:1", "quay.io/nginx:1"},
    {"nor on its way to a prefix",
     {"exclude quay.io/x", "override name=nginx newName=quay.io/x",
      "prefix quay.io h.io"}, "nginx:1", "h.io/x:1"},
    {"override, then prefix",
     {"override name=nginx newTag=2", "prefix docker.io h.io"}, "nginx:1",
     "h.io/library/nginx:2"},
    {"override, then prefix, added last first",
     {"prefix docker.io h.io", "override name=nginx newTag=2"}, "nginx:1",
     "h.io/library/nginx:2"},
    {"the prefix is that of the result",
     {"override name=nginx newName=quay.io/nginx", "prefix docker.io d.io",
      "prefix quay.io q.io"}, "nginx:1", "q.io/nginx:1"},
    {"no override behind a prefix",
     {"prefix docker.io h.io", "override name=h.io/library/nginx newTag=2"},
     "nginx:1", "h.io/library/nginx:1"},
    {"one prefix only", {"prefix docker.io h.io", "prefix h.io i.io"},
     "nginx:1", "h.io/library/nginx:1"},
    {"one prefix only, the other alone",
     {"prefix docker.io h.io", "prefix h.io i.io"}, "h.io/nginx:1",
     "i.io/nginx:1"},
    {"a name without a registry",
     {"override name=nginx newName=a/b", "prefix docker.io h.io"},
     "nginx:1", "h.io/a/b:1"},};

/* Rules are numbered as they were added; an outcome lists them in the order in
 * which they spoke. */
static void
test_outcome_rules(void **state)
{
    static const struct {
        const char *name;
        const char *rules[RULES_MAX];
        const char *image;
        size_t count, expected[3];
    } rows[] = {
        {"none", {"prefix quay.io h.io"}, "nginx", 0, {0}},
        {"one prefix", {"prefix quay.io h.io", "prefix docker.io h.io"},
         "nginx", 1, {1}},
        {"an exclude", {"prefix docker.io h.io", "exclude quay.io",
                        "exclude nginx"}, "nginx", 1, {2}},
        {"override, then prefix",
         {"prefix docker.io h.io", "override name=nginx newTag=2"}, "nginx", 2,
         {1, 0}},
        {"two overrides and a prefix",
         {"override name=a newName=b", "prefix docker.io h.io",
          "override name=c newName=d", "override name=b newTag=2"}, "a", 3,
         {0, 3, 1}},
        {"what changes nothing took part", {"override name=nginx newTag=1"},
         "nginx:1", 1, {0}},
        {"what lies there already took part", {"prefix h.io h.io/m"},
         "h.io/m/a", 1, {0}},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_reference_buffer buffer;
        struct imgrw_outcome got = {.rule_count = 99};
        struct imgrw_rules *rules;

        support_row(&tally, "%s", rows[i].name);
        rules = rules_text_new(&tally, rows[i].rules);
        if (rules && imgrw_rules_apply(rules, support_str(rows[i].image),
                                       &buffer, &got, NULL) != IMGRW_OK)
            support_check(&tally, false, "not applied");
        imgrw_rules_free(rules);
        if (!support_check(&tally, got.rule_count == rows[i].count,
                           "%zu rules", got.rule_count))
            continue;
        for (size_t j = 0; j < got.rule_count; j++)
            support_check(&tally, got.rules[j] == rows[i].expected[j],
                          "rule %zu is %zu", j, got.rules[j]);
    }
    support_finish(&tally);
}

/* IMGRW_RULES_PER_IMAGE may take part, and not one more. */
static void
test_many_rules(void **state)
{
    struct imgrw_rules *rules;
    struct imgrw_outcome outcome;
    struct imgrw_reference_buffer buffer;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    for (size_t i = 0; i < IMGRW_RULES_PER_IMAGE; i++)
        assert_int_equal(imgrw_rules_add_image(rules, "nginx:2", NULL),
                         IMGRW_OK);
    assert_int_equal(imgrw_rules_apply(rules, support_str("nginx:1"), &buffer,
                                       &outcome, NULL),
                     IMGRW_OK);
    assert_int_equal(outcome.rule_count, IMGRW_RULES_PER_IMAGE);
    assert_int_equal(imgrw_rules_add_image(rules, "nginx:2", NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_apply(rules, support_str("nginx:1"), &buffer,
                                       &outcome, NULL),
                     IMGRW_ERR_RULE);
    assert_int_equal(imgrw_rules_apply(rules, support_str("httpd:1"), &buffer,
                                       &outcome, NULL),
                     IMGRW_OK);
    imgrw_rules_free(rules);
}

/* A set with as many rules as anyone has; those that do not match cost no place
 * in an outcome. */
static void
test_large_set(void **state)
{
    struct imgrw_rules *rules;
    struct imgrw_outcome outcome;
    struct imgrw_reference_buffer buffer;
    char from[64], to[64];

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    for (int i = 0; i < 1000; i++) {
        snprintf(from, sizeof(from), "r%d.io", i);
        snprintf(to, sizeof(to), "h.example/r%d", i);
        assert_int_equal(imgrw_rules_add_prefix(rules, from, to, NULL),
                         IMGRW_OK);
    }
    assert_int_equal(imgrw_rules_count(rules), 1000);
    assert_int_equal(imgrw_rules_check(rules, NULL, NULL, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_apply(rules, support_str("r999.io/a:1"),
                                       &buffer, &outcome, NULL),
                     IMGRW_OK);
    assert_true(support_equal(outcome.text, support_str("h.example/r999/a:1")));
    assert_int_equal(outcome.rules[0], 999);
    imgrw_rules_free(rules);
}

static void
test_names(void **state)
{
    static const char *const lines[] = {
        "prefix docker.io h.io/hub", "override name=nginx newTag=2",
        "exclude quay.io/**", NULL,
    };
    struct support_tally tally = {0};
    struct imgrw_rules *rules;

    (void)state;
    support_row(&tally, "names");
    rules = rules_text_new(&tally, lines);
    support_finish(&tally);
    assert_int_equal(imgrw_rules_count(rules), 3);
    assert_string_equal(imgrw_rules_name(rules, 0), "prefix docker.io");
    assert_non_null(strstr(imgrw_rules_name(rules, 1), "nginx"));
    assert_non_null(strstr(imgrw_rules_name(rules, 2), "quay.io"));
    assert_string_equal(imgrw_rules_name(rules, 3), "");
    assert_string_equal(imgrw_rules_name(rules, SIZE_MAX), "");
    imgrw_rules_free(rules);
    imgrw_rules_free(NULL);
}

static void
test_empty_set(void **state)
{
    struct support_tally tally = {0};
    struct imgrw_rules *rules;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_count(rules), 0);
    assert_string_equal(imgrw_rules_name(rules, 0), "");
    assert_int_equal(imgrw_rules_check(rules, NULL, NULL, NULL), IMGRW_OK);
    support_row(&tally, "empty set");
    rules_text_check(&tally, rules, "nginx:1", UNMATCHED);
    imgrw_rules_free(rules);
    support_finish(&tally);
}

/* The rules keep copies: what the caller passed may go. */
static void
test_strings_are_copied(void **state)
{
    char from[] = "docker.io", to[] = "h.io/hub", pattern[] = "quay.io";
    char image[] = "httpd=r.io/x:2", name[] = "nginx", tag[] = "2";
    struct imgrw_override override = {
        .size = sizeof(override), .name = support_str(name),
        .new_tag = support_str(tag)};
    struct support_tally tally = {0};
    struct imgrw_rules *rules;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_prefix(rules, from, to, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_exclude(rules, pattern, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_image(rules, image, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_override(rules, &override, NULL),
                     IMGRW_OK);
    assert_string_equal(image, "httpd=r.io/x:2");
    memset(from, '?', strlen(from));
    memset(to, '?', strlen(to));
    memset(pattern, '?', strlen(pattern));
    memset(image, '?', strlen(image));
    memset(name, '?', strlen(name));
    memset(tag, '?', strlen(tag));
    memset(&override, 0xFF, sizeof(override));

    support_row(&tally, "prefix and override");
    rules_text_check(&tally, rules, "nginx:1", "h.io/hub/library/nginx:2");
    support_row(&tally, "image");
    rules_text_check(&tally, rules, "httpd:1", "r.io/x:2");
    support_row(&tally, "exclude");
    rules_text_check(&tally, rules, "quay.io/a", EXCLUDED);
    assert_string_equal(imgrw_rules_name(rules, 0), "prefix docker.io");
    imgrw_rules_free(rules);
    support_finish(&tally);
}

/* What a caller of a later version passes: more behind our last field. */
struct longer_override {
    struct imgrw_override known;
    const char *added[2];
};

/* An override struct of every size that a caller's version may give it. */
static void
test_override_sizes(void **state)
{
    static const char tail[] = "unknown";
    static const struct {
        const char *name;
        size_t size;
        const char *added[2];
        enum imgrw_status status;
        const char *becomes;
    } rows[] = {
        {"ours", sizeof(struct imgrw_override), {0}, IMGRW_OK,
         "r.io/x:2@" DIGEST},
        {"no digest yet", offsetof(struct imgrw_override, digest), {0},
         IMGRW_OK, "r.io/x:2"},
        {"no newTag yet", offsetof(struct imgrw_override, new_tag), {0},
         IMGRW_OK, "r.io/x:1"},
        {"longer by zeros", sizeof(struct longer_override), {0}, IMGRW_OK,
         "r.io/x:2@" DIGEST},
        {"longer, and uses the first", sizeof(struct longer_override),
         {tail, NULL}, IMGRW_ERR_ARGUMENT, NULL},
        {"longer, and uses the last", sizeof(struct longer_override),
         {NULL, tail}, IMGRW_ERR_ARGUMENT, NULL},
        {"longer, used behind its size", sizeof(struct imgrw_override),
         {tail, tail}, IMGRW_OK, "r.io/x:2@" DIGEST},
        {"only its size", sizeof(size_t), {0}, IMGRW_ERR_RULE, NULL},
        {"no size", 0, {0}, IMGRW_ERR_ARGUMENT, NULL},
        {"less than its size", sizeof(size_t) - 1, {0}, IMGRW_ERR_ARGUMENT,
         NULL},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct longer_override given = {
            {rows[i].size, IMGRW_STR("nginx"), IMGRW_STR("r.io/x"),
             IMGRW_STR("2"), {0}, IMGRW_STR(DIGEST)},
            {rows[i].added[0], rows[i].added[1]},
        };
        struct imgrw_rules *rules;
        enum imgrw_status status;

        support_row(&tally, "%s", rows[i].name);
        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        status = imgrw_rules_add_override(rules, &given.known, NULL);
        support_check(&tally, status == rows[i].status, "status %d", status);
        support_check(&tally, imgrw_rules_count(rules) == (status == IMGRW_OK),
                      "%zu rules", imgrw_rules_count(rules));
        if (status == IMGRW_OK && rows[i].becomes)
            rules_text_check(&tally, rules, "nginx:1", rows[i].becomes);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

/* A struct that is as short as it says: what is read behind it is caught by the
 * sanitizer. */
static void
test_short_override(void **state)
{
    size_t size = offsetof(struct imgrw_override, new_tag);
    struct imgrw_override whole = {
        .size = size, .name = IMGRW_STR("nginx"),
        .new_name = IMGRW_STR("r.io/x")};
    struct imgrw_override *given = malloc(size);
    struct imgrw_rules *rules;

    (void)state;
    assert_non_null(given);
    memcpy(given, &whole, size);
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_override(rules, given, NULL), IMGRW_OK);
    imgrw_rules_free(rules);
    free(given);
}

/* Functions that add to a set, given NULL or none of an enum. */
static void
test_add_arguments(void **state)
{
    const imgrw_str nginx = IMGRW_STR("nginx");
    const enum imgrw_pull no_pull = (enum imgrw_pull)3;
    const enum imgrw_access no_access = (enum imgrw_access)3;
    struct imgrw_override override = {.size = sizeof(override)};
    struct imgrw_registry registry = {.size = sizeof(registry)};
    struct imgrw_rules *rules = NULL;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    const enum imgrw_status statuses[] = {
        imgrw_rules_new(NULL, NULL),
        imgrw_rules_add_prefix(NULL, "a.io", "b.io", NULL),
        imgrw_rules_add_prefix(rules, NULL, "b.io", NULL),
        imgrw_rules_add_prefix(rules, "a.io", NULL, NULL),
        imgrw_rules_add_mirror(rules, "a.io", "b.io", no_pull, NULL),
        imgrw_rules_add_registry(NULL, &registry, NULL),
        imgrw_rules_add_registry(rules, NULL, NULL),
        imgrw_rules_add_registry(rules, &registry, NULL),
        imgrw_rules_add_override(NULL, &override, NULL),
        imgrw_rules_add_override(rules, NULL, NULL),
        imgrw_rules_add_image(NULL, "a=b", NULL),
        imgrw_rules_add_image(rules, NULL, NULL),
        imgrw_rules_add_exact(NULL, nginx, nginx, NULL),
        imgrw_rules_add_exclude(NULL, "a.io", NULL),
        imgrw_rules_add_exclude(rules, NULL, NULL),
        imgrw_rules_add_preset(NULL, "gcr-mirror", NULL),
        imgrw_rules_add_preset(rules, NULL, NULL),
        imgrw_rules_set_access(NULL, nginx, IMGRW_ACCESS_PUBLIC, NULL),
        imgrw_rules_set_access(rules, nginx, no_access, NULL),
        imgrw_rules_add_private(NULL, "a.io", NULL),
        imgrw_rules_add_private(rules, NULL, NULL),
        imgrw_rules_set_default_access(NULL, IMGRW_ACCESS_PUBLIC, NULL),
        imgrw_rules_set_default_access(rules, no_access, NULL),
        imgrw_rules_set_write(NULL, IMGRW_WRITE_BOTH, NULL),
        imgrw_rules_set_write(rules, (enum imgrw_write)2, NULL),
    };

    for (size_t i = 0; i < SUPPORT_COUNT(statuses); i++)
        if (statuses[i] != IMGRW_ERR_ARGUMENT)
            fail_msg("call %zu: status %d", i, statuses[i]);
    assert_int_equal(imgrw_rules_count(rules), 0);
    imgrw_rules_begin_map(NULL);
    imgrw_rules_free(rules);
}

/* The same for functions that ask a set. */
static void
test_ask_arguments(void **state)
{
    const imgrw_str nginx = IMGRW_STR("nginx");
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome = {.rule_count = 0};
    struct imgrw_rules *rules = NULL;
    char why[8] = "as is";
    size_t count = 99;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_check(NULL, NULL, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_rules_apply(NULL, nginx, &buffer, &outcome, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_rules_apply(rules, nginx, NULL, &outcome, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_rules_apply(rules, nginx, &buffer, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_rules_count(NULL), 0);
    assert_string_equal(imgrw_rules_name(NULL, 0), "");
    assert_int_equal(imgrw_rules_location(NULL, 0).line, 0);
    assert_int_equal(imgrw_rules_field_location(NULL, 0).line, 0);
    assert_int_equal(imgrw_rules_find(NULL), 0);
    assert_null(imgrw_rules_fields(NULL, &count));
    assert_int_equal(count, 0);
    assert_null(imgrw_rules_fields(rules, NULL));
    imgrw_rules_explain(NULL, nginx, &outcome, why, sizeof(why));
    imgrw_rules_explain(rules, nginx, NULL, why, sizeof(why));
    imgrw_rules_explain(rules, nginx, &outcome, NULL, sizeof(why));
    imgrw_rules_explain(rules, nginx, &outcome, why, 0);
    assert_string_equal(why, "as is");
    imgrw_rules_free(rules);
}

/* What is said of images one by one, by pattern, and of all others, as presets
 * for private images hear it. */
static void
test_access(void **state)
{
    static const struct {
        const char *image;
        enum imgrw_result result;
        int unknown;
    } rows[] = {
        {"quay.io/said/private", IMGRW_REWRITTEN, 0},
        {"quay.io/said/public", IMGRW_UNMATCHED, 0},
        {"quay.io/all/a:1", IMGRW_REWRITTEN, 0},
        {"quay.io/all/public", IMGRW_UNMATCHED, 0},
        {"quay.io/other", IMGRW_UNMATCHED, 1},
    };
    struct support_tally tally = {0};
    struct imgrw_rules *rules;
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(
        imgrw_rules_add_preset(rules, "full-host:base=h.io,only=private", NULL),
        IMGRW_OK);
    assert_int_equal(imgrw_rules_add_private(rules, "quay.io/all/**", NULL),
                     IMGRW_OK);
    assert_int_equal(
        imgrw_rules_set_access(rules, IMGRW_STR("quay.io/said/private"),
                               IMGRW_ACCESS_PRIVATE, NULL), IMGRW_OK);
    assert_int_equal(
        imgrw_rules_set_access(rules, IMGRW_STR("quay.io/said/public"),
                               IMGRW_ACCESS_PUBLIC, NULL), IMGRW_OK);
    assert_int_equal(
        imgrw_rules_set_access(rules, IMGRW_STR("quay.io/all/public"),
                               IMGRW_ACCESS_PUBLIC, NULL), IMGRW_OK);
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        support_row(&tally, "%s", rows[i].image);
        assert_int_equal(imgrw_rules_apply(rules, support_str(rows[i].image),
                                           &buffer, &outcome, NULL), IMGRW_OK);
        support_check(&tally, outcome.result == rows[i].result, "result %d",
                      outcome.result);
        support_check(&tally, outcome.access_unknown == rows[i].unknown,
                      "unknown: %d", outcome.access_unknown);
    }
    for (int access = 1; access < 3; access++) {
        assert_int_equal(imgrw_rules_set_default_access(
                             rules, (enum imgrw_access)access, NULL), IMGRW_OK);
        assert_int_equal(imgrw_rules_apply(rules, IMGRW_STR("quay.io/other"),
                                           &buffer, &outcome, NULL), IMGRW_OK);
        assert_int_equal(outcome.result, access == IMGRW_ACCESS_PRIVATE
                                             ? IMGRW_REWRITTEN
                                             : IMGRW_UNMATCHED);
        assert_int_equal(outcome.access_unknown, 0);
    }
    imgrw_rules_free(rules);
    support_finish(&tally);
}

/* An imgrw_warn_fn that counts. */
static void
count_warning(const struct imgrw_location *at, const char *message, void *user)
{
    assert_non_null(at);
    assert_non_null(strstr(message, "only=private"));
    ++*(int *)user;
}

/* What is known of images is of use to a preset for private ones alone. */
static void
test_access_that_nothing_asks_for(void **state)
{
    static const struct {
        const char *name, *rules[4];
        int warnings;
    } rows[] = {
        {"known images", {"prefix docker.io h.io/m", "known a private"}, 1},
        {"and public ones", {"preset full-host:base=h.io", "known a public"},
         1},
        {"asked for", {"preset full-host:base=h.io,only=private",
                       "known a private"}, 0},
        {"asked for by the second", {"preset harbor:host=x.io,project=p",
         "preset full-host:base=h.io,only=private", "known a private"}, 0},
        {"nothing is known", {"prefix docker.io h.io/m"}, 0},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_rules *rules;
        int count = 0;

        support_row(&tally, "%s", rows[i].name);
        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        for (size_t k = 0; k < 4 && rows[i].rules[k]; k++)
            assert_int_equal(rules_text_add(rules, rows[i].rules[k], NULL),
                             IMGRW_OK);
        assert_int_equal(imgrw_rules_check(rules, count_warning, &count, NULL),
                         IMGRW_OK);
        support_check(&tally, count == rows[i].warnings, "%d warnings", count);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

/* Patterns and what is assumed of the rest are of as little use. */
static void
test_other_access_that_nothing_asks_for(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct imgrw_rules *rules;
        int count = 0;

        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        assert_int_equal(
            i == 0 ? imgrw_rules_add_private(rules, "quay.io", NULL)
                   : imgrw_rules_set_default_access(rules, IMGRW_ACCESS_PUBLIC,
                                                    NULL),
            IMGRW_OK);
        assert_int_equal(imgrw_rules_check(rules, count_warning, &count, NULL),
                         IMGRW_OK);
        assert_int_equal(count, 1);
        imgrw_rules_free(rules);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        RULES_TEST(order),
        cmocka_unit_test(test_outcome_rules),
        cmocka_unit_test(test_many_rules),
        cmocka_unit_test(test_large_set),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_empty_set),
        cmocka_unit_test(test_strings_are_copied),
        cmocka_unit_test(test_override_sizes),
        cmocka_unit_test(test_short_override),
        cmocka_unit_test(test_add_arguments),
        cmocka_unit_test(test_ask_arguments),
        cmocka_unit_test(test_access),
        cmocka_unit_test(test_access_that_nothing_asks_for),
        cmocka_unit_test(test_other_access_that_nothing_asks_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
