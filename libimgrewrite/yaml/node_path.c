#include "yaml/node_path.h"

#include <stdio.h>

/* The size of one step, with the slashes in a key escaped. */
static size_t
step_size(const struct irw_node_path *step)
{
    size_t size = step->key.size;

    if (!step->key.data)
        return (size_t)snprintf(NULL, 0, "%u", (unsigned)step->index);
    for (size_t i = 0; i < step->key.size; i++)
        size += step->key.data[i] == '/';
    return size;
}

/* Writes one step so that it ends at `end`; returns where it begins. */
static char *
write_step(const struct irw_node_path *step, char *end)
{
    uint32_t index = step->index;

    if (!step->key.data) {
        do
            *--end = (char)('0' + index % 10);
        while ((index /= 10) > 0);
        return end;
    }
    for (size_t i = step->key.size; i > 0; i--) {
        *--end = step->key.data[i - 1];
        if (*end == '/')
            *--end = '\\';
    }
    return end;
}

imgrw_str
irw_node_path_format(const struct irw_node_path *trail, struct irw_arena *arena)
{
    size_t size = 0;
    char *text, *at;

    for (const struct irw_node_path *step = trail; step; step = step->outer)
        size += step_size(step) + 1;
    text = irw_arena_alloc(arena, size + 1);
    if (!text)
        return (imgrw_str){0};
    at = text + size;
    for (const struct irw_node_path *step = trail; step; step = step->outer) {
        at = write_step(step, at);
        if (step->outer)
            *--at = '/';
    }
    return (imgrw_str){at, (size_t)(text + size - at)};
}
