/*
 * Telling of what a run over trees leaves to its user.
 */
#pragma once

#include "kustomize/trees.h"

/* Adds a warning; false when memory is out. */
__attribute__((format(printf, 3, 4))) bool
irw_trees_warn(struct irw_trees *trees, struct imgrw_location at,
               const char *format, ...);
