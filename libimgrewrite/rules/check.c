/*
 * Whether a set of rules comes to rest: what it makes of an image should be
 * something it leaves alone.
 *
 * For prefix rules that is decided from the rules, for all images at once. For
 * overrides, which may chain, it is tried out: on every name they speak of, and
 * on what the prefix rules turn into such a name.
 */
#include "rules/rules.h"
#include "base/error.h"
#include "base/str.h"
#include "reference/reference.h"

#include <stdio.h>

static bool
is_excluded(const struct imgrw_rules *rules, const struct irw_pattern *all)
{
    for (size_t i = 0; i < rules->count; i++)
        if (rules->items[i].kind == IRW_RULE_EXCLUDE &&
            irw_pattern_covers(&rules->items[i].exclude, all))
            return true;
    return false;
}

static enum imgrw_status
refuse(const struct irw_rule *first, const struct irw_rule *second,
       struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                    "\"%s\" gives images under %.*s, which \"%s\" would "
                    "rewrite again on a second run",
                    first->name, IRW_PRINT(first->prefix.to), second->name);
}

/* Whether `rule` could change what lies under `all`: it matches there, and not
 * everything there is under its own location already. */
static bool
would_change(const struct irw_rule *rule, const struct irw_pattern *all)
{
    return !irw_pattern_covers(&rule->prefix.under, all);
}

/* Whether what `rule` matches, or a part of it, lies under `all` and would be
 * changed there. */
static bool
would_change_below(const struct irw_rule *rule, const struct irw_pattern *all)
{
    const struct irw_pattern *from = &rule->prefix.from;
    char buffer[IMGRW_REFERENCE_MAX];
    struct irw_pattern official;

    if (irw_pattern_covers(all, from) && would_change(rule, from))
        return true;
    return irw_pattern_official(from, buffer, &official) &&
           irw_pattern_covers(all, &official) && would_change(rule, &official);
}

static enum imgrw_status
check_prefix(const struct imgrw_rules *rules, const struct irw_rule *rule,
             struct imgrw_error *error)
{
    const struct irw_pattern *under = &rule->prefix.under;
    const struct imgrw_reference location = {
        .registry = under->host,
        .repository = under->path,
    };
    struct irw_match match;
    size_t winner = irw_prefix_find(rules, &location, &match);

    if (irw_pattern_covers(under, &rule->prefix.from) &&
        !irw_pattern_covers(&rule->prefix.from, under))
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "\"%s\" does nothing: all it matches lies under %.*s "
                        "already",
                        rule->name, IRW_PRINT(rule->prefix.to));
    if (is_excluded(rules, under))
        return IMGRW_OK;
    if (winner != SIZE_MAX && would_change(&rules->items[winner], under))
        return refuse(rule, &rules->items[winner], error);
    for (size_t i = 0; i < rules->count; i++)
        if (rules->items[i].kind == IRW_RULE_PREFIX &&
            would_change_below(&rules->items[i], under))
            return refuse(rule, &rules->items[i], error);
    return IMGRW_OK;
}

/* Who hears of overrides that do not come to rest. */
struct listener {
    void (*warn)(const char *message, void *user);
    void *user;
};

/* Applies the set twice to `image` and tells when that makes a difference. */
static bool
try_twice(const struct imgrw_rules *rules, imgrw_str image,
          const struct listener *listener)
{
    char once[IMGRW_REFERENCE_MAX], twice[IMGRW_REFERENCE_MAX], message[512];
    struct imgrw_outcome first, second;

    if (imgrw_rules_apply(rules, image, once, &first, NULL) != IMGRW_OK ||
        first.result != IMGRW_REWRITTEN)
        return false;
    if (imgrw_rules_apply(rules, first.text, twice, &second, NULL) !=
            IMGRW_OK ||
        second.result != IMGRW_REWRITTEN)
        return false;
    snprintf(message, sizeof(message),
             "\"%s\" changes what \"%s\" gives when run a second time: %.*s "
             "becomes %.*s, then %.*s",
             imgrw_rules_name(rules, second.rules[0]),
             imgrw_rules_name(rules, first.rules[first.rule_count - 1]),
             IRW_PRINT(image), IRW_PRINT(first.text), IRW_PRINT(second.text));
    listener->warn(message, listener->user);
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

/* Tries the name with the tags and digests that other overrides wait for. */
static bool
try_tags(const struct imgrw_rules *rules, struct trial trial,
         const struct listener *listener)
{
    if (try_name(rules, &trial, listener))
        return true;
    for (size_t i = 0; i < rules->count; i++) {
        const struct imgrw_reference *name = &rules->items[i].override.name;

        if (rules->items[i].kind != IRW_RULE_OVERRIDE ||
            name->tag.size + name->digest.size == 0)
            continue;
        trial.tag = name->tag;
        trial.digest = name->digest;
        if (try_name(rules, &trial, listener))
            return true;
    }
    return false;
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
    trial.rest = irw_slice(name->repository, match.path, name->repository.size);
    if (trial.rest.size > 0 && trial.rest.data[0] == '/')
        trial.rest = irw_slice(trial.rest, 1, trial.rest.size);
    return try_tags(rules, trial, listener);
}

static void
warn_of_override(const struct imgrw_rules *rules,
                 const struct irw_override *override,
                 const struct listener *listener)
{
    const struct trial trial = {
        .any = "",
        .host = override->name.registry,
        .rest = override->name.repository,
        .tag = override->name.tag,
        .digest = override->name.digest,
    };

    if (try_tags(rules, trial, listener) ||
        try_twice(rules, override->written, listener))
        return;
    for (size_t i = 0; i < rules->count; i++)
        if (rules->items[i].kind == IRW_RULE_PREFIX &&
            try_before(rules, override, &rules->items[i].prefix, listener))
            return;
}

/* A location without a registry is a path on Docker Hub, which may not be what
 * was meant. */
static void
warn_of_location(const struct irw_rule *rule, const struct listener *listener)
{
    imgrw_str to = rule->prefix.to;
    size_t slash = irw_find(to, '/');
    imgrw_str first = irw_slice(to, 0, slash == SIZE_MAX ? to.size : slash);
    char message[512];

    if (!irw_equal(rule->prefix.under.host, IRW_STR("docker.io")) ||
        irw_is_host(first))
        return;
    snprintf(message, sizeof(message),
             "\"%.*s\" is a path on Docker Hub, for \"%.*s\" has no dot and no "
             "port; write docker.io/%.*s if that is meant",
             IRW_PRINT(to), IRW_PRINT(first), IRW_PRINT(to));
    listener->warn(message, listener->user);
}

enum imgrw_status
imgrw_rules_check(const struct imgrw_rules *rules,
                  void (*warn)(const char *message, void *user), void *user,
                  struct imgrw_error *error)
{
    const struct listener listener = {warn, user};

    for (size_t i = 0; i < rules->count; i++) {
        enum imgrw_status status = IMGRW_OK;

        if (rules->items[i].kind == IRW_RULE_PREFIX)
            status = check_prefix(rules, &rules->items[i], error);
        if (status != IMGRW_OK)
            return status;
    }
    for (size_t i = 0; i < rules->count && warn; i++) {
        if (rules->items[i].kind == IRW_RULE_OVERRIDE)
            warn_of_override(rules, &rules->items[i].override, &listener);
        if (rules->items[i].kind == IRW_RULE_PREFIX)
            warn_of_location(&rules->items[i], &listener);
    }
    return IMGRW_OK;
}
