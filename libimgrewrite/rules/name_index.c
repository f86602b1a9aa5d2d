#include "rules/name_index.h"
#include "reference/print.h"

/* A list, and where it goes on. */
struct list {
    struct irw_named first;
    struct irw_named *last;
};

bool
irw_name_index_add(struct irw_name_index *index, imgrw_str name,
                   const void *item, struct irw_arena *arena)
{
    struct list *list = (struct list *)irw_map_get(&index->lists, name);
    struct irw_named *named;

    if (list) {
        named = irw_arena_calloc(arena, 1, sizeof(*named));
        if (!named)
            return false;
        named->item = item;
        list->last->next = named;
        list->last = named;
        return true;
    }
    list = irw_arena_alloc(arena, sizeof(*list));
    name.data = irw_arena_copy(arena, name);
    if (!list || !name.data)
        return false;
    list->first = (struct irw_named){item, NULL};
    list->last = &list->first;
    return irw_map_set(&index->lists, name, (uintptr_t)list);
}

const struct irw_named *
irw_name_index_find(const struct irw_name_index *index, imgrw_str name)
{
    const struct list *list =
        (const struct list *)irw_map_get(&index->lists, name);

    return list ? &list->first : NULL;
}

imgrw_str
irw_name_of(const struct imgrw_reference *canonical,
            struct imgrw_reference_buffer *buffer)
{
    const struct imgrw_reference name = {
        .registry = canonical->registry,
        .repository = canonical->repository,
    };
    imgrw_str text = {0}; /* a name that is no reference's has no items */

    (void)irw_reference_print(&name, buffer, &text);
    return text;
}

const struct irw_named *
irw_name_index_named(const struct irw_name_index *index,
                     const struct imgrw_reference *canonical)
{
    struct imgrw_reference_buffer buffer;

    return index->lists.count == 0
               ? NULL
               : irw_name_index_find(index, irw_name_of(canonical, &buffer));
}

void
irw_name_index_clear(struct irw_name_index *index)
{
    irw_map_clear(&index->lists);
}
