/*
 * Tokens by what they are good for. Each is asked for once, whoever wants it
 * meanwhile waits for the same answer, and a failure is remembered as well.
 */
#pragma once

#include "registry/token.h"
#include "registry/transport.h"

struct irw_login;
struct irw_token_cache;

/* What a token is for. */
struct irw_token_request {
    struct irw_token_wish wish;
    const struct irw_web_origin *challenger; /* who named the realm */
    const struct irw_web_origin *realm;      /* the origin of that */
    enum irw_reach bound; /* the realm's address must not be more internal */
    const struct irw_login *login; /* for the realm; NULL: none */
    const struct irw_certificates *certificates; /* of the registry */
    bool is_identified; /* by the client certificate among them */
};

/* Somebody who waits for a token. */
struct irw_token_waiter {
    /* called with the token, a NUL-terminated text that is borrowed from the
     * cache, or with NULL and the reason */
    void (*take)(struct irw_token_waiter *waiter, const char *token,
                 enum irw_verdict verdict, void *user);
    void *user;
    unsigned http_status; /* of the answer, when it is called */
    struct irw_token_waiter *next; /* of the cache */
};

/* An empty cache, which borrows the transport; NULL when memory is out. */
struct irw_token_cache *irw_token_cache_new(struct irw_transport *transport);

/* Overwrites the tokens. Requests that run must have been ended before, by
 * irw_transport_free. */
void irw_token_cache_free(struct irw_token_cache *cache);

/* Has the waiter called, now or later. False when memory is out. */
bool irw_token_cache_get(struct irw_token_cache *cache,
                         const struct irw_token_request *request,
                         struct irw_token_waiter *waiter);

/* Makes the requests again whose wait is over at `now` (irw_clock_now). */
void irw_token_cache_wake(struct irw_token_cache *cache, long long now);

/* Whether memory ran out in a callback. */
bool irw_token_cache_has_failed(const struct irw_token_cache *cache);
