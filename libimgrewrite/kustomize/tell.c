#include "kustomize/tell.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

bool
irw_trees_warn(struct irw_trees *trees, struct imgrw_location at,
               const char *format, ...)
{
    struct imgrw_warning warning = {.at = at};
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    warning.message =
        irw_str(irw_arena_copy(&trees->builds.arena, irw_str(text)));
    return warning.message.data && IRW_APPEND(&trees->warnings, warning);
}
