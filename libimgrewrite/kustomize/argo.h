/*
 * Entries of Argo CD for folders of the run: where the images of such a folder
 * move, an entry no longer applies to them.
 */
#pragma once

#include "kustomize/trees.h"

/* Appends a warning for each entry among the images of a manifest that is for
 * an image of a folder of the run, where that moves. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_argo_warn(struct irw_trees *trees,
                                const struct imgrw_manifest *manifest,
                                struct imgrw_error *error);
