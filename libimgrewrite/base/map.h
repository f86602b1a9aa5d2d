/*
 * A map from strings to numbers.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* Zero-initialised is empty and ready for use; an open-addressed hash table. */
struct irw_map {
    struct irw_map_slot *slots;
    size_t count, capacity; /* capacity is a power of two */
};

/* Sets `key`, which is not empty and outlives the map, to `value`, which is not
 * 0; false when memory is out. */
bool irw_map_set(struct irw_map *map, imgrw_str key, uintptr_t value);

/* The value of `key`, or 0. */
uintptr_t irw_map_get(const struct irw_map *map, imgrw_str key);

/* Forgets all keys and keeps the memory. */
void irw_map_reset(struct irw_map *map);

void irw_map_clear(struct irw_map *map);
