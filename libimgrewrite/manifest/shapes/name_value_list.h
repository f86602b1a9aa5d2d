/*
 * Lists of {name: NAME, value: VALUE}, as of variables and parameters.
 */
#pragma once

#include "manifest/walk.h"

/* What is done with the name of an item and its value, a scalar or an alias of
 * one; `path` leads to the value. */
typedef void irw_name_value_fn(struct irw_image_walk *walk, imgrw_str name,
                               uint32_t value, const struct irw_place *place,
                               const struct irw_node_path *path);

/* Hands the pairs of the list at `node` to `take`, and leaves out what is none:
 * variables may say `valueFrom`. */
void irw_each_pair(struct irw_image_walk *walk, uint32_t node,
                   const struct irw_place *place,
                   const struct irw_node_path *path, irw_name_value_fn *take);
