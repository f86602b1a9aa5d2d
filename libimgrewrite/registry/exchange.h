/*
 * A request over HTTP and what came of it: the options of libcurl that keep it
 * within bounds, and its callbacks.
 */
#pragma once

#include "registry/address.h"
#include "registry/certificates.h"
#include "registry/origin.h"
#include "registry/response.h"

/* A head of a response is no larger. */
#define IRW_HEAD_MAX ((size_t)256 << 10)

/* What all requests share. */
struct irw_wire {
    long connect_timeout, request_timeout; /* milliseconds */
    struct curl_slist *connect_to;         /* NULL: nothing */
    const char *ca_file;                   /* NULL: those of the system */
};

enum irw_method { IRW_METHOD_GET, IRW_METHOD_HEAD, IRW_METHOD_POST };

/* Zero-initialised is a request for nothing. */
struct irw_exchange {
    /* what to ask; the caller's, until the exchange is cleared */
    enum irw_method method;
    const char *url;
    const struct irw_web_origin *origin; /* of the URL */
    const char *accept;                  /* NULL: nothing particular */
    const char *authorization;           /* value of the header; NULL: none */
    const char *const *lines; /* further headers, "Name: value", NULL at the
                                 end; NULL: none */
    const char *form;         /* body of a POST */
    size_t body_max;
    const struct irw_certificates *certificates; /* NULL: none in particular */
    bool is_identified; /* by the client certificate among them, if any */
    bool is_bound; /* the address must not be more internal than: */
    enum irw_reach bound;

    /* what came of it */
    struct irw_response response;
    enum irw_reach reach; /* of the address that was asked */
    bool is_shared;       /* the connection carries several requests at once */

    /* of libcurl */
    void *easy;
    struct curl_slist *headers;
    size_t head_size;
    bool is_too_large, is_too_internal;
};

/* Makes the handle of an exchange, ready to run; false when memory is out. */
bool irw_exchange_prepare(struct irw_exchange *exchange,
                          const struct irw_wire *wire);

/* Takes note of how it ended, a CURLcode. */
void irw_exchange_finish(struct irw_exchange *exchange, int code);

/* Releases the handle, which no multi handle has any more, and the response.
 * The exchange is zero again. */
void irw_exchange_clear(struct irw_exchange *exchange);
