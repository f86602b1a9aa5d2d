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
                    "\"%s\" gives images under %.*s, which \"%s\" would rewrite "
                    "again on a second run",
                    first->name, IRW_PRINT(first->prefix.to), second->name);
}

/* Whether `rule` could change what lies under `all`: it matches there, and not
 * everything there is under its own location already. */
static bool
would_change(const struct irw_rule *rule, const struct irw_pattern *all)
{
    return !irw_pattern_covers(&rule->prefix.under, all);
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
    for (size_t i = 0; i < rules->count; i++) {
        const struct irw_rule *other = &rules->items[i];

        if (other->kind == IRW_RULE_PREFIX &&
            irw_pattern_covers(under, &other->prefix.from) &&
            would_change(other, &other->prefix.from))
            return refuse(rule, other, error);
    }
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
        first.result != IMGRW_REWRITTEN ||
        imgrw_rules_apply(rules, first.text, twice, &second, NULL) != IMGRW_OK ||
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

/* Tries the override's name, bare and with a tag, and what `prefix`, unless it
 * is NULL, would turn into that name. */
static bool
try_override(const struct imgrw_rules *rules,
             const struct irw_override *override,
             const struct irw_prefix *prefix, const struct listener *listener)
{
    const struct imgrw_reference *name = &override->name;
    const struct irw_pattern *from = prefix ? &prefix->from : NULL;
    imgrw_str rest = name->repository;
    char text[2 * IMGRW_REFERENCE_MAX];
    struct irw_match match;
    int size;

    if (prefix) {
        if (!irw_pattern_match(&prefix->under, name, &match))
            return false;
        rest = irw_slice(rest, match.path, rest.size);
        while (rest.size > 0 && rest.data[0] == '/')
            rest = irw_slice(rest, 1, rest.size);
    }
    size = snprintf(text, sizeof(text), "%s%.*s%s%.*s%s%.*s:%.*s",
                    from && from->any_host ? "any." : "",
                    (int)(from ? from->host.size : name->registry.size),
                    from ? from->host.data : name->registry.data,
                    from && from->path.size > 0 ? "/" : "",
                    (int)(from ? from->path.size : 0),
                    from ? from->path.data : "", rest.size > 0 ? "/" : "",
                    (int)rest.size, rest.data,
                    (int)(name->tag.size > 0 ? name->tag.size : 3),
                    name->tag.size > 0 ? name->tag.data : "tag");
    if (size < 0 || (size_t)size >= sizeof(text))
        return false;
    return try_twice(rules, (imgrw_str){text, (size_t)size}, listener) ||
           (!prefix && try_twice(rules, override->written, listener));
}

static void
warn_of_override(const struct imgrw_rules *rules,
                 const struct irw_override *override,
                 const struct listener *listener)
{
    if (try_override(rules, override, NULL, listener))
        return;
    for (size_t i = 0; i < rules->count; i++)
        if (rules->items[i].kind == IRW_RULE_PREFIX &&
            try_override(rules, override, &rules->items[i].prefix, listener))
            return;
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
    for (size_t i = 0; i < rules->count && warn; i++)
        if (rules->items[i].kind == IRW_RULE_OVERRIDE)
            warn_of_override(rules, &rules->items[i].override, &listener);
    return IMGRW_OK;
}
