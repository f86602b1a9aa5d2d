/*
 * Skimming: a look at the bytes of a piece that spares parsing those in which
 * nothing would be found. In kube-prometheus these are 99 bytes of 100.
 */
#pragma once

#include "manifest/walk.h"
#include "yaml/source.h"

/* Whether the piece may hold anything that a walk would find or warn of: an
 * image of whatever class, a possible image, or a field of the user's. False
 * only where that is certain; then the piece is one document, if it can be
 * parsed at all. */
bool irw_can_hold_image(const struct irw_search *search,
                        const struct irw_source *source, size_t start,
                        size_t end);
