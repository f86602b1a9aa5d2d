/*
 * What a request brought: a response of HTTP, or the failure to get one. The
 * transport makes it; everything that judges it is pure.
 */
#pragma once

#include "registry/bytes.h"
#include "registry/challenge.h"

/* How a request ended. */
enum irw_ending {
    IRW_ENDING_RESPONSE = 0, /* there is a whole response */
    IRW_ENDING_NO_HOST,      /* the name does not resolve */
    IRW_ENDING_NO_CONNECTION,
    IRW_ENDING_NO_CONNECTION_IN_TIME,
    IRW_ENDING_LOST,    /* the connection broke */
    IRW_ENDING_EMPTY,   /* it was closed without an answer */
    IRW_ENDING_PROXY,   /* the proxy refused */
    IRW_ENDING_TIMEOUT, /* no whole response in time */
    IRW_ENDING_CERTIFICATE,
    IRW_ENDING_OWN_CERTIFICATE, /* the one to show, or its key, is no good */
    IRW_ENDING_HANDSHAKE,       /* TLS failed otherwise */
    IRW_ENDING_TOO_LARGE,
    IRW_ENDING_NO_HTTP,
    IRW_ENDING_INTERNAL, /* the address is too internal; nothing was sent */
    IRW_ENDING_MEMORY,
};

/* Headers that a response may have once, with a value that is kept. */
enum irw_header {
    IRW_HEADER_CONTENT_TYPE,
    IRW_HEADER_CONTENT_ENCODING,
    IRW_HEADER_DIGEST,
    IRW_HEADER_LOCATION,
    IRW_HEADER_RETRY_AFTER,
    IRW_HEADER_DATE,
    IRW_HEADER_REMAINING,
    IRW_HEADERS
};

/* Zero-initialised is ready for use; release it with irw_response_clear. */
struct irw_response {
    enum irw_ending ending;
    unsigned status;
    struct irw_bytes headers[IRW_HEADERS]; /* values without blanks around; no
                                              data: there is none */
    struct irw_bytes *lines; /* those of WWW-Authenticate */
    size_t line_count;
    struct irw_challenges challenges; /* of these lines */
    struct irw_bytes body;
    bool failed; /* memory ran out */
};

/* Takes a line of the head of a response, with its line break. A status line
 * begins the head anew, because those of 1xx and of a proxy come first. A line
 * that is no header is passed over. */
void irw_response_add_line(struct irw_response *response, imgrw_str line);

/* Reads the challenges, once the head is whole. */
void irw_response_finish(struct irw_response *response);

/* The value of a header; empty where there is none. */
imgrw_str irw_response_header(const struct irw_response *response,
                              enum irw_header header);

/* How many milliseconds the server wants to be left alone (Retry-After, in
 * seconds or as a date, which the Date of the response is before); -1: it does
 * not say, or not so that it can be read. */
long irw_response_retry_after(const struct irw_response *response);

/* How many pulls are left (ratelimit-remaining, as "76;w=21600"); -1: it does
 * not say. */
long irw_response_remaining(const struct irw_response *response);

/* Overwrites and releases what it holds, because a token may be in it. */
void irw_response_clear(struct irw_response *response);
