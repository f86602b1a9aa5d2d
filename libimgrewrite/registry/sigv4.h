/*
 * Signatures of requests to AWS, version 4 ("AWS4-HMAC-SHA256").
 */
#pragma once

#include "registry/bytes.h"
#include "registry/sha256.h"

/* Who signs, when, and for what. */
struct irw_sigv4_signer {
    imgrw_str access_key, secret_key;
    imgrw_str region, service; /* such as "us-east-1" and "ecr" */
    int64_t now;               /* seconds since 1970, UTC; year 9999 at most */
};

/* A header that is signed. The name is in lower case; the value neither begins
 * nor ends with blanks, nor has two in a row. */
struct irw_sigv4_header {
    const char *name;
    imgrw_str value;
};

/* What is signed. The path is not empty; path and query are escaped, and the
 * parameters of the query are in order. So are the headers, by their names;
 * "host" and "x-amz-date" are among them. */
struct irw_sigv4_request {
    const char *method, *path, *query;
    const struct irw_sigv4_header *headers;
    size_t header_count;
    imgrw_str body;
};

#define IRW_SIGV4_DATE_SIZE 17 /* "20150830T123600Z" and a NUL */

/* Writes the value of x-amz-date. */
void irw_sigv4_date(int64_t now, char date[static IRW_SIGV4_DATE_SIZE]);

/* Derives the key that signs for a day, a region and a service; false when
 * memory is out. */
bool irw_sigv4_key(const struct irw_sigv4_signer *signer,
                   uint8_t key[static IRW_SHA256_SIZE]);

/* Adds the value of the header "Authorization" to `value`, which has failed
 * then if memory is out. */
void irw_sigv4_sign(const struct irw_sigv4_signer *signer,
                    const struct irw_sigv4_request *request,
                    struct irw_bytes *value);
