/*
 * Writing a pull secret into a pod spec.
 */
#pragma once

#include "edit/text_edit.h"

/* A secret, and the fragments that name it. */
struct irw_pull_secret {
    imgrw_str name;
    struct irw_tree pair;  /* {imagePullSecrets: [{name: NAME}]} */
    struct irw_tree list;  /* [[{name: NAME}]] */
    struct irw_tree entry; /* [{name: NAME}] */
};

/* Makes the fragments for a name that passed irw_is_dns_name, all in `arena`:
 * edits refer to them. NULL when memory is out. */
const struct irw_pull_secret *irw_pull_secret_make(imgrw_str name,
                                                   struct irw_arena *arena);

/* A pod spec in its tree, and its key of the list; 0: it has none. */
struct irw_pod_list {
    const struct irw_tree *tree;
    uint32_t pod, key;
};

/* Plans one entry more for the list of the pod, which may be an alias; or a
 * list with that entry in the place of a null; or, without a key,
 * `imagePullSecrets` with that list before the key of the pod's containers or
 * volumes. Strings of the edit live in `arena`. IMGRW_ERR_EDIT: it cannot be
 * exact, `error->message` says why; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_pull_secret_write(const struct irw_pull_secret *secret,
                                        const struct irw_pod_list *list,
                                        struct irw_arena *arena,
                                        struct irw_text_edit *edit,
                                        struct imgrw_error *error);
