#include "registry/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Cuts a text that snprintf has cut, so that it ends with a whole character. */
static void
drop_partial_character(char *message, size_t size)
{
    size_t end = size;

    while (end > 0 && ((unsigned char)message[end - 1] & 0xC0) == 0x80)
        end--;
    if (end > 0 && ((unsigned char)message[end - 1] & 0xC0) == 0xC0)
        end--;
    message[end] = '\0';
}

enum imgrw_status
irw_registry_fail(struct imgrw_error *error, enum imgrw_status status,
                  const char *format, ...)
{
    va_list arguments;
    int size;

    if (!error)
        return status;
    memset(error, 0, sizeof(*error));
    error->status = status;
    va_start(arguments, format);
    size = vsnprintf(error->message, sizeof(error->message), format, arguments);
    va_end(arguments);
    if (size >= (int)sizeof(error->message))
        drop_partial_character(error->message, sizeof(error->message) - 1);
    for (char *c = error->message; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = '?';
    return status;
}

enum imgrw_status
irw_registry_fail_null(struct imgrw_error *error, const char *what)
{
    return irw_registry_fail(error, IMGRW_ERR_ARGUMENT, "%s must not be NULL",
                             what);
}

enum imgrw_status
irw_registry_fail_memory(struct imgrw_error *error)
{
    return irw_registry_fail(error, IMGRW_ERR_MEMORY, "out of memory");
}
