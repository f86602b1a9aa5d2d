/*
 * Files that are in one tree: what is written of one is written of all.
 */
#pragma once

#include "kustomize/trees.h"

/* Has every file fail that changes and is in a tree with one that fails.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_fail_together(const struct irw_builds *builds,
                                    struct irw_tree_result *results,
                                    struct imgrw_error *error);
