/*
 * The set of rules, and excludes, the simplest ones.
 */
#include "rules/set.h"
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"
#include "rules/placed.h"

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
    irw_map_clear(&rules->names);
    irw_map_clear(&rules->results);
    irw_pattern_index_clear(&rules->prefixes);
    irw_pattern_index_clear(&rules->excludes);
    irw_pattern_index_clear(&rules->targets);
    irw_map_clear(&rules->access.images);
    irw_pattern_index_clear(&rules->access.private);
    free(rules->search.fields.items);
    free(rules->search.locations.items);
    free(rules);
}

/* Indexes a rule by the name that it is for. */
static bool
index_name(struct imgrw_rules *rules, const struct imgrw_reference *reference,
           const struct irw_rule *rule)
{
    const struct imgrw_reference name = irw_reference_name(reference);

    return irw_named_add(&rules->names, &name, rule, &rules->arena);
}

static bool
index_rule(struct imgrw_rules *rules, const struct irw_rule *rule)
{
    switch (rule->kind) {
    case IRW_RULE_OVERRIDE:
        return index_name(rules, &rule->override.name, rule);
    case IRW_RULE_EXACT:
        return index_name(rules, &rule->exact.name, rule);
    case IRW_RULE_EXCLUDE:
        return irw_pattern_index_add(&rules->excludes, &rule->exclude, rule,
                                     &rules->arena);
    case IRW_RULE_PREFIX:
        return irw_pattern_index_add(&rules->prefixes, &rule->prefix.from, rule,
                                     &rules->arena);
    case IRW_RULE_ANY:
        return true;
    case IRW_RULE_PRESET:
        return true;
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
    if (!IRW_APPEND(&rules->list, added) || !index_rule(rules, added) ||
        !irw_placed_add(rules, added))
        return irw_fail_memory(error);
    if (*last)
        (*last)->next = added;
    else
        rules->first[rule->kind] = added;
    *last = added;
    atomic_store(&rules->passed, false);
    return IMGRW_OK;
}

enum imgrw_status
irw_rules_keep(struct imgrw_rules *rules, imgrw_str text, imgrw_str *written,
               struct imgrw_reference *canonical, struct imgrw_error *error)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference parsed;
    struct imgrw_error why;

    if (!irw_has_bytes(text))
        return irw_fail_null(error, "the text of a reference");
    if (!irw_arena_keep(&rules->arena, &text))
        return irw_fail_memory(error);
    *written = text;
    if (imgrw_reference_parse(text, &parsed, &why) != IMGRW_OK)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "image \"%.*s\": %s", IRW_PRINT(text), why.message);
    if (!canonical)
        return IMGRW_OK;
    irw_reference_canonical(&parsed, &buffer, canonical);
    return irw_arena_keep(&rules->arena, &canonical->registry) &&
                   irw_arena_keep(&rules->arena, &canonical->repository)
               ? IMGRW_OK
               : irw_fail_memory(error);
}

enum imgrw_status
imgrw_rules_add_exclude(struct imgrw_rules *rules, const char *pattern,
                        struct imgrw_error *error)
{
    struct irw_rule rule = {.kind = IRW_RULE_EXCLUDE};
    enum imgrw_status status;

    if (!rules || !pattern)
        return irw_fail_null(error, rules ? "pattern" : "rules");
    status = irw_pattern_parse_glob(irw_str(pattern), "exclude", &rules->arena,
                                    &rule.exclude, error);
    if (status != IMGRW_OK)
        return status;
    return irw_rules_append(rules, &rule, "exclude", irw_str(pattern), error);
}

enum imgrw_status
imgrw_rules_set_write(struct imgrw_rules *rules, enum imgrw_write write,
                      struct imgrw_error *error)
{
    if (!rules)
        return irw_fail_null(error, "rules");
    if ((unsigned)write > IMGRW_WRITE_REGISTRY)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "there is no way to write number %u", (unsigned)write);
    rules->write = write;
    return IMGRW_OK;
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
                                            : IRW_NO_LOCATION;
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

struct imgrw_location
imgrw_rules_field_location(const struct imgrw_rules *rules, size_t index)
{
    return rules && index < rules->search.locations.count
               ? rules->search.locations.items[index]
               : IRW_NO_LOCATION;
}
