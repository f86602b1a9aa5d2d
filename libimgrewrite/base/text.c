#include "base/text.h"
#include "base/list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
reserve(struct irw_text *text, size_t more)
{
    text->failed = text->failed || more > SIZE_MAX - text->size ||
                   !irw_grow(&text->data, &text->capacity, text->size + more,
                             1);
    return !text->failed;
}

void
irw_text_add(struct irw_text *text, imgrw_str str)
{
    if (str.size == 0 || !reserve(text, str.size))
        return;
    memcpy(text->data + text->size, str.data, str.size);
    text->size += str.size;
}

void
irw_text_printf(struct irw_text *text, const char *format, ...)
{
    va_list arguments, again;
    int size;

    va_start(arguments, format);
    va_copy(again, arguments);
    size = vsnprintf(NULL, 0, format, arguments);
    if (size < 0)
        text->failed = true;
    else if (reserve(text, (size_t)size + 1)) {
        vsnprintf(text->data + text->size, (size_t)size + 1, format, again);
        text->size += (size_t)size;
    }
    va_end(again);
    va_end(arguments);
}

void
irw_text_clear(struct irw_text *text)
{
    free(text->data);
    *text = (struct irw_text){0};
}

bool
irw_text_keep(struct irw_text *text, struct irw_arena *arena, imgrw_str *kept)
{
    bool failed = text->failed;

    *kept = (imgrw_str){text->data, text->size};
    failed |= !irw_arena_keep(arena, kept);
    irw_text_clear(text);
    return !failed;
}
