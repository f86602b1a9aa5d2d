/*
 * Markers of Flux: a comment {"$imagepolicy": "NAMESPACE:NAME"} has its image
 * automation set what stands before it, again and again.
 */
#pragma once

#include "base/arena.h"
#include "base/list.h"

#include <imgrewrite/files.h>

/* What is found in the plans of a run. Zero-initialised is empty. */
struct irw_markers {
    struct irw_arena arena;
    IRW_LIST(struct imgrw_warning) warnings;
};

/* Warns of marked images that the plans, of which some may be NULL, move while
 * no ImageRepository among them is of the new name: the automation would move
 * them back. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_markers_check(struct irw_markers *markers,
                                    const struct imgrw_plan *const *plans,
                                    size_t count, struct imgrw_error *error);

void irw_markers_clear(struct irw_markers *markers);
