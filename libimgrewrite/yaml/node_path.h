/*
 * The trail to a node: keys and list positions, as a text.
 */
#pragma once

#include "base/arena.h"

/* The last step of a trail, on the stack of whoever made it. */
struct irw_node_path {
    const struct irw_node_path *outer;
    imgrw_str key; /* data NULL: a list position */
    uint32_t index;
    uint32_t map; /* the mapping that has the key, where the walk went on from
                     it */
    imgrw_str patched; /* of the value of a JSON patch: the key that it is for;
                          data NULL: it is no such value */
};

/* The key under which the node is read: that of the step, or the one that a
 * JSON patch puts it under. */
static inline imgrw_str
irw_node_path_key(const struct irw_node_path *path)
{
    return path->patched.data ? path->patched : path->key;
}

/* The trail in the grammar of field specs, in `arena`; data NULL when memory is
 * out. */
imgrw_str irw_node_path_format(const struct irw_node_path *trail,
                               struct irw_arena *arena);

/* The trail as a JSON pointer (RFC 6901), in `arena`; data NULL when memory is
 * out. That of the root, whose trail is NULL, is empty. */
imgrw_str irw_node_path_pointer(const struct irw_node_path *trail,
                                struct irw_arena *arena);

/* A copy of the whole path in `arena`, its keys borrowed, and without the
 * mappings; NULL when memory is out. */
const struct irw_node_path *
irw_node_path_copy(const struct irw_node_path *path, struct irw_arena *arena);
