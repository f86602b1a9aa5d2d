/*
 * Prefix rules: what was under one registry or path is now under another.
 */
#pragma once

#include "rules/pattern.h"

#include <imgrewrite/rules.h>

struct irw_rule;

struct irw_prefix {
    struct irw_pattern from;
    struct irw_location to;
    enum imgrw_pull pull; /* the pulls that it is for */
};

/* Whether there are pulls that both are for. */
bool irw_pulls_overlap(enum imgrw_pull one, enum imgrw_pull other);

/* The prefix rule that wins for the reference, which is in canonical form, and
 * how it matches; NULL where none does. */
const struct irw_rule *irw_prefix_find(const struct imgrw_rules *rules,
                                       const struct imgrw_reference *canonical,
                                       struct irw_match *match);
