/*
 * The set of rules.
 */
#include "rules/set.h"
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"

#include <stdio.h>
#include <stdlib.h>

enum imgrw_status
imgrw_rules_new(struct imgrw_rules **rules, struct imgrw_error *error)
{
    struct imgrw_rules *made;

    if (!rules)
        return irw_fail_null(error, "rules");
    made = calloc(1, sizeof(*made));
    if (!made)
        return irw_fail_memory(error);
    *rules = made;
    return IMGRW_OK;
}

void
imgrw_rules_free(struct imgrw_rules *rules)
{
    if (!rules)
        return;
    irw_arena_clear(&rules->arena);
    free(rules->list.items);
    irw_name_index_clear(&rules->names);
    irw_pattern_index_clear(&rules->prefixes);
    irw_pattern_index_clear(&rules->excludes);
    irw_pattern_index_clear(&rules->targets);
    irw_name_index_clear(&rules->access.images);
    irw_pattern_index_clear(&rules->access.private);
    free(rules->search.fields.items);
    free(rules);
}

/* Indexes a rule by the name that it is for. */
static bool
index_name(struct imgrw_rules *rules, const struct imgrw_reference *name,
           const struct irw_rule *rule)
{
    struct imgrw_reference_buffer buffer;

    return irw_name_index_add(&rules->names, irw_name_of(name, &buffer), rule,
                              &rules->arena);
}

static bool
index_preset(struct imgrw_rules *rules, const struct irw_rule *rule)
{
    const struct irw_preset *preset = rule->preset;
    bool whole = irw_pattern_index_add(&rules->targets,
                                       &preset->location.under, rule,
                                       &rules->arena);

    for (size_t i = 0; i < preset->keep_count && whole; i++)
        whole = irw_pattern_index_add(&rules->targets, &preset->keeps[i], rule,
                                      &rules->arena);
    return whole;
}

static bool
index_rule(struct imgrw_rules *rules, const struct irw_rule *rule)
{
    struct irw_arena *arena = &rules->arena;

    switch (rule->kind) {
    case IRW_RULE_OVERRIDE:
        return index_name(rules, &rule->override.name, rule);
    case IRW_RULE_EXACT:
        return index_name(rules, &rule->exact.name, rule);
    case IRW_RULE_EXCLUDE:
        return irw_pattern_index_add(&rules->excludes, &rule->exclude, rule,
                                     arena);
    case IRW_RULE_PREFIX:
        return irw_pattern_index_add(&rules->prefixes, &rule->prefix.from, rule,
                                     arena) &&
               irw_pattern_index_add(&rules->targets, &rule->prefix.under, rule,
                                     arena);
    case IRW_RULE_PRESET:
        return index_preset(rules, rule);
    }
    return false;
}

enum imgrw_status
irw_rules_append(struct imgrw_rules *rules, const struct irw_rule *rule,
                 const char *word, imgrw_str text, struct imgrw_error *error)
{
    size_t size = strlen(word) + text.size + 2;
    char *name = irw_arena_alloc(&rules->arena, size);
    struct irw_rule *added = irw_arena_alloc(&rules->arena, sizeof(*added));
    struct irw_rule **last = &rules->last[rule->kind];

    if (!name || !added)
        return irw_fail_memory(error);
    snprintf(name, size, "%s %.*s", word, (int)text.size, text.data);
    *added = *rule;
    added->name = name;
    added->number = rules->list.count;
    if (!IRW_APPEND(&rules->list, added) || !index_rule(rules, added))
        return irw_fail_memory(error);
    if (*last)
        (*last)->next = added;
    else
        rules->first[rule->kind] = added;
    *last = added;
    atomic_store(&rules->passed, false);
    return IMGRW_OK;
}

/* Makes the canonical form, of which the arena has what the text has not. */
static bool
keep_canonical(struct irw_arena *arena, const struct imgrw_reference *parsed,
               struct imgrw_reference *canonical)
{
    struct imgrw_reference_buffer buffer;

    irw_reference_canonical(parsed, &buffer, canonical);
    canonical->registry.data = irw_arena_copy(arena, canonical->registry);
    canonical->repository.data = irw_arena_copy(arena, canonical->repository);
    return canonical->registry.data && canonical->repository.data;
}

enum imgrw_status
irw_rules_keep(struct imgrw_rules *rules, imgrw_str text, imgrw_str *written,
               struct imgrw_reference *canonical, struct imgrw_error *error)
{
    struct imgrw_reference parsed;
    struct imgrw_error why;

    *written = (imgrw_str){irw_arena_copy(&rules->arena, text), text.size};
    if (!written->data)
        return irw_fail_memory(error);
    if (imgrw_reference_parse(*written, &parsed, &why) != IMGRW_OK)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "image \"%.*s\": %s", IRW_PRINT(*written),
                        why.message);
    return !canonical || keep_canonical(&rules->arena, &parsed, canonical)
               ? IMGRW_OK
               : irw_fail_memory(error);
}

const struct irw_named *
irw_rules_named(const struct imgrw_rules *rules,
                const struct imgrw_reference *name)
{
    return irw_name_index_named(&rules->names, name);
}

bool
irw_rules_is_at_target(const struct imgrw_rules *rules,
                       const struct imgrw_reference *canonical)
{
    return irw_pattern_index_matches(&rules->targets, canonical);
}

size_t
imgrw_rules_count(const struct imgrw_rules *rules)
{
    return rules ? rules->list.count : 0;
}

const char *
imgrw_rules_name(const struct imgrw_rules *rules, size_t index)
{
    return index < imgrw_rules_count(rules) ? rules->list.items[index]->name
                                            : "";
}

struct imgrw_location
imgrw_rules_location(const struct imgrw_rules *rules, size_t index)
{
    return index < imgrw_rules_count(rules) ? rules->list.items[index]->at
                                            : IRW_NOWHERE;
}

unsigned
imgrw_rules_find(const struct imgrw_rules *rules)
{
    return rules ? rules->search.find : 0;
}

const struct imgrw_fieldspec *
imgrw_rules_fields(const struct imgrw_rules *rules, size_t *count)
{
    if (count)
        *count = rules ? rules->search.fields.count : 0;
    return rules ? rules->search.fields.items : NULL;
}
