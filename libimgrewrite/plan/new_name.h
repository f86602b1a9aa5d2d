/*
 * A `newName` that is added to an entry of kustomize's `images:`, which goes on
 * being for the name that it has.
 */
#pragma once

#include "edit/text_edit.h"
#include "manifest/manifest.h"

#include <imgrewrite/plan.h>

/* The innermost collection of a type around a node. */
uint32_t irw_find_around(const struct irw_tree *tree, uint32_t node,
                         enum irw_node_type type);

/* Has an entry of a piece stay that would gain a new name before another entry
 * of its name in its list: that one would no longer match. The decisions are
 * one a site. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_new_names_settle(const struct imgrw_manifest *manifest,
                                       const struct irw_piece *piece,
                                       struct imgrw_decision *decisions,
                                       struct imgrw_error *error);

/* Makes the edit that adds `newName: TEXT` after the name of an entry, which is
 * the value at node `name`. The strings of the edit live in `arena`.
 * IMGRW_ERR_EDIT: it cannot be exact, `error->message` says why;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_new_name_make(const struct irw_tree *tree, uint32_t name,
                                    imgrw_str text, struct irw_arena *arena,
                                    struct irw_text_edit *edit,
                                    struct imgrw_error *error);
