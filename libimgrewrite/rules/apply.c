/*
 * The order in which rules apply to an image: excludes, overrides and exact
 * references, prefix rules, presets, and the prefix `*`.
 */
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"
#include "reference/parse.h"
#include "reference/print.h"
#include "rules/placed.h"
#include "rules/preset_name.h"
#include "rules/undecided.h"

#include <assert.h>

/* One image on its way through the rules. The two buffers take turns: a rule
 * reads from one and writes to the other. */
struct apply_state {
    const struct imgrw_rules *rules;
    struct imgrw_outcome *outcome;
    struct imgrw_error *error;
    struct irw_preset_image image; /* as it is now */
    struct imgrw_reference_buffer buffers[2], canonical_buffer;
    int turn;                      /* the buffer to write next */
    const struct irw_exact *exact; /* the one that applied last, or NULL */
    enum imgrw_access access;      /* what is known of the image as it came */
    bool access_undecided; /* that depends on an end that is filled in later */
    bool filled_in;        /* the end of the image as it is now is so */
};

static enum imgrw_status
add_rule(struct apply_state *state, const struct irw_rule *rule)
{
    struct imgrw_outcome *outcome = state->outcome;

    if (outcome->rule_count == IMGRW_RULES_PER_IMAGE)
        return irw_fail(state->error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "more than %d rules take part in one image",
                        IMGRW_RULES_PER_IMAGE);
    outcome->rules[outcome->rule_count++] = rule->number;
    return IMGRW_OK;
}

/* Ends with this: whether the rule is for the image, or what it makes of it,
 * depends on what is filled in later. */
static enum imgrw_status
leave_undecided(struct apply_state *state, const struct irw_rule *rule)
{
    state->outcome->result = IMGRW_UNDECIDED;
    state->outcome->rule_count = 0;
    return add_rule(state, rule);
}

/* Reads `text`, which becomes the current image. */
static enum imgrw_status
read_image(struct apply_state *state, imgrw_str text, struct imgrw_error *error)
{
    struct irw_preset_image *image = &state->image;
    enum imgrw_status status =
        irw_reference_read(text, &image->reference, &state->filled_in, error);

    if (status != IMGRW_OK)
        return status;
    image->text = text;
    irw_reference_canonical(&image->reference, &state->canonical_buffer,
                            &image->canonical);
    return IMGRW_OK;
}

/* Makes `text` the current image. A rule's result is read like any other text,
 * because no rule knows what the others make of an image. */
static enum imgrw_status
take_text(struct apply_state *state, imgrw_str text,
          const struct irw_rule *rule)
{
    struct imgrw_error why;

    if (read_image(state, text, &why) == IMGRW_OK)
        return IMGRW_OK;
    return irw_fail(state->error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                    "%s gives what is no image reference: %s", rule->name,
                    why.message);
}

/* The same for a text that was written to the buffer whose turn it is, if it
 * was `written`: it may be too long. */
static enum imgrw_status
take_written(struct apply_state *state, bool written, imgrw_str text,
             const struct irw_rule *rule)
{
    state->turn = !state->turn;
    if (written)
        return take_text(state, text, rule);
    return irw_fail(state->error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                    "%s gives a name longer than any reference", rule->name);
}

static enum imgrw_status
apply_override(struct apply_state *state, const struct irw_rule *rule)
{
    const struct imgrw_reference *reference = &state->image.reference;
    const char *end = reference->repository.data + reference->repository.size;
    struct irw_kustomize_entry entry = rule->override.entry;
    const struct irw_kustomize_image old = {
        .name = irw_slice(state->image.text, 0,
                          (size_t)(end - state->image.text.data)),
        .tag = reference->tag,
        .digest = reference->digest,
    };
    imgrw_str result;
    bool written;

    if (rule->override.keeps_tag)
        entry.new_tag = reference->tag;
    written = irw_kustomize_set(&entry, &old, &state->buffers[state->turn],
                                &result);
    return take_written(state, written, result, rule);
}

static enum imgrw_status
apply_exact(struct apply_state *state, const struct irw_rule *rule)
{
    state->exact = &rule->exact;
    return take_text(state, rule->exact.to, rule);
}

/* Whether the override or exact reference, which is for the image's name, is
 * for its tag and digest. Of the entries of one map, one applies. */
static bool
is_for_image(const struct apply_state *state, const struct irw_rule *rule)
{
    const struct imgrw_reference *canonical = &state->image.canonical;
    const struct imgrw_reference *name = &rule->override.name;

    if (rule->kind == IRW_RULE_EXACT)
        return !(state->exact && state->exact->map == rule->exact.map) &&
               irw_reference_same(&rule->exact.name, canonical);
    /* A name with a digest is one image; one with a tag only is the tag,
     * whatever it points to. */
    if (name->digest.size > 0)
        return irw_reference_same(name, canonical);
    return name->tag.size == 0 || irw_equal(name->tag, canonical->tag);
}

/* Applies overrides and exact references in the order added. Only those of the
 * current name are looked at: when one has changed the name, those of the new
 * name that were added after it come next. */
static enum imgrw_status
apply_named(struct apply_state *state)
{
    const struct irw_map *names = &state->rules->names;
    struct imgrw_reference name = irw_reference_name(&state->image.canonical);
    const struct irw_named *named = irw_named_find(names, &name);
    enum imgrw_status status = IMGRW_OK;
    size_t from = 0; /* the number of the next rule that may apply */

    while (named && status == IMGRW_OK) {
        const struct irw_rule *rule = named->item;

        named = named->next;
        if (rule->number < from)
            continue;
        if (state->filled_in &&
            irw_named_is_undecided(rule, &state->image.canonical))
            return leave_undecided(state, rule);
        if (!is_for_image(state, rule))
            continue;
        status = add_rule(state, rule);
        if (status == IMGRW_OK)
            status = rule->kind == IRW_RULE_OVERRIDE
                         ? apply_override(state, rule)
                         : apply_exact(state, rule);
        from = rule->number + 1;
        name = irw_reference_name(&state->image.canonical);
        named = irw_named_find(names, &name);
    }
    return status;
}

/* Makes the current image one under the location of a prefix rule, where `rest`
 * is its name; tag and digest stay as they are. */
static enum imgrw_status
put_under(struct apply_state *state, const struct irw_rule *rule,
          imgrw_str rest)
{
    const struct irw_location *to = &rule->prefix.to;
    const struct irw_preset_image *image = &state->image;
    const struct imgrw_reference parts = {
        .registry = to->text,
        .repository = rest,
        .tag = image->reference.tag,
        .digest = image->reference.digest,
    };
    imgrw_str result;
    bool written = irw_reference_print(&parts, &state->buffers[state->turn],
                                       &result);
    enum imgrw_status status = take_written(state, written, result, rule);

    /* A registry alone, or with a path that reads as one, is not under itself:
     * `localhost` with nothing after it is a name on Docker Hub. */
    if (status == IMGRW_OK &&
        !irw_pattern_match(&to->under, &image->canonical, NULL))
        return irw_fail(state->error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "%s covers the whole name of this image, and \"%.*s\" "
                        "alone is no name for it",
                        rule->name, IRW_PRINT(to->text));
    return status;
}

/* Puts the location in the place of what the prefix covers of the full name. */
static enum imgrw_status
apply_prefix(struct apply_state *state, const struct irw_rule *rule,
             const struct irw_match *match)
{
    const struct imgrw_reference *canonical = &state->image.canonical;
    enum imgrw_status status = add_rule(state, rule);

    if (status != IMGRW_OK ||
        irw_pattern_match(&rule->prefix.to.under, canonical, NULL))
        return status;
    return put_under(state, rule,
                     irw_match_rest(match, canonical->repository));
}

static bool
is_at_target(const struct apply_state *state)
{
    return irw_pattern_index_matches(&state->rules->targets,
                                     &state->image.canonical);
}

/* Puts the location of the prefix `*` in the place of the registry, or before
 * the name as it is written. */
static enum imgrw_status
apply_any(struct apply_state *state, const struct irw_rule *rule)
{
    const struct irw_preset_image *image = &state->image;
    const imgrw_str path = image->reference.repository;
    imgrw_str rest = image->canonical.repository;
    enum imgrw_status status = add_rule(state, rule);

    if (status != IMGRW_OK || is_at_target(state))
        return status;
    if (rule->prefix.as_written)
        rest = irw_slice(image->text, 0,
                         (size_t)(path.data + path.size - image->text.data));
    else if (rule->prefix.drop_library)
        rest = irw_reference_short_path(&image->canonical);
    return put_under(state, rule, rest);
}

/* Whether the preset, which is for private images only, has to leave this one
 * alone. Of images that are where rules put them nothing need be known. */
static bool
is_withheld(struct apply_state *state, const struct irw_preset *preset)
{
    const struct irw_access_settings *settings = &state->rules->access;
    enum imgrw_access access;

    if (!preset->only_private)
        return false;
    access = irw_access_of(settings, &state->image.canonical);
    if (access == IMGRW_ACCESS_UNKNOWN)
        access = state->access;
    if (access == IMGRW_ACCESS_UNKNOWN)
        access = settings->default_access;
    state->outcome->access_unknown |=
        access == IMGRW_ACCESS_UNKNOWN && !is_at_target(state);
    return access != IMGRW_ACCESS_PRIVATE;
}

/* Whether the preset is for private images only, and whether this is one
 * depends on an end that is filled in later. */
static bool
is_undecided(const struct apply_state *state, const struct irw_preset *preset)
{
    return state->filled_in && preset->only_private && !is_at_target(state) &&
           (state->access_undecided ||
            irw_access_is_undecided(&state->rules->access,
                                    &state->image.canonical));
}

/* Takes the image out of a location of the same layout, unless it is where it
 * should be. */
static enum imgrw_status
unwrap(struct apply_state *state, const struct irw_rule *rule)
{
    imgrw_str inner;

    if (irw_pattern_match(&rule->preset->location.under,
                          &state->image.canonical, NULL))
        return IMGRW_OK;
    inner = irw_preset_unwrap(rule->preset, &state->image);
    return inner.size > 0 ? take_text(state, inner, rule) : IMGRW_OK;
}

static enum imgrw_status
apply_preset(struct apply_state *state, const struct irw_rule *rule)
{
    imgrw_str result;
    enum imgrw_status status = add_rule(state, rule);

    if (status == IMGRW_OK)
        status = unwrap(state, rule);
    if (status != IMGRW_OK || is_at_target(state))
        return status;
    if (state->filled_in && rule->preset->layout->adds_checksum)
        return leave_undecided(state, rule);
    status = irw_preset_build(rule->preset, &state->image,
                              &state->buffers[state->turn], &result,
                              state->error);
    if (status == IMGRW_OK)
        status = take_text(state, result, rule);
    if (status == IMGRW_OK &&
        !irw_preset_keeps(rule->preset, &state->image.canonical))
        return irw_fail(state->error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "%s gives %.*s, which is not where it puts images",
                        rule->name, IRW_PRINT(result));
    return status;
}

/* The rule of the index that depends on the end of the image; NULL: none does.
 * It says more than any other that matches the image, and so would win. */
static const struct irw_rule *
find_undecided(const struct apply_state *state,
               const struct irw_pattern_index *index)
{
    return state->filled_in
               ? irw_pattern_find_undecided(index, &state->image.canonical)
               : NULL;
}

/* Applies the prefix rule that wins or, where none matches, the first preset
 * that is for the image or, where there is none, the prefix `*`. */
static enum imgrw_status
apply_location(struct apply_state *state)
{
    struct irw_match match;
    const struct irw_rule *prefix = find_undecided(state,
                                                   &state->rules->prefixes);

    if (prefix)
        return leave_undecided(state, prefix);
    prefix = irw_prefix_find(state->rules, &state->image.canonical, &match);
    if (prefix)
        return apply_prefix(state, prefix, &match);
    IRW_EACH_RULE(rule, state->rules, IRW_RULE_PRESET) {
        if (!irw_preset_match(rule->preset, &state->image))
            continue;
        if (is_undecided(state, rule->preset))
            return leave_undecided(state, rule);
        if (!is_withheld(state, rule->preset))
            return apply_preset(state, rule);
    }
    prefix = irw_any_find(state->rules, &state->image.canonical);
    return prefix ? apply_any(state, prefix) : IMGRW_OK;
}

/* An irw_visit_fn: the exclude that was added first counts. */
static bool
exclude(const void *item, void *user)
{
    struct imgrw_outcome *outcome = user;
    const struct irw_rule *rule = item;

    if (outcome->rule_count == 0 || rule->number < outcome->rules[0])
        outcome->rules[0] = rule->number;
    outcome->rule_count = 1;
    outcome->result = IMGRW_EXCLUDED;
    return false;
}

/* Notes the rule that puts images where this one lies, which no rule is for. */
static enum imgrw_status
note_place(struct apply_state *state)
{
    const struct irw_rule *rule =
        irw_placed_find(state->rules, &state->image.canonical);

    return rule ? add_rule(state, rule) : IMGRW_OK;
}

/* Reads what is known of the image as it came. */
static void
read_access(struct apply_state *state)
{
    const struct irw_access_settings *access = &state->rules->access;
    const struct imgrw_reference *canonical = &state->image.canonical;

    state->access = irw_access_of(access, canonical);
    state->access_undecided = state->filled_in &&
                              irw_access_is_undecided(access, canonical);
}

static enum imgrw_status
apply_all(struct apply_state *state, imgrw_str image,
          struct imgrw_reference_buffer *buffer)
{
    const struct imgrw_reference *canonical = &state->image.canonical;
    struct imgrw_outcome *outcome = state->outcome;
    const struct irw_rule *undecided;
    imgrw_str text;
    enum imgrw_status status;

    irw_pattern_index_visit(&state->rules->excludes, canonical, exclude,
                            outcome);
    if (outcome->result == IMGRW_EXCLUDED)
        return IMGRW_OK;
    undecided = find_undecided(state, &state->rules->excludes);
    if (undecided)
        return leave_undecided(state, undecided);
    read_access(state);
    status = apply_named(state);
    if (status == IMGRW_OK && outcome->result != IMGRW_UNDECIDED)
        status = apply_location(state);
    if (status == IMGRW_OK && outcome->rule_count == 0)
        status = note_place(state);
    if (status != IMGRW_OK || outcome->rule_count == 0 ||
        outcome->result == IMGRW_UNDECIDED)
        return status;
    text = state->image.text;
    if (irw_equal(text, image)) {
        outcome->result = IMGRW_UNCHANGED;
        return IMGRW_OK;
    }
    assert(text.size < sizeof(buffer->bytes));
    memcpy(buffer->bytes, text.data, text.size);
    outcome->result = IMGRW_REWRITTEN;
    outcome->text = (imgrw_str){buffer->bytes, text.size};
    return IMGRW_OK;
}

enum imgrw_status
imgrw_rules_apply(const struct imgrw_rules *rules, imgrw_str image,
                  struct imgrw_reference_buffer *buffer,
                  struct imgrw_outcome *outcome, struct imgrw_error *error)
{
    struct imgrw_outcome found = {.text = image};
    struct apply_state state;
    enum imgrw_status status;

    if (!rules || !buffer || !outcome)
        return irw_fail_null(error, !rules    ? "rules"
                                    : !buffer ? "buffer"
                                              : "outcome");
    /* The buffers are left as they are: clearing them would cost more than
     * most sets take for an image. */
    state.rules = rules;
    state.outcome = &found;
    state.error = error;
    state.turn = 0;
    state.exact = NULL;
    status = read_image(&state, image, error);
    if (status == IMGRW_OK)
        status = apply_all(&state, image, buffer);
    if (status == IMGRW_OK)
        *outcome = found;
    return status;
}
