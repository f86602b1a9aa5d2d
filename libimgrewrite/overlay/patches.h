/*
 * The patches of an overlay.
 */
#pragma once

#include "base/text.h"
#include "overlay/overlay.h"

/* Writes `patches:` of the midstream's kustomization: what `images:` does not
 * do, and pull secrets. */
void irw_overlay_write_patches(const struct imgrw_overlay *overlay,
                               struct irw_text *text);
