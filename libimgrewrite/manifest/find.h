/*
 * Finding the images of a document, from the first node to the last finding.
 */
#pragma once

#include "manifest/walk.h"

/* Appends the images of the tree's document number `index`, which is number
 * `document` of the text, in the order of the text. In `tree` it is only marked
 * which nodes belong to images.
 * IMGRW_ERR_LIMIT: aliases that expand without end. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_find_images(struct irw_tree *tree, size_t index,
                                  size_t document,
                                  const struct irw_search *search,
                                  struct irw_findings *findings,
                                  struct imgrw_error *error);
