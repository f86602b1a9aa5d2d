/*
 * Pod specs, as the tree shows them: the mappings that list containers, and the
 * images that are pulled for them.
 */
#pragma once

#include "yaml/merge.h"

/* Whether a path of keys and list positions, such as
 * "spec/containers/0/image", is that of an image of a pod spec: of a container,
 * of whichever sort, or of a volume. */
bool irw_is_pod_field(imgrw_str field);

/* Whether a list of pull secrets, as a pod spec or a service account has it,
 * names the secret. What is no list, and IRW_NO_NODE, names none. */
bool irw_has_pull_secret(const struct irw_tree *tree, uint32_t list,
                         imgrw_str secret, struct irw_budget *budget);

/* The smallest of the marks of the images that are pulled for the mapping
 * `pod`, aliases and merge keys followed; 0 where it is no pod spec, or has no
 * image with a mark. `marks` has one for each node, 0 for most. */
uint32_t irw_pod_mark(const struct irw_tree *tree, uint32_t pod,
                      const uint32_t *marks, struct irw_budget *budget);
