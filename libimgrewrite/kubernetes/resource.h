/*
 * Resources: what a document says of itself.
 */
#pragma once

#include "yaml/merge.h"

struct irw_resource {
    imgrw_str api_version, kind, name, name_space; /* empty: absent */
};

/* Reads the head of the resource at `root`; nothing but a string counts, and no
 * kind that stands among the values of a chart. */
struct irw_resource irw_resource_read(const struct irw_tree *tree,
                                      uint32_t root,
                                      struct irw_budget *budget);

/* The group in an apiVersion: "apps" of "apps/v1", empty for "v1". */
imgrw_str irw_resource_group(imgrw_str api_version);

/* The items of a `List` or of a typed list such as a DeploymentList: a sequence
 * node, or IRW_NO_NODE when the resource is no list. `item_kind` is set to the
 * kind of items that do not say theirs. */
uint32_t irw_resource_items(const struct irw_tree *tree, uint32_t root,
                            const struct irw_resource *resource,
                            imgrw_str *item_kind, struct irw_budget *budget);
