#include "yaml/anchors.h"
#include "base/str.h"

#include <stdlib.h>

static size_t
hash(imgrw_str name)
{
    uint64_t value = 0xCBF29CE484222325u; /* FNV-1a */

    for (size_t i = 0; i < name.size; i++)
        value = (value ^ (unsigned char)name.data[i]) * 0x100000001B3u;
    return (size_t)(value ^ (value >> 32));
}

/* The slot that holds `name`, or the free one where it belongs. */
static struct irw_anchor *
find_slot(const struct irw_anchors *anchors, imgrw_str name)
{
    size_t at = hash(name) & (anchors->capacity - 1);

    while (anchors->slots[at].name.size > 0 &&
           !irw_equal(anchors->slots[at].name, name))
        at = (at + 1) & (anchors->capacity - 1);
    return &anchors->slots[at];
}

static bool
grow(struct irw_anchors *anchors)
{
    struct irw_anchors larger = {0};

    larger.capacity = anchors->capacity > 0 ? anchors->capacity * 2 : 16;
    larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < anchors->capacity; i++)
        if (anchors->slots[i].name.size > 0)
            *find_slot(&larger, anchors->slots[i].name) = anchors->slots[i];
    larger.count = anchors->count;
    free(anchors->slots);
    *anchors = larger;
    return true;
}

bool
irw_anchors_set(struct irw_anchors *anchors, imgrw_str name, uint32_t node)
{
    struct irw_anchor *slot;

    if (anchors->count * 4 >= anchors->capacity * 3 && !grow(anchors))
        return false;
    slot = find_slot(anchors, name);
    anchors->count += slot->name.size == 0;
    *slot = (struct irw_anchor){name, node};
    return true;
}

uint32_t
irw_anchors_get(const struct irw_anchors *anchors, imgrw_str name)
{
    const struct irw_anchor *slot;

    if (anchors->count == 0)
        return UINT32_MAX;
    slot = find_slot(anchors, name);
    return slot->name.size > 0 ? slot->node : UINT32_MAX;
}

void
irw_anchors_reset(struct irw_anchors *anchors)
{
    if (anchors->count > 0)
        memset(anchors->slots, 0, anchors->capacity * sizeof(*anchors->slots));
    anchors->count = 0;
}

void
irw_anchors_clear(struct irw_anchors *anchors)
{
    free(anchors->slots);
    *anchors = (struct irw_anchors){0};
}
