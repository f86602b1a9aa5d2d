/*
 * What holds for every set of rules and every reference, on sets and references
 * made up at random. A row that fails is named by the seed of its set, and its
 * rules are printed.
 */
#include "random_set.h"
#include "rules_text.h"

#include <imgrewrite/plan.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMAGES 8 /* given to each set */
#define PRESETS_MAX 32

/* ---- results --------------------------------------------------------- */

/* How often what was tried. */
static struct {
    size_t sets, accepted, applied, failed, rewritten, kept;
    size_t by_preset[PRESETS_MAX];
} counts;

/* Whether a rule that took part may change tags and digests. */
static bool
may_change(const struct set *set, const struct imgrw_outcome *outcome)
{
    for (size_t i = 0; i < outcome->rule_count; i++) {
        const char *line = set->lines[outcome->rules[i]];

        if (line_is(line, "exact") || line_is(line, "preset zarf") ||
            strstr(line, " newTag=") || strstr(line, " digest=") ||
            strstr(line, " tagSuffix="))
            return true;
    }
    return false;
}

/* The result is a reference, with the tag and digest that were there unless a
 * rule says otherwise. */
static void
check_result(struct support_tally *tally, const struct set *set,
             const struct applied *applied)
{
    const struct imgrw_outcome *outcome = &applied->outcome;
    struct imgrw_reference old, new;
    struct imgrw_error error = {.message = "success"};

    if (!support_check(tally,
                       imgrw_reference_parse(support_str(applied->image), &old,
                                             NULL) == IMGRW_OK &&
                           imgrw_reference_parse(outcome->text, &new,
                                                 &error) == IMGRW_OK,
                       "%.*s is no reference: %s", (int)outcome->text.size,
                       outcome->text.data, error.message) ||
        may_change(set, outcome))
        return;
    support_check_str(tally, "tag", new.tag, old.tag);
    support_check_str(tally, "digest", new.digest, old.digest);
    counts.kept++;
}

/* A second run changes nothing. */
static void
check_at_rest(struct support_tally *tally, const struct set *set,
              const struct applied *first)
{
    char text[IMGRW_REFERENCE_MAX];
    struct applied second;

    snprintf(text, sizeof(text), "%.*s", (int)first->outcome.text.size,
             first->outcome.text.data);
    apply_set(set, text, &second);
    if (support_check(tally, second.status == IMGRW_OK,
                      "second run, of %s: status %d: %s", text, second.status,
                      second.error.message))
        support_check_str(tally, "second run", second.outcome.text,
                          support_str(text));
}

static void
count_presets(const struct set *set, const struct imgrw_outcome *outcome)
{
    const char *line = set->lines[outcome->rules[outcome->rule_count - 1]];

    for (size_t i = 0; imgrw_preset(i); i++) {
        const char *name = imgrw_preset(i)->name;
        size_t size = strlen(name);

        if (line_is(line, "preset ") && line_is(line + 7, name) &&
            (line[7 + size] == ':' || line[7 + size] == '\0'))
            counts.by_preset[i]++;
    }
}

static void
check_applied(struct support_tally *tally, const struct set *set,
              const struct applied *applied)
{
    counts.applied++;
    counts.failed += applied->status != IMGRW_OK;
    if (applied->status != IMGRW_OK) {
        support_check(tally,
                      applied->status == IMGRW_ERR_RULE &&
                          applied->error.message[0] != '\0',
                      "status %d: %s", applied->status,
                      applied->error.message);
        support_check(tally, applied->outcome.rule_count == UNTOUCHED,
                      "the outcome changed");
        return;
    }
    if (applied->outcome.result == IMGRW_REWRITTEN) {
        counts.rewritten++;
        count_presets(set, &applied->outcome);
    }
    check_result(tally, set, applied);
    if (set->accepted && !set->may_change_tags)
        check_at_rest(tally, set, applied);
}

/* ---- plans ----------------------------------------------------------- */

/* The text of a Pod with the images that `status` is the status of. */
static char *
make_pod(const struct applied *applied, enum imgrw_status status)
{
    static const char head[] = "kind: Pod\nspec:\n  containers:\n";
    size_t size = sizeof(head) + IMAGES * (IMGRW_REFERENCE_MAX + 16), at;
    char *text = malloc(size);

    if (!text)
        fail_msg("out of memory");
    at = (size_t)snprintf(text, size, "%s", head);
    for (size_t i = 0; i < IMAGES; i++)
        if (applied[i].status == status)
            at += (size_t)snprintf(text + at, size - at, "  - image: \"%s\"\n",
                                   applied[i].image);
    return text;
}

/* Each image of the new text is what the rules alone make of the old one. */
static void
check_new_text(struct support_tally *tally, const struct imgrw_plan *plan,
               const struct applied *applied)
{
    struct imgrw_manifest *manifest;
    size_t number = 0;

    assert_int_equal(imgrw_manifest_parse(imgrw_plan_text(plan), NULL, NULL,
                                          &manifest, NULL), IMGRW_OK);
    for (size_t i = 0; i < IMAGES; i++) {
        const struct imgrw_image *image = imgrw_manifest_image(manifest,
                                                               number);
        const struct imgrw_decision *decision =
            imgrw_plan_decision(plan, number);

        if (applied[i].status != IMGRW_OK)
            continue;
        number++;
        if (!support_check(tally, image && decision, "no image %zu", number))
            break;
        support_check(tally, decision->obstacle.size == 0, "%.*s",
                      (int)decision->obstacle.size, decision->obstacle.data);
        support_check(tally,
                      same_outcome(&decision->outcome, &applied[i].outcome),
                      "%s is planned as %.*s", applied[i].image,
                      (int)decision->outcome.text.size,
                      decision->outcome.text.data);
        support_check_str(tally, "new text", image->text,
                          applied[i].outcome.text);
    }
    imgrw_manifest_free(manifest);
}

/* Plans a Pod with the images that `status` is the status of. The plan has to
 * have the same status, or to be refused with the set. */
static void
check_plan(struct support_tally *tally, const struct set *set,
           const struct applied *applied, enum imgrw_status status)
{
    char *text = make_pod(applied, status);
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan = NULL;
    struct imgrw_error error = {.message = "success"};
    enum imgrw_status got;

    assert_int_equal(imgrw_manifest_parse(support_str(text), NULL, NULL,
                                          &manifest, NULL), IMGRW_OK);
    if (imgrw_manifest_count(manifest) > 0) {
        got = imgrw_plan_new(manifest, set->rules, NULL, &plan, &error);
        if (!set->accepted)
            status = IMGRW_ERR_RULE;
        if (support_check(tally, got == status, "the plan has status %d: %s",
                          got, error.message) && got == IMGRW_OK)
            check_new_text(tally, plan, applied);
    }
    imgrw_plan_free(plan);
    imgrw_manifest_free(manifest);
    free(text);
}

static void
run_set(struct support_tally *tally, uint64_t seed)
{
    struct set set;
    struct applied applied[IMAGES];
    size_t failed = tally->failed;

    make_set(&set, seed);
    counts.sets++;
    counts.accepted += set.accepted;
    for (size_t i = 0; i < IMAGES; i++) {
        char image[IMGRW_REFERENCE_MAX];

        make_image(&set, image);
        begin_row(tally, &set, image);
        apply_set(&set, image, &applied[i]);
        check_applied(tally, &set, &applied[i]);
    }
    begin_row(tally, &set, "plan");
    check_plan(tally, &set, applied, IMGRW_OK);
    check_plan(tally, &set, applied, IMGRW_ERR_RULE);
    end_set(&set, tally, failed);
}

static void
test_results(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (uint64_t seed = 1; seed <= 3000; seed++)
        run_set(&tally, seed);
    print_message("%zu sets, %zu accepted; %zu images, %zu rewritten, %zu "
                  "refused, %zu with tag and digest kept\n", counts.sets,
                  counts.accepted, counts.applied, counts.rewritten,
                  counts.failed, counts.kept);
    for (size_t i = 0; imgrw_preset(i); i++) {
        support_row(&tally, "preset %s", imgrw_preset(i)->name);
        support_check(&tally, counts.by_preset[i] > 0, "it was never tried");
    }
    support_finish(&tally);
    assert_true(counts.accepted > counts.sets / 4);
    assert_true(counts.rewritten > counts.applied / 10);
    assert_true(counts.failed > 0);
}

/* ---- spelling -------------------------------------------------------- */

#define SPELLINGS 8

static const char *const spellings[][SPELLINGS] = {
    {"nginx", "library/nginx", "docker.io/nginx", "docker.io/library/nginx",
     "index.docker.io/nginx", "index.docker.io/library/nginx",
     "registry-1.docker.io/library/nginx",
     "registry.hub.docker.com/library/nginx"},
    {"acme/api", "docker.io/acme/api", "index.docker.io/acme/api",
     "registry-1.docker.io/acme/api", "Registry.Hub.Docker.com:443/acme/api"},
    {"hub", "library/hub", "docker.io/hub", "docker.io/library/hub",
     "index.docker.io/hub", "index.docker.io/library/hub"},
    {"quay.io/acme/api", "QUAY.io/acme/api", "quay.io:443/acme/api"},
    {"r.example.com/hub/x", "R.Example.COM/hub/x", "r.example.com:443/hub/x"},
    {"[2001:db8::1]/nginx", "[2001:DB8::1]/nginx", "[2001:db8::1]:443/nginx"},
};

/* These keep names as they are written, or have a checksum of them. */
static bool
keeps_spelling(const struct set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (line_is(set->lines[i], "preset replicated") ||
            line_is(set->lines[i], "preset rancher") ||
            line_is(set->lines[i], "preset byo") ||
            line_is(set->lines[i], "preset zarf") ||
            strstr(set->lines[i], " written"))
            return true;
    return false;
}

/* Whether both came to the same image by the same rules. That one of them was
 * there already makes no difference. */
static bool
agree(const struct applied *one, const struct applied *other)
{
    struct imgrw_reference a, b;

    if (one->status != IMGRW_OK || other->status != IMGRW_OK)
        return one->status == other->status;
    return (one->outcome.result < IMGRW_UNCHANGED
                ? one->outcome.result == other->outcome.result
                : other->outcome.result >= IMGRW_UNCHANGED) &&
           one->outcome.rule_count == other->outcome.rule_count &&
           memcmp(one->outcome.rules, other->outcome.rules,
                  one->outcome.rule_count * sizeof(size_t)) == 0 &&
           imgrw_reference_parse(one->outcome.text, &a, NULL) == IMGRW_OK &&
           imgrw_reference_parse(other->outcome.text, &b, NULL) == IMGRW_OK &&
           imgrw_reference_equal(&a, &b);
}

static void
check_spellings(struct support_tally *tally, const struct set *set,
                const char *const *names, const char *tail)
{
    struct applied first, other;
    char image[IMGRW_REFERENCE_MAX];

    for (size_t i = 0; i < SPELLINGS && names[i]; i++) {
        snprintf(image, sizeof(image), "%s%s", names[i], tail);
        begin_row(tally, set, image);
        apply_set(set, image, i == 0 ? &first : &other);
        if (i > 0)
            support_check(tally, agree(&first, &other),
                          "%s becomes %.*s (%s), this one %.*s (%s)",
                          first.image, (int)first.outcome.text.size,
                          first.outcome.text.data, first.error.message,
                          (int)other.outcome.text.size,
                          other.outcome.text.data, other.error.message);
    }
}

static void
test_spelling(void **state)
{
    static const char *const tails[] = {"", ":1", "@" DIGEST, ":1@" DIGEST};
    struct support_tally tally = {0};

    (void)state;
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        struct set set;
        size_t failed = tally.failed;

        make_set(&set, seed);
        for (size_t i = 0;
             i < SUPPORT_COUNT(spellings) && !keeps_spelling(&set); i++)
            check_spellings(&tally, &set, spellings[i],
                            tails[(seed + i) % SUPPORT_COUNT(tails)]);
        end_set(&set, &tally, failed);
    }
    print_message("%zu spellings\n", tally.rows);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_spelling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
