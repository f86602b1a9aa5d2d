#include "registry/bytes.h"

#include <stdlib.h>
#include <string.h>

/* More than this is never held, so that no sum of sizes overflows. */
#define BYTES_MAX (SIZE_MAX / 4)

/* Makes room for `more` bytes and the NUL after them. */
static bool
reserve(struct irw_bytes *bytes, size_t more)
{
    size_t need = bytes->size + more + 1, capacity = bytes->capacity;
    char *data;

    bytes->failed |= more >= BYTES_MAX - bytes->size;
    if (bytes->failed || need <= capacity)
        return !bytes->failed;
    capacity = need * 2;
    /* not realloc, which leaves a copy of what may be a secret */
    data = malloc(capacity);
    if (!data) {
        bytes->failed = true;
        return false;
    }
    if (bytes->size > 0)
        memcpy(data, bytes->data, bytes->size);
    if (bytes->data)
        explicit_bzero(bytes->data, bytes->capacity);
    free(bytes->data);
    bytes->data = data;
    bytes->capacity = capacity;
    return true;
}

void
irw_bytes_add(struct irw_bytes *bytes, imgrw_str str)
{
    if (!reserve(bytes, str.size))
        return;
    if (str.size > 0)
        memcpy(bytes->data + bytes->size, str.data, str.size);
    bytes->size += str.size;
    bytes->data[bytes->size] = '\0';
}

void
irw_bytes_add_text(struct irw_bytes *bytes, const char *text)
{
    irw_bytes_add(bytes, imgrw_str_from(text));
}

static bool
is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~", c));
}

void
irw_bytes_add_percent(struct irw_bytes *bytes, imgrw_str str)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < str.size; i++) {
        unsigned char c = (unsigned char)str.data[i];
        char escape[3] = {'%', digits[c >> 4], digits[c & 15]};

        if (is_unreserved(str.data[i]))
            irw_bytes_add(bytes, (imgrw_str){&str.data[i], 1});
        else
            irw_bytes_add(bytes, (imgrw_str){escape, sizeof(escape)});
    }
}

void
irw_bytes_clear(struct irw_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct irw_bytes){0};
}

void
irw_bytes_wipe(struct irw_bytes *bytes)
{
    if (bytes->data)
        explicit_bzero(bytes->data, bytes->capacity);
    irw_bytes_clear(bytes);
}

char *
irw_bytes_copy(imgrw_str str)
{
    char *copy = malloc(str.size + 1);

    if (!copy)
        return NULL;
    if (str.size > 0)
        memcpy(copy, str.data, str.size);
    copy[str.size] = '\0';
    return copy;
}
