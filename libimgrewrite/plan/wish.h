/*
 * Wishes: what an image becomes where that is not for the rules to say, because
 * it takes more than one file to know.
 */
#pragma once

#include "plan/document_edits.h"

enum irw_wish_kind {
    IRW_WISH_RULES = 0, /* none: the rules decide */
    IRW_WISH_KEEP,      /* it stays as it is, whatever the rules say */
    IRW_WISH_IGNORE,    /* the same, and nobody has asked about it */
    IRW_WISH_SET,       /* scalars of it change */
};

/* A scalar, by the byte where it starts, and what it is to say. */
struct irw_wished_scalar {
    size_t start;
    imgrw_str text;
};

/* A wish for one image, which is in the text itself. */
struct irw_wish {
    enum irw_wish_kind kind;
    imgrw_str why;  /* KEEP, IGNORE: a phrase */
    imgrw_str text; /* SET: what the image is then */
    struct irw_wished_scalar scalars[4];
    size_t scalar_count;
    /* What `newName` is to say that is added after the key whose value starts
     * at `after`; empty: none. */
    imgrw_str new_name;
    size_t after;
    /* Items that are added to the list around, after the one that has `after`,
     * as a fragment in brackets; empty: none. */
    imgrw_str items;
};

/* A wish for every image of the manifest to stay as it is; NULL when memory is
 * out. */
struct irw_wish *irw_wish_all(const struct imgrw_manifest *manifest,
                              imgrw_str why, struct irw_arena *arena);

/* Adds the edits that a wish asks for. IMGRW_ERR_EDIT: they cannot be exact,
 * `error->message` says why; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_wish_add_edits(const struct irw_wish *wish,
                                     struct irw_document_edits *edits,
                                     const struct irw_piece *piece,
                                     size_t image, struct imgrw_error *error);
