/*
 * Logins that ECR makes of access keys: the requests for them, and how long
 * they last. Each is asked for once, and is kept in memory only.
 */
#pragma once

#include "registry/outcome.h"
#include "registry/transport.h"

struct irw_login;
struct irw_ecr_login;

/* Logins to be had. Zero-initialised is none of them; release it with
 * irw_ecr_logins_clear. */
struct irw_ecr_logins {
    struct irw_ecr_login *first;
};

/* What became of a request. All is borrowed from the logins. */
struct irw_ecr_grant {
    const struct irw_login *login; /* NULL: there is none, because of: */
    enum irw_verdict verdict;
    const char *reason;   /* a sentence about that, which says what to do */
    unsigned http_status; /* of ECR's answer; 0: there was none */
    int64_t expires_at;   /* of the login, in seconds since 1970 */
};

/* How logins are asked for. */
struct irw_ecr_logins_options {
    struct irw_transport_options transport;
    const char *endpoint; /* see irw_ecr_request_make; NULL: Amazon's own */
    long long deadline;   /* by irw_clock_now; 0: none */
    bool (*go_on)(void *user); /* asked ten times a second; false: stop */
    void *user;
};

/* Whether the login for a registry is an access key: only the user AWS, with a
 * password that ECR made, can log in to one of Amazon's. */
bool irw_ecr_wants_key(const char *host, const struct irw_login *login);

/* The login that the access key `key` gets for the registry at `host`, both of
 * which are borrowed: a new one, or that of the same two. NULL when memory is
 * out. */
struct irw_ecr_login *irw_ecr_logins_add(struct irw_ecr_logins *logins,
                                         const char *host,
                                         const struct irw_login *key);

/* Asks ECR for all of them. What it refuses is in their grants.
 * IMGRW_ERR_MEMORY; IMGRW_ERR_STOPPED. */
enum imgrw_status
irw_ecr_logins_get(struct irw_ecr_logins *logins,
                   const struct irw_ecr_logins_options *options);

/* What became of a login, once it was asked for. */
struct irw_ecr_grant irw_ecr_login_grant(const struct irw_ecr_login *login);

/* Overwrites and releases all. */
void irw_ecr_logins_clear(struct irw_ecr_logins *logins);
