/*
 * Memory that is released all at once: each handle of the library owns one
 * arena, and what the handle hands out lives there.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

struct irw_arena_chunk;

/* Zero-initialised is empty and ready for use. */
struct irw_arena {
    struct irw_arena_chunk *chunks;
    size_t used, size; /* of the newest chunk, in bytes */
};

/* `size` bytes, aligned for any type, not cleared; NULL when memory is out. */
void *irw_arena_alloc(struct irw_arena *arena, size_t size);

/* `count` items of `size` bytes each, cleared; NULL when memory is out or the
 * product does not fit. */
void *irw_arena_calloc(struct irw_arena *arena, size_t count, size_t size);

/* A copy of `str` with a NUL after it; NULL when memory is out. */
char *irw_arena_copy(struct irw_arena *arena, imgrw_str str);

/* Makes `str` such a copy of itself; false when memory is out. */
bool irw_arena_keep(struct irw_arena *arena, imgrw_str *str);

/* A point to come back to. */
struct irw_arena_mark {
    struct irw_arena_chunk *chunks;
    size_t used, size;
};

struct irw_arena_mark irw_arena_mark(const struct irw_arena *arena);

/* Releases what was allocated since `mark` was taken. */
void irw_arena_rewind(struct irw_arena *arena, struct irw_arena_mark mark);

/* Hands all that is in `from` to `arena`, and leaves `from` empty. Marks of
 * `from` are void then; those of `arena` keep what is handed over. */
void irw_arena_join(struct irw_arena *arena, struct irw_arena *from);

/* Releases everything; the arena is empty again. */
void irw_arena_clear(struct irw_arena *arena);

/* irw_arena_clear for an arena that held secrets: the memory is zero before it
 * is released. */
void irw_arena_wipe(struct irw_arena *arena);
