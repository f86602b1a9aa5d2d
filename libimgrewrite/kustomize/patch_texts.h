/*
 * The texts of patches that kustomizations have or name, and what they are for.
 */
#pragma once

#include "kustomize/builds.h"

/* A patch: a file, or a part of one. */
struct irw_patch_text {
    size_t file;     /* by its number */
    size_t from, to; /* bytes of the file; all of it: up to SIZE_MAX */
    imgrw_str inside; /* the patch, where it is a part */
    IRW_LIST(const struct irw_patch_target *)
    targets; /* that it is for; NULL: for what it says itself */
    struct imgrw_location at; /* where a build names it */
    size_t build;             /* that does, by its number */
    bool open;                /* it may be for others */
    bool wide; /* it may not be for all of them */
    size_t chosen; /* the target as whose patch it is read */
};

typedef IRW_LIST(struct irw_patch_text) irw_patch_text_list;

/* Lists the texts of all builds, in the order of their files; a file that is a
 * patch comes before what is a part of it. Kinds are selected before
 * (selection.h). IMGRW_ERR_MEMORY. */
enum imgrw_status irw_patch_texts_find(const struct irw_builds *builds,
                                       irw_patch_text_list *texts,
                                       struct imgrw_error *error);

void irw_patch_texts_clear(irw_patch_text_list *texts);
