/*
 * An index of patterns: which of thousands match an image, in a time that does
 * not depend on how many there are.
 */
#pragma once

#include "rules/name_index.h"
#include "rules/pattern.h"

/* Zero-initialised is empty and ready for use. */
struct irw_pattern_index {
    struct irw_map patterns; /* lists of items, by what the patterns say */
    struct irw_map hosts;    /* that patterns are of */
    struct irw_map tails;    /* lists of those with a tag or a digest, by the
                                names before these */
    bool any_host, whole;    /* some are of many hosts; match a whole path */
};

/* Adds `item` under the pattern; false when memory is out. What the index needs
 * lives in `arena`, and the strings of the pattern outlive it. */
bool irw_pattern_index_add(struct irw_pattern_index *index,
                           const struct irw_pattern *pattern, const void *item,
                           struct irw_arena *arena);

/* Takes an item; true ends the visit. */
typedef bool irw_visit_fn(const void *item, void *user);

/* Visits the items of all patterns that match the reference, which is in
 * canonical form; in no particular order, and perhaps one twice. Whether
 * `visit` ended it. */
bool irw_pattern_index_visit(const struct irw_pattern_index *index,
                             const struct imgrw_reference *reference,
                             irw_visit_fn *visit, void *user);

/* Visits the items of the patterns with a tag or a digest that match the
 * reference, of which either may have placeholders, once these are filled in.
 * The first one ends the visit where `visit` is NULL. */
bool irw_pattern_index_visit_tails(const struct irw_pattern_index *index,
                                   const struct imgrw_reference *reference,
                                   irw_visit_fn *visit, void *user);

/* Whether some pattern matches. */
bool irw_pattern_index_matches(const struct irw_pattern_index *index,
                               const struct imgrw_reference *reference);

void irw_pattern_index_clear(struct irw_pattern_index *index);
