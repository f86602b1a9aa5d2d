#include "yaml/node_path.h"

#include <stdio.h>
#include <string.h>

/* How a path is written. */
struct grammar {
    imgrw_str slash, tilde; /* in a key */
    bool leads;             /* a slash before the first step as well */
};

static const struct grammar field_grammar = {{"\\/", 2}, {"~", 1}, false};
static const struct grammar pointer_grammar = {{"~1", 2}, {"~0", 2}, true};

/* The size of one step, with what is special in a key escaped. */
static size_t
step_size(const struct irw_node_path *step, const struct grammar *grammar)
{
    size_t size = step->key.size;

    if (!step->key.data)
        return (size_t)snprintf(NULL, 0, "%u", (unsigned)step->index);
    for (size_t i = 0; i < step->key.size; i++)
        size += step->key.data[i] == '/'   ? grammar->slash.size - 1
                : step->key.data[i] == '~' ? grammar->tilde.size - 1
                                           : 0;
    return size;
}

/* Writes one step so that it ends at `end`; returns where it begins. */
static char *
write_step(const struct irw_node_path *step, const struct grammar *grammar,
           char *end)
{
    uint32_t index = step->index;

    if (!step->key.data) {
        do
            *--end = (char)('0' + index % 10);
        while ((index /= 10) > 0);
        return end;
    }
    for (size_t i = step->key.size; i-- > 0;) {
        char c = step->key.data[i];
        imgrw_str escape = c == '/' ? grammar->slash : grammar->tilde;

        if (c != '/' && c != '~') {
            *--end = c;
            continue;
        }
        end -= escape.size;
        memcpy(end, escape.data, escape.size);
    }
    return end;
}

static imgrw_str
format(const struct irw_node_path *trail, const struct grammar *grammar,
       struct irw_arena *arena)
{
    size_t size = 0;
    char *text, *at;

    for (const struct irw_node_path *step = trail; step; step = step->outer)
        size += step_size(step, grammar) + 1;
    text = irw_arena_alloc(arena, size + 1);
    if (!text)
        return (imgrw_str){0};
    at = text + size;
    for (const struct irw_node_path *step = trail; step; step = step->outer) {
        at = write_step(step, grammar, at);
        if (step->outer || grammar->leads)
            *--at = '/';
    }
    return (imgrw_str){at, (size_t)(text + size - at)};
}

imgrw_str
irw_node_path_format(const struct irw_node_path *trail, struct irw_arena *arena)
{
    return format(trail, &field_grammar, arena);
}

imgrw_str
irw_node_path_pointer(const struct irw_node_path *trail,
                      struct irw_arena *arena)
{
    return format(trail, &pointer_grammar, arena);
}

const struct irw_node_path *
irw_node_path_copy(const struct irw_node_path *path, struct irw_arena *arena)
{
    const struct irw_node_path *copy = NULL, **to = &copy;

    for (; path; path = path->outer) {
        struct irw_node_path *step = irw_arena_alloc(arena, sizeof(*step));

        if (!step)
            return NULL;
        *step = *path;
        step->map = UINT32_MAX; /* no node: those of other trees differ */
        *to = step;
        to = &step->outer;
    }
    return copy;
}
