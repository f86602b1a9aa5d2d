/*
 * Lists of {name: NAME, value: VALUE}, as of variables and parameters.
 */
#pragma once

#include "manifest/finder.h"

/* What is done with the name of an item and its value, a scalar or an alias of
 * one; `trail` leads to the value. */
typedef void irw_name_value_fn(struct irw_finder *finder, imgrw_str name,
                               uint32_t value, const struct irw_place *place,
                               const struct irw_node_path *trail);

/* Hands the pairs of the list at `node` to `take`, and leaves out what is none:
 * variables may say `valueFrom`. */
void irw_each_pair(struct irw_finder *finder, uint32_t node,
                   const struct irw_place *place,
                   const struct irw_node_path *trail, irw_name_value_fn *take);
