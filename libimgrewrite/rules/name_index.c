#include "rules/name_index.h"
#include "reference/print.h"

bool
irw_named_add(struct irw_map *lists, const struct imgrw_reference *key,
              const void *item, struct irw_arena *arena)
{
    struct irw_named *named = irw_arena_calloc(arena, 1, sizeof(*named));
    struct imgrw_reference_buffer buffer;
    struct irw_named *first;
    imgrw_str text;

    if (!named)
        return false;
    *named = (struct irw_named){.item = item, .last = named};
    if (!irw_reference_print(key, &buffer, &text))
        return true;
    first = (struct irw_named *)irw_map_get(lists, text);
    if (first) {
        first->last->next = named;
        first->last = named;
        return true;
    }
    return irw_arena_keep(arena, &text) &&
           irw_map_set(lists, text, (uintptr_t)named);
}

const struct irw_named *
irw_named_find(const struct irw_map *lists, const struct imgrw_reference *key)
{
    struct imgrw_reference_buffer buffer;
    imgrw_str text;

    return lists->count > 0 && irw_reference_print(key, &buffer, &text)
               ? (const struct irw_named *)irw_map_get(lists, text)
               : NULL;
}
