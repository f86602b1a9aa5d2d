/*
 * Whether a set of rules is stable: what it makes of an image should be
 * something that it leaves alone.
 *
 * For prefix rules that is decided from the rules, for all images at once.
 * After a rule has moved an image, the image is under the rule's location. So
 * it is enough to ask which prefix rules match something there, all of it or a
 * part, and whether they would change it: they would not if they put images
 * under a place that covers what they match. Presets and the prefix `*` leave
 * alone what is under any location, so that only other prefix rules can change
 * what a rule gives.
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

/* A check of a set for one way to pull images. */
struct checker {
    const struct imgrw_rules *rules;
    enum imgrw_pull pull;
    struct irw_arena arena;
    struct irw_map places; /* lists of places, by their location and by the
                              domains that its host is in */
    struct imgrw_error *error;
};

/* A location, and the first rule that puts images there. */
struct place {
    const struct irw_rule *rule;
    const struct irw_location *location;
};

static enum imgrw_status
refuse(const struct checker *checker, const struct place *place,
       const struct irw_rule *second)
{
    const struct irw_rule *first = place->rule;

    return irw_fail(checker->error, IMGRW_ERR_RULE,
                    first->at.line > 0 ? first->at : second->at,
                    "\"%s\" gives images under %.*s, which \"%s\" would "
                    "rewrite again on a second run",
                    first->name, IRW_PRINT(place->location->text),
                    second->name);
}

/* Where the rule, a prefix or a preset, puts images; NULL: it is another kind
 * of rule. */
static const struct irw_location *
location_of(const struct irw_rule *rule)
{
    if (rule->kind == IRW_RULE_PRESET)
        return &rule->preset->location;
    return rule->kind == IRW_RULE_PREFIX || rule->kind == IRW_RULE_ANY
               ? &rule->prefix.to
               : NULL;
}

/* Whether the rule, which puts images somewhere, is for the pulls that are
 * looked at. */
static bool
is_for_pull(const struct checker *checker, const struct irw_rule *rule)
{
    return rule->kind == IRW_RULE_PRESET ||
           irw_pulls_overlap(rule->prefix.pull, checker->pull);
}

/* Whether `rule`, which matches what is under `all`, could change something
 * there: not everything is under its own location already. */
static bool
would_change(const struct irw_rule *rule, const struct irw_pattern *all)
{
    return !irw_pattern_covers(&rule->prefix.to.under, all);
}

/* Lists a place by its location and by each domain. */
static enum imgrw_status
add_place(struct checker *checker, const struct place *found)
{
    struct imgrw_reference name = found->location->under.name;
    const imgrw_str host = name.registry;
    struct place *place = irw_arena_alloc(&checker->arena, sizeof(*place));
    size_t start = 0;

    if (!place)
        return irw_fail_memory(checker->error);
    *place = *found;
    do {
        name.registry = irw_slice(host, start, host.size);
        if ((start == 0 || host.data[start] == '.') &&
            !irw_named_add(&checker->places, &name, place, &checker->arena))
            return irw_fail_memory(checker->error);
    } while (++start < host.size);
    return IMGRW_OK;
}

/* Checks the prefix rules that match all that is under a location: the longest
 * wins, and only that one can change it. Many rules put images in one place,
 * which is looked at once. */
static enum imgrw_status
check_place(struct checker *checker, const struct irw_rule *rule,
            const struct irw_location *location)
{
    const struct place place = {rule, location};
    struct imgrw_reference name = location->under.name;
    const struct irw_rule *winner;
    struct irw_match match;

    if (irw_named_find(&checker->places, &name) ||
        irw_pattern_index_matches(&checker->rules->excludes, &name))
        return IMGRW_OK;
    if (checker->pull == IMGRW_PULL_BY_DIGEST)
        name.digest = IRW_STR("any");
    winner = irw_prefix_find(checker->rules, &name, &match);
    if (winner && would_change(winner, &location->under))
        return refuse(checker, &place, winner);
    return add_place(checker, &place);
}

/* Checks whether the rule would change `part`, which is what it matches, where
 * that is under a location. Of a pattern for many hosts it is the part on the
 * location's host. */
static enum imgrw_status
check_part(const struct checker *checker, const struct irw_rule *rule,
           struct irw_pattern part)
{
    struct imgrw_reference name = irw_reference_name(&part.name);
    const struct irw_named *named;

    part.any_host = false;
    do
        for (named = irw_named_find(&checker->places, &name); named;
             named = named->next) {
            const struct place *place = named->item;

            part.name.registry = place->location->under.name.registry;
            if (would_change(rule, &part))
                return refuse(checker, place, rule);
        }
    while (irw_path_up(&name.repository));
    return IMGRW_OK;
}

/* Checks the prefix rules that match a part of what is under a location. */
static enum imgrw_status
check_parts(const struct checker *checker, const struct irw_rule *rule)
{
    struct irw_pattern part = rule->prefix.from;
    enum imgrw_status status = check_part(checker, rule, part);

    if (status != IMGRW_OK || part.official.size == 0)
        return status;
    part.name.repository = part.official;
    part.official = (imgrw_str){0};
    return check_part(checker, rule, part);
}

static enum imgrw_status
check_pull(struct checker *checker)
{
    const struct imgrw_rules *rules = checker->rules;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < rules->list.count && status == IMGRW_OK; i++) {
        const struct irw_rule *rule = rules->list.items[i];
        const struct irw_location *location = location_of(rule);

        if (!location || !is_for_pull(checker, rule))
            continue;
        status = check_place(checker, rule, location);
        if (status == IMGRW_OK && rule->kind == IRW_RULE_PRESET &&
            rule->preset->move.text.size > 0)
            status = check_place(checker, rule, &rule->preset->move);
    }
    IRW_EACH_RULE(rule, rules, IRW_RULE_PREFIX)
        if (status == IMGRW_OK && is_for_pull(checker, rule))
            status = check_parts(checker, rule);
    irw_map_clear(&checker->places);
    irw_arena_clear(&checker->arena);
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
           irw_pattern_covers(&first->upstream.under,
                              &second->upstream.under);
}

/* Refuses a rule all of whose images the rule `first` takes before it. */
static enum imgrw_status
refuse_useless(const struct irw_rule *rule, const struct irw_rule *first,
               struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_RULE, rule->at,
                    "\"%s\" does nothing: \"%s\" before it takes all its "
                    "images",
                    rule->name, first->name);
}

/* Refuses rules that can do nothing, whatever the image. */
static enum imgrw_status
check_use(const struct imgrw_rules *rules, struct imgrw_error *error)
{
    IRW_EACH_RULE(rule, rules, IRW_RULE_PREFIX) {
        const struct irw_prefix *prefix = &rule->prefix;

        if (irw_pattern_covers(&prefix->to.under, &prefix->from) &&
            !irw_pattern_covers(&prefix->from, &prefix->to.under))
            return irw_fail(error, IMGRW_ERR_RULE, rule->at,
                            "\"%s\" does nothing: all it matches lies under "
                            "%.*s already",
                            rule->name, IRW_PRINT(prefix->to.text));
    }
    IRW_EACH_RULE(rule, rules, IRW_RULE_PRESET)
        IRW_EACH_RULE(first, rules, IRW_RULE_PRESET)
            if (first->number < rule->number &&
                shadows(first->preset, rule->preset))
                return refuse_useless(rule, first, error);
    IRW_EACH_RULE(rule, rules, IRW_RULE_ANY)
        IRW_EACH_RULE(first, rules, IRW_RULE_PRESET)
            if (first->preset->layout->scope == IRW_SCOPE_ANY &&
                !first->preset->only_private)
                return refuse_useless(rule, first, error);
    return IMGRW_OK;
}

static enum imgrw_status
check_rules(const struct imgrw_rules *rules, struct imgrw_error *error)
{
    struct checker checker = {.rules = rules, .error = error};
    enum imgrw_status status = check_use(rules, error);

    checker.pull = IMGRW_PULL_BY_TAG;
    if (status == IMGRW_OK)
        status = check_pull(&checker);
    checker.pull = IMGRW_PULL_BY_DIGEST;
    return status == IMGRW_OK ? check_pull(&checker) : status;
}

/* ---- overrides -------------------------------------------------------- */

/* A set whose rules are tried out, and who hears of those that are not
 * stable. */
struct rule_trial {
    const struct imgrw_rules *rules;
    imgrw_warn_fn *warn;
    void *user;
};

/* Applies the set twice to `image` and warns when that makes a difference. */
static bool
try_twice(const struct rule_trial *trial, imgrw_str image)
{
    const struct imgrw_rules *rules = trial->rules;
    struct imgrw_reference_buffer once, twice;
    char message[512];
    struct imgrw_outcome first, second;

    if (imgrw_rules_apply(rules, image, &once, &first, NULL) != IMGRW_OK ||
        first.result != IMGRW_REWRITTEN ||
        imgrw_rules_apply(rules, first.text, &twice, &second, NULL) !=
            IMGRW_OK ||
        second.result != IMGRW_REWRITTEN)
        return false;
    snprintf(message, sizeof(message),
             "\"%s\" changes what \"%s\" gives when run a second time: %.*s "
             "becomes %.*s, then %.*s",
             imgrw_rules_name(rules, second.rules[0]),
             imgrw_rules_name(rules, first.rules[first.rule_count - 1]),
             IRW_PRINT(image), IRW_PRINT(first.text), IRW_PRINT(second.text));
    trial->warn(&rules->list.items[second.rules[0]]->at, message, trial->user);
    return true;
}

/* Tries a name with its tag and digest or, where it has neither, with a tag
 * that no override names. */
static bool
try_name(const struct rule_trial *trial, struct imgrw_reference name)
{
    struct imgrw_reference_buffer buffer;
    imgrw_str text;

    if (name.tag.size + name.digest.size == 0)
        name.tag = IRW_STR("tag");
    return irw_reference_print(&name, &buffer, &text) &&
           try_twice(trial, text);
}

/* Tries the name with the tags and digests of overrides of `key`. */
static bool
try_tags_of(const struct rule_trial *trial, const struct imgrw_reference *key,
            struct imgrw_reference name)
{
    const struct irw_named *named = irw_named_find(&trial->rules->names, key);

    for (; named; named = named->next) {
        const struct irw_rule *rule = named->item;

        if (rule->kind != IRW_RULE_OVERRIDE)
            continue;
        name.tag = rule->override.name.tag;
        name.digest = rule->override.name.digest;
        if (name.tag.size + name.digest.size > 0 && try_name(trial, name))
            return true;
    }
    return false;
}

/* Tries the name as it is. If the override is for any tag, it is tried with the
 * tags and digests of other overrides, too: overrides of the same name, and of
 * what this one makes of it. */
static bool
try_tags(const struct rule_trial *trial, const struct irw_override *override,
         struct imgrw_reference name)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference key;

    if (try_name(trial, name))
        return true;
    if (override->name.tag.size + override->name.digest.size > 0)
        return false;
    if (try_tags_of(trial, &override->name, name))
        return true;
    if (imgrw_reference_parse(override->entry.new_name, &key, NULL) != IMGRW_OK)
        return false;
    irw_reference_canonical(&key, &buffer, &key);
    return try_tags_of(trial, &key, name);
}

/* Tries what `prefix` would turn into the override's name. */
static bool
try_before(const struct rule_trial *trial, const struct irw_override *override,
           const struct irw_prefix *prefix)
{
    const struct imgrw_reference *from = &prefix->from.name;
    char host[2 * IMGRW_REFERENCE_MAX], path[2 * IMGRW_REFERENCE_MAX];
    struct imgrw_reference name = override->name;
    struct irw_match match;
    imgrw_str rest;

    if (!irw_pattern_match(&prefix->to.under, &name, &match))
        return false;
    rest = irw_match_rest(&match, name.repository);
    snprintf(host, sizeof(host), "%s%.*s", prefix->from.any_host ? "any" : "",
             (int)from->registry.size, from->registry.data);
    snprintf(path, sizeof(path), "%.*s%s%.*s", (int)from->repository.size,
             from->repository.data,
             from->repository.size > 0 && rest.size > 0 ? "/" : "",
             (int)rest.size, rest.data);
    name.registry = irw_str(host);
    name.repository = irw_str(path);
    return try_tags(trial, override, name);
}

/* Warns when an override is for what rules of `kind`, presets or the prefix
 * `*`, give. */
static bool
warn_of_result(const struct rule_trial *trial, const struct irw_rule *rule,
               enum irw_rule_kind kind)
{
    char message[512];

    IRW_EACH_RULE(first, trial->rules, kind) {
        if (!irw_pattern_match(&location_of(first)->under,
                               &rule->override.name, NULL))
            continue;
        snprintf(message, sizeof(message),
                 "\"%s\" may change what \"%s\" gives when run a second "
                 "time", rule->name, first->name);
        trial->warn(&rule->at, message, trial->user);
        return true;
    }
    return false;
}

static void
warn_of_override(const struct rule_trial *trial, const struct irw_rule *rule)
{
    const struct irw_override *override = &rule->override;

    if (try_tags(trial, override, override->name) ||
        try_twice(trial, override->entry.name) ||
        !irw_pattern_index_matches(&trial->rules->targets, &override->name))
        return;
    IRW_EACH_RULE(prefix, trial->rules, IRW_RULE_PREFIX)
        if (try_before(trial, override, &prefix->prefix))
            return;
    if (!warn_of_result(trial, rule, IRW_RULE_PRESET))
        warn_of_result(trial, rule, IRW_RULE_ANY);
}

/* A location without a registry is a path on Docker Hub, which may not be what
 * was meant. */
static void
warn_of_location(const struct rule_trial *trial, const struct irw_rule *rule)
{
    const struct irw_location *location = location_of(rule);
    const imgrw_str to = location->text;
    imgrw_str first, rest;
    char message[512];

    irw_cut(to, '/', &first, &rest);
    if (!irw_equal(location->under.name.registry, IRW_HUB) ||
        irw_is_host(first))
        return;
    snprintf(message, sizeof(message),
             "\"%.*s\" is a path on Docker Hub, because \"%.*s\" has no dot "
             "and no port; write docker.io/%.*s if that is meant",
             IRW_PRINT(to), IRW_PRINT(first), IRW_PRINT(to));
    trial->warn(&rule->at, message, trial->user);
}

static void
warn_of_rule(const struct rule_trial *trial, const struct irw_rule *rule)
{
    switch (rule->kind) {
    case IRW_RULE_OVERRIDE:
        warn_of_override(trial, rule);
        break;
    case IRW_RULE_EXACT:
        try_twice(trial, rule->exact.written);
        break;
    case IRW_RULE_PREFIX:
    case IRW_RULE_PRESET:
    case IRW_RULE_ANY:
        warn_of_location(trial, rule);
        break;
    case IRW_RULE_EXCLUDE:
        break;
    }
}

/* What is known of images is of use to presets for private ones alone. */
static void
warn_of_access(const struct rule_trial *trial)
{
    const struct imgrw_rules *rules = trial->rules;
    const struct irw_access_settings *access = &rules->access;
    const struct imgrw_location nowhere = IRW_NO_LOCATION;

    if (access->images.count == 0 && access->private.patterns.count == 0 &&
        access->default_access == IMGRW_ACCESS_UNKNOWN)
        return;
    IRW_EACH_RULE(rule, rules, IRW_RULE_PRESET)
        if (rule->preset->only_private)
            return;
    trial->warn(&nowhere, "no rule asks which images are private, so that what "
                "is said of it is of no use; a preset with only=private would",
                trial->user);
}

enum imgrw_status
imgrw_rules_check(const struct imgrw_rules *rules, imgrw_warn_fn *warn,
                  void *user, struct imgrw_error *error)
{
    const struct rule_trial trial = {rules, warn, user};
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
        warn_of_rule(&trial, rules->list.items[i]);
    if (warn)
        warn_of_access(&trial);
    return IMGRW_OK;
}
