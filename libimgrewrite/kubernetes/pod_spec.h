/*
 * Pod specs, as the tree shows them: the mappings that list containers, and the
 * images that are pulled for them.
 */
#pragma once

#include "yaml/merge.h"

/* The pod spec for which the image at `node` is pulled, when it is in one
 * below `root`: the mapping that holds the list of containers, of whichever
 * sort, or of volumes. `node` is a scalar, an alias, or a part of a map.
 * IRW_NO_NODE where the image is of no pod. Nothing is followed: what an alias
 * or a merge key brings is in the pod spec that holds its anchor. */
uint32_t irw_pod_of_node(const struct irw_tree *tree, uint32_t root,
                         uint32_t node);

/* Whether a list of pull secrets, as a pod spec or a service account has it,
 * names the secret. What is no list, and IRW_NO_NODE, names none. */
bool irw_has_pull_secret(const struct irw_tree *tree, uint32_t list,
                         imgrw_str secret, struct irw_budget *budget);

/* The smallest of the marks of the images that are pulled for the mapping
 * `pod`, aliases and merge keys followed; 0 where it is no pod spec, or has no
 * image with a mark. `marks` has one for each node, 0 for most. */
uint32_t irw_pod_mark(const struct irw_tree *tree, uint32_t pod,
                      const uint32_t *marks, struct irw_budget *budget);
