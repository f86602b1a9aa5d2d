/*
 * Patches that kustomizations have or name with a target. They are read again
 * as patches of what it selects, for where their images are depends on that.
 */
#pragma once

#include "kustomize/refusals.h"
#include "kustomize/trees.h"

/* Reads the texts of patches again, as patches of the kinds that their targets
 * say or select (selection.h), and plans their files anew. One that is for
 * several kinds, and whose images are not the same for all of them, is refused
 * where that changes what is written. A build with a patch for resources that
 * are not known gets a `writer`. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_patches_plan(struct irw_trees *trees,
                                   const struct irw_tree_options *options,
                                   irw_refusal_list *refusals,
                                   struct imgrw_error *error);

/* imgrw_manifest_parse for the file with this number, its patches read as
 * before; `text` is that of the file. */
enum imgrw_status irw_patches_parse(const struct irw_trees *trees, size_t file,
                                    imgrw_str text,
                                    const struct imgrw_parse_options *options,
                                    struct imgrw_manifest **manifest,
                                    struct imgrw_error *error);
