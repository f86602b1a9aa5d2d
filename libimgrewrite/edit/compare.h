/*
 * Whether two readings of a text are one, except for what was meant to change.
 */
#pragma once

#include "base/text.h"
#include "edit/text_edit.h"

/* What a changed node reads as, and how it is written. */
struct irw_reading {
    uint32_t node;
    uint32_t start; /* of the node, in the whole old text */
    enum irw_style style;
    imgrw_str value;
};

/* What may differ between the two trees, and how closely to look. */
struct irw_expectation {
    const struct irw_text_edit *changes; /* in the order of the text */
    size_t change_count;
    const struct irw_reading *readings; /* of the nodes that they change, in
                                           their order, each once */
    size_t reading_count;
    struct irw_grafts grafts; /* of the changes that add nodes */
    int64_t moved; /* how far the text moves before the first change */
    bool same_reader; /* compare what one library says of itself as well:
                         values, tags, the ends of collections */
};

/* Compares `after` with what `before` should have become. On a difference
 * returns false and describes both readings in `difference`. */
bool irw_tree_compare(const struct irw_tree *before,
                      const struct irw_tree *after,
                      const struct irw_expectation *expectation,
                      struct irw_text *difference);
