/*
 * The trial of the entries of an overlay.
 */
#pragma once

#include "overlay/entries.h"

/* Applies the entries, in their order, to every text as kustomize does. A text
 * that does not become what it must is marked as patched, and an entry that
 * would change what a patch makes is dropped. False when memory is out. */
bool irw_overlay_entries_try(struct irw_overlay_entries *entries,
                             struct irw_distinct_changes *changes);
