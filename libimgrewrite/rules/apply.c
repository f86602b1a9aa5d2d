/*
 * The order in which the rules speak.
 */
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"
#include "rules/set.h"

#include <stdio.h>

/* One image on its way through the rules. The two buffers take turns: a rule
 * reads from one and writes to the other. */
struct passage {
    const struct imgrw_rules *rules;
    struct imgrw_outcome *outcome;
    struct imgrw_error *error;
    imgrw_str text;
    struct imgrw_reference reference, canonical;
    char buffers[2][IMGRW_REFERENCE_MAX];
    struct imgrw_reference_buffer canonical_buffer;
    int turn; /* the buffer to write next */
    size_t map; /* of exact references, that has spoken last */
    enum imgrw_access access; /* what is known of the image as it came */
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
    irw_reference_canonical(&passage->reference, &passage->canonical_buffer,
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
                                    passage->buffers[passage->turn], &result,
                                    passage->error);
    if (status != IMGRW_OK)
        return status;
    passage->turn = !passage->turn;
    return take_text(passage, result, index);
}

static enum imgrw_status
apply_exact(struct passage *passage, size_t index)
{
    const struct irw_exact *exact = &passage->rules->items[index].exact;
    enum imgrw_status status;

    if (exact->map == passage->map ||
        !irw_exact_match(exact, &passage->canonical))
        return IMGRW_OK;
    passage->map = exact->map;
    status = note_rule(passage, index);
    return status == IMGRW_OK ? take_text(passage, exact->to, index) : status;
}

/* The location, and behind it what the prefix does not cover of the full name,
 * with tag and digest as they are. */
static enum imgrw_status
apply_prefix(struct passage *passage, size_t index,
             const struct irw_match *match)
{
    const struct irw_prefix *prefix = &passage->rules->items[index].prefix;
    const struct imgrw_reference *name = &passage->canonical;
    struct irw_match under;
    imgrw_str rest, tail;
    enum imgrw_status status = note_rule(passage, index);
    int size;

    if (status != IMGRW_OK || irw_pattern_match(&prefix->under, name, &under))
        return status;
    rest = irw_match_rest(match, name->repository);
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

/* Whether the preset, which is for private images only, has to leave this one
 * alone. Of images that lie where rules put them nothing need be known. */
static bool
is_withheld(struct passage *passage, const struct irw_preset *preset)
{
    enum imgrw_access access;

    if (!preset->only_private)
        return false;
    access = irw_rules_told(passage->rules, &passage->canonical);
    if (access == IMGRW_ACCESS_UNKNOWN)
        access = passage->access;
    if (access == IMGRW_ACCESS_UNKNOWN)
        access = passage->rules->assumed;
    passage->outcome->access_unknown |=
        access == IMGRW_ACCESS_UNKNOWN &&
        !irw_rules_rest(passage->rules, &passage->canonical);
    return access != IMGRW_ACCESS_PRIVATE;
}

/* Takes the image out of a location of the same layout, unless it is where it
 * should be. */
static enum imgrw_status
unwrap(struct passage *passage, const struct irw_preset *preset, size_t index)
{
    const struct irw_preset_image image = {
        passage->text, &passage->reference, &passage->canonical};
    struct irw_match match;
    imgrw_str inner;

    if (irw_pattern_match(&preset->location.under, &passage->canonical, &match))
        return IMGRW_OK;
    inner = irw_preset_unwrap(preset, &image);
    return inner.size > 0 ? take_text(passage, inner, index) : IMGRW_OK;
}

static enum imgrw_status
apply_preset(struct passage *passage, size_t index)
{
    const struct irw_preset *preset = passage->rules->items[index].preset;
    struct irw_preset_image image = {
        passage->text, &passage->reference, &passage->canonical};
    imgrw_str result;
    enum imgrw_status status = note_rule(passage, index);

    if (status == IMGRW_OK)
        status = unwrap(passage, preset, index);
    if (status != IMGRW_OK ||
        irw_rules_rest(passage->rules, &passage->canonical))
        return status;
    image.text = passage->text;
    status = irw_preset_build(preset, &image, passage->buffers[passage->turn],
                              &result, passage->error);
    if (status == IMGRW_OK)
        status = take_text(passage, result, index);
    if (status == IMGRW_OK && !irw_preset_rests(preset, &passage->canonical))
        return irw_fail(passage->error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "%s gives %.*s, which is not where it puts images",
                        imgrw_rules_name(passage->rules, index),
                        IRW_PRINT(result));
    return status;
}

/* Applies the prefix rule that wins or, where none speaks, the first preset
 * that is for the image. */
static enum imgrw_status
apply_location(struct passage *passage)
{
    const struct imgrw_rules *rules = passage->rules;
    struct irw_match match = {0};
    size_t prefix = irw_prefix_find(rules, &passage->canonical, &match);

    if (prefix != SIZE_MAX)
        return apply_prefix(passage, prefix, &match);
    IRW_EACH_RULE(i, rules, IRW_RULE_PRESET) {
        const struct irw_preset_image image = {
            passage->text, &passage->reference, &passage->canonical};

        if (irw_preset_match(rules->items[i].preset, &image) &&
            !is_withheld(passage, rules->items[i].preset))
            return apply_preset(passage, i);
    }
    return IMGRW_OK;
}

/* Whether an exclude speaks of the image; then it is the one rule that does. */
static bool
is_excluded(struct passage *passage)
{
    struct irw_match match;

    IRW_EACH_RULE(i, passage->rules, IRW_RULE_EXCLUDE) {
        const struct irw_rule *rule = &passage->rules->items[i];

        if (irw_pattern_match(&rule->exclude, &passage->canonical, &match)) {
            passage->outcome->result = IMGRW_EXCLUDED;
            passage->outcome->rules[0] = i;
            passage->outcome->rule_count = 1;
            return true;
        }
    }
    return false;
}

static enum imgrw_status
apply_all(struct passage *passage, imgrw_str image,
          struct imgrw_reference_buffer *buffer)
{
    enum imgrw_status status = IMGRW_OK;
    const struct imgrw_rules *rules = passage->rules;
    struct imgrw_outcome *outcome = passage->outcome;
    size_t i = irw_rules_next(rules, 0, &passage->canonical);

    passage->access = irw_rules_told(rules, &passage->canonical);
    while (status == IMGRW_OK && i != SIZE_MAX) {
        size_t before = outcome->rule_count;

        status = rules->items[i].kind == IRW_RULE_OVERRIDE
                     ? apply_override(passage, i)
                     : apply_exact(passage, i);
        i = outcome->rule_count == before /* the name is as it was */
                ? rules->items[i].same.next - 1
                : irw_rules_next(rules, i + 1, &passage->canonical);
    }
    if (status == IMGRW_OK)
        status = apply_location(passage);
    if (status != IMGRW_OK || outcome->rule_count == 0)
        return status;
    if (irw_equal(passage->text, image)) {
        outcome->result = IMGRW_UNCHANGED;
        return IMGRW_OK;
    }
    memcpy(buffer->bytes, passage->text.data, passage->text.size);
    outcome->result = IMGRW_REWRITTEN;
    outcome->text = (imgrw_str){buffer->bytes, passage->text.size};
    return IMGRW_OK;
}

enum imgrw_status
imgrw_rules_apply(const struct imgrw_rules *rules, imgrw_str image,
                  struct imgrw_reference_buffer *buffer,
                  struct imgrw_outcome *outcome, struct imgrw_error *error)
{
    struct imgrw_outcome found = {.text = image};
    struct passage passage;
    enum imgrw_status status;

    if (!rules || !buffer || !outcome)
        return irw_fail_null(error, !rules    ? "rules"
                                    : !buffer ? "buffer"
                                              : "outcome");
    passage.rules = rules;
    passage.outcome = &found;
    passage.error = error;
    passage.text = image;
    passage.turn = 0;
    passage.map = SIZE_MAX;
    status = imgrw_reference_parse(image, &passage.reference, error);
    if (status != IMGRW_OK)
        return status;
    irw_reference_canonical(&passage.reference, &passage.canonical_buffer,
                            &passage.canonical);
    if (!is_excluded(&passage))
        status = apply_all(&passage, image, buffer);
    if (status == IMGRW_OK)
        *outcome = found;
    return status;
}
