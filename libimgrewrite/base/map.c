#include "base/map.h"
#include "base/str.h"

#include <stdlib.h>

struct irw_map_slot {
    imgrw_str key; /* empty: the slot is free */
    uintptr_t value;
};

static size_t
hash(imgrw_str key)
{
    uint64_t value = 0xCBF29CE484222325u; /* FNV-1a */

    for (size_t i = 0; i < key.size; i++)
        value = (value ^ (unsigned char)key.data[i]) * 0x100000001B3u;
    return (size_t)(value ^ (value >> 32));
}

/* The slot that holds `key`, or the free one where it belongs. */
static struct irw_map_slot *
find_slot(const struct irw_map *map, imgrw_str key)
{
    size_t at = hash(key) & (map->capacity - 1);

    while (map->slots[at].key.size > 0 && !irw_equal(map->slots[at].key, key))
        at = (at + 1) & (map->capacity - 1);
    return &map->slots[at];
}

static bool
grow(struct irw_map *map)
{
    struct irw_map larger = {0};

    larger.capacity = map->capacity > 0 ? map->capacity * 2 : 16;
    larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < map->capacity; i++)
        if (map->slots[i].key.size > 0)
            *find_slot(&larger, map->slots[i].key) = map->slots[i];
    larger.count = map->count;
    free(map->slots);
    *map = larger;
    return true;
}

bool
irw_map_set(struct irw_map *map, imgrw_str key, uintptr_t value)
{
    struct irw_map_slot *slot;

    if (map->count * 4 >= map->capacity * 3 && !grow(map))
        return false;
    slot = find_slot(map, key);
    map->count += slot->key.size == 0;
    *slot = (struct irw_map_slot){key, value};
    return true;
}

uintptr_t
irw_map_get(const struct irw_map *map, imgrw_str key)
{
    return map->count == 0 ? 0 : find_slot(map, key)->value;
}

void
irw_map_reset(struct irw_map *map)
{
    if (map->count > 0)
        memset(map->slots, 0, map->capacity * sizeof(*map->slots));
    map->count = 0;
}

void
irw_map_clear(struct irw_map *map)
{
    free(map->slots);
    *map = (struct irw_map){0};
}
