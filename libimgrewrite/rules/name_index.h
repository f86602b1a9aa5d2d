/*
 * An index by the name of an image: what speaks of it, in order. Lists of a
 * thousand images meet manifests of a thousand images.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"

#include <imgrewrite/reference.h>

/* What the items of the list that is indexed remember. */
struct irw_same_name {
    size_t next; /* the next item of this name, as its number + 1; 0: none */
    size_t last; /* of the first item of a name: the last one */
};

/* The item number `index` of the list that `user` is. */
typedef struct irw_same_name *irw_same_name_fn(void *user, size_t index);

/* Adds the item number `index`, which is for the canonical `name`. The key
 * lives in `arena`. False when memory is out. */
bool irw_names_add(struct irw_map *names, const struct imgrw_reference *name,
                   size_t index, irw_same_name_fn *item, void *user,
                   struct irw_arena *arena);

/* The first item for the canonical `name`, or SIZE_MAX. */
size_t irw_names_find(const struct irw_map *names,
                      const struct imgrw_reference *name);
