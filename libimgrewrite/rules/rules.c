/*
 * The set of rules, and the order in which they speak.
 */
#include "rules/rules.h"
#include "base/error.h"
#include "base/str.h"
#include "reference/reference.h"

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

/* One image on its way through the rules. The two buffers take turns: a rule
 * reads from one and writes to the other. */
struct passage {
    const struct imgrw_rules *rules;
    struct imgrw_outcome *outcome;
    struct imgrw_error *error;
    imgrw_str text;
    struct imgrw_reference reference, canonical;
    char buffers[2][IMGRW_REFERENCE_MAX];
    char canonical_buffer[IMGRW_REFERENCE_MAX];
    int turn; /* the buffer to write next */
};

static enum imgrw_status
note_rule(struct passage *passage, size_t rule)
{
    struct imgrw_outcome *outcome = passage->outcome;

    if (outcome->rule_count == IMGRW_RULES_PER_IMAGE)
        return irw_fail(passage->error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "more than %d rules take part in one image",
                        IMGRW_RULES_PER_IMAGE);
    outcome->rules[outcome->rule_count++] = rule;
    return IMGRW_OK;
}

/* Makes `text` the current one; a rule's result is read like any other text. */
static enum imgrw_status
take_text(struct passage *passage, imgrw_str text, size_t rule)
{
    struct imgrw_error why;

    if (imgrw_reference_parse(text, &passage->reference, &why) != IMGRW_OK)
        return irw_fail(passage->error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "%s gives what is no image reference: %s",
                        imgrw_rules_name(passage->rules, rule), why.message);
    passage->text = text;
    irw_reference_canonical(&passage->reference, passage->canonical_buffer,
                            &passage->canonical);
    return IMGRW_OK;
}

static enum imgrw_status
apply_override(struct passage *passage, size_t index)
{
    const struct irw_rule *rule = &passage->rules->items[index];
    imgrw_str result;
    enum imgrw_status status;

    if (!irw_override_match(&rule->override, &passage->canonical))
        return IMGRW_OK;
    status = note_rule(passage, index);
    if (status == IMGRW_OK)
        status = irw_override_build(&rule->override, passage->text,
                                    &passage->reference,
                                    passage->buffers[passage->turn], &result,
                                    passage->error);
    if (status != IMGRW_OK)
        return status;
    passage->turn = !passage->turn;
    return take_text(passage, result, index);
}

/* The location, and behind it what the prefix does not cover of the full name,
 * with tag and digest as they are. */
static enum imgrw_status
apply_prefix(struct passage *passage)
{
    struct irw_match match = {0}, under;
    size_t index = irw_prefix_find(passage->rules, &passage->canonical, &match);
    const struct imgrw_reference *name = &passage->canonical;
    const struct irw_prefix *prefix;
    imgrw_str rest, tail;
    enum imgrw_status status;
    int size;

    if (index == SIZE_MAX)
        return IMGRW_OK;
    prefix = &passage->rules->items[index].prefix;
    status = note_rule(passage, index);
    if (status != IMGRW_OK || irw_pattern_match(&prefix->under, name, &under))
        return status;
    rest = irw_slice(name->repository, match.path, name->repository.size);
    if (rest.size > 0 && rest.data[0] == '/')
        rest = irw_slice(rest, 1, rest.size);
    tail.data = passage->reference.repository.data +
                passage->reference.repository.size;
    tail.size = (size_t)(passage->text.data + passage->text.size - tail.data);
    size = snprintf(passage->buffers[passage->turn], IMGRW_REFERENCE_MAX,
                    "%.*s%s%.*s%.*s", (int)prefix->to.size, prefix->to.data,
                    rest.size > 0 ? "/" : "", (int)rest.size, rest.data,
                    (int)tail.size, tail.data);
    if (size < 0 || size >= IMGRW_REFERENCE_MAX)
        return irw_fail(passage->error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "%s gives a name longer than any reference",
                        imgrw_rules_name(passage->rules, index));
    status = take_text(
        passage, (imgrw_str){passage->buffers[passage->turn], (size_t)size},
        index);
    if (status == IMGRW_OK &&
        !irw_pattern_match(&prefix->under, &passage->canonical, &under))
        return irw_fail(passage->error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "%s covers the whole name of this image, and \"%.*s\" "
                        "alone is no name for it",
                        imgrw_rules_name(passage->rules, index),
                        IRW_PRINT(prefix->to));
    return status;
}

/* Whether an exclude speaks of the image; then it is the one rule that does. */
static bool
is_excluded(struct passage *passage)
{
    struct irw_match match;

    for (size_t i = 0; i < passage->rules->count; i++) {
        const struct irw_rule *rule = &passage->rules->items[i];

        if (rule->kind == IRW_RULE_EXCLUDE &&
            irw_pattern_match(&rule->exclude, &passage->canonical, &match)) {
            passage->outcome->result = IMGRW_EXCLUDED;
            passage->outcome->rules[0] = i;
            passage->outcome->rule_count = 1;
            return true;
        }
    }
    return false;
}

static enum imgrw_status
apply_all(struct passage *passage, imgrw_str image, char *buffer)
{
    enum imgrw_status status = IMGRW_OK;
    struct imgrw_outcome *outcome = passage->outcome;

    for (size_t i = 0; i < passage->rules->count && status == IMGRW_OK; i++)
        if (passage->rules->items[i].kind == IRW_RULE_OVERRIDE)
            status = apply_override(passage, i);
    if (status == IMGRW_OK)
        status = apply_prefix(passage);
    if (status != IMGRW_OK || outcome->rule_count == 0)
        return status;
    if (irw_equal(passage->text, image)) {
        outcome->result = IMGRW_UNCHANGED;
        return IMGRW_OK;
    }
    memcpy(buffer, passage->text.data, passage->text.size);
    outcome->result = IMGRW_REWRITTEN;
    outcome->text = (imgrw_str){buffer, passage->text.size};
    return IMGRW_OK;
}

enum imgrw_status
imgrw_rules_apply(const struct imgrw_rules *rules, imgrw_str image,
                  char *buffer, struct imgrw_outcome *outcome,
                  struct imgrw_error *error)
{
    struct imgrw_outcome found = {.text = image};
    struct passage passage;
    enum imgrw_status status;

    passage.rules = rules;
    passage.outcome = &found;
    passage.error = error;
    passage.text = image;
    passage.turn = 0;
    status = imgrw_reference_parse(image, &passage.reference, error);
    if (status != IMGRW_OK)
        return status;
    irw_reference_canonical(&passage.reference, passage.canonical_buffer,
                            &passage.canonical);
    if (!is_excluded(&passage))
        status = apply_all(&passage, image, buffer);
    if (status == IMGRW_OK)
        *outcome = found;
    return status;
}
