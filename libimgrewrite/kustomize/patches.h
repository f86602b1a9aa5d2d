/*
 * Patch files: those that a kustomization names with a target. They are read
 * again as patches of that, for where their images are depends on it.
 */
#pragma once

#include "kustomize/trees.h"

/* Reads the files of patches for other kinds than those of pods, and plans them
 * anew. A file that is for two things stays as it was read; a build that has it
 * gets a `writer`. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_patch_files_plan(struct irw_trees *trees,
                                       const struct irw_tree_options *options,
                                       struct imgrw_error *error);
