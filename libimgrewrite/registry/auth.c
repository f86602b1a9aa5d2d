#include "registry/auth.h"
#include "base/base64.h"

#include <stdlib.h>
#include <string.h>

void
irw_auth_write(struct irw_bytes *text, imgrw_str user, imgrw_str password)
{
    struct irw_bytes pair = {0};
    imgrw_str written;
    char *base64 = NULL;

    irw_bytes_add(&pair, user);
    irw_bytes_add_text(&pair, ":");
    irw_bytes_add(&pair, password);
    written.size = irw_base64_size(pair.size);
    if (!pair.failed)
        base64 = malloc(written.size);
    text->failed |= !base64;
    if (base64) {
        irw_base64_encode((imgrw_str){pair.data, pair.size}, base64);
        written.data = base64;
        irw_bytes_add(text, written);
        explicit_bzero(base64, written.size);
    }
    free(base64);
    irw_bytes_wipe(&pair);
}

/* Whether `text` is base64, whose bytes are then those of `pair`. */
static bool
decode(imgrw_str text, struct irw_bytes *pair)
{
    irw_bytes_add(pair, text); /* for as many bytes, of which it needs fewer */
    return pair->failed || text.size == 0 ||
           irw_base64_decode(text, pair->data, &pair->size);
}

enum irw_auth_status
irw_auth_read(imgrw_str text, struct irw_bytes *pair, imgrw_str *user,
              imgrw_str *password)
{
    const char *colon;

    if (!decode(text, pair))
        return IRW_AUTH_NOT_BASE64;
    if (pair->failed)
        return IRW_AUTH_MEMORY;
    colon = pair->size > 0 ? memchr(pair->data, ':', pair->size) : NULL;
    if (!colon)
        return IRW_AUTH_NO_COLON;
    *user = (imgrw_str){pair->data, (size_t)(colon - pair->data)};
    *password = (imgrw_str){colon + 1, pair->size - user->size - 1};
    while (password->size > 0 && password->data[password->size - 1] == '\0')
        password->size--;
    return IRW_AUTH_FINE;
}
