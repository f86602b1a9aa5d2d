#include "rules/placed.h"
#include "base/str.h"
#include "reference/name.h"

/* Indexes a rule by a place where it puts images, or leaves them alone. */
static bool
add_target(struct imgrw_rules *rules, const struct irw_location *target,
           const struct irw_rule *rule)
{
    return irw_pattern_index_add(&rules->targets, &target->under, rule,
                                 &rules->arena);
}

static bool
add_preset(struct imgrw_rules *rules, const struct irw_rule *rule)
{
    const struct irw_preset *preset = rule->preset;
    bool whole = add_target(rules, &preset->location, rule);

    for (size_t i = 0; i < IRW_KEEPS_MAX && preset->keeps[i].text.size > 0; i++)
        whole = whole && add_target(rules, &preset->keeps[i], rule);
    return whole;
}

/* Indexes a rule by the name of its result, which is a reference. */
static bool
add_result(struct imgrw_rules *rules, imgrw_str result,
           const struct irw_rule *rule)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference parsed, name;

    if (imgrw_reference_parse(result, &parsed, NULL) != IMGRW_OK)
        return true;
    irw_reference_canonical(&parsed, &buffer, &name);
    name = irw_reference_name(&name);
    return irw_named_add(&rules->results, &name, rule, &rules->arena);
}

bool
irw_placed_add(struct imgrw_rules *rules, const struct irw_rule *rule)
{
    switch (rule->kind) {
    case IRW_RULE_OVERRIDE:
        return add_result(rules, rule->override.entry.new_name, rule);
    case IRW_RULE_EXACT:
        return add_result(rules, rule->exact.to, rule);
    case IRW_RULE_PREFIX:
    case IRW_RULE_ANY:
        return add_target(rules, &rule->prefix.to, rule);
    case IRW_RULE_PRESET:
        return add_preset(rules, rule);
    case IRW_RULE_EXCLUDE:
        return true;
    }
    return false;
}

/* Whether the part is as the entry sets it, or the entry does not. */
static bool
is_set(imgrw_str set, imgrw_str part)
{
    return set.size == 0 || irw_equal(set, part);
}

/* Whether the rule, whose result has the image's name, gives the image. */
static bool
is_result(const struct irw_rule *rule, const struct imgrw_reference *canonical)
{
    const struct irw_kustomize_entry *entry = &rule->override.entry;
    struct imgrw_reference parsed, result;
    struct imgrw_reference_buffer buffer;

    if (rule->kind == IRW_RULE_OVERRIDE)
        return is_set(entry->new_tag, canonical->tag) &&
               is_set(entry->digest, canonical->digest) &&
               irw_ends_with(canonical->tag, entry->tag_suffix);
    if (imgrw_reference_parse(rule->exact.to, &parsed, NULL) != IMGRW_OK)
        return false;
    irw_reference_canonical(&parsed, &buffer, &result);
    return irw_reference_same(&result, canonical);
}

/* An irw_visit_fn: the rule that was added first counts. */
static bool
choose_first(const void *item, void *user)
{
    const struct irw_rule **found = user, *rule = item;

    if (!*found || rule->number < (*found)->number)
        *found = rule;
    return false;
}

const struct irw_rule *
irw_placed_find(const struct imgrw_rules *rules,
                const struct imgrw_reference *canonical)
{
    const struct imgrw_reference name = irw_reference_name(canonical);
    const struct irw_named *named = irw_named_find(&rules->results, &name);
    const struct irw_rule *found = NULL;

    for (; named; named = named->next)
        if (is_result(named->item, canonical))
            choose_first(named->item, &found);
    irw_pattern_index_visit(&rules->targets, canonical, choose_first, &found);
    return found;
}
