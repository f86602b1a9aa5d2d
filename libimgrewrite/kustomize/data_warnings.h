/*
 * Images in ConfigMaps that a run asks for and cannot rewrite where they are
 * written: in lines, in files that are nothing but an image, and in files that
 * are not of the run.
 */
#pragma once

#include "kustomize/trees.h"

/* Appends a warning for each such place of a build that the rules are for.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_data_warn(struct irw_trees *trees,
                                const struct irw_build *build,
                                const struct irw_tree_options *options,
                                struct imgrw_error *error);
