/*
 * The list of warnings.
 */
#include "manifest/site.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

#define WARNINGS_MAX 100

bool
irw_warnings_add(struct irw_findings *findings, struct imgrw_location at,
                 const char *format, ...)
{
    struct irw_warnings *warnings = &findings->warnings;
    char message[256];
    void *items = warnings->items;
    va_list arguments;
    imgrw_str kept;

    if (warnings->count == WARNINGS_MAX)
        return true;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    kept = irw_str(irw_arena_copy(&findings->lasting, irw_str(message)));
    if (!kept.data || !irw_grow(&items, &warnings->capacity,
                                warnings->count + 1, sizeof(*warnings->items)))
        return false;
    warnings->items = items;
    warnings->items[warnings->count++] = (struct imgrw_warning){at, kept};
    return true;
}
