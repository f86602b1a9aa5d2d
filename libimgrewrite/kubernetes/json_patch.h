/*
 * JSON patches (RFC 6902), as the tree shows them: lists of operations, each
 * with a pointer (RFC 6901) to the place that it is about.
 */
#pragma once

#include "yaml/cursor.h"

/* An operation that has a value: one that adds or replaces, and one that tests
 * what is there, which fails where that was changed and the value was not. */
struct irw_operation {
    imgrw_str pointer;
    uint32_t value;     /* as it is written, or IRW_NO_NODE */
    uint32_t made_from; /* or else, in a ClusterClass, the template of the
                           value's text */
};

/* Reads the mapping at `node`; false where it is no such operation. */
bool irw_operation_read(const struct irw_tree *tree, uint32_t node,
                        struct irw_operation *operation);

/* An operation that takes what is at one place to another. */
struct irw_copy_operation {
    imgrw_str from, to; /* pointers */
};

/* Reads the mapping at `node`; false where it does not copy or move. */
bool irw_copy_operation_read(const struct irw_tree *tree, uint32_t node,
                             struct irw_copy_operation *operation);

/* Whether the list at `node` is a JSON patch, as its first item shows. */
bool irw_is_json_patch(const struct irw_tree *tree, uint32_t node);

/* Takes the first token off a pointer, as it is written; false at the end, and
 * where none begins. */
bool irw_pointer_next(imgrw_str *pointer, imgrw_str *token);

/* The key that a token stands for: the token itself or, where it has escapes, a
 * copy in `arena`; data NULL when memory is out. */
imgrw_str irw_pointer_key(imgrw_str token, struct irw_arena *arena);

/* Whether a token may be a position in a list: a number, the end, or what a
 * template fills in. */
bool irw_pointer_is_index(imgrw_str token);
