#include "use_credentials.h"
#include "callbacks.h"

#include <string.h>

enum imgrw_status
use_credentials(const char *text)
{
    const struct imgrw_credential later = {
        .size = sizeof(later), .endpoint = "later.io", .username = "AWS"};
    struct imgrw_credentials *credentials;
    imgrw_str secret, again;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_credentials_new(&credentials, &error);

    if (status != IMGRW_OK)
        return status;
    status =
        imgrw_credentials_read(credentials, (imgrw_str){text, strlen(text)},
                               "a.json", hear, NULL, &error);
    if (status == IMGRW_OK)
        status = imgrw_credentials_add(credentials, &later, hear, NULL,
                                       &error);
    if (status == IMGRW_OK)
        status = imgrw_credentials_set_password(
            credentials, NULL, (imgrw_str){"later\n", 6}, &error);
    if (status == IMGRW_OK)
        status = imgrw_credentials_secret(credentials, "a", "b", &secret,
                                          &error);
    if (status == IMGRW_OK)
        status = imgrw_credentials_text(credentials, &again, &error);
    imgrw_credentials_free(credentials);
    return status;
}
