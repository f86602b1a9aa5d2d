#include "manifest/warnings.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

#define WARNINGS_MAX 100

bool
irw_warn(struct irw_findings *findings, size_t offset, const char *format, ...)
{
    struct imgrw_warning warning;
    char message[256];
    va_list arguments;

    if (findings->warnings.count == WARNINGS_MAX)
        return true;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    warning.at =
        irw_source_locate(findings->source, &findings->cursor, offset);
    warning.message =
        irw_str(irw_arena_copy(&findings->lasting, irw_str(message)));
    return warning.message.data && IRW_APPEND(&findings->warnings, warning);
}
