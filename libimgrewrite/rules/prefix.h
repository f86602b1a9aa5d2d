/*
 * Prefix rules: what was under one registry or path is now under another.
 */
#pragma once

#include "rules/pattern.h"

#include <imgrewrite/rules.h>

struct irw_rule;

struct irw_prefix {
    struct irw_pattern from; /* nothing, for the prefix `*` */
    struct irw_location to;
    enum imgrw_pull pull; /* the pulls that it is for */
    bool drop_library, as_written; /* as in struct imgrw_registry */
};

/* Whether there are pulls that both are for. */
bool irw_pulls_overlap(enum imgrw_pull one, enum imgrw_pull other);

/* How the reference is pulled, which may have placeholders. */
enum imgrw_pull irw_pull_of(const struct imgrw_reference *reference);

/* The prefix rule that wins for the reference, which is in canonical form, and
 * how it matches; NULL where none does. `*` is none of these. */
const struct irw_rule *irw_prefix_find(const struct imgrw_rules *rules,
                                       const struct imgrw_reference *canonical,
                                       struct irw_match *match);

/* The rule for the prefix `*` that is for pulls of the reference, or NULL. */
const struct irw_rule *irw_any_find(const struct imgrw_rules *rules,
                                    const struct imgrw_reference *canonical);
