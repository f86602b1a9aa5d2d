#include "base/base64.h"
#include "base/str.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t
irw_base64_size(size_t size)
{
    return (size + 2) / 3 * 4;
}

char *
irw_base64_encode(imgrw_str data, char *text)
{
    for (size_t at = 0; at < data.size; at += 3) {
        size_t left = data.size - at;
        uint32_t bits = (uint32_t)(unsigned char)data.data[at] << 16;

        if (left > 1)
            bits |= (uint32_t)(unsigned char)data.data[at + 1] << 8;
        if (left > 2)
            bits |= (unsigned char)data.data[at + 2];
        *text++ = alphabet[bits >> 18];
        *text++ = alphabet[bits >> 12 & 63];
        *text++ = left > 1 ? alphabet[bits >> 6 & 63] : '=';
        *text++ = left > 2 ? alphabet[bits & 63] : '=';
    }
    return text;
}

/* The value of a character of the alphabet; 64 for any other character. */
static uint32_t
value_of(char c)
{
    if (irw_is_upper(c))
        return (uint32_t)(c - 'A');
    if (irw_is_lower(c))
        return (uint32_t)(c - 'a') + 26;
    if (irw_is_digit(c))
        return (uint32_t)(c - '0') + 52;
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

bool
irw_base64_decode(imgrw_str text, char *data, size_t *size)
{
    uint32_t bits = 0;
    size_t count = 0, padding = 0;

    *size = 0;
    for (size_t at = 0; at < text.size; at++) {
        char c = text.data[at];
        uint32_t value = value_of(c);

        if (c == '\r' || c == '\n')
            continue;
        if (c == '=' && count % 4 >= 2)
            padding++;
        else if (value == 64 || padding > 0)
            return false;
        bits = bits << 6 | (value & 63);
        if (++count % 4 == 0)
            for (size_t byte = 0; byte < 3 - padding; byte++)
                data[(*size)++] = (char)(bits >> (16 - 8 * byte) & 0xFF);
    }
    return count % 4 == 0;
}
