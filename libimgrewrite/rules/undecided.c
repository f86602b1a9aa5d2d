#include "rules/undecided.h"
#include "base/str.h"
#include "reference/placeholder.h"

bool
irw_named_is_undecided(const struct irw_rule *rule,
                       const struct imgrw_reference *canonical)
{
    const struct irw_override *override = &rule->override;
    const struct imgrw_reference *name = &override->name;
    bool whole = rule->kind == IRW_RULE_EXACT || name->digest.size > 0;

    if (!irw_equal(name->repository, canonical->repository) ||
        !irw_equal(name->registry, canonical->registry))
        return false;
    if (whole)
        return irw_placeholder_may_be(canonical->tag, name->tag) &&
               irw_placeholder_may_be(canonical->digest, name->digest);
    if (name->tag.size > 0)
        return irw_placeholder_may_be(canonical->tag, name->tag);
    return override->keeps_tag || override->entry.tag_suffix.size > 0;
}

/* A selection among the rules of patterns. */
struct selection {
    enum imgrw_pull pull; /* of the image */
    const struct irw_rule *found;
};

/* An irw_visit_fn. */
static bool
choose_first(const void *item, void *user)
{
    struct selection *selection = user;
    const struct irw_rule *rule = item;

    if (rule->kind == IRW_RULE_PREFIX &&
        !irw_pulls_overlap(rule->prefix.pull, selection->pull))
        return false;
    if (!selection->found || rule->number < selection->found->number)
        selection->found = rule;
    return false;
}

const struct irw_rule *
irw_pattern_find_undecided(const struct irw_pattern_index *index,
                           const struct imgrw_reference *canonical)
{
    struct selection selection = {.pull = irw_pull_of(canonical)};

    irw_pattern_index_visit_tails(index, canonical, choose_first, &selection);
    return selection.found;
}

bool
irw_access_is_undecided(const struct irw_access_settings *settings,
                        const struct imgrw_reference *canonical)
{
    enum imgrw_access access = irw_access_of(settings, canonical);

    if (access == IMGRW_ACCESS_UNKNOWN)
        access = settings->default_access;
    return irw_access_may_differ(settings, canonical, access) ||
           (access != IMGRW_ACCESS_PRIVATE &&
            irw_pattern_index_visit_tails(&settings->private, canonical, NULL,
                                          NULL));
}
