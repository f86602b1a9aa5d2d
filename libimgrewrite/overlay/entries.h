/*
 * The entries of kustomize's `images:` that an overlay has.
 */
#pragma once

#include "base/list.h"
#include "overlay/distinct.h"

/* An entry, and the changes that it makes. */
struct irw_overlay_entry {
    struct irw_kustomize_entry text;
    size_t first_change; /* of a chain, by its number */
    bool dropped;        /* it gave way to patches, and is not written */
};

struct irw_overlay_entries {
    IRW_LIST(struct irw_overlay_entry) list;
};

/* Makes the entries for changes that have been chained; what none of them makes
 * is marked as patched. False when memory is out. */
bool irw_overlay_entries_make(struct irw_overlay_entries *entries,
                              struct irw_distinct_changes *changes);
