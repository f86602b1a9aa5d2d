/*
 * Amazon's registries, ECR: their hosts, and the request that makes a password
 * of an access key.
 */
#pragma once

#include "registry/bytes.h"

#include <imgrewrite/base.h>

enum irw_ecr_kind {
    IRW_ECR_NONE,        /* no registry of Amazon's */
    IRW_ECR_PRIVATE,     /* an account's registry, of which all images are
                            private */
    IRW_ECR_PUBLIC,      /* public.ecr.aws */
    IRW_ECR_MISNUMBERED, /* like the private ones, but no account has a number
                            of so many digits: Amazon takes it for none */
};

/* A registry of Amazon's; what is borrowed from its host. */
struct irw_ecr_host {
    enum irw_ecr_kind kind;
    imgrw_str account; /* digits; not of the public one */
    imgrw_str region;
    bool fips; /* with cryptography of that standard */
    const struct irw_ecr_partition *partition;
};

/* Takes a host apart, which may have a port; returns the kind. What it finds is
 * borrowed from the host. */
enum irw_ecr_kind irw_ecr_parse(imgrw_str host, struct irw_ecr_host *ecr);

/* What is wrong with a host whose account has not 12 digits; NULL where nothing
 * is. */
const char *irw_ecr_doubt(const struct irw_ecr_host *ecr);

/* What ECR is asked with. */
struct irw_ecr_keys {
    imgrw_str access_key, secret_key;
    imgrw_str session_token; /* empty: none */
};

/* What keeps the keys from being used, in words that quote nothing of them;
 * NULL where nothing does. */
const char *irw_ecr_keys_fault(const struct irw_ecr_keys *keys);

#define IRW_ECR_HEADERS 5

/* A POST. It may be sent until five minutes after it was made. */
struct irw_ecr_request {
    char *url;
    char *headers[IRW_ECR_HEADERS + 1]; /* "Name: value"; the last is NULL */
    const char *body;
};

/* Makes the request for a password. `keys` are without fault, `ecr` is not
 * IRW_ECR_NONE, and `now` is in seconds since 1970. `endpoint` is the URL of
 * what is asked instead of Amazon, or NULL; it has no path, and its scheme is
 * https, or http for this machine.
 *
 * IMGRW_ERR_ARGUMENT: the endpoint is something else. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_ecr_request_make(const struct irw_ecr_host *ecr,
                                       const struct irw_ecr_keys *keys,
                                       const char *endpoint, int64_t now,
                                       struct irw_ecr_request *request,
                                       struct imgrw_error *error);

/* Overwrites and releases what the request holds. */
void irw_ecr_request_clear(struct irw_ecr_request *request);
