#include "manifest/warnings.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

#define WARNINGS_MAX 100

static bool
append(struct irw_findings *findings, size_t offset, const char *message)
{
    struct imgrw_warning warning = {
        .at = irw_source_locate(findings->source, &findings->cursor, offset),
        .message =
            irw_str(irw_arena_copy(&findings->lasting, irw_str(message))),
    };

    return warning.message.data && IRW_APPEND(&findings->warnings, warning);
}

/* Counts warnings beyond the list, of which the first is at `offset`. */
static void
leave_unlisted(struct irw_findings *findings, size_t count, size_t offset)
{
    if (count > 0 && findings->unlisted_warnings == 0)
        findings->unlisted_offset = offset;
    findings->unlisted_warnings += count;
}

bool
irw_warn(struct irw_findings *findings, size_t offset, const char *format, ...)
{
    char message[256];
    va_list arguments;

    if (findings->warnings.count == WARNINGS_MAX) {
        leave_unlisted(findings, 1, offset);
        return true;
    }
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    return append(findings, offset, message);
}

bool
irw_warnings_join(struct irw_findings *findings,
                  const struct irw_findings *from)
{
    for (size_t i = 0; i < from->warnings.count; i++) {
        struct imgrw_warning warning = from->warnings.items[i];

        if (findings->warnings.count == WARNINGS_MAX)
            leave_unlisted(findings, 1, warning.at.offset);
        else if (!IRW_APPEND(&findings->warnings, warning))
            return false;
    }
    leave_unlisted(findings, from->unlisted_warnings, from->unlisted_offset);
    return true;
}

bool
irw_warn_of_unlisted(struct irw_findings *findings)
{
    size_t count = findings->unlisted_warnings;
    char message[128];

    if (count == 0)
        return true;
    snprintf(message, sizeof(message),
             "from here on there %s %zu more warning%s, which %s not listed: "
             "mend what the others say first",
             count == 1 ? "is" : "are", count, count == 1 ? "" : "s",
             count == 1 ? "is" : "are");
    return append(findings, findings->unlisted_offset, message);
}
