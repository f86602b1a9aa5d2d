#include "kustomize/refusals.h"
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

bool
irw_refuse(irw_refusal_list *refusals, size_t file, struct imgrw_location at,
           const char *format, ...)
{
    struct irw_refusal refusal = {.file = file};
    char text[sizeof(refusal.error.message)];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    irw_fail(&refusal.error, IMGRW_ERR_EDIT, at, "%s", text);
    return IRW_APPEND(refusals, refusal);
}
