/*
 * The pull secret of an overlay, from the files of credentials.
 */
#include "command.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LONGEST 65536 /* password, in bytes */

/* Reads standard input past the buffer of stdio, in which a copy would stay;
 * SIZE_MAX where that fails. */
static size_t
read_input(char *data, size_t size)
{
    size_t used = 0;
    ssize_t got;

    do {
        got = read(STDIN_FILENO, data + used, size - used);
        if (got > 0)
            used += (size_t)got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    if (got == 0 && used < size)
        return used;
    complain("standard input cannot be read: %s",
             got < 0 ? strerror(errno) : "it is too large");
    return SIZE_MAX;
}

static bool
read_password(struct imgrw_credentials *credentials)
{
    char data[LONGEST];
    size_t size = read_input(data, sizeof(data));
    struct imgrw_error error;
    bool good = size != SIZE_MAX &&
                went_well(imgrw_credentials_set_password(
                              credentials, NULL, (imgrw_str){data, size},
                              &error),
                          &error);

    explicit_bzero(data, sizeof(data));
    return good;
}

bool
make_secret(struct settings *settings, const char *name,
            struct imgrw_credentials **credentials, imgrw_str *text)
{
    struct imgrw_error error;

    return went_well(imgrw_credentials_new(credentials, &error), &error) &&
           went_well(imgrw_credentials_read_file(
                         *credentials, settings->registry_auth, print_warning,
                         settings, &error),
                     &error) &&
           (!settings->password_stdin || read_password(*credentials)) &&
           went_well(imgrw_credentials_check_expiry(
                         *credentials, (int64_t)time(NULL), &error),
                     &error) &&
           went_well(imgrw_credentials_secret(*credentials, name,
                                              settings->name_space, text,
                                              &error),
                     &error);
}
