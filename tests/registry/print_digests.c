/*
 * Prints, for each size up to 200 bytes, digests of bytes that count from 0:
 * hashed at once, in two parts that are cut at each place, and one by one.
 */
#include "registry/sha256.h"

#include <stdio.h>

#define MOST 200

static void
print(size_t size, const uint8_t digest[static IRW_SHA256_SIZE])
{
    char text[2 * IRW_SHA256_SIZE + 1];

    irw_sha256_hex(digest, text);
    printf("%zu %s\n", size, text);
}

/* Prints the digest of `size` bytes, of which `step` are added at a time after
 * the first `start`. */
static void
print_parts(const unsigned char *data, size_t size, size_t start, size_t step)
{
    struct irw_sha256_state state;
    uint8_t digest[IRW_SHA256_SIZE];

    irw_sha256_init(&state);
    irw_sha256_update(&state, data, start);
    for (size_t at = start; at < size; at += step)
        irw_sha256_update(&state, data + at,
                          size - at < step ? size - at : step);
    irw_sha256_final(&state, digest);
    print(size, digest);
}

int
main(void)
{
    unsigned char data[MOST];
    uint8_t digest[IRW_SHA256_SIZE];

    for (size_t i = 0; i < MOST; i++)
        data[i] = (unsigned char)i;
    for (size_t size = 0; size <= MOST; size++) {
        irw_sha256(data, size, digest);
        print(size, digest);
        print_parts(data, size, 0, 1);
        for (size_t cut = 0; cut <= size; cut++)
            print_parts(data, size, cut, MOST);
    }
    return 0;
}
