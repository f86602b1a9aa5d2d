/*
 * Prefix rules: what lay under one registry or path now lies under another.
 */
#include "rules/set.h"
#include "base/error.h"
#include "base/str.h"

/* Reads the location: a registry, with or without a path, or a path on Docker
 * Hub. */
static enum imgrw_status
parse_location(struct imgrw_rules *rules, const char *to,
               struct irw_prefix *prefix, struct imgrw_error *error)
{
    imgrw_str text = irw_str(to);
    char *copy;
    enum imgrw_status status;

    if (text.size > 1 && text.data[text.size - 1] == '/')
        text.size--;
    status = irw_pattern_parse(text, "location", &rules->arena, &prefix->under,
                               error);
    if (status != IMGRW_OK)
        return status;
    if (prefix->under.tag.size > 0 || prefix->under.digest.size > 0 ||
        prefix->under.any_host || text.data[text.size - 1] == '/')
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "location \"%.*s\": expected one registry, with or "
                        "without a path, and no tag or digest",
                        IRW_PRINT(irw_str(to)));
    copy = irw_arena_copy(&rules->arena, text);
    if (!copy)
        return irw_fail_memory(error);
    prefix->to = (imgrw_str){copy, text.size};
    prefix->under.official = false;
    return IMGRW_OK;
}

/* Whether there are pulls that both are for. */
static bool
overlap(enum imgrw_pull one, enum imgrw_pull other)
{
    return one == other || one == IMGRW_PULL_ANY || other == IMGRW_PULL_ANY;
}

enum imgrw_status
imgrw_rules_add_prefix(struct imgrw_rules *rules, const char *from,
                       const char *to, struct imgrw_error *error)
{
    return imgrw_rules_add_mirror(rules, from, to, IMGRW_PULL_ANY, error);
}

enum imgrw_status
imgrw_rules_add_mirror(struct imgrw_rules *rules, const char *from,
                       const char *to, enum imgrw_pull pull,
                       struct imgrw_error *error)
{
    struct irw_rule rule = {.kind = IRW_RULE_PREFIX};
    enum imgrw_status status;

    if (!rules || !from || !to)
        return irw_fail_null(error, !rules ? "rules" : !from ? "from" : "to");
    if ((unsigned)pull > IMGRW_PULL_BY_TAG)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "%d is no kind of pull", (int)pull);
    rule.prefix.pull = pull;
    status = irw_pattern_parse(irw_str(from), "prefix", &rules->arena,
                               &rule.prefix.from, error);
    if (status == IMGRW_OK)
        status = parse_location(rules, to, &rule.prefix, error);
    if (status != IMGRW_OK)
        return status;
    IRW_EACH_RULE(i, rules, IRW_RULE_PREFIX)
        if (overlap(rules->items[i].prefix.pull, pull) &&
            irw_pattern_equal(&rules->items[i].prefix.from, &rule.prefix.from))
            return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                            "prefix \"%s\" is given twice, for %.*s and %s",
                            from, IRW_PRINT(rules->items[i].prefix.to), to);
    return irw_rules_append(rules, &rule, "prefix", irw_str(from), error);
}

/* Whether a pull of the reference is one that the rule is for. */
static bool
is_for_pull(const struct irw_prefix *prefix,
            const struct imgrw_reference *reference)
{
    return prefix->pull == IMGRW_PULL_ANY ||
           (prefix->pull == IMGRW_PULL_BY_DIGEST) ==
               (reference->digest.size > 0);
}

/* Whether `match` says more of the image than `best` does. */
static bool
is_longer(const struct irw_match *match, const struct irw_match *best)
{
    return match->path != best->path ? match->path > best->path
                                     : match->exact > best->exact;
}

bool
irw_rules_rest(const struct imgrw_rules *rules,
               const struct imgrw_reference *canonical)
{
    struct irw_match match;

    IRW_EACH_RULE(i, rules, IRW_RULE_PREFIX)
        if (irw_pattern_match(&rules->items[i].prefix.under, canonical, &match))
            return true;
    IRW_EACH_RULE(i, rules, IRW_RULE_PRESET)
        if (irw_preset_rests(rules->items[i].preset, canonical))
            return true;
    return false;
}

size_t
irw_prefix_find(const struct imgrw_rules *rules,
                const struct imgrw_reference *canonical,
                struct irw_match *match)
{
    size_t best = SIZE_MAX;
    struct irw_match candidate;

    IRW_EACH_RULE(i, rules, IRW_RULE_PREFIX) {
        const struct irw_rule *rule = &rules->items[i];

        if (!is_for_pull(&rule->prefix, canonical) ||
            !irw_pattern_match(&rule->prefix.from, canonical, &candidate))
            continue;
        if (best == SIZE_MAX || is_longer(&candidate, match)) {
            best = i;
            *match = candidate;
        }
    }
    return best;
}
