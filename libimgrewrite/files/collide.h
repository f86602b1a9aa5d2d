/*
 * Collisions: two images that become one under prefix rules, which drop what
 * told them apart.
 */
#pragma once

#include "base/map.h"

#include <imgrewrite/plan.h>

/* Adds the images of a plan, which must outlive the map, by their new
 * references. IMGRW_ERR_RULE: an image collides with one that was added before,
 * and both places are named; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_collisions_add(struct irw_map *images,
                                     const struct imgrw_plan *plan,
                                     struct imgrw_error *error);
