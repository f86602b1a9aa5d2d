/*
 * Whether two readings of a text are the same, except for what was meant to
 * change.
 */
#pragma once

#include "base/text.h"
#include "edit/text_edit.h"

/* What a changed scalar reads as, and how it is written. */
struct irw_reading {
    uint32_t node;
    uint32_t start; /* of the node, in the whole old text */
    enum irw_style style;
    imgrw_str value;
};

/* The nodes that an insertion has become, in the new tree. */
struct irw_inserted_run {
    uint32_t first, count;
    size_t from, to; /* the inserted bytes of the new text */
    int64_t grown;   /* nodes that it and the runs before it add */
    const struct irw_insertion *insertion;
};

/* What may differ between the two trees, and how closely to look. */
struct irw_expectation {
    const struct irw_text_edit *edits; /* in the order of the text */
    size_t edit_count;
    const struct irw_reading *readings; /* of the scalars that they change, in
                                           their order, each once */
    size_t reading_count;
    struct irw_inserted_run *runs; /* room for one for each insertion */
    int64_t moved; /* how far the text moves before the first edit */
    bool same_reader; /* compare what one library says of itself as well:
                         values, tags, the ends of collections */
};

/* Compares `after` with what `before` should have become. On a difference
 * returns false and describes both readings in `difference`. */
bool irw_tree_compare(const struct irw_tree *before,
                      const struct irw_tree *after,
                      const struct irw_expectation *expectation,
                      struct irw_text *difference);
