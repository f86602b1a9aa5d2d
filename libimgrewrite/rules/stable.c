/*
 * Whether a set of rules comes to rest: what it makes of an image should be
 * something it leaves alone.
 *
 * For prefix rules that is decided from the rules, for all images at once.
 * Presets leave alone what any location holds, so that only prefix rules can
 * change what they give. For overrides, which may chain, it is tried out: on
 * every name they speak of, and on what the prefix rules turn into such a name.
 */
#include "rules/set.h"
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"

#include <stdio.h>

static bool
is_excluded(const struct imgrw_rules *rules, const struct irw_pattern *all)
{
    IRW_EACH_RULE(i, rules, IRW_RULE_EXCLUDE)
        if (irw_pattern_covers(&rules->items[i].exclude, all))
            return true;
    return false;
}

static enum imgrw_status
refuse(const struct irw_rule *first, imgrw_str location,
       const struct irw_rule *second, struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_RULE,
                    first->at.line > 0 ? first->at : second->at,
                    "\"%s\" gives images under %.*s, which \"%s\" would "
                    "rewrite again on a second run",
                    first->name, IRW_PRINT(location), second->name);
}

/* Whether `rule`, which matches what lies under `all`, could change something
 * there: not everything is under its own location already. */
static bool
would_change(const struct irw_rule *rule, const struct irw_pattern *all)
{
    return !irw_pattern_covers(&rule->prefix.under, all);
}

/* What `from` matches on the host of `all`: of a pattern for many hosts, the
 * part that is about this one. */
static struct irw_pattern
narrow(const struct irw_pattern *from, const struct irw_pattern *all)
{
    const struct irw_pattern hosts = {
        .host = from->host,
        .any_host = from->any_host,
    };
    struct irw_pattern found = *from;

    if (!from->any_host || !irw_pattern_covers(&hosts, all))
        return found;
    found.host = all->host;
    found.any_host = all->any_host;
    return found;
}

/* Whether what `rule` matches, or a part of it, lies under `all` and would be
 * changed there. */
static bool
would_change_below(const struct irw_rule *rule, const struct irw_pattern *all)
{
    const struct irw_pattern from = narrow(&rule->prefix.from, all);
    char buffer[IMGRW_REFERENCE_MAX];
    struct irw_pattern official;

    if (irw_pattern_covers(all, &from) && would_change(rule, &from))
        return true;
    return irw_pattern_official(&from, buffer, &official) &&
           irw_pattern_covers(all, &official) && would_change(rule, &official);
}

/* Whether the rule, a prefix or a preset, is for pulls of that kind. */
static bool
is_for(const struct irw_rule *rule, enum imgrw_pull pull)
{
    return rule->kind == IRW_RULE_PRESET ||
           (rule->kind == IRW_RULE_PREFIX &&
            (rule->prefix.pull == IMGRW_PULL_ANY || rule->prefix.pull == pull));
}

/* Whether some prefix rule would change what `rule` puts under `under`, which
 * `location` says in words, and is then pulled so. */
static enum imgrw_status
check_pull(const struct imgrw_rules *rules, const struct irw_rule *rule,
           enum imgrw_pull pull, const struct irw_pattern *under,
           imgrw_str location, struct imgrw_error *error)
{
    const struct imgrw_reference name = {
        .registry = under->host,
        .repository = under->path,
        .digest = {"any", pull == IMGRW_PULL_BY_DIGEST ? 3 : 0},
    };
    struct irw_match match;
    size_t winner = irw_prefix_find(rules, &name, &match);

    if (winner != SIZE_MAX && would_change(&rules->items[winner], under))
        return refuse(rule, location, &rules->items[winner], error);
    IRW_EACH_RULE(i, rules, IRW_RULE_PREFIX)
        if (is_for(&rules->items[i], pull) &&
            would_change_below(&rules->items[i], under))
            return refuse(rule, location, &rules->items[i], error);
    return IMGRW_OK;
}

/* The same for each kind of pull that the rule is for. */
static enum imgrw_status
check_location(const struct imgrw_rules *rules, const struct irw_rule *rule,
               const struct irw_pattern *under, imgrw_str location,
               struct imgrw_error *error)
{
    static const enum imgrw_pull pulls[] = {IMGRW_PULL_BY_TAG,
                                            IMGRW_PULL_BY_DIGEST};
    enum imgrw_status status = IMGRW_OK;

    if (is_excluded(rules, under))
        return IMGRW_OK;
    for (size_t i = 0; i < 2 && status == IMGRW_OK; i++)
        if (is_for(rule, pulls[i]))
            status = check_pull(rules, rule, pulls[i], under, location, error);
    return status;
}

static enum imgrw_status
check_prefix(const struct imgrw_rules *rules, const struct irw_rule *rule,
             struct imgrw_error *error)
{
    const struct irw_prefix *prefix = &rule->prefix;

    if (irw_pattern_covers(&prefix->under, &prefix->from) &&
        !irw_pattern_covers(&prefix->from, &prefix->under))
        return irw_fail(error, IMGRW_ERR_RULE, rule->at,
                        "\"%s\" does nothing: all it matches lies under %.*s "
                        "already",
                        rule->name, IRW_PRINT(prefix->to));
    return check_location(rules, rule, &prefix->under, prefix->to, error);
}

static enum imgrw_status
check_preset(const struct imgrw_rules *rules, const struct irw_rule *rule,
             struct imgrw_error *error)
{
    const struct irw_preset *preset = rule->preset;
    enum imgrw_status status =
        check_location(rules, rule, &preset->location.under,
                       preset->location.text, error);

    if (status == IMGRW_OK && preset->move.text.size > 0)
        status = check_location(rules, rule, &preset->move.under,
                                preset->move.text, error);
    return status;
}

/* Whether every image that `second` is for is one that `first`, which comes
 * before it, takes. */
static bool
shadows(const struct irw_preset *first, const struct irw_preset *second)
{
    if (first->only_private && !second->only_private)
        return false;
    if (first->layout->scope == IRW_SCOPE_ANY)
        return true;
    if (first->layout->scope != second->layout->scope)
        return false;
    return first->layout->scope != IRW_SCOPE_UPSTREAM ||
           irw_pattern_covers(&first->upstream, &second->upstream);
}

/* Refuses a preset that can never speak. */
static enum imgrw_status
check_shadows(const struct imgrw_rules *rules, size_t index,
              struct imgrw_error *error)
{
    const struct irw_rule *rule = &rules->items[index];

    IRW_EACH_RULE(i, rules, IRW_RULE_PRESET)
        if (i < index &&
            shadows(rules->items[i].preset, rule->preset))
            return irw_fail(error, IMGRW_ERR_RULE, rule->at,
                            "\"%s\" does nothing: \"%s\" before it takes "
                            "all its images",
                            rule->name, rules->items[i].name);
    return IMGRW_OK;
}

/* Who hears of overrides that do not come to rest. */
struct listener {
    imgrw_warn_fn *warn;
    void *user;
};

/* Applies the set twice to `image` and tells when that makes a difference. */
static bool
try_twice(const struct imgrw_rules *rules, imgrw_str image,
          const struct listener *listener)
{
    struct imgrw_reference_buffer once, twice;
    char message[512];
    struct imgrw_outcome first, second;

    if (imgrw_rules_apply(rules, image, &once, &first, NULL) != IMGRW_OK ||
        first.result != IMGRW_REWRITTEN)
        return false;
    if (imgrw_rules_apply(rules, first.text, &twice, &second, NULL) !=
            IMGRW_OK ||
        second.result != IMGRW_REWRITTEN)
        return false;
    snprintf(message, sizeof(message),
             "\"%s\" changes what \"%s\" gives when run a second time: %.*s "
             "becomes %.*s, then %.*s",
             imgrw_rules_name(rules, second.rules[0]),
             imgrw_rules_name(rules, first.rules[first.rule_count - 1]),
             IRW_PRINT(image), IRW_PRINT(first.text), IRW_PRINT(second.text));
    listener->warn(&rules->items[second.rules[0]].at, message, listener->user);
    return true;
}

/* A name to try out, in parts. */
struct trial {
    const char *any; /* stands for the hosts of a pattern; else "" */
    imgrw_str host, path, rest, tag, digest;
};

static bool
try_name(const struct imgrw_rules *rules, const struct trial *trial,
         const struct listener *listener)
{
    char text[4 * IMGRW_REFERENCE_MAX];
    bool tagged = trial->tag.size > 0 || trial->digest.size == 0;
    int size;

    size = snprintf(
        text, sizeof(text), "%s%.*s%s%.*s%s%.*s%s%.*s%s%.*s", trial->any,
        (int)trial->host.size, trial->host.data, trial->path.size ? "/" : "",
        (int)trial->path.size, trial->path.data, trial->rest.size ? "/" : "",
        (int)trial->rest.size, trial->rest.data, tagged ? ":" : "",
        (int)(trial->tag.size > 0 ? trial->tag.size : 3 * tagged),
        trial->tag.size > 0 ? trial->tag.data : "tag",
        trial->digest.size ? "@" : "", (int)trial->digest.size,
        trial->digest.data);
    if (size < 0 || (size_t)size >= sizeof(text))
        return false;
    return try_twice(rules, (imgrw_str){text, (size_t)size}, listener);
}

/* Tries the trial with the tags and digests that overrides of `name`, which is
 * canonical, wait for. */
static bool
try_tags_of(const struct imgrw_rules *rules, const struct imgrw_reference *name,
            struct trial trial, const struct listener *listener)
{
    for (size_t i = irw_rules_next(rules, 0, name); i != SIZE_MAX;
         i = rules->items[i].same.next - 1) {
        const struct irw_rule *rule = &rules->items[i];

        if (rule->kind != IRW_RULE_OVERRIDE ||
            rule->override.name.tag.size + rule->override.name.digest.size == 0)
            continue;
        trial.tag = rule->override.name.tag;
        trial.digest = rule->override.name.digest;
        if (try_name(rules, &trial, listener))
            return true;
    }
    return false;
}

/* Tries the trial as it is, and with the tags and digests that overrides wait
 * for, of the same name or of what this one makes of it. */
static bool
try_tags(const struct imgrw_rules *rules, const struct irw_override *override,
         struct trial trial, const struct listener *listener)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference parsed, canonical;

    if (try_name(rules, &trial, listener) ||
        try_tags_of(rules, &override->name, trial, listener))
        return true;
    if (imgrw_reference_parse(override->entry.new_name, &parsed, NULL) !=
        IMGRW_OK)
        return false;
    irw_reference_canonical(&parsed, &buffer, &canonical);
    return try_tags_of(rules, &canonical, trial, listener);
}

/* What `prefix` would turn into the override's name. */
static bool
try_before(const struct imgrw_rules *rules, const struct irw_override *override,
           const struct irw_prefix *prefix, const struct listener *listener)
{
    const struct imgrw_reference *name = &override->name;
    struct irw_match match;
    struct trial trial = {
        .any = prefix->from.any_host ? "any." : "",
        .host = prefix->from.host,
        .path = prefix->from.path,
        .tag = name->tag,
        .digest = name->digest,
    };

    if (!irw_pattern_match(&prefix->under, name, &match))
        return false;
    trial.rest = irw_match_rest(&match, name->repository);
    return try_tags(rules, override, trial, listener);
}

/* Tells when an override speaks of what a preset gives. */
static void
warn_of_preset(const struct imgrw_rules *rules, const struct irw_rule *rule,
               const struct listener *listener)
{
    const struct imgrw_reference *name = &rule->override.name;
    struct irw_match match;
    char message[512];

    IRW_EACH_RULE(i, rules, IRW_RULE_PRESET) {
        const struct irw_rule *other = &rules->items[i];

        if (!irw_pattern_match(&other->preset->location.under, name, &match))
            continue;
        snprintf(message, sizeof(message),
                 "\"%s\" may change what \"%s\" gives when run a second "
                 "time", rule->name, other->name);
        listener->warn(&rule->at, message, listener->user);
        return;
    }
}

static void
warn_of_override(const struct imgrw_rules *rules, const struct irw_rule *rule,
                 const struct listener *listener)
{
    const struct irw_override *override = &rule->override;
    const struct trial trial = {
        .any = "",
        .host = override->name.registry,
        .rest = override->name.repository,
        .tag = override->name.tag,
        .digest = override->name.digest,
    };

    if (try_tags(rules, override, trial, listener) ||
        try_twice(rules, override->entry.name, listener))
        return;
    IRW_EACH_RULE(i, rules, IRW_RULE_PREFIX)
        if (try_before(rules, override, &rules->items[i].prefix, listener))
            return;
    warn_of_preset(rules, rule, listener);
}

/* A location without a registry is a path on Docker Hub, which may not be what
 * was meant. */
static void
warn_of_location(const struct irw_rule *rule, const struct irw_pattern *under,
                 imgrw_str to, const struct listener *listener)
{
    size_t slash = irw_find(to, '/');
    imgrw_str first = irw_slice(to, 0, slash == SIZE_MAX ? to.size : slash);
    char message[512];

    if (!irw_equal(under->host, IRW_HUB) || irw_is_host(first))
        return;
    snprintf(message, sizeof(message),
             "\"%.*s\" is a path on Docker Hub, for \"%.*s\" has no dot and no "
             "port; write docker.io/%.*s if that is meant",
             IRW_PRINT(to), IRW_PRINT(first), IRW_PRINT(to));
    listener->warn(&rule->at, message, listener->user);
}

static void
warn_of_rule(const struct imgrw_rules *rules, const struct irw_rule *rule,
             const struct listener *listener)
{
    switch (rule->kind) {
    case IRW_RULE_OVERRIDE:
        warn_of_override(rules, rule, listener);
        break;
    case IRW_RULE_EXACT:
        try_twice(rules, rule->exact.written, listener);
        break;
    case IRW_RULE_PREFIX:
        warn_of_location(rule, &rule->prefix.under, rule->prefix.to, listener);
        break;
    case IRW_RULE_PRESET:
        warn_of_location(rule, &rule->preset->location.under,
                         rule->preset->location.text, listener);
        break;
    case IRW_RULE_EXCLUDE:
        break;
    }
}

enum imgrw_status
imgrw_rules_check(const struct imgrw_rules *rules, imgrw_warn_fn *warn,
                  void *user, struct imgrw_error *error)
{
    const struct listener listener = {warn, user};
    enum imgrw_status status = IMGRW_OK;

    if (!rules)
        return irw_fail_null(error, "rules");
    for (size_t i = 0; i < rules->count && status == IMGRW_OK; i++) {
        if (rules->items[i].kind == IRW_RULE_PREFIX)
            status = check_prefix(rules, &rules->items[i], error);
        if (rules->items[i].kind != IRW_RULE_PRESET)
            continue;
        status = check_preset(rules, &rules->items[i], error);
        if (status == IMGRW_OK)
            status = check_shadows(rules, i, error);
    }
    for (size_t i = 0; i < rules->count && warn && status == IMGRW_OK; i++)
        warn_of_rule(rules, &rules->items[i], &listener);
    return status;
}
