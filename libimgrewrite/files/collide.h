/*
 * Collisions: two images that become one under prefix rules, which drop what
 * told them apart, or may become one once their tags are filled in.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"

#include <imgrewrite/plan.h>

/* The images that were added, the first of each key. Zero-initialised is
 * empty. */
struct irw_collisions {
    struct irw_map texts;     /* by the new reference */
    struct irw_map names;     /* by the new name */
    struct irw_map others;    /* the same, of another origin than these */
    struct irw_map filled_in; /* by the new name: their tags are */
    struct irw_arena *arena;  /* of the caller, for copies of the images; NULL:
                                 their plans outlive the set */
};

/* Adds the images of a plan, by their new references. IMGRW_ERR_RULE: an image
 * collides with one that was added before, and both places are named;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_collisions_add(struct irw_collisions *images,
                                     const struct imgrw_plan *plan,
                                     struct imgrw_error *error);

void irw_collisions_clear(struct irw_collisions *images);
