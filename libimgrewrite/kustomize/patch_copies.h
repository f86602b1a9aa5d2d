/*
 * What the operations of JSON patches copy, or move, from one field to another.
 */
#pragma once

#include "base/text.h"
#include "kustomize/copies.h"

/* A document of a patch that is read. */
struct irw_patch_reading {
    const struct irw_tree *tree;
    uint32_t root;
    bool has_target;          /* which says what it is for: */
    imgrw_str kind, name;     /* or patterns, or empty for any */
    struct imgrw_location at; /* where it is named */
    struct irw_arena *arena;  /* for the paths of fields */
};

/* Adds a key to a path in the grammar of replacements, with backslashes where
 * that needs them. */
void irw_copy_path_add(struct irw_text *path, imgrw_str key);

/* Sets the path, in the grammar of replacements, that a pointer is; in `arena`.
 * False when memory is out. */
bool irw_copy_path(imgrw_str pointer, struct irw_arena *arena, imgrw_str *path);

/* Appends the copies of the operations in the document, if it is a list of
 * these. The list is malloc'ed. False when memory is out. */
bool irw_patch_copies_read(const struct irw_patch_reading *patch,
                           irw_copy_list *copies);
