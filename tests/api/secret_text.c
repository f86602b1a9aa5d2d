/*
 * Credentials in tests; see secret_text.h.
 */
#include "secret_text.h"

#include <string.h>

struct imgrw_credentials *
secret_text_new(void)
{
    struct imgrw_credentials *credentials;
    struct imgrw_error error;

    if (imgrw_credentials_new(&credentials, &error) != IMGRW_OK)
        fail_msg("%s", error.message);
    return credentials;
}

void
secret_text_warn(const struct imgrw_location *at, const char *message,
                 void *user)
{
    struct secret_text *secret = user;
    size_t size = strlen(message);

    if (size + 1 >= sizeof(secret->text) - secret->size)
        fail_msg("the warnings are too long");
    memcpy(secret->text + secret->size, message, size);
    secret->size += size;
    secret->text[secret->size++] = '\n';
    secret->text[secret->size] = '\0';
    secret->warnings++;
    secret->at = *at;
}

enum imgrw_status
secret_text_add(struct imgrw_credentials *credentials, const char *endpoint,
                const char *username, const char *password,
                struct secret_text *warned, struct imgrw_error *error)
{
    const struct imgrw_credential credential = {
        .size = sizeof(credential),
        .endpoint = endpoint,
        .username = username,
        .password = password,
    };

    return imgrw_credentials_add(credentials, &credential,
                                 warned ? secret_text_warn : NULL, warned,
                                 error);
}

imgrw_str
secret_text_value(imgrw_str secret, const char *key)
{
    size_t size = strlen(key);
    const char *found = memmem(secret.data, secret.size, key, size), *end;

    if (!found || strncmp(found + size, ": ", 2) != 0)
        return support_str("");
    found += size + 2;
    end = memchr(found, '\n', secret.size - (size_t)(found - secret.data));
    return (imgrw_str){found, (size_t)(end - found)};
}

bool
secret_text_decode(imgrw_str text, char *data, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned long bits = 0;
    size_t at = 0, used = 0;

    while (at < text.size && text.data[at] != '=') {
        const char *digit = strchr(digits, text.data[at]);

        if (!digit || used + 1 >= size)
            return false;
        bits = (bits * 64 + (unsigned long)(digit - digits)) & 0xFFFF;
        if (at++ % 4 > 0)
            data[used++] = (char)(bits >> (6 - 2 * ((at - 1) % 4)) & 0xFF);
    }
    data[used] = '\0';
    return text.size % 4 == 0 && text.size - at <= 2;
}
