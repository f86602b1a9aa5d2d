/*
 * Rules that are refused because they are malformed, with their messages.
 */
#include "rules_text.h"

#include <string.h>

/* The status and the message of a rule that has to be refused: the message
 * names what is wrong with it, and the set stays as it was. */
static void
check_refused(struct support_tally *tally, const struct imgrw_rules *rules,
              size_t count, enum imgrw_status status,
              const struct imgrw_error *error, const char *word)
{
    if (!support_check(tally, status == IMGRW_ERR_RULE, "status %d", status))
        return;
    support_check(tally, error->status == status, "error.status is %d",
                  error->status);
    support_check(tally, error->message[0] != '\0', "no message");
    support_check(tally, !word || strstr(error->message, word),
                  "not of \"%s\": %s", word, error->message);
    support_check(tally, imgrw_rules_count(rules) == count, "%zu rules",
                  imgrw_rules_count(rules));
}

/* What neither a prefix nor an exclude can be; the message names it. */
static void
test_malformed_patterns(void **state)
{
    static const struct {
        const char *name, *pattern;
    } rows[] = {
        {"empty", ""},
        {"space", " "},
        {"space before", " quay.io"},
        {"space behind", "quay.io "},
        {"two stars", "**"},
        {"star and dot", "*."},
        {"star and a tag", "*:1"},
        {"star and slash", "*/nginx"},
        {"star before what is no host", "*.gcr_io"},
        {"star before what is no host, with a path", "*.gcr_io/a"},
        {"star inside a host", "eu.*.io"},
        {"star at the end of a host", "gcr.*"},
        {"star at the end of a word", "quay.io/a*"},
        {"stars at the end of a word", "quay.io/a**"},
        {"star inside a path", "quay.io/*/a"},
        {"star before a word", "quay.io/*a"},
        {"star in front without a dot", "*gcr.io"},
        {"two wildcards", "*.*.io"},
        {"question mark", "quay.io/?"},
        {"slash in front", "/nginx"},
        {"slash alone", "/"},
        {"two slashes", "quay.io//a"},
        {"two slashes behind", "quay.io//"},
        {"scheme", "https://quay.io"},
        {"upper case in a path", "quay.io/A"},
        {"template", "{{ .Registry }}"},
        {"hyphen in front", "-quay.io"},
        {"two dots", "quay..io"},
        {"no port", "quay.io:/a"},
        {"port that is a word", "quay.io:https/a"},
        {"IPv6 without an end", "[::1"},
        {"outside ASCII", "b\xC3\xBC" "cher.example"},
        {"line feed", "quay.io\n"},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        const char *pattern = rows[i].pattern;
        struct imgrw_error error = {0};
        struct imgrw_rules *rules;
        enum imgrw_status status;

        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        support_row(&tally, "prefix: %s", rows[i].name);
        status = imgrw_rules_add_prefix(rules, pattern, "h.io/x", &error);
        check_refused(&tally, rules, 0, status, &error,
                      strchr(pattern, '\n') ? NULL : pattern);
        support_row(&tally, "exclude: %s", rows[i].name);
        status = imgrw_rules_add_exclude(rules, pattern, &error);
        check_refused(&tally, rules, 0, status, &error,
                      strchr(pattern, '\n') ? NULL : pattern);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

/* Stars at the end are for excludes only. */
static void
test_stars_in_prefix(void **state)
{
    static const char *const patterns[] = {
        "quay.io/**", "quay.io/a/**", "*.gcr.io/**", "quay.io/*", "nginx/**",
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(patterns); i++) {
        struct imgrw_error error = {0};
        struct imgrw_rules *rules;
        enum imgrw_status status;

        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        support_row(&tally, "%s", patterns[i]);
        status = imgrw_rules_add_prefix(rules, patterns[i], "h.io", &error);
        check_refused(&tally, rules, 0, status, &error, patterns[i]);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

static void
test_malformed_locations(void **state)
{
    static const struct {
        const char *name, *location;
    } rows[] = {
        {"empty", ""},
        {"space behind", "h.io "},
        {"tag", "h.io/x:1"},
        {"digest", "h.io/x@" DIGEST},
        {"any host", "*.h.io"},
        {"star", "*"},
        {"star behind", "h.io/*"},
        {"stars behind", "h.io/x/**"},
        {"star at the end of a word", "h.io/x*"},
        {"star inside", "h.io/*/x"},
        {"two slashes", "h.io//x"},
        {"two slashes behind", "h.io//"},
        {"scheme", "https://h.io"},
        {"upper case in a path", "h.io/X"},
        {"port that is a word", "h.io:https"},
        {"no port", "h.io:"},
        {"hyphen in front", "-h.io"},
        {"hyphen behind", "h.io/x-"},
        {"template", "{{ .Registry }}"},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_error error = {0};
        struct imgrw_rules *rules;
        enum imgrw_status status;

        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        support_row(&tally, "%s", rows[i].name);
        status = imgrw_rules_add_prefix(rules, "quay.io", rows[i].location,
                                        &error);
        check_refused(&tally, rules, 0, status, &error, rows[i].location);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

/* What is for every registry only, and not all at once. */
static void
test_names_of_any_prefix(void **state)
{
    static const struct {
        const char *name;
        struct imgrw_registry registry;
        const char *word; /* NULL: it is taken */
    } rows[] = {
        {"library/ left out",
         {.prefix = "*", .location = "h.io", .drop_library = 1}, NULL},
        {"as written",
         {.prefix = "*", .location = "h.io", .as_written = 1}, NULL},
        {"both", {.prefix = "*", .location = "h.io", .drop_library = 1,
                  .as_written = 1}, "library/"},
        {"library/ left out of one registry",
         {.prefix = "docker.io", .location = "h.io", .drop_library = 1},
         "only \"*\""},
        {"as written, of one registry",
         {.prefix = "docker.io", .location = "h.io", .as_written = 1},
         "only \"*\""},
        {"library/ left out below a domain",
         {.prefix = "*.gcr.io", .location = "h.io", .drop_library = 1},
         "only \"*\""},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_registry registry = rows[i].registry;
        struct imgrw_error error = {.message = "success"};
        struct imgrw_rules *rules;
        enum imgrw_status status;

        support_row(&tally, "%s", rows[i].name);
        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        registry.size = sizeof(registry);
        status = imgrw_rules_add_registry(rules, &registry, &error);
        if (rows[i].word)
            check_refused(&tally, rules, 0, status, &error, rows[i].word);
        else
            support_check(&tally, status == IMGRW_OK, "%s", error.message);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

/* An exclude of everything is a run that does nothing. */
static void
test_exclude_of_everything(void **state)
{
    struct support_tally tally = {0};
    struct imgrw_error error = {0};
    struct imgrw_rules *rules;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    support_row(&tally, "*");
    check_refused(&tally, rules, 0,
                  imgrw_rules_add_exclude(rules, "*", &error), &error, "*");
    imgrw_rules_free(rules);
    support_finish(&tally);
}

/* One prefix twice, however it is written. */
static void
test_prefix_twice(void **state)
{
    static const struct {
        const char *name, *first, *second;
        bool same;
    } rows[] = {
        {"same text", "quay.io", "quay.io", true},
        {"same path", "quay.io/a", "quay.io/a", true},
        {"slash behind", "quay.io/a", "quay.io/a/", true},
        {"host case", "quay.io", "QUAY.io", true},
        {"default port", "quay.io", "quay.io:443", true},
        {"old name of the Hub", "docker.io", "index.docker.io", true},
        {"the Hub left out", "docker.io/bitnami/redis", "bitnami/redis", true},
        {"one image", "nginx", "docker.io/nginx", true},
        {"one image by its full name", "nginx", "docker.io/library/nginx",
         true},
        {"any host", "*.gcr.io", "*.GCR.io", true},
        {"another host", "quay.io", "ghcr.io", false},
        {"another port", "quay.io", "quay.io:5000", false},
        {"a path below", "quay.io", "quay.io/a", false},
        {"any host and the host", "*.gcr.io", "gcr.io", false},
        {"every registry", "*", "*", true},
        {"every registry and one", "*", "quay.io", false},
        {"any host and every registry", "*.io", "*", false},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_error error = {.message = "success"};
        struct imgrw_rules *rules;
        enum imgrw_status status;

        support_row(&tally, "%s", rows[i].name);
        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        assert_int_equal(
            imgrw_rules_add_prefix(rules, rows[i].first, "h.io/x", NULL),
            IMGRW_OK);
        status = imgrw_rules_add_prefix(rules, rows[i].second, "h.io/y",
                                        &error);
        if (rows[i].same)
            check_refused(&tally, rules, 1, status, &error, rows[i].second);
        else
            support_check(&tally, status == IMGRW_OK, "%s", error.message);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

#define A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define S(literal) IMGRW_STR_INIT(literal)
#define NAME .name = S("nginx")

static const struct {
    const char *name, *word; /* of the message */
    struct imgrw_override override;
} malformed_overrides[] = {
    {"no name", NULL, {.new_tag = S("2")}},
    {"empty name", NULL, {.name = S(""), .new_tag = S("2")}},
    {"name of spaces", " ", {.name = S(" "), .new_tag = S("2")}},
    {"space in a name", "my nginx", {.name = S("my nginx"), .new_tag = S("2")}},
    {"upper case in a name", "Nginx", {.name = S("Nginx"), .new_tag = S("2")}},
    {"star for a name", "*", {.name = S("*"), .new_tag = S("2")}},
    {"pattern for a name", "ngin.*", {.name = S("ngin.*"), .new_tag = S("2")}},
    {"choice for a name", "a|b", {.name = S("a|b"), .new_tag = S("2")}},
    {"empty tag in a name", "nginx:", {.name = S("nginx:"), .new_tag = S("2")}},
    {"short digest in a name", "sha256:abc",
     {.name = S("nginx@sha256:abc"), .new_tag = S("2")}},
    {"registry for a name", "quay.io/",
     {.name = S("quay.io/"), .new_tag = S("2")}},
    {"sets nothing", "nginx", {NAME}},
    {"sets empty fields", "nginx",
     {NAME, .new_name = S(""), .new_tag = S(""), .tag_suffix = S(""),
      .digest = S("")}},
    {"tag in newName", "newName", {NAME, .new_name = S("x:7")}},
    {"digest in newName", "newName", {NAME, .new_name = S("x@" DIGEST)}},
    {"colon behind newName", "newName", {NAME, .new_name = S("x:")}},
    {"slash behind newName", "newName", {NAME, .new_name = S("r.io/x/")}},
    {"slash before newName", "newName", {NAME, .new_name = S("/x")}},
    {"space before newName", "newName", {NAME, .new_name = S(" x")}},
    {"space in newName", "newName", {NAME, .new_name = S("x y")}},
    {"upper case in newName", "newName", {NAME, .new_name = S("r.io/X")}},
    {"scheme in newName", "newName", {NAME, .new_name = S("http://r.io/x")}},
    {"capture group in newName", "newName", {NAME, .new_name = S("r.io/$1")}},
    {"star for newName", "newName", {NAME, .new_name = S("*")}},
    {"line feed in newName", "newName", {NAME, .new_name = S("x\ny")}},
    {"colon in newTag", "newTag", {NAME, .new_tag = S(":2")}},
    {"two tags in newTag", "newTag", {NAME, .new_tag = S("1:2")}},
    {"space in newTag", "newTag", {NAME, .new_tag = S("2 0")}},
    {"slash in newTag", "newTag", {NAME, .new_tag = S("a/b")}},
    {"hyphen before newTag", "newTag", {NAME, .new_tag = S("-x")}},
    {"plus in newTag", "newTag", {NAME, .new_tag = S("1.2+b")}},
    {"outside ASCII in newTag", "newTag", {NAME, .new_tag = S("\xC3\xA9")}},
    {"line feed behind newTag", "newTag", {NAME, .new_tag = S("2\n")}},
    {"variable for newTag", "newTag", {NAME, .new_tag = S("${TAG}")}},
    {"star for newTag and nothing else", "sets no new name, tag or digest",
     {NAME, .new_tag = S("*")}},
    {"star in newTag", "newTag", {NAME, .new_tag = S("1.*")}},
    {"digest in newTag", "newTag", {NAME, .new_tag = S("latest@" DIGEST)}},
    {"newTag too long", "newTag", {NAME, .new_tag = S(A32 A32 A32 A32 "a")}},
    {"space in tagSuffix", "tagSuffix", {NAME, .tag_suffix = S("- s")}},
    {"colon in tagSuffix", "tagSuffix", {NAME, .tag_suffix = S(":s")}},
    {"slash in tagSuffix", "tagSuffix", {NAME, .tag_suffix = S("/s")}},
    {"digest in tagSuffix", "tagSuffix", {NAME, .tag_suffix = S("-s@" DIGEST)}},
    {"tagSuffix too long", "tagSuffix",
     {NAME, .tag_suffix = S(A32 A32 A32 A32 "a")}},
    {"bad tagSuffix beside a tag", "tagSuffix",
     {NAME, .new_tag = S("2"), .tag_suffix = S("/s")}},
    {"no algorithm in digest", "digest",
     {NAME, .digest = S(A32 A32)}},
    {"at sign in digest", "digest", {NAME, .digest = S("@" DIGEST)}},
    {"digest too short", "digest", {NAME, .digest = S("sha256:abc")}},
    {"digest too long", "digest", {NAME, .digest = S(DIGEST "0")}},
    {"digest of nothing", "digest", {NAME, .digest = S("sha256:")}},
    {"algorithm in upper case", "digest",
     {NAME, .digest = S("SHA256:" A32 A32)}},
    {"unknown algorithm", "digest", {NAME, .digest = S("md5:" A32)}},
    {"digits in upper case", "digest",
     {NAME, .digest = S("sha256:" A32 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")}},
    {"space before digest", "digest", {NAME, .digest = S(" " DIGEST)}},
    {"tag for a digest", "digest", {NAME, .digest = S("2.0")}},
    {"star for a digest", "digest", {NAME, .digest = S("*")}},
    {"tag behind a digest", "digest", {NAME, .digest = S(DIGEST ":1")}},
};

static void
test_malformed_overrides(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(malformed_overrides); i++) {
        struct imgrw_override override = malformed_overrides[i].override;
        struct imgrw_error error = {0};
        struct imgrw_rules *rules;
        enum imgrw_status status;

        support_row(&tally, "%s", malformed_overrides[i].name);
        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        override.size = sizeof(override);
        status = imgrw_rules_add_override(rules, &override, &error);
        check_refused(&tally, rules, 0, status, &error,
                      malformed_overrides[i].word);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_malformed_patterns),
        cmocka_unit_test(test_stars_in_prefix),
        cmocka_unit_test(test_malformed_locations),
        cmocka_unit_test(test_names_of_any_prefix),
        cmocka_unit_test(test_exclude_of_everything),
        cmocka_unit_test(test_prefix_twice),
        cmocka_unit_test(test_malformed_overrides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
