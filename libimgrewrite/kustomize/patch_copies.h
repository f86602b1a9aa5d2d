/*
 * What the operations of JSON patches copy, or move, from one field to another.
 */
#pragma once

#include "kustomize/kustomization.h"

/* A JSON patch whose copies are read. */
struct irw_patch_copying {
    const struct irw_tree *tree;
    imgrw_str kind, name; /* of the resources that it is for; or patterns, or
                             empty for any */
    struct imgrw_location at; /* where it is named */
    struct irw_arena *arena;  /* for the paths of fields */
    irw_copy_list *copies;    /* malloc'ed */
};

/* Whether a patch sets where an image is in part: its registry, or the rest of
 * its name without that. */
bool irw_patch_sets_part(const struct irw_tree *tree, uint32_t node);

/* Reads the copies of the operations in the list at `node`, if it is one. False
 * when memory is out. */
bool irw_patch_copies_read(const struct irw_patch_copying *patch,
                           uint32_t node);
