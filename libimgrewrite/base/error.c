#include "base/error.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

const char *
imgrw_status_text(enum imgrw_status status)
{
    static const char *const texts[] = {
        [IMGRW_OK] = "success",
        [IMGRW_ERR_MEMORY] = "out of memory",
        [IMGRW_ERR_ARGUMENT] = "invalid argument",
        [IMGRW_ERR_ENCODING] = "not UTF-8 text",
        [IMGRW_ERR_SYNTAX] = "not YAML",
        [IMGRW_ERR_LIMIT] = "over a limit",
        [IMGRW_ERR_REFERENCE] = "not an image reference",
        [IMGRW_ERR_RULE] = "invalid rule",
        [IMGRW_ERR_EDIT] = "refused edit",
        [IMGRW_ERR_PROOF] = "failed proof",
        [IMGRW_ERR_IO] = "input or output",
        [IMGRW_ERR_STOPPED] = "stopped by the caller",
        [IMGRW_ERR_INPUT] = "invalid input",
    };

    if ((unsigned)status >= sizeof(texts) / sizeof(texts[0]))
        return "unknown status";
    return texts[status];
}

/* Cuts a character that snprintf left unfinished at the end of `message`. */
static void
drop_partial_character(char *message)
{
    size_t end = strlen(message), start = end;

    do
        start -= start > 0;
    while (start > 0 && ((unsigned char)message[start] & 0xC0) == 0x80);
    if (start < end && irw_utf8_size(message + start, end - start) == 0)
        message[start] = '\0';
}

/* Takes control characters out of a message. */
static void
mask_controls(char *message)
{
    for (char *c = message; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = '?';
}

enum imgrw_status
irw_vfail(struct imgrw_error *error, enum imgrw_status status,
          struct imgrw_location at, const char *format, va_list arguments)
{
    if (!error)
        return status;
    memset(error, 0, sizeof(*error));
    error->status = status;
    error->at = at;
    vsnprintf(error->message, sizeof(error->message), format, arguments);
    drop_partial_character(error->message);
    mask_controls(error->message);
    return status;
}

enum imgrw_status
irw_fail(struct imgrw_error *error, enum imgrw_status status,
         struct imgrw_location at, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    irw_vfail(error, status, at, format, arguments);
    va_end(arguments);
    return status;
}

enum imgrw_status
irw_fail_null(struct imgrw_error *error, const char *what)
{
    return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                    "%s must not be NULL", what);
}

enum imgrw_status
irw_fail_memory(struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_MEMORY, IRW_NO_LOCATION, "out of memory");
}
