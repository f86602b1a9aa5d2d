/*
 * Insertions: the text that names a pull secret in a pod spec, in the style of
 * what stands around it, and the nodes that it adds.
 */
#pragma once

#include "yaml/scalar.h"

/* Plans `imagePullSecrets` with one entry, NAME, for the mapping `pod`, which
 * has no such key of its own, before the key of its containers or volumes.
 * The strings of `change` live in `arena`. IMGRW_ERR_EDIT: it cannot be exact,
 * `error->message` says why; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_insert_list(const struct irw_tree *tree, uint32_t pod,
                                  imgrw_str name, struct irw_arena *arena,
                                  struct irw_change *change,
                                  struct imgrw_error *error);

/* Plans one entry more for the list that is the value of `key` in `pod`, maybe
 * through an alias; or a list with that entry in the place of a null. The
 * rest as above. */
enum imgrw_status irw_insert_entry(const struct irw_tree *tree, uint32_t pod,
                                   uint32_t key, imgrw_str name,
                                   struct irw_arena *arena,
                                   struct irw_change *change,
                                   struct imgrw_error *error);
