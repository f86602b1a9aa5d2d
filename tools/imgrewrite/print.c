/*
 * Speaking to people.
 */
#include "command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum when color;

void
set_color(enum when when)
{
    color = when;
}

/* https://no-color.org: any value says no. */
bool
use_color(FILE *out)
{
    const char *no_color = getenv("NO_COLOR");

    if (color != WHEN_AUTO)
        return color == WHEN_ALWAYS;
    return isatty(fileno(out)) && !(no_color && *no_color);
}

static void
print_kind(const char *kind)
{
    bool colored = use_color(stderr);
    bool is_error = strcmp(kind, "error") == 0;
    const char *start = is_error ? "\033[1;31m" : "\033[1;35m";

    fprintf(stderr, "%s%s:%s ", colored ? start : "", kind,
            colored ? "\033[0m" : "");
}

void
print_head(const char *kind)
{
    fputs("imgrewrite: ", stderr);
    print_kind(kind);
}

void
complain(const char *format, ...)
{
    va_list arguments;

    print_head("error");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

const char *
meant(const struct imgrw_suggestion *suggestion, const char *mark)
{
    static char text[80];

    if (!suggestion->known)
        return "";
    snprintf(text, sizeof(text), " (did you mean %s%s?)", mark,
             suggestion->known);
    return text;
}

imgrw_str
as_str(const char *text)
{
    return (imgrw_str){text, strlen(text)};
}

void
print_plain(FILE *out, imgrw_str text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];

        putc(c < 0x20 || c == 0x7F ? '?' : c, out);
    }
}

void
print_message(const struct imgrw_location *at, const char *kind,
              imgrw_str message)
{
    print_plain(stderr, as_str(at->path ? at->path : "imgrewrite"));
    if (at->line > 0)
        fprintf(stderr, ":%u:%u", (unsigned)at->line, (unsigned)at->column);
    fputs(": ", stderr);
    print_kind(kind);
    print_plain(stderr, message);
    fputc('\n', stderr);
}

void
print_error(const struct imgrw_error *error)
{
    print_message(&error->at, "error", as_str(error->message));
}

/* Why something could not be written, from the first time on; 0: it could. By
 * the time somebody asks, other calls have failed for other reasons. */
static int write_error;

bool
has_failed(FILE *out)
{
    if (!ferror(out))
        return false;
    if (write_error == 0)
        write_error = errno;
    return true;
}

/* Output that was not taken is said once, at the end, with the reason. */
bool
went_well(enum imgrw_status status, const struct imgrw_error *error)
{
    if (status != IMGRW_OK &&
        !(status == IMGRW_ERR_STOPPED && write_error != 0))
        print_error(error);
    return status == IMGRW_OK;
}

void
print_warning(const struct imgrw_location *at, const char *message, void *user)
{
    const struct settings *settings = user;

    if (!settings->quiet)
        print_message(at, "warning", as_str(message));
}

int
write_to_file(const char *data, size_t size, void *user)
{
    fwrite(data, 1, size, user);
    return has_failed(user);
}

bool
finish_output(FILE *out, const char *name)
{
    if (!has_failed(out) && fflush(out) == 0)
        return true;
    complain("%s cannot be written: %s", name,
             strerror(write_error ? write_error : errno));
    return false;
}
