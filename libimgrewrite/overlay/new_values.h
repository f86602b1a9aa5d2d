/*
 * What the text that a plan makes has where the old one has something else, or
 * nothing, by the nodes of the old trees.
 */
#pragma once

#include "base/list.h"
#include "edit/compare.h"

#include <imgrewrite/plan.h>

/* What is added to a mapping of the old text. */
struct irw_addition {
    uint32_t start; /* of the mapping, in the whole text */
    uint32_t mapping;
    const struct irw_tree *fragment; /* the pairs of its root are added */
};

/* Borrows from the plan; zero-initialised is empty. */
struct irw_new_values {
    const struct irw_reading *scalars; /* those that change, by their starts */
    size_t scalar_count;
    IRW_LIST(struct irw_addition) additions; /* for images, by the starts and
                                                numbers of their mappings;
                                                malloc'ed */
};

/* Takes them from a plan. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_new_values_take(struct irw_new_values *values,
                                      const struct imgrw_plan *plan,
                                      struct imgrw_error *error);

/* What becomes of the scalar at `node` or of the one that this is an alias of;
 * NULL: it stays, or it is no scalar. */
const imgrw_str *irw_new_value(const struct irw_new_values *values,
                               const struct irw_tree *tree, uint32_t node);

/* What is added to the mapping at `node`; sets `*count`, mostly to 0, and then
 * it is NULL. */
const struct irw_addition *irw_additions_to(const struct irw_new_values *values,
                                            const struct irw_tree *tree,
                                            uint32_t node, size_t *count);

void irw_new_values_clear(struct irw_new_values *values);
