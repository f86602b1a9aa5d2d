#include "rules/prefix.h"
#include "base/error.h"
#include "base/sizes.h"
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
    const struct imgrw_registry registry = {
        .size = sizeof(registry),
        .prefix = from,
        .location = to,
        .pull = pull,
    };

    return imgrw_rules_add_registry(rules, &registry, error);
}

/* The rule that is for the same images as `rule`, which is not yet in the set,
 * and for some of the same pulls. */
static const struct irw_rule *
find_double(const struct imgrw_rules *rules, const struct irw_rule *rule)
{
    struct double_search search = {
        .prefix = &rule->prefix,
        .name = full_name(&rule->prefix.from),
    };

    IRW_EACH_RULE(any, rules, IRW_RULE_ANY)
        if (rule->kind == IRW_RULE_ANY &&
            irw_pulls_overlap(any->prefix.pull, rule->prefix.pull))
            return any;
    if (rule->kind == IRW_RULE_PREFIX)
        irw_pattern_index_visit(&rules->prefixes, &search.name, is_double,
                                &search);
    return search.found;
}

static enum imgrw_status
fail_prefix(const char *prefix, const char *why, struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION, "prefix \"%s\" %s",
                    prefix, why);
}

/* Reads what the rule is for and where it puts images. */
static enum imgrw_status
read_registry(struct imgrw_rules *rules, const struct imgrw_registry *registry,
              struct irw_rule *rule, struct imgrw_error *error)
{
    const char *prefix = registry->prefix;
    enum imgrw_status status = IMGRW_OK;

    rule->kind = strcmp(prefix, "*") == 0 ? IRW_RULE_ANY : IRW_RULE_PREFIX;
    rule->prefix.pull = registry->pull;
    rule->prefix.drop_library = registry->drop_library;
    rule->prefix.as_written = registry->as_written;
    if (rule->kind == IRW_RULE_PREFIX)
        status = irw_pattern_parse(irw_str(prefix), "prefix", &rules->arena,
                                   &rule->prefix.from, error);
    if (status == IMGRW_OK)
        status = irw_location_parse(irw_str(registry->location), &rules->arena,
                                    &rule->prefix.to, error);
    if (status != IMGRW_OK)
        return status;
    if (rule->kind == IRW_RULE_PREFIX &&
        (registry->drop_library || registry->as_written))
        return fail_prefix(prefix, "always gives full names; only \"*\" can "
                                   "leave out library/, or keep names as they "
                                   "are written", error);
    if (registry->drop_library && registry->as_written)
        return fail_prefix(prefix, "cannot leave out library/ and keep names "
                                   "as they are written", error);
    return IMGRW_OK;
}

enum imgrw_status
imgrw_rules_add_registry(struct imgrw_rules *rules,
                         const struct imgrw_registry *registry,
                         struct imgrw_error *error)
{
    struct imgrw_registry given;
    struct irw_rule rule = {0};
    const struct irw_rule *before;
    enum imgrw_status status;

    if (!rules || !registry)
        return irw_fail_null(error, rules ? "registry" : "rules");
    status = irw_sized_copy(&given, sizeof(given), registry, "registry", error);
    if (status != IMGRW_OK)
        return status;
    if (!given.prefix || !given.location)
        return irw_fail_null(error, given.prefix ? "the location"
                                                 : "the prefix");
    if ((unsigned)given.pull > IMGRW_PULL_BY_TAG)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "%d is no kind of pull", (int)given.pull);
    status = read_registry(rules, &given, &rule, error);
    if (status != IMGRW_OK)
        return status;
    before = find_double(rules, &rule);
    if (before)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "prefix \"%s\" is given twice, for %.*s and %s",
                        given.prefix, IRW_PRINT(before->prefix.to.text),
                        given.location);
    return irw_rules_append(rules, &rule, "prefix", irw_str(given.prefix),
                            error);
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

enum imgrw_pull
irw_pull_of(const struct imgrw_reference *reference)
{
    return reference->digest.size > 0 ? IMGRW_PULL_BY_DIGEST
                                      : IMGRW_PULL_BY_TAG;
}

const struct irw_rule *
irw_prefix_find(const struct imgrw_rules *rules,
                const struct imgrw_reference *canonical,
                struct irw_match *match)
{
    struct contest contest = {
        .reference = canonical,
        .pull = irw_pull_of(canonical),
    };

    irw_pattern_index_visit(&rules->prefixes, canonical, compete, &contest);
    *match = contest.match;
    return contest.best;
}

const struct irw_rule *
irw_any_find(const struct imgrw_rules *rules,
             const struct imgrw_reference *canonical)
{
    IRW_EACH_RULE(rule, rules, IRW_RULE_ANY)
        if (irw_pulls_overlap(rule->prefix.pull, irw_pull_of(canonical)))
            return rule;
    return NULL;
}
