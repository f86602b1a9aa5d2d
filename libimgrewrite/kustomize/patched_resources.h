/*
 * Resources that patches change: whether what is built of them afterwards is
 * what the rules make of what is built of them now.
 *
 * An image in parts may be put together from a resource and several patches, or
 * become one only with them. So the patches are applied, before and after, and
 * the results are compared. Images that are one text are left out, for they are
 * followed through the builds (check.h).
 */
#pragma once

#include "kustomize/refusals.h"
#include "kustomize/trees.h"

/* Refuses the trees in which a resource would not be what it should. All files
 * are planned before. IMGRW_ERR_LIMIT: there is too much to build;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_patched_resources_check(struct irw_trees *trees,
                            const struct irw_tree_options *options,
                            irw_refusal_list *refusals,
                            struct imgrw_error *error);
