/*
 * Registries that several images are joined to: such a one is changed once, and
 * only where all of its images, those that stay included, go the same way.
 */
#pragma once

#include "plan/document_edits.h"

#include <imgrewrite/plan.h>

/* What it takes to settle that. */
struct irw_common_registries {
    const struct imgrw_manifest *manifest;
    struct imgrw_decision *decisions; /* one a site */
    uint32_t *leaders; /* by site: the one whose edits change the registry that
                          it is joined to, or UINT32_MAX: none does */
    bool *into_names; /* by site: its name takes "library", as struct irw_split
                         has it */
    struct irw_arena *arena;
    struct irw_line_cursor cursor;
    bool into_registry;
};

/* Settles it for the sites of a piece, about which is decided: sets their
 * leaders and, where the images go different ways, the obstacles of those that
 * would have changed. IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_common_registries_settle(struct irw_common_registries *common,
                             const struct irw_piece *piece,
                             struct imgrw_error *error);

/* Has the decisions of a registry's images know of the edit that their leader
 * has made, or of its obstacle. */
void irw_common_registries_follow(const struct irw_common_registries *common);
