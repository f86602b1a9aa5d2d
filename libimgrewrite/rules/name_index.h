/*
 * An index by the name of an image: what was added under it, in order. Lists of
 * a thousand images meet manifests of a thousand images.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"

#include <imgrewrite/reference.h>

/* What was added under one name. */
struct irw_named {
    const void *item;
    const struct irw_named *next; /* the next one of the same name */
};

/* Zero-initialised is empty and ready for use. */
struct irw_name_index {
    struct irw_map lists;
};

/* Adds `item` under a name, any text that is not empty; the key lives in
 * `arena`. False when memory is out. */
bool irw_name_index_add(struct irw_name_index *index, imgrw_str name,
                        const void *item, struct irw_arena *arena);

/* The first item of the name, or NULL. */
const struct irw_named *irw_name_index_find(const struct irw_name_index *index,
                                            imgrw_str name);

/* The name of a reference, which is canonical, without tag and digest. */
imgrw_str irw_name_of(const struct imgrw_reference *canonical,
                      struct imgrw_reference_buffer *buffer);

/* irw_name_index_find for the name of a reference. */
const struct irw_named *
irw_name_index_named(const struct irw_name_index *index,
                     const struct imgrw_reference *canonical);

void irw_name_index_clear(struct irw_name_index *index);
