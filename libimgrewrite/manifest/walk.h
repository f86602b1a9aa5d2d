/*
 * Finding: a walk over a document and the catalog side by side.
 */
#pragma once

#include "catalog/catalog.h"
#include "manifest/site.h"
#include "yaml/merge.h"

struct irw_search;

/* Appends the images of the tree's document number `index`, which is number
 * `document` of the text, in the order of the text. `tree` is only marked.
 * IMGRW_ERR_LIMIT: aliases that expand without end. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_find_images(struct irw_tree *tree, size_t index,
                                  size_t document,
                                  const struct irw_search *search,
                                  struct irw_findings *findings,
                                  struct imgrw_error *error);
