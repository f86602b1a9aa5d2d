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

static void
append(struct secret_text *secret, const char *data, size_t size)
{
    if (size >= sizeof(secret->text) - secret->size)
        fail_msg("the text is too long");
    memcpy(secret->text + secret->size, data, size);
    secret->size += size;
    secret->text[secret->size] = '\0';
}

int
secret_text_write(const char *data, size_t size, void *user)
{
    append(user, data, size);
    return 0;
}

void
secret_text_warn(const struct imgrw_location *at, const char *message,
                 void *user)
{
    struct secret_text *secret = user;

    append(secret, message, strlen(message));
    append(secret, "\n", 1);
    secret->warnings++;
    secret->at = *at;
}

imgrw_str
secret_text_value(const struct secret_text *secret, const char *key)
{
    const char *found = strstr(secret->text, key);

    if (!found || strncmp(found + strlen(key), ": ", 2) != 0)
        return support_str("");
    found += strlen(key) + 2;
    return (imgrw_str){found, strcspn(found, "\n")};
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
