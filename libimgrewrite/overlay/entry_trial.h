/*
 * The trial of the entries of an overlay.
 */
#pragma once

#include "overlay/entries.h"

/* Looks at what the entries, in their order, make of every text, as kustomize
 * applies them. A text that does not become what it must is marked as patched,
 * and an entry that would change what a patch makes is dropped. False when
 * memory is out. */
bool irw_images_try_entries(struct irw_images *images);
