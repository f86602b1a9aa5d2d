#include "fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
fuzz_claim(bool holds, const char *format, ...)
{
    va_list arguments;

    if (holds)
        return;
    va_start(arguments, format);
    fputs("a claim does not hold: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort();
}

imgrw_str
fuzz_str(const char *text)
{
    return (imgrw_str){text, strlen(text)};
}

bool
fuzz_equal(imgrw_str one, imgrw_str other)
{
    return one.size == other.size &&
           (one.size == 0 || memcmp(one.data, other.data, one.size) == 0);
}

void
fuzz_claim_error(const struct imgrw_error *error, enum imgrw_status status,
                 imgrw_str text)
{
    size_t length = strnlen(error->message, sizeof(error->message));

    fuzz_claim(status != IMGRW_OK && error->status == status,
               "status %d comes with an error of status %d", (int)status,
               (int)error->status);
    fuzz_claim(length > 0 && length < sizeof(error->message),
               "a message of %zu bytes", length);
    fuzz_claim(!strpbrk(error->message, "\r\n"), "a message of two lines");
    fuzz_claim(error->at.offset <= text.size,
               "an error at byte %zu of %zu: %s", error->at.offset, text.size,
               error->message);
}

void
fuzz_must(enum imgrw_status status, const struct imgrw_error *error)
{
    fuzz_claim(status == IMGRW_OK, "status %d: %s", (int)status,
               error->message);
}
