/*
 * Finding: a walk over a document and the catalog side by side.
 */
#pragma once

#include "manifest/site.h"
#include "yaml/merge.h"

/* What is found goes where. */
struct irw_findings {
    const struct irw_source *source;
    struct irw_line_cursor cursor;
    struct irw_arena *arena; /* for strings that are not in the tree */
    struct irw_sites sites;
    struct irw_warnings warnings;
};

/* Appends the images of the tree's document number `index`, which is number
 * `document` of the text, in the order of the text. `tree` is only marked.
 * IMGRW_ERR_LIMIT: aliases that expand without end. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_find_images(struct irw_tree *tree, size_t index,
                                  size_t document,
                                  struct irw_findings *findings,
                                  struct imgrw_error *error);
