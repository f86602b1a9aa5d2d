/*
 * Masks and the templates that are read through them: a mask has the length and
 * the line breaks of its text, has no actions itself, and differs where there
 * are actions alone; and a rewrite leaves every action as it is, and the second
 * one has nothing to do.
 */
#include "base/str.h"
#include "fuzz.h"
#include "yaml/mask.h"

#include <imgrewrite/rewrite.h>
#include <imgrewrite/rules.h>

#include <stdlib.h>

#define LARGEST_INPUT ((size_t)1 << 16)

/* Whether the blank at a byte has nothing but blanks between it and an action.
 */
static bool
is_beside_action(imgrw_str text, const struct irw_mask *mask, size_t at)
{
    size_t from = at, to = at, i;

    while (from > 0 && irw_is_white(text.data[from - 1]))
        from--;
    while (to < text.size && irw_is_white(text.data[to]))
        to++;
    IRW_LOWER_BOUND(i, mask->count, mask->actions[i].end < from);
    return irw_is_white(text.data[at]) && i < mask->count &&
           mask->actions[i].start <= to;
}

static bool
is_in_action(const struct irw_mask *mask, size_t at)
{
    size_t i;

    IRW_LOWER_BOUND(i, mask->count, mask->actions[i].end <= at);
    return i < mask->count && mask->actions[i].start <= at;
}

static void
claim_mask(imgrw_str text, const struct irw_mask *mask)
{
    irw_action_list actions = {0};
    struct imgrw_error error;

    fuzz_claim(mask->text.size == text.size, "a mask has another length");
    for (size_t i = 0; i < text.size; i++) {
        char before = text.data[i], after = mask->text.data[i];

        fuzz_claim((before == '\n') == (after == '\n') &&
                       (before == '\r') == (after == '\r'),
                   "a line break at byte %zu is masked", i);
        fuzz_claim(before == after || is_in_action(mask, i) ||
                       is_beside_action(text, mask, i),
                   "byte %zu is masked, which is of no action", i);
    }
    fuzz_must(irw_actions_read(mask->text, &actions, &error), &error);
    fuzz_claim(actions.count == 0, "a mask has actions");
    free(actions.items);
}

/* Claims that two texts have the same actions. */
static void
claim_same_actions(imgrw_str one, imgrw_str other)
{
    irw_action_list first = {0}, second = {0};
    struct imgrw_error error;

    fuzz_must(irw_actions_read(one, &first, &error), &error);
    fuzz_must(irw_actions_read(other, &second, &error), &error);
    fuzz_claim(first.count == second.count, "there were %zu actions, now %zu",
               first.count, second.count);
    for (size_t i = 0; i < first.count; i++)
        fuzz_claim(
            fuzz_equal(irw_slice(one, first.items[i].start,
                                 first.items[i].end),
                       irw_slice(other, second.items[i].start,
                                 second.items[i].end)),
            "the action at byte %u is another", first.items[i].start);
    free(first.items);
    free(second.items);
}

/* Rewrites a template; NULL where it cannot be read, or changed. */
static struct imgrw_plan *
rewrite(imgrw_str text, const struct imgrw_rules *rules)
{
    const struct imgrw_parse_options parse = {
        .size = sizeof(parse),
        .find = IMGRW_FIND_ALL,
        .templates = IMGRW_TEMPLATES_ALWAYS,
    };
    const struct imgrw_rewrite_options options = {
        .size = sizeof(options),
        .parse = &parse,
    };
    struct imgrw_plan *plan = NULL;
    struct imgrw_error error;
    enum imgrw_status status =
        imgrw_rewrite(text, rules, &options, &plan, &error);

    fuzz_claim(status != IMGRW_ERR_PROOF, "no proof: %s", error.message);
    return status == IMGRW_OK ? plan : NULL;
}

static void
claim_rewrite(imgrw_str text)
{
    struct imgrw_rules *rules;
    struct imgrw_plan *plan, *again;
    struct imgrw_error error;

    fuzz_must(imgrw_rules_new(&rules, &error), &error);
    fuzz_must(imgrw_rules_add_prefix(rules, "docker.io", "m.example.com/hub",
                                     &error),
              &error);
    plan = rewrite(text, rules);
    if (plan && imgrw_plan_count(plan) > 0) {
        if (imgrw_manifest_is_template(imgrw_plan_manifest(plan)))
            claim_same_actions(text, imgrw_plan_text(plan));
        again = rewrite(imgrw_plan_text(plan), rules);
        fuzz_claim(again, "the new text cannot be read");
        fuzz_claim(imgrw_plan_count(again) == 0, "there are edits again");
        imgrw_plan_free(again);
    }
    imgrw_plan_free(plan);
    imgrw_rules_free(rules);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    imgrw_str text = {(const char *)data, size};
    struct irw_arena arena = {0};
    const struct irw_mask *mask;
    struct imgrw_error error;

    if (size > LARGEST_INPUT)
        return 0;
    if (irw_mask_make(text, 0, &arena, &mask, &error) == IMGRW_OK && mask)
        claim_mask(text, mask);
    claim_rewrite(text);
    irw_arena_clear(&arena);
    return 0;
}
