/*
 * The order of the entries of an overlay.
 */
#pragma once

#include "overlay/entries.h"

/* Puts the entries into an order in which none changes what another one makes,
 * as far as there is one; false when memory is out. */
bool irw_overlay_entries_order(struct irw_overlay_entries *entries,
                               struct irw_distinct_changes *changes);
