/*
 * The trees of kustomizations among the files of a run.
 */
#pragma once

#include "files/item.h"
#include "kustomize/trees.h"

/* Plans the trees: a file that they change has a new manifest and plan, and one
 * that they refuse fails. IMGRW_ERR_LIMIT, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_tree_items_plan(struct irw_trees *trees,
                                      struct irw_item *items, size_t count,
                                      const struct irw_item_source *source,
                                      const struct imgrw_run_options *options,
                                      struct imgrw_error *error);
