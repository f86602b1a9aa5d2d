/*
 * The set of rules.
 */
#include "rules/rules.h"
#include "base/error.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

enum imgrw_status
imgrw_rules_new(struct imgrw_rules **rules, struct imgrw_error *error)
{
    struct imgrw_rules *made = calloc(1, sizeof(*made));

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
    free(rules->known);
    free(rules->fields);
    free(rules);
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
    return IMGRW_OK;
}

enum imgrw_status
imgrw_rules_add_exclude(struct imgrw_rules *rules, const char *pattern,
                        struct imgrw_error *error)
{
    struct irw_rule rule = {.kind = IRW_RULE_EXCLUDE};
    imgrw_str text = irw_str(pattern);
    enum imgrw_status status;

    if (irw_ends_with(text, IRW_STR("/**")))
        text.size -= 3;
    status = irw_pattern_parse(text, "exclude", &rules->arena, &rule.exclude,
                               error);
    if (status != IMGRW_OK)
        return status;
    return irw_rules_append(rules, &rule, "exclude", irw_str(pattern), error);
}

size_t
imgrw_rules_count(const struct imgrw_rules *rules)
{
    return rules->count;
}

const char *
imgrw_rules_name(const struct imgrw_rules *rules, size_t index)
{
    return index < rules->count ? rules->items[index].name : "";
}

struct imgrw_location
imgrw_rules_location(const struct imgrw_rules *rules, size_t index)
{
    return index < rules->count ? rules->items[index].at : IRW_NOWHERE;
}

unsigned
imgrw_rules_find(const struct imgrw_rules *rules)
{
    return rules->find;
}

const struct imgrw_fieldspec *
imgrw_rules_fields(const struct imgrw_rules *rules, size_t *count)
{
    *count = rules->field_count;
    return rules->fields;
}
