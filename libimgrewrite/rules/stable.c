/*
 * Whether a set of rules is stable: what it makes of an image should be
 * something that it leaves alone.
 *
 * For prefix rules that is decided from the rules, for all images at once.
 * After a rule has moved an image, the image is under the rule's location. So
 * it is enough to ask which prefix rules match something there, all of it or a
 * part, and whether they would change it: they would not if they put images
 * under a place that covers what they match. Presets leave alone what is under
 * any location, so that only prefix rules can change what they give.
 *
 * For overrides, which may chain, it is tried out: on every name that they are
 * for, and on what the prefix rules turn into such a name.
 */
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"
#include "reference/print.h"
#include "rules/set.h"

#include <stdio.h>

static const enum imgrw_pull pulls[] = {IMGRW_PULL_BY_TAG,
                                        IMGRW_PULL_BY_DIGEST};
#define PULLS (sizeof(pulls) / sizeof(pulls[0]))

/* A check of a set. What depends on how an image is pulled is there for each
 * way. */
struct checker {
    const struct imgrw_rules *rules;
    struct irw_arena arena;
    struct irw_name_index below[PULLS]; /* prefix rules, by every place that
                                           holds all that they match */
    struct irw_map stable[PULLS]; /* locations that no rule changes */
    struct imgrw_error *error;
};

/* A location as rules name it, and as a pattern. */
struct location {
    const struct irw_rule *rule; /* that puts images there */
    const struct irw_pattern *under;
    imgrw_str text;
};

static imgrw_str
print_place(imgrw_str host, imgrw_str path,
            struct imgrw_reference_buffer *buffer)
{
    const struct imgrw_reference place = {.registry = host, .repository = path};
    imgrw_str text = {0};

    (void)irw_reference_print(&place, buffer, &text);
    return text;
}

/* Whether the rule, a prefix or a preset, is for pulls of that kind. */
static bool
is_for(const struct irw_rule *rule, enum imgrw_pull pull)
{
    return rule->kind == IRW_RULE_PRESET ||
           rule->prefix.pull == IMGRW_PULL_ANY || rule->prefix.pull == pull;
}

/* Indexes a rule by the place of the pattern and those above it. */
static bool
index_places(struct checker *checker, size_t pull, const struct irw_rule *rule,
             const struct irw_pattern *pattern)
{
    struct imgrw_reference_buffer buffer;
    imgrw_str path = pattern->path;

    for (;;) {
        imgrw_str place = print_place(pattern->host, path, &buffer);

        if (!irw_name_index_add(&checker->below[pull], place, rule,
                                &checker->arena))
            return false;
        if (path.size == 0)
            return true;
        do
            path.size--;
        while (path.size > 0 && path.data[path.size] != '/');
    }
}

static bool
index_rules(struct checker *checker)
{
    struct imgrw_reference_buffer buffer;
    struct irw_pattern official;

    IRW_EACH_RULE(rule, checker->rules, IRW_RULE_PREFIX) {
        const struct irw_pattern *from = &rule->prefix.from;

        for (size_t i = 0; i < PULLS; i++)
            if (is_for(rule, pulls[i]) &&
                (!index_places(checker, i, rule, from) ||
                 (irw_pattern_official(from, &buffer, &official) &&
                  !index_places(checker, i, rule, &official))))
                return false;
    }
    return true;
}

static enum imgrw_status
refuse(const struct checker *checker, const struct location *location,
       const struct irw_rule *second)
{
    const struct irw_rule *first = location->rule;

    return irw_fail(checker->error, IMGRW_ERR_RULE,
                    first->at.line > 0 ? first->at : second->at,
                    "\"%s\" gives images under %.*s, which \"%s\" would "
                    "rewrite again on a second run",
                    first->name, IRW_PRINT(location->text), second->name);
}

/* Whether `rule`, which matches what is under `all`, could change something
 * there: not everything is under its own location already. */
static bool
would_change(const struct irw_rule *rule, const struct irw_pattern *all)
{
    return !irw_pattern_covers(&rule->prefix.under, all);
}

/* Whether what `rule` matches, or a part of it, is under `all` and would be
 * changed there. Of a pattern for many hosts it is the part on this host. */
static bool
would_change_below(const struct irw_rule *rule, const struct irw_pattern *all)
{
    struct imgrw_reference_buffer buffer;
    struct irw_pattern from = rule->prefix.from, official;

    if (from.any_host) {
        from.host = all->host;
        from.any_host = false;
    }
    return (irw_pattern_covers(all, &from) && would_change(rule, &from)) ||
           (irw_pattern_official(&from, &buffer, &official) &&
            irw_pattern_covers(all, &official) &&
            would_change(rule, &official));
}

/* The first of the rules below a place that would change what is under it, if
 * it was added before `first`, else `first`. */
static const struct irw_rule *
find_below(const struct irw_name_index *below, imgrw_str host,
           const struct irw_pattern *under, const struct irw_rule *first)
{
    struct imgrw_reference_buffer buffer;
    const struct irw_named *named =
        irw_name_index_find(below, print_place(host, under->path, &buffer));

    for (; named; named = named->next) {
        const struct irw_rule *rule = named->item;

        if (first && rule->number >= first->number)
            break;
        if (would_change_below(rule, under))
            return rule;
    }
    return first;
}

/* The prefix rule that would change what is under the location, and is pulled
 * so; NULL where there is none. */
static const struct irw_rule *
find_changer(const struct checker *checker, size_t pull,
             const struct irw_pattern *under)
{
    const struct irw_name_index *below = &checker->below[pull];
    const struct imgrw_reference name = {
        .registry = under->host,
        .repository = under->path,
        .digest = {"any", pulls[pull] == IMGRW_PULL_BY_DIGEST ? 3 : 0},
    };
    imgrw_str host = under->host;
    struct irw_match match;
    const struct irw_rule *found =
        irw_prefix_find(checker->rules, &name, &match);

    /* Of the rules that match all of it the longest wins, and only that one
     * can change it. */
    if (found && would_change(found, under))
        return found;
    found = find_below(below, host, under, NULL);
    for (size_t i = 1; i < host.size; i++)
        if (host.data[i] == '.')
            found = find_below(below, irw_slice(host, i, host.size), under,
                               found);
    return found;
}

/* Whether some prefix rule would change what the location's rule puts there.
 * Many rules put images in one place, which is looked at once. */
static enum imgrw_status
check_location(struct checker *checker, const struct location *location)
{
    const struct irw_pattern *under = location->under;
    const struct imgrw_reference all = {.registry = under->host,
                                        .repository = under->path};
    struct imgrw_reference_buffer buffer;
    imgrw_str place = print_place(under->host, under->path, &buffer);

    if (irw_pattern_index_matches(&checker->rules->excludes, &all))
        return IMGRW_OK;
    place.data = irw_arena_copy(&checker->arena, place);
    if (!place.data)
        return irw_fail_memory(checker->error);
    for (size_t i = 0; i < PULLS; i++) {
        const struct irw_rule *changer;

        if (!is_for(location->rule, pulls[i]) ||
            irw_map_get(&checker->stable[i], place))
            continue;
        changer = find_changer(checker, i, under);
        if (changer)
            return refuse(checker, location, changer);
        if (!irw_map_set(&checker->stable[i], place, 1))
            return irw_fail_memory(checker->error);
    }
    return IMGRW_OK;
}

static enum imgrw_status
check_prefix(struct checker *checker, const struct irw_rule *rule)
{
    const struct irw_prefix *prefix = &rule->prefix;
    const struct location location = {rule, &prefix->under, prefix->to};

    if (irw_pattern_covers(&prefix->under, &prefix->from) &&
        !irw_pattern_covers(&prefix->from, &prefix->under))
        return irw_fail(checker->error, IMGRW_ERR_RULE, rule->at,
                        "\"%s\" does nothing: all it matches lies under %.*s "
                        "already",
                        rule->name, IRW_PRINT(prefix->to));
    return check_location(checker, &location);
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

static enum imgrw_status
check_preset(struct checker *checker, const struct irw_rule *rule)
{
    const struct irw_preset *preset = rule->preset;
    const struct location location = {rule, &preset->location.under,
                                      preset->location.text};
    const struct location move = {rule, &preset->move.under, preset->move.text};
    enum imgrw_status status = check_location(checker, &location);

    if (status == IMGRW_OK && move.text.size > 0)
        status = check_location(checker, &move);
    if (status != IMGRW_OK)
        return status;
    IRW_EACH_RULE(first, checker->rules, IRW_RULE_PRESET)
        if (first->number < rule->number && shadows(first->preset, preset))
            return irw_fail(checker->error, IMGRW_ERR_RULE, rule->at,
                            "\"%s\" does nothing: \"%s\" before it takes "
                            "all its images",
                            rule->name, first->name);
    return IMGRW_OK;
}

static enum imgrw_status
check_rules(const struct imgrw_rules *rules, struct imgrw_error *error)
{
    struct checker checker = {.rules = rules, .error = error};
    enum imgrw_status status =
        index_rules(&checker) ? IMGRW_OK : irw_fail_memory(error);

    for (size_t i = 0; i < rules->list.count && status == IMGRW_OK; i++) {
        const struct irw_rule *rule = rules->list.items[i];

        if (rule->kind == IRW_RULE_PREFIX)
            status = check_prefix(&checker, rule);
        else if (rule->kind == IRW_RULE_PRESET)
            status = check_preset(&checker, rule);
    }
    for (size_t i = 0; i < PULLS; i++) {
        irw_name_index_clear(&checker.below[i]);
        irw_map_clear(&checker.stable[i]);
    }
    irw_arena_clear(&checker.arena);
    return status;
}

/* ---- overrides -------------------------------------------------------- */

/* Who hears of overrides that are not stable. */
struct listener {
    imgrw_warn_fn *warn;
    void *user;
};

/* Applies the set twice to `image` and warns when that makes a difference. */
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
    listener->warn(&rules->list.items[second.rules[0]]->at, message,
                   listener->user);
    return true;
}

/* Tries a name with its tag and digest or, where it has neither, with a tag
 * that nobody waits for. */
static bool
try_name(const struct imgrw_rules *rules, struct imgrw_reference name,
         const struct listener *listener)
{
    struct imgrw_reference_buffer buffer;
    imgrw_str text;

    if (name.tag.size + name.digest.size == 0)
        name.tag = IRW_STR("tag");
    return irw_reference_print(&name, &buffer, &text) &&
           try_twice(rules, text, listener);
}

/* Tries the name with the tags and digests that overrides of `canonical` wait
 * for. */
static bool
try_tags_of(const struct imgrw_rules *rules,
            const struct imgrw_reference *canonical,
            struct imgrw_reference name, const struct listener *listener)
{
    const struct irw_named *named = irw_rules_named(rules, canonical);

    for (; named; named = named->next) {
        const struct irw_rule *rule = named->item;

        if (rule->kind != IRW_RULE_OVERRIDE ||
            rule->override.name.tag.size + rule->override.name.digest.size == 0)
            continue;
        name.tag = rule->override.name.tag;
        name.digest = rule->override.name.digest;
        if (try_name(rules, name, listener))
            return true;
    }
    return false;
}

/* Tries the name as it is, and with the tags and digests that overrides wait
 * for: overrides of the same name, and of what this one makes of it. */
static bool
try_tags(const struct imgrw_rules *rules, const struct irw_override *override,
         struct imgrw_reference name, const struct listener *listener)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference parsed, canonical;

    if (try_name(rules, name, listener) ||
        try_tags_of(rules, &override->name, name, listener))
        return true;
    if (imgrw_reference_parse(override->entry.new_name, &parsed, NULL) !=
        IMGRW_OK)
        return false;
    irw_reference_canonical(&parsed, &buffer, &canonical);
    return try_tags_of(rules, &canonical, name, listener);
}

/* Tries what `prefix` would turn into the override's name. */
static bool
try_before(const struct imgrw_rules *rules, const struct irw_override *override,
           const struct irw_prefix *prefix, const struct listener *listener)
{
    const struct imgrw_reference *target = &override->name;
    char host[2 * IMGRW_REFERENCE_MAX], path[2 * IMGRW_REFERENCE_MAX];
    struct imgrw_reference name = *target;
    struct irw_match match;
    imgrw_str rest;

    if (!irw_pattern_match(&prefix->under, target, &match))
        return false;
    rest = irw_match_rest(&match, target->repository);
    snprintf(host, sizeof(host), "%s%.*s", prefix->from.any_host ? "any" : "",
             (int)prefix->from.host.size, prefix->from.host.data);
    snprintf(path, sizeof(path), "%.*s%s%.*s", (int)prefix->from.path.size,
             prefix->from.path.data,
             prefix->from.path.size > 0 && rest.size > 0 ? "/" : "",
             (int)rest.size, rest.data);
    name.registry = irw_str(host);
    name.repository = irw_str(path);
    return try_tags(rules, override, name, listener);
}

/* Warns when an override is for what a preset gives. */
static void
warn_of_preset(const struct imgrw_rules *rules, const struct irw_rule *rule,
               const struct listener *listener)
{
    const struct imgrw_reference *name = &rule->override.name;
    struct irw_match match;
    char message[512];

    IRW_EACH_RULE(preset, rules, IRW_RULE_PRESET) {
        if (!irw_pattern_match(&preset->preset->location.under, name, &match))
            continue;
        snprintf(message, sizeof(message),
                 "\"%s\" may change what \"%s\" gives when run a second "
                 "time", rule->name, preset->name);
        listener->warn(&rule->at, message, listener->user);
        return;
    }
}

static void
warn_of_override(const struct imgrw_rules *rules, const struct irw_rule *rule,
                 const struct listener *listener)
{
    const struct irw_override *override = &rule->override;

    if (try_tags(rules, override, override->name, listener) ||
        try_twice(rules, override->entry.name, listener) ||
        !irw_rules_is_at_target(rules, &override->name))
        return;
    IRW_EACH_RULE(prefix, rules, IRW_RULE_PREFIX)
        if (try_before(rules, override, &prefix->prefix, listener))
            return;
    warn_of_preset(rules, rule, listener);
}

/* A location without a registry is a path on Docker Hub, which may not be what
 * was meant. */
static void
warn_of_location(const struct irw_rule *rule, const struct irw_pattern *under,
                 imgrw_str to, const struct listener *listener)
{
    imgrw_str first, rest;
    char message[512];

    irw_cut(to, '/', &first, &rest);
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
    if (!atomic_load(&rules->passed))
        status = check_rules(rules, error);
    if (status != IMGRW_OK)
        return status;
    /* The one thing that a set remembers while many threads may read it. */
    atomic_store(&((struct imgrw_rules *)rules)->passed, true);
    for (size_t i = 0; i < rules->list.count && warn; i++)
        warn_of_rule(rules, rules->list.items[i], &listener);
    return IMGRW_OK;
}
