#include "rules/name_index.h"

#include <string.h>

#define KEY_SIZE (2 * IMGRW_REFERENCE_MAX)

/* Writes registry and repository into `key`; a name that is longer has none. */
static imgrw_str
write_key(const struct imgrw_reference *name, char key[KEY_SIZE])
{
    imgrw_str registry = name->registry, repository = name->repository;

    if (registry.size + 1 + repository.size > KEY_SIZE)
        return (imgrw_str){0};
    if (registry.size > 0)
        memcpy(key, registry.data, registry.size);
    key[registry.size] = '/';
    memcpy(key + registry.size + 1, repository.data, repository.size);
    return (imgrw_str){key, registry.size + 1 + repository.size};
}

bool
irw_names_add(struct irw_map *names, const struct imgrw_reference *name,
              size_t index, irw_same_name_fn *item, void *user,
              struct irw_arena *arena)
{
    char buffer[KEY_SIZE];
    imgrw_str key = write_key(name, buffer);
    uintptr_t first = irw_map_get(names, key);
    struct irw_same_name *head;

    *item(user, index) = (struct irw_same_name){0, index};
    if (first == 0) {
        key.data = irw_arena_copy(arena, key);
        return key.data && irw_map_set(names, key, index + 1);
    }
    head = item(user, first - 1);
    item(user, head->last)->next = index + 1;
    head->last = index;
    return true;
}

size_t
irw_names_find(const struct irw_map *names, const struct imgrw_reference *name)
{
    char buffer[KEY_SIZE];

    if (names->count == 0)
        return SIZE_MAX;
    return irw_map_get(names, write_key(name, buffer)) - (size_t)1;
}
