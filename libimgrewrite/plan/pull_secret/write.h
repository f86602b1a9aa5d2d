/*
 * Insertions: the text that names a pull secret in a pod spec, in the style of
 * what stands around it, and the nodes that it adds.
 */
#pragma once

#include "edit/text_edit.h"

/* Plans one entry more, NAME, for the list that is the value of `key` in the
 * mapping `pod`, maybe through an alias; or a list with that entry in the place
 * of a null. Without a key, which is 0, plans `imagePullSecrets` with that list
 * before the key of the pod's containers or volumes. The strings of `change`
 * live in `arena`. IMGRW_ERR_EDIT: it cannot be exact, `error->message` says
 * why; IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_pull_secret_write(const struct irw_tree *tree, uint32_t pod, uint32_t key,
                      imgrw_str name, struct irw_arena *arena,
                      struct irw_text_edit *change, struct imgrw_error *error);
