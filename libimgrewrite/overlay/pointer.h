/*
 * JSON pointers, by RFC 6901.
 */
#pragma once

#include "yaml/node_path.h"
#include "yaml/merge.h"

/* The pointer that a trail is, in `arena`; data NULL when memory is out. The
 * root's, whose trail is NULL, is empty. */
imgrw_str
irw_pointer_format(const struct irw_node_path *trail, struct irw_arena *arena);

/* Sets `*node` to what a pointer of irw_pointer_format leads to, with aliases
 * and merge keys followed; IRW_NO_NODE where there is none. False when memory,
 * which it takes from `arena`, is out. */
bool irw_pointer_follow(const struct irw_tree *tree, uint32_t root,
                        imgrw_str pointer, struct irw_budget *budget,
                        struct irw_arena *arena, uint32_t *node);
