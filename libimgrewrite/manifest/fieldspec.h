/*
 * The field that names a place which was only come upon.
 */
#pragma once

#include "kubernetes/resource.h"
#include "yaml/node_path.h"

/* GROUP/KIND:PATH, or :PATH without a kind, for the node to which `path` leads
 * from the resource with this head, to which `top` leads; in `arena`. Empty
 * where no field can name it; data NULL when memory is out. */
imgrw_str irw_fieldspec(const struct irw_resource *head,
                        const struct irw_node_path *path,
                        const struct irw_node_path *top,
                        struct irw_arena *arena);
