#include "registry/auth.h"

#include <string.h>

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Adds up to three bytes, of which there is at least one, as four digits. */
static void
add_digits(struct irw_bytes *text, const unsigned char *bytes, size_t count)
{
    uint32_t bits = (uint32_t)bytes[0] << 16;
    char group[4];

    if (count > 1)
        bits |= (uint32_t)bytes[1] << 8;
    if (count > 2)
        bits |= bytes[2];
    for (int i = 0; i < 4; i++)
        group[i] = digits[bits >> (18 - 6 * i) & 63];
    memset(group + 1 + count, '=', 3 - count);
    irw_bytes_add(text, (imgrw_str){group, sizeof(group)});
}

void
irw_auth_write(struct irw_bytes *text, imgrw_str user, imgrw_str password)
{
    struct irw_bytes pair = {0};

    irw_bytes_add(&pair, user);
    irw_bytes_add_text(&pair, ":");
    irw_bytes_add(&pair, password);
    text->failed |= pair.failed;
    for (size_t at = 0; at < pair.size && !pair.failed; at += 3)
        add_digits(text, (const unsigned char *)pair.data + at,
                   pair.size - at < 3 ? pair.size - at : 3);
    irw_bytes_wipe(&pair);
}

/* Adds the bytes of four digits, of which the last may be paddings; false if
 * they are not. */
static bool
add_bytes(struct irw_bytes *data, const char group[static 4])
{
    size_t count = group[3] != '=' ? 3 : group[2] != '=' ? 2 : 1;
    uint32_t bits = 0;
    char bytes[3];

    for (size_t i = 0; i < 4; i++) {
        const char *digit = i > count || group[i] == '\0'
                                ? NULL
                                : strchr(digits, group[i]);

        if (!digit && i <= count)
            return false;
        bits = bits << 6 | (digit ? (uint32_t)(digit - digits) : 0);
    }
    for (int i = 0; i < 3; i++)
        bytes[i] = (char)(bits >> (16 - 8 * i) & 0xFF);
    irw_bytes_add(data, (imgrw_str){bytes, count});
    return true;
}

/* Whether `text` is base64, whose bytes are then added. */
static bool
decode(imgrw_str text, struct irw_bytes *data)
{
    char group[4];
    size_t count = 0;
    bool ended = false;

    for (size_t at = 0; at < text.size; at++) {
        if (text.data[at] == '\r' || text.data[at] == '\n')
            continue;
        if (ended)
            return false;
        group[count++] = text.data[at];
        if (count < 4)
            continue;
        if (!add_bytes(data, group))
            return false;
        count = 0;
        ended = group[3] == '=';
    }
    explicit_bzero(group, sizeof(group));
    return count == 0;
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
