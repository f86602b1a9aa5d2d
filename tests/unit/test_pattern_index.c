/*
 * Many rules: an index finds the patterns that match, all of them and no
 * others; and the work of adding, checking and applying thousands of rules
 * grows as their number does. It is counted in calls, not by the clock.
 */
#include "base/str.h"
#include "reference/name.h"
#include "rules/pattern_index.h"
#include "support.h"

#include <imgrewrite/rules.h>

#include <stdio.h>

/* Calls of what compares a pattern or looks something up. */
static size_t calls;

bool __real_irw_pattern_match(const struct irw_pattern *pattern,
                              const struct imgrw_reference *reference,
                              struct irw_match *match);
bool __wrap_irw_pattern_match(const struct irw_pattern *pattern,
                              const struct imgrw_reference *reference,
                              struct irw_match *match);
bool __real_irw_pattern_covers(const struct irw_pattern *outer,
                               const struct irw_pattern *inner);
bool __wrap_irw_pattern_covers(const struct irw_pattern *outer,
                               const struct irw_pattern *inner);
uintptr_t __real_irw_map_get(const struct irw_map *map, imgrw_str key);
uintptr_t __wrap_irw_map_get(const struct irw_map *map, imgrw_str key);

bool
__wrap_irw_pattern_match(const struct irw_pattern *pattern,
                         const struct imgrw_reference *reference,
                         struct irw_match *match)
{
    calls++;
    return __real_irw_pattern_match(pattern, reference, match);
}

bool
__wrap_irw_pattern_covers(const struct irw_pattern *outer,
                          const struct irw_pattern *inner)
{
    calls++;
    return __real_irw_pattern_covers(outer, inner);
}

uintptr_t
__wrap_irw_map_get(const struct irw_map *map, imgrw_str key)
{
    calls++;
    return __real_irw_map_get(map, key);
}

/* ---- the index against a list ----------------------------------------- */

static const char *const patterns[] = {
    "docker.io", "nginx", "library", "library/nginx", "nginx:1", "nginx:2",
    "library/nginx:1", "acme/nginx", "docker.io/acme", "quay.io", "quay.io/a",
    "quay.io/a/b", "quay.io/a/b:1", "quay.io/a:1", "*.io", "*.quay.io",
    "*.eu.quay.io/a", "*.io/a", "localhost:5000", "[::1]:5000/a", "*.gcr.io:1",
    "reg_host.io/x", "nginx@sha256:"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "quay.io/a:1@sha256:"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

static const char *const names[] = {
    "nginx", "nginx/a", "library/nginx/a", "library/x", "library", "acme/nginx",
    "acme", "quay.io/a", "quay.io/ab", "quay.io/a/b", "quay.io/a/b/c",
    "eu.quay.io/a", "x.eu.quay.io/a", "x.eu.quay.io/a/b", "localhost:5000/a",
    "[::1]:5000/a/b", "a.gcr.io:1/x", "reg_host.io/x", "reg_host.io/x/y",
    "example.com/a",
};

/* The items that a visit came to. */
struct seen {
    const struct irw_pattern *patterns;
    bool items[SUPPORT_COUNT(patterns)];
};

static bool
see(const void *item, void *user)
{
    struct seen *seen = user;
    size_t number =
        (size_t)((const struct irw_pattern *)item - seen->patterns);

    seen->items[number] = true;
    return false;
}

static void
check_visit(struct support_tally *tally, const struct irw_pattern_index *index,
            const struct irw_pattern *parsed, const char *image)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference reference;
    struct irw_match match;
    struct seen seen = {.patterns = parsed};

    support_row(tally, "%s", image);
    if (imgrw_reference_parse(support_str(image), &reference, NULL) != IMGRW_OK)
        return;
    irw_reference_canonical(&reference, &buffer, &reference);
    irw_pattern_index_visit(index, &reference, see, &seen);
    for (size_t i = 0; i < SUPPORT_COUNT(patterns); i++)
        support_check(tally,
                      seen.items[i] ==
                          irw_pattern_match(&parsed[i], &reference, &match),
                      "%s %s", seen.items[i] ? "visited" : "not visited",
                      patterns[i]);
}

static void
test_visit(void **state)
{
    static const char *const tails[] = {
        "", ":1", ":3", "@sha256:"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ":1@sha256:"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    struct irw_pattern parsed[SUPPORT_COUNT(patterns)];
    struct irw_pattern_index index = {.any_host = false};
    struct irw_arena arena = {0};
    struct support_tally tally = {0};
    char image[256];

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(patterns); i++) {
        assert_int_equal(irw_pattern_parse(support_str(patterns[i]), "pattern",
                                           &arena, &parsed[i], NULL), IMGRW_OK);
        assert_true(irw_pattern_index_add(&index, &parsed[i], &parsed[i],
                                          &arena));
    }
    for (size_t i = 0; i < SUPPORT_COUNT(names) * SUPPORT_COUNT(tails); i++) {
        snprintf(image, sizeof(image), "%s%s", names[i / SUPPORT_COUNT(tails)],
                 tails[i % SUPPORT_COUNT(tails)]);
        check_visit(&tally, &index, parsed, image);
    }
    irw_pattern_index_clear(&index);
    irw_arena_clear(&arena);
    support_finish(&tally);
}

/* ---- work --------------------------------------------------------------- */

#define ROWS 400

/* A set of rules that grows: the rules number `number`, and an image. */
struct shape {
    const char *name;
    const char *from, *to;       /* a prefix rule */
    const char *from_2, *to_2;   /* another one */
    const char *exclude, *image; /* each with a "%d", as those before */
};

static const struct shape shapes[] = {
    {"many to many", "r%d.io", "h.example/r%d", NULL, NULL, NULL,
     "r%d.io/a/b/c:1"},
    {"many to one", "r%d.io", "h.example/all", NULL, NULL, NULL, "r%d.io/a:1"},
    {"paths of one registry", "quay.io/a%d", "h.example/a%d", NULL, NULL, NULL,
     "quay.io/a%d/x"},
    {"paths of paths", "quay.io/a/b/c/a%d", "h.example/a%d", NULL, NULL, NULL,
     "quay.io/a/b/c/a%d/x"},
    {"domains", "*.r%d.io", "h.example/r%d", NULL, NULL, NULL, "x.r%d.io/a"},
    {"official images", "img%d", "h.example/img%d", NULL, NULL, NULL,
     "img%d:1"},
    {"tags of one image", "quay.io/a:t%d", "h.example/t%d", NULL, NULL, NULL,
     "quay.io/a:t%d"},
    {"to where nothing moves", "r%d.io", "h.example", "h.example/x%d",
     "h.example/x%d", NULL, "r%d.io/x"},
    {"excludes", "r%d.io", "h.example/r%d", NULL, NULL, "r%d.io/not/**",
     "r%d.io/not/a"},
};

/* Writes `format` with the number; NULL stays NULL. */
static const char *
write_number(const char *format, int number, char *text, size_t size)
{
    if (format)
        snprintf(text, size, format, number);
    return format ? text : NULL;
}

static void
add_rules(struct imgrw_rules *rules, const struct shape *shape, int number)
{
    char text[5][64];
    const char *from = write_number(shape->from, number, text[0], 64);
    const char *to = write_number(shape->to, number, text[1], 64);
    const char *exclude = write_number(shape->exclude, number, text[4], 64);

    assert_int_equal(imgrw_rules_add_prefix(rules, from, to, NULL), IMGRW_OK);
    if (exclude)
        assert_int_equal(imgrw_rules_add_exclude(rules, exclude, NULL),
                         IMGRW_OK);
    if (!shape->from_2)
        return;
    from = write_number(shape->from_2, number, text[2], 64);
    to = write_number(shape->to_2, number, text[3], 64);
    assert_int_equal(imgrw_rules_add_prefix(rules, from, to, NULL), IMGRW_OK);
}

/* The calls for `count` rules of the shape and as many images. */
static size_t
count_work(struct support_tally *tally, const struct shape *shape, int count)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    struct imgrw_rules *rules;
    size_t unmatched = 0;
    char image[64];

    calls = 0;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    for (int i = 0; i < count; i++)
        add_rules(rules, shape, i);
    support_check(tally, imgrw_rules_check(rules, NULL, NULL, NULL) == IMGRW_OK,
                  "the set is refused");
    for (int i = 0; i < count; i++) {
        imgrw_str text = support_str(
            write_number(shape->image, i, image, sizeof(image)));

        assert_int_equal(imgrw_rules_apply(rules, text, &buffer, &outcome,
                                           NULL), IMGRW_OK);
        unmatched += outcome.result == IMGRW_UNMATCHED;
    }
    support_check(tally, unmatched == 0, "%zu images match no rule", unmatched);
    imgrw_rules_free(rules);
    return calls;
}

static void
test_work(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(shapes); i++) {
        size_t once, twice;

        support_row(&tally, "%s", shapes[i].name);
        once = count_work(&tally, &shapes[i], ROWS);
        twice = count_work(&tally, &shapes[i], 2 * ROWS);
        support_check(&tally, once > ROWS, "only %zu calls", once);
        support_check(&tally, twice < once * 5 / 2, "%zu calls, then %zu", once,
                      twice);
    }
    support_finish(&tally);
}

static void
ignore(const struct imgrw_location *at, const char *message, void *user)
{
    (void)at;
    (void)message;
    (void)user;
}

/* The calls for a check that tries `count` overrides of one name. */
static size_t
count_trials(int count)
{
    struct imgrw_rules *rules;
    char text[64];

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    for (int i = 0; i < count; i++) {
        snprintf(text, sizeof(text), "quay.io/a:t%d=b.io/a:u%d", i, i);
        assert_int_equal(imgrw_rules_add_image(rules, text, NULL), IMGRW_OK);
    }
    calls = 0;
    assert_int_equal(imgrw_rules_check(rules, ignore, NULL, NULL), IMGRW_OK);
    imgrw_rules_free(rules);
    return calls;
}

/* Each is tried with its own tag, not with those of all others. */
static void
test_trials(void **state)
{
    size_t once = count_trials(100), twice = count_trials(200);

    (void)state;
    assert_true(once >= 100);
    assert_true(twice < once * 5 / 2);
}

/* A set that passed is not checked again, until a rule is added. */
static void
test_check_once(void **state)
{
    struct imgrw_rules *rules;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_prefix(rules, "a.io", "b.io", NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_rules_check(rules, NULL, NULL, NULL), IMGRW_OK);
    calls = 0;
    assert_int_equal(imgrw_rules_check(rules, NULL, NULL, NULL), IMGRW_OK);
    assert_int_equal(calls, 0);
    assert_int_equal(imgrw_rules_add_prefix(rules, "b.io", "c.io", NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_rules_check(rules, NULL, NULL, NULL),
                     IMGRW_ERR_RULE);
    assert_int_equal(imgrw_rules_check(rules, NULL, NULL, NULL),
                     IMGRW_ERR_RULE);
    imgrw_rules_free(rules);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_visit),
        cmocka_unit_test(test_work),
        cmocka_unit_test(test_trials),
        cmocka_unit_test(test_check_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
