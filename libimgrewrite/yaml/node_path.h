/*
 * The trail to a node: keys and list positions, as a text.
 */
#pragma once

#include "base/arena.h"

/* The last step of a trail, on the stack of whoever made it. */
struct irw_trail {
    const struct irw_trail *outer;
    imgrw_str key; /* data NULL: a list position */
    uint32_t index;
    uint32_t map; /* the mapping that has the key, where the walk went on from
                     it */
};

/* The trail in the grammar of field specs, in `arena`; data NULL when memory is
 * out. */
imgrw_str irw_trail_format(const struct irw_trail *trail,
                           struct irw_arena *arena);
