/*
 * A text that grows. Failure is sticky: append as much as you like, and look at
 * `failed` once at the end.
 */
#pragma once

#include "base/arena.h"

#include <imgrewrite/base.h>

#include <stdbool.h>

/* Zero-initialised is empty and ready for use. */
struct irw_text {
    char *data;
    size_t size, capacity; /* bytes */
    bool failed;           /* memory ran out; the text is not whole */
};

void irw_text_add(struct irw_text *text, imgrw_str str);

__attribute__((format(printf, 2, 3))) void
irw_text_printf(struct irw_text *text, const char *format, ...);

/* Releases the memory; the text is empty again. */
void irw_text_clear(struct irw_text *text);

/* Moves the text into the arena, which clears it; false when memory is out, or
 * was. */
bool irw_text_keep(struct irw_text *text, struct irw_arena *arena,
                   imgrw_str *kept);
