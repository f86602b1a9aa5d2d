/*
 * A list of chunks, filled from the front of the newest.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CHUNK 1024
#define LARGEST_CHUNK ((size_t)1 << 20)

struct irw_arena_chunk {
    struct irw_arena_chunk *next;
    size_t size; /* of the bytes */
    alignas(max_align_t) char bytes[];
};

static bool
add_chunk(struct irw_arena *arena, size_t need)
{
    size_t size = arena->size < FIRST_CHUNK / 2 ? FIRST_CHUNK : arena->size * 2;
    struct irw_arena_chunk *chunk;

    if (size > LARGEST_CHUNK)
        size = LARGEST_CHUNK;
    if (size < need)
        size = need;
    chunk = malloc(sizeof(*chunk) + size);
    if (!chunk)
        return false;
    chunk->next = arena->chunks;
    chunk->size = size;
    arena->chunks = chunk;
    arena->used = 0;
    arena->size = size;
    return true;
}

void *
irw_arena_alloc(struct irw_arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    void *bytes;

    if (size > SIZE_MAX / 2)
        return NULL;
    size = size == 0 ? align : (size + align - 1) / align * align;
    if (arena->size - arena->used < size && !add_chunk(arena, size))
        return NULL;
    bytes = arena->chunks->bytes + arena->used;
    arena->used += size;
    return bytes;
}

void *
irw_arena_calloc(struct irw_arena *arena, size_t count, size_t size)
{
    void *bytes;

    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    bytes = irw_arena_alloc(arena, count * size);
    return bytes ? memset(bytes, 0, count * size) : NULL;
}

char *
irw_arena_copy(struct irw_arena *arena, imgrw_str str)
{
    char *copy = irw_arena_alloc(arena, str.size + 1);

    if (!copy)
        return NULL;
    if (str.size > 0)
        memcpy(copy, str.data, str.size);
    copy[str.size] = '\0';
    return copy;
}

bool
irw_arena_keep(struct irw_arena *arena, imgrw_str *str)
{
    char *copy = irw_arena_copy(arena, *str);

    str->data = copy;
    return copy != NULL;
}

struct irw_arena_mark
irw_arena_mark(const struct irw_arena *arena)
{
    return (struct irw_arena_mark){arena->chunks, arena->used, arena->size};
}

void
irw_arena_rewind(struct irw_arena *arena, struct irw_arena_mark mark)
{
    while (arena->chunks != mark.chunks) {
        struct irw_arena_chunk *next = arena->chunks->next;

        free(arena->chunks);
        arena->chunks = next;
    }
    arena->used = mark.used;
    arena->size = mark.size;
}

void
irw_arena_join(struct irw_arena *arena, struct irw_arena *from)
{
    struct irw_arena_chunk *last = arena->chunks;

    if (!last) {
        *arena = *from;
    } else {
        while (last->next)
            last = last->next;
        last->next = from->chunks;
    }
    *from = (struct irw_arena){0};
}

void
irw_arena_clear(struct irw_arena *arena)
{
    irw_arena_rewind(arena, (struct irw_arena_mark){0});
}

void
irw_arena_wipe(struct irw_arena *arena)
{
    for (struct irw_arena_chunk *chunk = arena->chunks; chunk;
         chunk = chunk->next)
        explicit_bzero(chunk->bytes, chunk->size);
    irw_arena_clear(arena);
}
