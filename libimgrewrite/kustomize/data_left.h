/*
 * Images in ConfigMaps that a run asks for and cannot rewrite where they are
 * written: in lines, in files that are nothing but an image, and in files that
 * are not of the run.
 */
#pragma once

#include "kustomize/refusals.h"
#include "kustomize/trees.h"

/* Refuses a build for the sake of the first such place that the rules are for.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_data_left(struct irw_trees *trees,
                                const struct irw_build *build,
                                const struct irw_tree_options *options,
                                irw_refusal_list *refusals,
                                struct imgrw_error *error);
