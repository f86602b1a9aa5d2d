/*
 * Whether a set of rules comes to rest: what it gives is something it leaves
 * alone. Prefix rules that do not are refused; overrides are warned of.
 */
#include "rules_text.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *rules[RULES_MAX];
    const char *words[2]; /* of the message; none: the set is accepted */
} prefix_sets[] = {
    {"one", {"prefix docker.io h.io/hub"}, {0}},
    {"two to one place",
     {"prefix docker.io h.io/x", "prefix quay.io h.io/x"}, {0}},
    {"into itself", {"prefix quay.io quay.io/m"}, {0}},
    {"any host into one of them", {"prefix *.h.io r.h.io/m"}, {0}},
    {"beside the results",
     {"prefix docker.io h.io/hub", "prefix h.io/other z.io"}, {0}},
    {"beside the results, no boundary",
     {"prefix docker.io h.io/hub", "prefix h.io/hu z.io"}, {0}},
    {"a chain", {"prefix docker.io quay.io/hub", "prefix quay.io z.io"},
     {"prefix docker.io", "prefix quay.io"}},
    {"a chain, the second first",
     {"prefix quay.io z.io", "prefix docker.io quay.io/hub"},
     {"prefix docker.io", "prefix quay.io"}},
    {"a chain by another name",
     {"prefix quay.io index.docker.io/q", "prefix docker.io z.io"},
     {"prefix quay.io", "prefix docker.io"}},
    {"a chain by another case",
     {"prefix docker.io Quay.IO/hub", "prefix quay.io z.io"},
     {"prefix docker.io", "prefix quay.io"}},
    {"a chain by the default port",
     {"prefix docker.io quay.io:443/hub", "prefix quay.io z.io"},
     {"prefix docker.io", "prefix quay.io"}},
    {"a chain by any host",
     {"prefix docker.io r.h.io/hub", "prefix *.h.io z.io"},
     {"prefix docker.io", "prefix *.h.io"}},
    {"a swap", {"prefix a.io b.io", "prefix b.io a.io"},
     {"prefix a.io", "prefix b.io"}},
    {"a circle of three",
     {"prefix a.io b.io", "prefix b.io c.io", "prefix c.io a.io"},
     {"prefix ", " second run"}},
    {"back to where it was",
     {"prefix docker.io quay.io/hub", "prefix quay.io docker.io/q"},
     {"prefix ", " second run"}},
    {"below the results",
     {"prefix docker.io h.io", "prefix h.io/library z.io"},
     {"prefix docker.io", "prefix h.io/library"}},
    {"below the results, one image",
     {"prefix docker.io h.io", "prefix h.io/library/nginx z.io/n"},
     {"prefix docker.io", "prefix h.io/library/nginx"}},
    {"one image among the results",
     {"prefix a.io docker.io/library", "prefix nginx q.io/n"},
     {"prefix a.io", "prefix nginx"}},
    {"the results again, one level up",
     {"prefix docker.io h.io/hub", "prefix h.io h.io/all"},
     {"prefix docker.io", "prefix h.io"}},
    {"any host and one of them",
     {"prefix *.h.io r.h.io/m", "prefix r.h.io z.io"},
     {"prefix *.h.io", "prefix r.h.io"}},
    {"any host, below the results",
     {"prefix docker.io r.h.io", "prefix *.h.io/library z.io"},
     {"prefix docker.io", "prefix *.h.io/library"}},
    {"any host, beside the results",
     {"prefix docker.io r.h.io/hub", "prefix *.h.io/library z.io"}, {0}},
    {"any host, below the results of a preset",
     {"preset gcr-mirror", "prefix *.gcr.io/library z.io"},
     {"preset gcr-mirror", "prefix *.gcr.io/library"}},
    {"a chain for digests",
     {"prefix docker.io quay.io/hub", "mirror quay.io z.io digest"},
     {"prefix docker.io", "prefix quay.io"}},
    {"a chain for tags",
     {"prefix docker.io quay.io/hub", "mirror quay.io z.io tag"},
     {"prefix docker.io", "prefix quay.io"}},
    {"no chain, for tags and digests",
     {"mirror docker.io quay.io/hub tag", "mirror quay.io z.io digest"}, {0}},
    {"every registry", {"prefix * m.io"}, {0}},
    {"every registry, into one of them", {"prefix * docker.io/m"}, {0}},
    {"every registry behind another prefix",
     {"prefix * m.io", "prefix quay.io q.io"}, {0}},
    {"every registry behind another prefix, above its results",
     {"prefix * q.io", "prefix quay.io q.io/x"}, {0}},
    {"every registry, for tags and for digests",
     {"mirror * m.io tag", "mirror * d.io digest"}, {0}},
    {"every registry to what a prefix moves",
     {"prefix * quay.io/m", "prefix quay.io z.io"},
     {"prefix *", "prefix quay.io"}},
    {"every registry to what a prefix moves, the second first",
     {"prefix quay.io z.io", "prefix * quay.io/m"},
     {"prefix *", "prefix quay.io"}},
    {"every registry to what a prefix moves a part of",
     {"prefix * m.io", "prefix m.io/library z.io"},
     {"prefix *", "prefix m.io/library"}},
    {"every registry to what a prefix moves for other pulls",
     {"mirror * quay.io/m tag", "mirror quay.io z.io digest"}, {0}},
    {"every registry behind a preset",
     {"prefix * m.io", "preset gcr-mirror"}, {0}},
    {"every registry behind a preset for all images",
     {"prefix * m.io", "preset full-host:base=f.io"},
     {"\"prefix *\" does nothing", "preset full-host"}},
    {"every registry behind a preset for private images",
     {"prefix * m.io", "preset full-host:base=f.io,only=private"}, {0}},
    {"results that are excluded",
     {"prefix docker.io quay.io/hub", "prefix quay.io z.io",
      "exclude quay.io/hub"}, {0}},
    {"results that are excluded at the registry",
     {"prefix docker.io quay.io/hub", "prefix quay.io z.io",
      "exclude quay.io/**"}, {0}},
    {"results that are excluded in part",
     {"prefix docker.io quay.io/hub", "prefix quay.io z.io",
      "exclude quay.io/hub/library"},
     {"prefix docker.io", "prefix quay.io"}},
};

static void
test_prefix_sets(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(prefix_sets); i++) {
        struct imgrw_error error = {.message = "success"};
        const char *const *words = prefix_sets[i].words;
        bool accepted = !words[0];
        struct imgrw_rules *rules;
        enum imgrw_status status;

        support_row(&tally, "%s", prefix_sets[i].name);
        rules = rules_text_new(&tally, prefix_sets[i].rules);
        if (!rules)
            continue;
        status = imgrw_rules_check(rules, NULL, NULL, &error);
        imgrw_rules_free(rules);
        if (!support_check(&tally,
                           status == (accepted ? IMGRW_OK : IMGRW_ERR_RULE),
                           "status %d: %s", status, error.message))
            continue;
        for (size_t j = 0; j < 2 && !accepted; j++)
            support_check(&tally, strstr(error.message, words[j]),
                          "not of \"%s\": %s", words[j], error.message);
    }
    support_finish(&tally);
}

/* The warnings of a check. */
struct warnings {
    size_t count;
    char last[512];
};

static void
take_warning(const struct imgrw_location *at, const char *message, void *user)
{
    struct warnings *warnings = user;

    (void)at;
    warnings->count++;
    strncpy(warnings->last, message, sizeof(warnings->last) - 1);
}

static const struct {
    const char *name;
    const char *rules[RULES_MAX];
    const char *words[2]; /* of the warning; none: there is none */
} override_sets[] = {
    {"one", {"override name=a newName=b"}, {0}},
    {"a tag", {"override name=a newTag=2"}, {0}},
    {"a digest", {"override name=a digest=" DIGEST}, {0}},
    {"the same name", {"override name=a newName=a newTag=2"}, {0}},
    {"a deeper name", {"override name=a newName=a/a"}, {0}},
    {"a chain in order",
     {"override name=a newName=b", "override name=b newName=c"}, {0}},
    {"a chain against the order",
     {"override name=b newName=c", "override name=a newName=b"}, {"a", "b"}},
    {"a circle",
     {"override name=a newName=b", "override name=b newName=c",
      "override name=c newName=a"}, {0}},
    {"a swap", {"override name=app-one newName=app-two",
                "override name=app-two newName=app-one"}, {0}},
    {"tags in order",
     {"override name=a:1 newTag=2", "override name=a:2 newTag=3"}, {0}},
    {"tags against the order",
     {"override name=a:2 newTag=3", "override name=a:1 newTag=2"},
     {"a:1", "a:2"}},
    {"a tag that comes with the old name",
     {"override name=r.io/b:1 newTag=2", "override name=a newName=r.io/b"},
     {"a", "r.io/b:1"}},
    {"a digest against the order",
     {"override name=a@" DIGEST " newTag=3",
      "override name=a:1 digest=" DIGEST},
     {"a:1", "a@"}},
    {"a digest that comes with the old name",
     {"override name=b@" DIGEST " newTag=2", "override name=a newName=b"},
     {"a", "b@"}},
    {"a suffix", {"override name=a tagSuffix=-s"}, {"a", "a"}},
    {"a suffix that leads away",
     {"override name=a newName=b tagSuffix=-s"}, {0}},
    {"a suffix that is not used",
     {"override name=a newTag=2 tagSuffix=-s"}, {0}},
    {"by another of its names",
     {"override name=docker.io/library/b newName=c",
      "override name=a newName=b"}, {"a", "b"}},
    {"through a prefix",
     {"override name=h.io/library/a newTag=2", "prefix docker.io h.io"},
     {"docker.io", "h.io/library/a"}},
    {"through a prefix without a registry",
     {"override name=h.io/x:1 newName=q.io/a", "prefix reg_host.io/x h.io/x"},
     {"reg_host.io/x", "h.io/x:1"}},
    {"through a prefix of any host",
     {"override name=h.io/p/a newTag=2", "prefix *.gcr.io h.io"},
     {"*.gcr.io", "h.io/p/a"}},
    {"back into a prefix, which ends it",
     {"override name=a newName=quay.io/a", "prefix quay.io h.io"}, {0}},
    {"back to what a prefix takes",
     {"override name=h.io/x newName=quay.io/x", "prefix quay.io h.io"}, {0}},
    {"a location that is no registry", {"prefix quay.io acme/hub"},
     {"acme", "docker.io/acme/hub"}},
    {"a location of Docker Hub", {"prefix quay.io docker.io/acme"}, {0}},
    {"a preset's location that is no registry",
     {"preset full-host:base=acme/hub"}, {"acme", "docker.io/acme/hub"}},
    {"what a preset gives",
     {"preset full-host:base=h.io", "override name=h.io/quay.io/x newTag=2"},
     {"h.io/quay.io/x", "preset full-host"}},
    {"beside what a preset gives",
     {"preset full-host:base=h.io/m", "override name=h.io/x newTag=2"}, {0}},
    {"what the second preset gives",
     {"preset gcr-mirror", "preset full-host:base=h.io",
      "override name=h.io/quay.io/x newTag=2"},
     {"h.io/quay.io/x", "preset full-host"}},
    {"what the prefix * gives",
     {"prefix * m.io", "override name=m.io/a newTag=2"},
     {"m.io/a", "prefix *"}},
    {"what the prefix * gives as written",
     {"any m.io written", "override name=m.io/quay.io/a newTag=2"},
     {"m.io/quay.io/a", "prefix *"}},
    {"beside what the prefix * gives",
     {"prefix * m.io/x", "override name=m.io/a newName=m.io/b"}, {0}},
    {"a location of the prefix * that is no registry", {"prefix * acme"},
     {"acme", "docker.io/acme"}},
    {"excluded the second time",
     {"override name=b newName=c", "override name=a newName=b", "exclude b"},
     {0}},
};

static void
test_override_sets(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(override_sets); i++) {
        const char *const *words = override_sets[i].words;
        struct warnings warnings = {0};
        struct imgrw_rules *rules;
        enum imgrw_status status;

        support_row(&tally, "%s", override_sets[i].name);
        rules = rules_text_new(&tally, override_sets[i].rules);
        if (!rules)
            continue;
        status = imgrw_rules_check(rules, take_warning, &warnings, NULL);
        support_check(&tally, status == IMGRW_OK, "status %d", status);
        support_check(&tally,
                      imgrw_rules_check(rules, NULL, NULL, NULL) == status,
                      "another status without a callback");
        imgrw_rules_free(rules);
        if (!support_check(&tally, (warnings.count > 0) == !!words[0],
                           "%zu warnings: %s", warnings.count, warnings.last))
            continue;
        for (size_t j = 0; j < 2 && words[0]; j++)
            support_check(&tally, strstr(warnings.last, words[j]),
                          "not of \"%s\": %s", words[j], warnings.last);
    }
    support_finish(&tally);
}

/* ---- every small set ------------------------------------------------- */

/* Applies the set to `image` and to what that gives. False where the second run
 * changes the result of the first; a run that fails changes nothing. */
static bool
comes_to_rest(const struct imgrw_rules *rules, const char *image)
{
    struct imgrw_reference_buffer once, twice;
    struct imgrw_outcome first, second;
    enum imgrw_status status =
        imgrw_rules_apply(rules, support_str(image), &once, &first, NULL);

    if (status == IMGRW_OK)
        status = imgrw_rules_apply(rules, first.text, &twice, &second, NULL);
    return status != IMGRW_OK || support_equal(first.text, second.text);
}

/* Checks the set of `lines`: if it is accepted and nobody is warned, each image
 * has to come to rest. Returns whether it was accepted so. */
static bool
check_small_set(struct support_tally *tally, const char *const *lines,
                const char *const *images, size_t image_count)
{
    struct imgrw_rules *rules;
    struct warnings warnings = {0};
    bool accepted = true;

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    for (size_t i = 0; lines[i] && accepted; i++)
        accepted = rules_text_add(rules, lines[i], NULL) == IMGRW_OK;
    accepted = accepted && imgrw_rules_check(rules, take_warning, &warnings,
                                             NULL) == IMGRW_OK;
    for (size_t i = 0; i < image_count; i++)
        if (!comes_to_rest(rules, images[i]) && accepted &&
            !support_check(tally, warnings.count > 0,
                           "%s does not come to rest", images[i]))
            break;
    imgrw_rules_free(rules);
    return accepted && warnings.count == 0;
}

/* Prefix rules are idempotent, always: so are all pairs of these that a check
 * lets pass, alone and with an exclude. */
static void
test_small_prefix_sets(void **state)
{
    static const char *const froms[] = {
        "docker.io", "library", "nginx", "a", "a/b", "q.io", "q.io/a",
        "q.io/a/b", "*.io", "*.h.io", "r.h.io", "*",
    };
    static const char *const tos[] = {
        "q.io", "q.io/a", "q.io/a/b", "docker.io", "docker.io/a",
        "docker.io/library", "r.h.io", "r.h.io/a", "h.io/library",
    };
    static const char *const excludes[] = {NULL, "exclude q.io/a",
                                           "exclude docker.io/a",
                                           "exclude r.h.io"};
    static const char *const images[] = {
        "nginx:1", "a:1", "a/b:1", "a/b/c", "a/nginx", "a/library/nginx",
        "library/a/b", "q.io/nginx", "q.io/a:1", "q.io/a/b:1", "q.io/a/b/c",
        "q.io/a/a", "q.io/a/library/nginx", "q.io/library/nginx", "q.io/c",
        "h.io/a", "h.io/library/a", "r.h.io/a", "r.h.io/a/b", "r.h.io/b",
        "r.h.io/library/nginx", "r.h.io/a/library/nginx", "s.h.io/a/b",
        "reg_host.io/1", "quay.net/a",
    };
    const size_t rules = SUPPORT_COUNT(froms) * SUPPORT_COUNT(tos);
    char lines[sizeof(froms) / sizeof(froms[0]) *
               (sizeof(tos) / sizeof(tos[0]))][64];
    struct support_tally tally = {0};
    size_t accepted = 0;

    (void)state;
    for (size_t i = 0; i < rules; i++)
        snprintf(lines[i], sizeof(lines[i]), "prefix %s %s",
                 froms[i / SUPPORT_COUNT(tos)], tos[i % SUPPORT_COUNT(tos)]);
    for (size_t i = 0; i < rules * rules; i++)
        for (size_t j = 0; j < SUPPORT_COUNT(excludes); j++) {
            const char *const set[] = {lines[i / rules], lines[i % rules],
                                       excludes[j], NULL};

            support_row(&tally, "%s, %s, %s", set[0], set[1],
                        set[2] ? set[2] : "no exclude");
            accepted += check_small_set(&tally, set, images,
                                        SUPPORT_COUNT(images));
        }
    print_message("%zu of %zu sets accepted\n", accepted, tally.rows);
    support_finish(&tally);
    assert_true(accepted > 0);
}

/* Overrides may not come to rest, but then there is a warning. */
static void
test_small_override_sets(void **state)
{
    static const char *const lines[] = {
        "override name=a newName=b",
        "override name=a newName=r.io/a",
        "override name=a newTag=2",
        "override name=a:1 newTag=2",
        "override name=a:2 newTag=1",
        "override name=a:1 newName=b",
        "override name=a tagSuffix=x",
        "override name=a digest=" DIGEST,
        "override name=a@" DIGEST " newTag=1",
        "override name=b newName=a",
        "override name=b newName=docker.io/library/a",
        "override name=b:1 newTag=2",
        "override name=b:2 newName=r.io/a",
        "override name=b@" DIGEST " newName=a",
        "override name=r.io/a newName=b",
        "override name=r.io/a:1 newName=b newTag=2",
        "override name=r.io/library/b newTag=3",
        "prefix docker.io r.io",
        "prefix r.io docker.io",
        "prefix * r.io",
        "any r.io/b drop",
        "exclude r.io",
    };
    static const char *const images[] = {
        "a", "a:1", "a:2", "a@" DIGEST, "a:1@" DIGEST, "b", "b:1", "b:2",
        "b@" DIGEST, "r.io/a", "r.io/a:1", "r.io/a@" DIGEST, "r.io/library/b",
        "r.io/library/a:1", "c:1",
    };
    const size_t count = SUPPORT_COUNT(lines);
    struct support_tally tally = {0};
    size_t accepted = 0;

    (void)state;
    for (size_t i = 0; i < count * count * count; i++) {
        const char *const set[] = {lines[i / count / count],
                                   lines[i / count % count], lines[i % count],
                                   NULL};

        support_row(&tally, "%s, %s, %s", set[0], set[1], set[2]);
        accepted += check_small_set(&tally, set, images, SUPPORT_COUNT(images));
    }
    print_message("%zu of %zu sets without a warning\n", accepted, tally.rows);
    support_finish(&tally);
    assert_true(accepted > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefix_sets),
        cmocka_unit_test(test_override_sets),
        cmocka_unit_test(test_small_prefix_sets),
        cmocka_unit_test(test_small_override_sets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
