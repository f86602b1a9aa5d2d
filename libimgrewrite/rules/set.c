/*
 * The set of rules.
 */
#include "rules/set.h"
#include "base/error.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

enum imgrw_status
imgrw_rules_new(struct imgrw_rules **rules, struct imgrw_error *error)
{
    struct imgrw_rules *made = rules ? calloc(1, sizeof(*made)) : NULL;

    if (!rules)
        return irw_fail_null(error, "rules");
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
    free(rules->items);
    irw_map_clear(&rules->names);
    irw_map_clear(&rules->known_names);
    free(rules->known);
    free(rules->private_items);
    free(rules->fields);
    free(rules);
}

/* An irw_same_name_fn. */
static struct irw_same_name *
rule_item(void *user, size_t index)
{
    struct imgrw_rules *rules = user;

    return &rules->items[index].same;
}

/* Indexes the rule that was just added, if it is for one name. */
static bool
index_rule(struct imgrw_rules *rules)
{
    const struct irw_rule *rule = &rules->items[rules->count - 1];

    if (rule->kind != IRW_RULE_OVERRIDE && rule->kind != IRW_RULE_EXACT)
        return true;
    return irw_names_add(&rules->names,
                         rule->kind == IRW_RULE_OVERRIDE ? &rule->override.name
                                                         : &rule->exact.name,
                         rules->count - 1, rule_item, rules, &rules->arena);
}

/* Chains the rule that was just added to those of its kind. */
static void
chain_rule(struct imgrw_rules *rules, enum irw_rule_kind kind)
{
    if (rules->last[kind] > 0)
        rules->items[rules->last[kind] - 1].next = rules->count;
    else
        rules->first[kind] = rules->count;
    rules->last[kind] = rules->count;
}

size_t
irw_rules_next(const struct imgrw_rules *rules, size_t from,
               const struct imgrw_reference *canonical)
{
    size_t index = irw_names_find(&rules->names, canonical);

    while (index != SIZE_MAX && index < from)
        index = rules->items[index].same.next - 1;
    return index;
}

enum imgrw_status
irw_rules_append(struct imgrw_rules *rules, const struct irw_rule *rule,
                 const char *word, imgrw_str text, struct imgrw_error *error)
{
    void *items = rules->items;
    size_t size = strlen(word) + text.size + 2;
    char *name = irw_arena_alloc(&rules->arena, size);

    if (!name || !irw_grow(&items, &rules->capacity, rules->count + 1,
                           sizeof(*rules->items)))
        return irw_fail_memory(error);
    snprintf(name, size, "%s %.*s", word, (int)text.size, text.data);
    rules->items = items;
    rules->items[rules->count] = *rule;
    rules->items[rules->count].name = name;
    rules->count++;
    if (index_rule(rules)) {
        chain_rule(rules, rule->kind);
        return IMGRW_OK;
    }
    rules->count--;
    return irw_fail_memory(error);
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

size_t
imgrw_rules_count(const struct imgrw_rules *rules)
{
    return rules ? rules->count : 0;
}

const char *
imgrw_rules_name(const struct imgrw_rules *rules, size_t index)
{
    return rules && index < rules->count ? rules->items[index].name : "";
}

struct imgrw_location
imgrw_rules_location(const struct imgrw_rules *rules, size_t index)
{
    return rules && index < rules->count ? rules->items[index].at : IRW_NOWHERE;
}

unsigned
imgrw_rules_find(const struct imgrw_rules *rules)
{
    return rules ? rules->find : 0;
}

const struct imgrw_fieldspec *
imgrw_rules_fields(const struct imgrw_rules *rules, size_t *count)
{
    if (count)
        *count = rules ? rules->field_count : 0;
    return rules ? rules->fields : NULL;
}
