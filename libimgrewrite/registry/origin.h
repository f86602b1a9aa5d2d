/*
 * URLs: their origins, and which of those that a server names may be asked.
 */
#pragma once

#include "registry/address.h"
#include "registry/outcome.h"

#include <stdbool.h>

/* Room for a host, and for an origin, with their NULs. */
#define IRW_HOST_MAX   256
#define IRW_ORIGIN_MAX (IRW_HOST_MAX + 16)

/* Who is asked: scheme, host and port. Of two URLs with the same `text` one
 * server is asked. */
struct irw_web_origin {
    char text[IRW_ORIGIN_MAX]; /* "https://host:443": lower case, the port
                                  always there, an IPv6 address in brackets */
    char host[IRW_HOST_MAX];   /* without brackets */
    unsigned port;
    bool is_https;
    bool is_address;        /* the host is an address: */
    enum irw_reach reach;   /* so internal; or IRW_REACH_GLOBAL */
};

enum irw_url_status {
    IRW_URL_FINE,
    IRW_URL_ODD,   /* no absolute http or https URL, or with a user name,
                      controls or blanks */
    IRW_URL_MEMORY /* an allocation failed */
};

/* Finds the origin of a URL. A path, query and fragment are allowed. */
enum irw_url_status irw_web_origin_of(const char *url,
                                      struct irw_web_origin *origin);

bool irw_web_origin_equal(const struct irw_web_origin *one,
                          const struct irw_web_origin *other);

/* Whether the host is this machine by its spelling: an address of the loopback
 * interface, or "localhost". */
bool irw_web_origin_is_loopback(const struct irw_web_origin *origin);

/* The URL that `reference`, a Location of the answer to `base`, leads to,
 * without its fragment. `*url` is malloc'ed. IRW_URL_ODD: it cannot be read. */
enum irw_url_status irw_url_join(const char *base, const char *reference,
                                 char **url);

/* Registries that may be asked over http, as the caller named them. */
struct irw_insecure {
    struct irw_insecure_host *hosts;
    size_t count;
};

/* Adds HOST or HOST:PORT. IRW_URL_ODD: it is something else. */
enum irw_url_status irw_insecure_add(struct irw_insecure *insecure,
                                     const char *host);
void irw_insecure_clear(struct irw_insecure *insecure);

/* Whether the host may be asked over http: it is this machine, or listed. */
bool irw_insecure_allows(const struct irw_insecure *insecure,
                         const struct irw_web_origin *origin);

/* The server that names another one. */
struct irw_namer {
    bool is_https;
    enum irw_reach reach; /* of the registry that was asked first */
    bool with_login;      /* the one that is named would get a login */
    const struct irw_insecure *insecure;
};

/* Why the realm of a challenge, a NUL-terminated text, must not be asked for a
 * token; IRW_VERDICT_NONE: it may. In `origin`, whose it is. IRW_URL_MEMORY
 * sets neither. */
enum irw_url_status irw_judge_realm(const struct irw_namer *namer,
                                    const char *realm,
                                    struct irw_web_origin *origin,
                                    enum irw_verdict *verdict);

/* The same for the URL that a redirect leads to. */
enum irw_url_status irw_judge_redirect(const struct irw_namer *namer,
                                       const char *url,
                                       struct irw_web_origin *origin,
                                       enum irw_verdict *verdict);
