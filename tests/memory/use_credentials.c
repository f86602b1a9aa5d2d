#include "use_credentials.h"

#include <string.h>

static int
discard(const char *data, size_t size, void *user)
{
    (void)data;
    (void)size;
    (void)user;
    return 0;
}

static void
hear(const struct imgrw_location *at, const char *message, void *user)
{
    (void)at;
    (void)message;
    (void)user;
}

enum imgrw_status
use_credentials(const char *text)
{
    struct imgrw_credentials *credentials;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_credentials_new(&credentials, &error);

    if (status != IMGRW_OK)
        return status;
    status =
        imgrw_credentials_read(credentials, (imgrw_str){text, strlen(text)},
                               "a.json", hear, NULL, &error);
    if (status == IMGRW_OK)
        status = imgrw_credentials_add(credentials, "later.io", "AWS", NULL,
                                       hear, NULL, &error);
    if (status == IMGRW_OK)
        status = imgrw_credentials_set_password(
            credentials, (imgrw_str){"later\n", 6}, &error);
    if (status == IMGRW_OK)
        status = imgrw_credentials_write_secret(credentials, "a", "b", discard,
                                                NULL, &error);
    imgrw_credentials_free(credentials);
    return status;
}
