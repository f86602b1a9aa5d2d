#include "rules/prefix.h"
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"
#include "rules/set.h"

bool
irw_pulls_overlap(enum imgrw_pull one, enum imgrw_pull other)
{
    return one == other || one == IMGRW_PULL_ANY || other == IMGRW_PULL_ANY;
}

/* A rule whose double is looked for. */
struct double_search {
    const struct irw_prefix *prefix;
    struct imgrw_reference name;
    const struct irw_rule *found;
};

/* What the pattern is for: `nginx` and `library/nginx` are the same. */
static struct imgrw_reference
full_name(const struct irw_pattern *pattern)
{
    struct imgrw_reference name = pattern->name;

    if (pattern->official.size > 0)
        name.repository = pattern->official;
    return name;
}

/* An irw_visit_fn. */
static bool
is_double(const void *item, void *user)
{
    struct double_search *search = user;
    const struct irw_rule *rule = item;
    const struct imgrw_reference name = full_name(&rule->prefix.from);

    if (!irw_pulls_overlap(rule->prefix.pull, search->prefix->pull) ||
        !irw_reference_same(&name, &search->name))
        return false;
    search->found = rule;
    return true;
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
    struct irw_rule rule = {.kind = IRW_RULE_PREFIX, .prefix.pull = pull};
    struct double_search search = {.prefix = &rule.prefix};
    enum imgrw_status status;

    if (!rules || !from || !to)
        return irw_fail_null(error, !rules ? "rules" : !from ? "from" : "to");
    if ((unsigned)pull > IMGRW_PULL_BY_TAG)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "%d is no kind of pull", (int)pull);
    status = irw_pattern_parse(irw_str(from), "prefix", &rules->arena,
                               &rule.prefix.from, error);
    if (status == IMGRW_OK)
        status = irw_location_parse(irw_str(to), &rules->arena,
                                    &rule.prefix.to, error);
    if (status != IMGRW_OK)
        return status;
    search.name = full_name(&rule.prefix.from);
    if (irw_pattern_index_visit(&rules->prefixes, &search.name, is_double,
                                &search))
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "prefix \"%s\" is given twice, for %.*s and %s", from,
                        IRW_PRINT(search.found->prefix.to.text), to);
    return irw_rules_append(rules, &rule, "prefix", irw_str(from), error);
}

/* Looking for the prefix rule that wins. */
struct contest {
    const struct imgrw_reference *reference;
    enum imgrw_pull pull; /* of the reference */
    const struct irw_rule *best;
    struct irw_match match; /* of the best one */
};

/* Whether `rule`, which matches so, wins against the best one: it covers more
 * of the path, or says more beside it. Of two that say the same about an image
 * in different ways, by a tag and by a digest, the first wins. */
static bool
wins(const struct contest *contest, const struct irw_rule *rule,
     const struct irw_match *match)
{
    const struct irw_match *best = &contest->match;

    if (!contest->best || match->path != best->path)
        return !contest->best || match->path > best->path;
    return match->exact != best->exact ? match->exact > best->exact
                                       : rule->number < contest->best->number;
}

/* An irw_visit_fn. */
static bool
compete(const void *item, void *user)
{
    struct contest *contest = user;
    const struct irw_rule *rule = item;
    struct irw_match match;

    if (irw_pulls_overlap(rule->prefix.pull, contest->pull) &&
        irw_pattern_match(&rule->prefix.from, contest->reference, &match) &&
        wins(contest, rule, &match)) {
        contest->best = rule;
        contest->match = match;
    }
    return false;
}

const struct irw_rule *
irw_prefix_find(const struct imgrw_rules *rules,
                const struct imgrw_reference *canonical,
                struct irw_match *match)
{
    struct contest contest = {
        .reference = canonical,
        .pull = canonical->digest.size > 0 ? IMGRW_PULL_BY_DIGEST
                                           : IMGRW_PULL_BY_TAG,
    };

    irw_pattern_index_visit(&rules->prefixes, canonical, compete, &contest);
    *match = contest.match;
    return contest.best;
}
