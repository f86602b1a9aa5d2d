/*
 * What is refused, rules and images, leaves no trace: random ones with some
 * damage, next to those that are whole. A row that fails is named by the seed
 * of its set, and its rules are printed.
 */
#include "random_set.h"

#include <stdio.h>
#include <string.h>

#define IMAGES 8 /* given to each set */

static size_t
count_words(const char *line)
{
    size_t count = 0;

    for (; *line != '\0'; line += strcspn(line, " ")) {
        line += strspn(line, " ");
        count += *line != '\0';
    }
    return count;
}

/* A rule with some damage, of as many words as before; overrides in the grammar
 * of the command, of which no damage makes anything else. */
static void
make_damaged_rule(struct generator *generator, char *line)
{
    enum generate_kind kind = generate_number(generator, GENERATE_KINDS);
    char whole[GENERATE_LINE];

    generate_rule(generator, kind, whole);
    if (kind == GENERATE_OVERRIDE) {
        char image[2][IMGRW_REFERENCE_MAX];

        generate_reference(generator, NULL, image[0]);
        generate_reference(generator, NULL, image[1]);
        snprintf(whole, sizeof(whole), "image %s=%s", image[0], image[1]);
    }
    do {
        strcpy(line, whole);
        generate_damage(generator, strchr(line, ' ') + 1);
    } while (count_words(line) != count_words(whole));
}

/* Adds rules, damaged and whole, to `mixed`, and to `clean` those that `mixed`
 * took. Returns how many it refused. */
static size_t
make_mixed_sets(struct support_tally *tally, struct set *mixed,
                struct set *clean)
{
    size_t refused = 0;

    while (mixed->count < RULES && refused < 20) {
        char line[GENERATE_LINE];
        size_t before = mixed->count;

        if (generate_chance(&mixed->generator, 60))
            make_damaged_rule(&mixed->generator, line);
        else
            generate_rule(&mixed->generator,
                          generate_number(&mixed->generator, GENERATE_KINDS),
                          line);
        if (add_line(mixed, line))
            support_check(tally, add_line(clean, line), "%.200s is refused",
                          line);
        else
            refused++;
        support_check(tally,
                      imgrw_rules_count(mixed->rules) == mixed->count &&
                          mixed->count >= before,
                      "%.200s is refused, and yet it counts", line);
    }
    return refused;
}

/* Refused rules leave no trace: the set does what one does that never saw
 * them. */
static size_t
check_mixed(struct support_tally *tally, uint64_t seed)
{
    struct set mixed, clean;
    size_t refused, failed = tally->failed;

    begin_set(&mixed, seed);
    begin_set(&clean, seed);
    begin_row(tally, &mixed, "refused rules");
    refused = make_mixed_sets(tally, &mixed, &clean);
    for (size_t i = 0; i < IMAGES && mixed.count > 0; i++) {
        char image[IMGRW_REFERENCE_MAX];
        struct applied one, other;

        make_image(&mixed, image);
        begin_row(tally, &mixed, image);
        apply_set(&mixed, image, &one);
        apply_set(&clean, image, &other);
        support_check(tally,
                      one.status == other.status &&
                          (one.status != IMGRW_OK ||
                           same_outcome(&one.outcome, &other.outcome)),
                      "%.*s, and %.*s without the refused rules",
                      (int)one.outcome.text.size, one.outcome.text.data,
                      (int)other.outcome.text.size, other.outcome.text.data);
    }
    imgrw_rules_free(clean.rules);
    end_set(&mixed, tally, failed);
    return refused;
}

static void
test_refused_rules(void **state)
{
    struct support_tally tally = {0};
    size_t refused = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 1000; seed++)
        refused += check_mixed(&tally, seed);
    print_message("%zu rules refused\n", refused);
    support_finish(&tally);
    assert_true(refused > 1000);
}

/* What is no reference is refused, whatever the rules, and changes nothing. */
static void
test_refused_images(void **state)
{
    struct support_tally tally = {0};
    size_t refused = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 500; seed++) {
        struct set set;
        size_t failed = tally.failed;

        make_set(&set, seed);
        for (size_t i = 0; i < IMAGES; i++) {
            char image[IMGRW_REFERENCE_MAX];
            struct imgrw_reference parsed;
            struct applied applied;
            enum imgrw_status expected;

            make_image(&set, image);
            generate_damage(&set.generator, image);
            expected = imgrw_reference_parse(support_str(image), &parsed, NULL);
            begin_row(&tally, &set, image);
            apply_set(&set, image, &applied);
            if (expected == IMGRW_OK)
                continue;
            refused++;
            support_check(&tally, applied.status == expected, "status %d",
                          applied.status);
            support_check(&tally, applied.outcome.rule_count == UNTOUCHED,
                          "the outcome changed");
        }
        end_set(&set, &tally, failed);
    }
    print_message("%zu images refused\n", refused);
    support_finish(&tally);
    assert_true(refused > 500);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused_rules),
        cmocka_unit_test(test_refused_images),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
