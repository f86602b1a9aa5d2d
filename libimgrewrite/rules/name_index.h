/*
 * Lists of items by a reference, in the order in which they were added, kept in
 * a map. Thousands of rules meet manifests of a thousand images.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"

#include <imgrewrite/reference.h>

/* What was added under one reference. */
struct irw_named {
    const void *item;
    const struct irw_named *next; /* the next one of the same reference */
    struct irw_named *last;       /* of the list; only the first one knows it */
};

/* Adds `item` under a reference, whose parts need not be valid; what the list
 * needs lives in `arena`. What is longer than any reference is not added,
 * because nothing is looked up by it. False when memory is out. */
bool irw_named_add(struct irw_map *lists, const struct imgrw_reference *key,
                   const void *item, struct irw_arena *arena);

/* The first item of the reference, or NULL. */
const struct irw_named *irw_named_find(const struct irw_map *lists,
                                       const struct imgrw_reference *key);
