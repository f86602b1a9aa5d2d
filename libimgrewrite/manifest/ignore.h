/*
 * Images that a comment has ignored: `# imgrewrite:ignore` at the end of the
 * line, or of a line of a scalar around them.
 */
#pragma once

#include "manifest/walk.h"

/* Whether a comment has the image at `node` ignored: of its own line or, in a
 * document in a scalar, of the line on which such a scalar ends. */
bool irw_is_ignored(struct irw_image_walk *walk, uint32_t node);
