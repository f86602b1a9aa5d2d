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

/* What a patch has of images in parts. */
enum irw_patched_parts {
    IRW_PATCHES_NO_PART,
    IRW_PATCHES_PARTS,     /* a registry and a repository */
    IRW_PATCHES_LONE_PART, /* one of them, which does not say all */
};

enum irw_patched_parts irw_patch_parts(const struct irw_tree *tree,
                                       uint32_t node);

/* Reads the copies of the operations in the list at `node`, if it is one. False
 * when memory is out. */
bool irw_patch_copies_read(const struct irw_patch_copying *patch,
                           uint32_t node);
