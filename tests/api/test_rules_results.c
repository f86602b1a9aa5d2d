/*
 * What rules make of an image, and what is refused because the image is no
 * reference or the result would be none.
 */
#include "rules_text.h"

#include <string.h>

/* The rest of the full name follows the location, byte for byte. */
static const struct rules_row prefix_results[] = {
    {"tag and digest", {"prefix docker.io h.io/hub"}, "nginx:1@" DIGEST,
     "h.io/hub/library/nginx:1@" DIGEST},
    {"digest", {"prefix docker.io h.io/hub"}, "nginx@" DIGEST,
     "h.io/hub/library/nginx@" DIGEST},
    {"no tag is added", {"prefix docker.io h.io/hub"}, "nginx",
     "h.io/hub/library/nginx"},
    {"latest is kept", {"prefix docker.io h.io/hub"}, "nginx:latest",
     "h.io/hub/library/nginx:latest"},
    {"case of a tag", {"prefix quay.io h.io/q"}, "quay.io/a:V1_x-Y.z",
     "h.io/q/a:V1_x-Y.z"},
    {"a tag like a port", {"prefix quay.io h.io/q"}, "quay.io/a:5000",
     "h.io/q/a:5000"},
    {"to a registry alone", {"prefix docker.io h.io"}, "nginx:1",
     "h.io/library/nginx:1"},
    {"to a deep path", {"prefix quay.io h.io/a/b/c"}, "quay.io/d/e:1",
     "h.io/a/b/c/d/e:1"},
    {"no library elsewhere", {"prefix registry.k8s.io h.io/k"},
     "registry.k8s.io/pause:3.9", "h.io/k/pause:3.9"},
    {"case of the location is kept", {"prefix quay.io H.io/q"},
     "quay.io/a", "H.io/q/a"},
    {"to the Hub", {"prefix quay.io docker.io/q"}, "quay.io/a:1",
     "docker.io/q/a:1"},
    {"no rule", {NULL}, "nginx:1", UNMATCHED},};

/* What lies under the location of its rule already is left alone. */
static const struct rules_row prefix_at_rest[] = {
    {"into itself", {"prefix quay.io quay.io/m"}, "quay.io/a:1",
     "quay.io/m/a:1"},
    {"already there", {"prefix quay.io quay.io/m"}, "quay.io/m/a:1",
     UNCHANGED},
    {"there, written otherwise", {"prefix quay.io quay.io/m"},
     "QUAY.io:443/m/a:1", UNCHANGED},
    {"there, no boundary", {"prefix quay.io quay.io/m"}, "quay.io/mm/a:1",
     "quay.io/m/mm/a:1"},
    {"the Hub into itself", {"prefix docker.io docker.io/m"}, "nginx:1",
     "docker.io/m/library/nginx:1"},
    {"the Hub, already there", {"prefix docker.io docker.io/m"},
     "m/library/nginx:1", UNCHANGED},
    {"an official image named so", {"prefix docker.io docker.io/m"},
     "m:1", "docker.io/m/library/m:1"},
    {"any host", {"prefix *.h.io r.h.io/m"}, "a.h.io/x", "r.h.io/m/x"},
    {"any host, already there", {"prefix *.h.io r.h.io/m"}, "r.h.io/m/x",
     UNCHANGED},
    {"any host, at its host", {"prefix *.h.io r.h.io/m"}, "r.h.io/x",
     "r.h.io/m/x"},
    {"where another rule leads",
     {"prefix docker.io h.io/m", "prefix quay.io h.io/q"}, "h.io/m/nginx",
     UNCHANGED},
    {"same place", {"prefix quay.io quay.io"}, "quay.io/a:1", UNCHANGED},
};

/* Images are taken out of another mirror, by whichever of its names it is that
 * they lie there. */
static const struct rules_row taken_out[] = {
    {"of a host", {"preset full-host:base=h.io,from=m.io"},
     "m.io/quay.io/a/b:1", "h.io/quay.io/a/b:1"},
    {"of a path", {"preset full-host:base=h.io,from=m.io/x"},
     "m.io/x/docker.io/library/nginx:1@" DIGEST,
     "h.io/docker.io/library/nginx:1@" DIGEST},
    {"of Docker Hub", {"preset full-host:base=h.io,from=docker.io"},
     "docker.io/library/nginx:1", "h.io/docker.io/library/nginx:1"},
    {"of Docker Hub, library/ implied",
     {"preset full-host:base=h.io,from=docker.io"}, "docker.io/nginx:1",
     "h.io/docker.io/library/nginx:1"},
    {"of Docker Hub, all implied",
     {"preset full-host:base=h.io,from=docker.io"}, "nginx:1",
     "h.io/docker.io/library/nginx:1"},
    {"of library/, which is implied",
     {"preset full-host:base=h.io,from=docker.io/library"}, "nginx@" DIGEST,
     "h.io/docker.io/library/nginx@" DIGEST},
    {"of a path on Docker Hub",
     {"preset full-host:base=h.io,from=docker.io/m"}, "m/quay.io/a/b:1",
     "h.io/quay.io/a/b:1"},
};

static const struct rules_row override_results[] = {
    {"newName keeps the tag", {"override name=nginx newName=r.io/x"},
     "nginx:1", "r.io/x:1"},
    {"newName keeps the digest", {"override name=nginx newName=r.io/x"},
     "nginx@" DIGEST, "r.io/x@" DIGEST},
    {"newName keeps both", {"override name=nginx newName=r.io/x"},
     "nginx:1@" DIGEST, "r.io/x:1@" DIGEST},
    {"newName and nothing to keep", {"override name=nginx newName=r.io/x"},
     "nginx", "r.io/x"},
    {"newName stays as written", {"override name=nginx newName=Docker.io/z"},
     "nginx:1", "Docker.io/z:1"},
    {"newTag", {"override name=nginx newTag=2"}, "nginx:1", "nginx:2"},
    {"newTag where there is none", {"override name=nginx newTag=2"},
     "nginx", "nginx:2"},
    {"newTag drops the digest", {"override name=nginx newTag=2"},
     "nginx@" DIGEST, "nginx:2"},
    {"newTag drops the digest behind a tag", {"override name=nginx newTag=2"},
     "nginx:1@" DIGEST, "nginx:2"},
    {"digest drops the tag", {"override name=nginx digest=" DIGEST},
     "nginx:1", "nginx@" DIGEST},
    {"digest where there is none", {"override name=nginx digest=" DIGEST},
     "nginx", "nginx@" DIGEST},
    {"digest for a digest", {"override name=nginx digest=" DIGEST},
     "nginx:1@" OTHER_DIGEST, "nginx@" DIGEST},
    {"newTag and digest", {"override name=nginx newTag=2 digest=" DIGEST},
     "nginx:1", "nginx:2@" DIGEST},
    {"newTag and digest for both",
     {"override name=nginx newTag=2 digest=" DIGEST},
     "nginx:1@" OTHER_DIGEST, "nginx:2@" DIGEST},
    {"all of them",
     {"override name=nginx newName=r.io/x newTag=2 digest=" DIGEST},
     "nginx:1", "r.io/x:2@" DIGEST},
    {"tagSuffix, once", {"override name=nginx tagSuffix=-s"}, "nginx:1",
     "nginx:1-s"},
    {"tagSuffix drops the digest", {"override name=nginx tagSuffix=-s"},
     "nginx:1@" DIGEST, "nginx:1-s"},
    {"tagSuffix and newName",
     {"override name=nginx newName=r.io/x tagSuffix=-s"}, "nginx:1",
     "r.io/x:1-s"},
    {"tagSuffix is a tag where there is none",
     {"override name=nginx tagSuffix=s"}, "nginx", "nginx:s"},
    {"tagSuffix gives way to newTag",
     {"override name=nginx newTag=2 tagSuffix=-s"}, "nginx:1", "nginx:2"},
    {"tagSuffix gives way to digest",
     {"override name=nginx tagSuffix=-s digest=" DIGEST}, "nginx:1",
     "nginx@" DIGEST},
    {"not given is empty",
     {"override name=nginx newName= newTag=2 tagSuffix= digest="},
     "nginx:1@" DIGEST, "nginx:2"},
    {"the same tag", {"override name=nginx newTag=1"}, "nginx:1",
     UNCHANGED},
    {"the same name", {"override name=nginx newName=nginx"},
     "nginx:1@" DIGEST, UNCHANGED},
    {"the same image, written otherwise",
     {"override name=nginx newName=docker.io/library/nginx"}, "nginx:1",
     "docker.io/library/nginx:1"},};

/* Each override sees the result of the one before. */
static const struct rules_row override_chains[] = {
    {"a to b to c", {"override name=a newName=b", "override name=b newName=c"},
     "a:1", "c:1"},
    {"the second alone",
     {"override name=a newName=b", "override name=b newName=c"}, "b:1",
     "c:1"},
    {"the other way round",
     {"override name=b newName=c", "override name=a newName=b"}, "a:1",
     "b:1"},
    {"a circle",
     {"override name=a newName=b", "override name=b newName=c",
      "override name=c newName=a"}, "a:1", UNCHANGED},
    {"one name twice", {"override name=a newTag=2", "override name=a newTag=3"},
     "a:1", "a:3"},
    {"tag, then name",
     {"override name=a newTag=2", "override name=a newName=z"}, "a:1",
     "z:2"},
    {"tag, then digest",
     {"override name=a newTag=2", "override name=a digest=" DIGEST}, "a:1",
     "a@" DIGEST},
    {"digest, then tag",
     {"override name=a digest=" DIGEST, "override name=a newTag=2"}, "a:1",
     "a:2"},
    {"a tag that the first sets",
     {"override name=a newTag=2", "override name=a:2 newName=z"}, "a:1",
     "z:2"},
    {"a digest that the first sets",
     {"override name=a digest=" DIGEST,
      "override name=a@" DIGEST " newName=z"}, "a:1", "z@" DIGEST},
    {"two suffixes",
     {"override name=a tagSuffix=-x", "override name=a tagSuffix=-y"},
     "a:1", "a:1-x-y"},
    {"out of reach",
     {"override name=a newName=r.io/a", "override name=a newTag=5"}, "a:1",
     "r.io/a:1"},
    {"a result by another of its names",
     {"override name=a newName=docker.io/library/b",
      "override name=b newTag=5"}, "a:1", "docker.io/library/b:5"},};

/* Applies a set to what fails; the message has to hold `word`. */
static void
check_failure(struct support_tally *tally, const struct imgrw_rules *rules,
              const char *image, enum imgrw_status expected, const char *word)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome = {.rule_count = 99};
    struct imgrw_error error = {.message = "success"};
    imgrw_str text = support_str(image);
    enum imgrw_status status =
        imgrw_rules_apply(rules, text, &buffer, &outcome, &error);

    support_check(tally, status == expected, "status %d: %s", status,
                  error.message);
    if (status == IMGRW_OK) {
        support_check(tally, false, "becomes %.*s", (int)outcome.text.size,
                      outcome.text.data);
        return;
    }
    support_check(tally, error.status == status, "error.status is %d",
                  error.status);
    support_check(tally, strstr(error.message, word), "not of \"%s\": %s",
                  word, error.message);
    support_check(tally, outcome.rule_count == 99, "the outcome changed");
    support_check(tally,
                  imgrw_rules_apply(rules, text, &buffer, &outcome, NULL) ==
                      status,
                  "another status without an error to fill");
}

/* A result that would be no reference is an error that names the rule. */
static void
test_result_refused(void **state)
{
#define A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A128 A32 A32 A32 A32
#define HOST_OF_900 A128 "." A128 "." A128 "." A128 "." A128 "." A128 "." A128
    static const struct {
        const char *name;
        const char *rules[RULES_MAX];
        const char *image, *word;
    } rows[] = {
        {"a tag that cannot begin so", {"override name=nginx tagSuffix=-s"},
         "nginx", "nginx"},
        {"the same for a digest", {"override name=nginx tagSuffix=-s"},
         "nginx@" DIGEST, "nginx"},
        {"a tag too long", {"override name=nginx tagSuffix=-s"}, "nginx:" A128,
         "nginx"},
        {"a repository too long", {"prefix quay.io h.io/" A128},
         "quay.io/" A128 "/b", "prefix quay.io"},
        {"a whole too long for a prefix", {"prefix quay.io b." HOST_OF_900},
         "quay.io/" A32 A32 ":" A128, "prefix quay.io"},
        {"a whole too long for an override",
         {"override name=nginx newName=b." HOST_OF_900 "/x"},
         "nginx:" A128, "nginx"},
        {"a port in a path", {"any m.io written"}, "registry:5000/a",
         "prefix *"},
        {"upper case in a path", {"any m.io written"}, "Quay.io/a",
         "prefix *"},
        {"IPv6 in a path", {"any m.io written"}, "[::1]/a", "prefix *"},
        {"the second of two",
         {"override name=a newName=b", "override name=b tagSuffix=-s"}, "a",
         "image b"},
        {"the prefix behind an override",
         {"override name=a newName=quay.io/" A128, "prefix quay.io h.io/" A128},
         "a", "prefix quay.io"},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_rules *rules;

        support_row(&tally, "%s", rows[i].name);
        rules = rules_text_new(&tally, rows[i].rules);
        if (rules)
            check_failure(&tally, rules, rows[i].image, IMGRW_ERR_RULE,
                          rows[i].word);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

/* One image becoming a registry alone would lose its name: `h.io:1` reads as an
 * image of Docker Hub. So the rule or its result is refused. */
static void
test_registry_for_an_image(void **state)
{
    static const char *const lines[] = {
        "prefix nginx h.io",
        "prefix quay.io/a h.io",
        "prefix docker.io/library/nginx r:5000",
        "prefix quay.io/a localhost",
    };
    static const char *const images[] = {"nginx:1", "nginx", "quay.io/a:1",
                                         "quay.io/a@" DIGEST};
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(lines) * SUPPORT_COUNT(images); i++) {
        const char *image = images[i % SUPPORT_COUNT(images)];
        const char *line = lines[i / SUPPORT_COUNT(images)];
        struct imgrw_reference_buffer buffer;
        struct imgrw_outcome outcome = {0};
        struct imgrw_rules *rules = NULL;

        support_row(&tally, "%s, %s", line, image);
        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        if (rules_text_add(rules, line, NULL) == IMGRW_OK &&
            imgrw_rules_apply(rules, support_str(image), &buffer, &outcome,
                              NULL) == IMGRW_OK)
            support_check(&tally, outcome.result == IMGRW_UNMATCHED,
                          "becomes %.*s", (int)outcome.text.size,
                          outcome.text.data);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

static void
test_not_a_reference(void **state)
{
    static const struct {
        const char *image;
        size_t offset;
    } rows[] = {
        {"", 0}, {"{{ .Values.image }}", 0}, {"$(IMAGE)", 0}, {"*", 0},
        {"nginx:$()", 6}, {"nginx:1 ", 7}, {"quay.io/Foo", 8},
    };
    static const char *const lines[] = {
        "exclude quay.io", "override name=nginx newTag=2",
        "prefix docker.io h.io", NULL,
    };
    struct support_tally tally = {0};
    struct imgrw_rules *rules;

    (void)state;
    support_row(&tally, "the set");
    rules = rules_text_new(&tally, lines);
    for (size_t i = 0; rules && i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_reference_buffer buffer;
        struct imgrw_outcome outcome;
        struct imgrw_error error = {0};

        support_row(&tally, "\"%s\"", rows[i].image);
        check_failure(&tally, rules, rows[i].image, IMGRW_ERR_REFERENCE, "");
        (void)!imgrw_rules_apply(rules, support_str(rows[i].image), &buffer,
                                 &outcome, &error);
        support_check(&tally, error.at.offset == rows[i].offset, "offset %zu",
                      error.at.offset);
    }
    imgrw_rules_free(rules);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        RULES_TEST(prefix_results),
        RULES_TEST(prefix_at_rest),
        RULES_TEST(taken_out),
        RULES_TEST(override_results),
        RULES_TEST(override_chains),
        cmocka_unit_test(test_result_refused),
        cmocka_unit_test(test_registry_for_an_image),
        cmocka_unit_test(test_not_a_reference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
