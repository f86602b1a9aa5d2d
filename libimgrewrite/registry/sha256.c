#include "registry/sha256.h"

#include <string.h>

/* The first 32 bits of the fractional parts of the cube roots of the first 64
 * primes (FIPS 180-4, section 4.2.2). */
static const uint32_t constants[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1,
    0x923F82A4, 0xAB1C5ED5, 0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3,
    0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174, 0xE49B69C1, 0xEFBE4786,
    0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147,
    0x06CA6351, 0x14292967, 0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13,
    0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85, 0xA2BFE8A1, 0xA81A664B,
    0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A,
    0x5B9CCA4F, 0x682E6FF3, 0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208,
    0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
};

void
irw_sha256_init(struct irw_sha256_state *state)
{
    /* the same of the square roots of the first eight primes */
    static const uint32_t start[8] = {
        0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
        0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
    };

    memcpy(state->words, start, sizeof(start));
    state->size = 0;
}

static uint32_t
rotate(uint32_t word, int bits)
{
    return word >> bits | word << (32 - bits);
}

/* The message schedule of a block. */
static void
expand(const unsigned char *block, uint32_t schedule[static 64])
{
    for (int i = 0; i < 16; i++)
        schedule[i] = (uint32_t)block[4 * i] << 24 |
                      (uint32_t)block[4 * i + 1] << 16 |
                      (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t near = schedule[i - 2], far = schedule[i - 15];

        schedule[i] = schedule[i - 16] + schedule[i - 7] +
                      (rotate(far, 7) ^ rotate(far, 18) ^ far >> 3) +
                      (rotate(near, 17) ^ rotate(near, 19) ^ near >> 10);
    }
}

static void
hash_block(uint32_t words[static 8], const unsigned char *block)
{
    uint32_t schedule[64], v[8];

    expand(block, schedule);
    memcpy(v, words, sizeof(v));
    for (int i = 0; i < 64; i++) {
        uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        uint32_t one = v[7] + choice + constants[i] + schedule[i] +
                       (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25));
        uint32_t two = majority +
                       (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22));

        memmove(v + 1, v, 7 * sizeof(v[0]));
        v[4] += one;
        v[0] = one + two;
    }
    for (int i = 0; i < 8; i++)
        words[i] += v[i];
    explicit_bzero(schedule, sizeof(schedule));
    explicit_bzero(v, sizeof(v));
}

void
irw_sha256_update(struct irw_sha256_state *state, const void *data, size_t size)
{
    const unsigned char *bytes = data;

    while (size > 0) {
        size_t filled = (size_t)(state->size % IRW_SHA256_BLOCK);
        size_t taken = IRW_SHA256_BLOCK - filled;

        if (taken > size)
            taken = size;
        memcpy(state->rest + filled, bytes, taken);
        state->size += taken;
        bytes += taken;
        size -= taken;
        if (filled + taken == IRW_SHA256_BLOCK)
            hash_block(state->words, state->rest);
    }
}

void
irw_sha256_final(struct irw_sha256_state *state,
                 uint8_t digest[static IRW_SHA256_SIZE])
{
    static const unsigned char padding[IRW_SHA256_BLOCK] = {0x80};
    unsigned char bits[8];
    size_t filled = (size_t)(state->size % IRW_SHA256_BLOCK);

    for (int i = 0; i < 8; i++)
        bits[i] = (unsigned char)(state->size * 8 >> (56 - 8 * i));
    irw_sha256_update(state, padding,
                      (filled < 56 ? 56 : IRW_SHA256_BLOCK + 56) - filled);
    irw_sha256_update(state, bits, sizeof(bits));
    for (int i = 0; i < IRW_SHA256_SIZE; i++)
        digest[i] = (uint8_t)(state->words[i / 4] >> (24 - 8 * (i % 4)));
}

void
irw_sha256(const void *data, size_t size,
           uint8_t digest[static IRW_SHA256_SIZE])
{
    struct irw_sha256_state state;

    irw_sha256_init(&state);
    irw_sha256_update(&state, data, size);
    irw_sha256_final(&state, digest);
    explicit_bzero(&state, sizeof(state));
}

void
irw_sha256_hex(const uint8_t digest[static IRW_SHA256_SIZE],
               char text[static 2 * IRW_SHA256_SIZE + 1])
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; i < IRW_SHA256_SIZE; i++) {
        *text++ = digits[digest[i] >> 4];
        *text++ = digits[digest[i] & 15];
    }
    *text = '\0';
}

/* Begins to hash: first the key, each byte of which is changed by `mask`. */
static void
init_keyed(struct irw_sha256_state *state,
           const unsigned char key[static IRW_SHA256_BLOCK], unsigned char mask)
{
    unsigned char block[IRW_SHA256_BLOCK];

    for (int i = 0; i < IRW_SHA256_BLOCK; i++)
        block[i] = key[i] ^ mask;
    irw_sha256_init(state);
    irw_sha256_update(state, block, sizeof(block));
    explicit_bzero(block, sizeof(block));
}

void
irw_hmac_sha256(imgrw_str key, const void *data, size_t size,
                uint8_t code[static IRW_SHA256_SIZE])
{
    unsigned char block[IRW_SHA256_BLOCK] = {0};
    struct irw_sha256_state state;

    if (key.size > sizeof(block))
        irw_sha256(key.data, key.size, block);
    else if (key.size > 0)
        memcpy(block, key.data, key.size);
    init_keyed(&state, block, 0x36);
    irw_sha256_update(&state, data, size);
    irw_sha256_final(&state, code);
    init_keyed(&state, block, 0x5C);
    irw_sha256_update(&state, code, IRW_SHA256_SIZE);
    irw_sha256_final(&state, code);
    explicit_bzero(block, sizeof(block));
    explicit_bzero(&state, sizeof(state));
}
