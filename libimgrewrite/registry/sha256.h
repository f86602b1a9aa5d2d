/*
 * SHA-256 by FIPS 180-4, for digests of manifests, and HMAC with it by
 * RFC 2104, for signatures.
 */
#pragma once

#include <imgrewrite/base.h>

#define IRW_SHA256_SIZE 32  /* bytes of a digest */
#define IRW_SHA256_BLOCK 64 /* bytes that are hashed at once */

/* A digest in the making. What was hashed can in part be read from it, so one
 * of a secret is to be overwritten. */
struct irw_sha256_state {
    uint32_t words[8];
    uint64_t size;                       /* bytes so far */
    unsigned char rest[IRW_SHA256_BLOCK]; /* those that fill no block yet */
};

void irw_sha256_init(struct irw_sha256_state *state);

/* Hashes further bytes; `data` may be NULL where `size` is 0. */
void irw_sha256_update(struct irw_sha256_state *state, const void *data,
                       size_t size);

/* The digest of all bytes. The state has to be initialised before it is used
 * again. */
void irw_sha256_final(struct irw_sha256_state *state,
                      uint8_t digest[static IRW_SHA256_SIZE]);

/* The digest of `size` bytes. */
void irw_sha256(const void *data, size_t size,
                uint8_t digest[static IRW_SHA256_SIZE]);

/* Writes a digest in lower-case hexadecimal digits, NUL-terminated. */
void irw_sha256_hex(const uint8_t digest[static IRW_SHA256_SIZE],
                    char text[static 2 * IRW_SHA256_SIZE + 1]);

/* The authentication code of `size` bytes by a secret key, which leaves no
 * traces. `code` may be `key`. */
void irw_hmac_sha256(imgrw_str key, const void *data, size_t size,
                     uint8_t code[static IRW_SHA256_SIZE]);
