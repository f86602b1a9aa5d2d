#include "manifest/warnings.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

#define WARNINGS_MAX 100

__attribute__((format(printf, 3, 0))) static bool
add_warning(struct irw_findings *findings, struct imgrw_location at,
            const char *format, va_list arguments)
{
    struct irw_warnings *warnings = &findings->warnings;
    char message[256];
    imgrw_str kept;

    if (warnings->count == WARNINGS_MAX)
        return true;
    vsnprintf(message, sizeof(message), format, arguments);
    kept = irw_str(irw_arena_copy(&findings->lasting, irw_str(message)));
    return kept.data &&
           IRW_APPEND(warnings, (struct imgrw_warning){at, kept});
}

bool
irw_warnings_add(struct irw_findings *findings, struct imgrw_location at,
                 const char *format, ...)
{
    va_list arguments;
    bool added;

    va_start(arguments, format);
    added = add_warning(findings, at, format, arguments);
    va_end(arguments);
    return added;
}

void
irw_warn_at(struct irw_image_walk *walk, size_t offset, const char *format, ...)
{
    struct irw_findings *findings = walk->findings;
    struct imgrw_location at =
        irw_source_locate(findings->source, &findings->cursor, offset);
    va_list arguments;

    va_start(arguments, format);
    walk->failed |= !add_warning(findings, at, format, arguments);
    va_end(arguments);
}
