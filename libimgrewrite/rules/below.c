/*
 * Names that nobody gives are put below the base, and the rules are asked about
 * these. Rules that are for less than the base would not show in that, so that
 * there must be none.
 */
#include "rules/below.h"
#include "base/error.h"
#include "base/str.h"
#include "rules/set.h"

#include <stdio.h>

/* One name without a tag, one with a tag, and one with a digest: rules may be
 * for some of these only. */
static const char *const probes[] = {
    "/imgrewrite-probe",
    "/imgrewrite-probe:1",
    ("/imgrewrite-probe@sha256:"
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
};

#define PROBE_COUNT (sizeof(probes) / sizeof(probes[0]))

/* What the rules make of a probe. */
struct answer {
    struct imgrw_outcome outcome;
    struct imgrw_reference_buffer buffer;
    bool kept; /* the end of the name, where that has changed */
};

static enum imgrw_status
ask(const struct imgrw_rules *rules, imgrw_str base, const char *probe,
    struct answer *answer)
{
    char text[sizeof(answer->buffer.bytes)];
    int size = snprintf(text, sizeof(text), "%.*s%s", IRW_PRINT(base), probe);
    imgrw_str end = irw_str(probe);
    enum imgrw_status status;

    if (size < 0 || (size_t)size >= sizeof(text))
        return IMGRW_ERR_RULE;
    status = imgrw_rules_apply(rules, irw_str(text), &answer->buffer,
                               &answer->outcome, NULL);
    if (status != IMGRW_OK || answer->outcome.result != IMGRW_REWRITTEN)
        return status;
    answer->kept = irw_ends_with(answer->outcome.text, end);
    if (answer->kept)
        answer->outcome.text.size -= end.size;
    return IMGRW_OK;
}

/* Whether the answers are the same but for the ends. */
static bool
are_alike(const struct answer *one, const struct answer *other)
{
    return one->outcome.result == other->outcome.result &&
           (one->outcome.result != IMGRW_REWRITTEN ||
            (one->kept && other->kept &&
             irw_equal(one->outcome.text, other->outcome.text)));
}

/* Whether `inner` is a part of what `base` covers. */
static bool
is_within(const struct irw_pattern *base, const struct irw_pattern *inner)
{
    return irw_pattern_covers(base, inner) && !irw_pattern_covers(inner, base);
}

/* Whether the rule moves a part of what lies below the base, but not the
 * rest. */
static bool
moves_part(const struct irw_rule *rule, const struct irw_pattern *base)
{
    switch (rule->kind) {
    case IRW_RULE_OVERRIDE:
        return irw_pattern_match(base, &rule->override.name, NULL);
    case IRW_RULE_EXACT:
        return irw_pattern_match(base, &rule->exact.name, NULL);
    case IRW_RULE_PREFIX:
        return is_within(base, &rule->prefix.from);
    case IRW_RULE_PRESET:
        return rule->preset->upstream.text.size > 0 &&
               is_within(base, &rule->preset->upstream.under);
    default:
        return false;
    }
}

/* Whether the rule has a part of what lies below the base stay. */
static bool
keeps_part(const struct irw_rule *rule, const struct irw_pattern *base)
{
    const struct irw_preset *preset = rule->preset;

    if (rule->kind == IRW_RULE_EXCLUDE)
        return is_within(base, &rule->exclude);
    if (rule->kind == IRW_RULE_PREFIX || rule->kind == IRW_RULE_ANY)
        return is_within(base, &rule->prefix.to.under);
    if (rule->kind != IRW_RULE_PRESET)
        return false;
    for (size_t i = 0; i < IRW_KEEPS_MAX && preset->keeps[i].text.size > 0; i++)
        if (is_within(base, &preset->keeps[i].under))
            return true;
    return preset->only_private || is_within(base, &preset->location.under);
}

static const char *
find_obstacle(const struct imgrw_rules *rules, const struct irw_pattern *base,
              const struct answer answers[PROBE_COUNT])
{
    bool moves = answers[0].outcome.result == IMGRW_REWRITTEN;

    for (size_t i = 0; i < rules->list.count; i++) {
        const struct irw_rule *rule = rules->list.items[i];

        if (moves_part(rule, base) || (moves && keeps_part(rule, base)))
            return "a rule is for a part of what lies below it only";
    }
    for (size_t i = 1; i < PROBE_COUNT; i++)
        if (!are_alike(&answers[0], &answers[i]))
            return "the rules do not move all that lies below it alike";
    return NULL;
}

/* Asks about all probes. */
static enum imgrw_status
ask_all(const struct imgrw_rules *rules, imgrw_str base,
        struct answer answers[PROBE_COUNT])
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < PROBE_COUNT && status == IMGRW_OK; i++)
        status = ask(rules, base, probes[i], &answers[i]);
    return status;
}

enum imgrw_status
irw_rules_move_below(const struct imgrw_rules *rules, imgrw_str base,
                     struct imgrw_reference_buffer *buffer,
                     struct imgrw_outcome *outcome, const char **obstacle,
                     struct imgrw_error *error)
{
    struct answer answers[PROBE_COUNT] = {{.kept = false}};
    struct irw_arena arena = {0};
    struct irw_location location;
    enum imgrw_status status =
        irw_location_parse(base, &arena, &location, NULL);

    *obstacle = NULL;
    *outcome = (struct imgrw_outcome){.text = base};
    if (status == IMGRW_OK) {
        status = ask_all(rules, base, answers);
        *obstacle = status == IMGRW_OK
                        ? find_obstacle(rules, &location.under, answers)
                        : "the rules have no name for what lies below it";
    }
    if (status == IMGRW_OK) {
        *outcome = answers[0].outcome;
        outcome->text = base;
    }
    if (outcome->result == IMGRW_REWRITTEN) {
        outcome->text = answers[0].outcome.text;
        memcpy(buffer->bytes, outcome->text.data, outcome->text.size);
        outcome->text.data = buffer->bytes;
    }
    irw_arena_clear(&arena);
    return status == IMGRW_ERR_MEMORY ? irw_fail_memory(error) : IMGRW_OK;
}
