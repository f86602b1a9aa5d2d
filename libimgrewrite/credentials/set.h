/*
 * The set of credentials, as the files of this layer share it.
 */
#pragma once

#include "base/str.h"

#include <imgrewrite/credentials.h>

/* The most that a Secret may hold, and so a file of credentials. */
#define IRW_SECRET_BYTES ((size_t)1 << 20)

struct irw_credential {
    char *host;      /* malloc'ed */
    imgrw_str pair;  /* "user:password", malloc'ed; wiped before it is freed */
    size_t user;     /* bytes of the user name */
    size_t round;    /* which call added it */
    bool incomplete; /* the password is still to come */
};

struct imgrw_credentials {
    struct irw_credential *items; /* by host, in the order of their bytes */
    size_t count, capacity;
    size_t round; /* of the call that is running */
};

/* An entry to be added, with the places of its parts. */
struct irw_given {
    imgrw_str endpoint, user, password;
    bool incomplete; /* there is no password yet */
    struct imgrw_location endpoint_at, user_at, password_at;
};

/* Who hears of an entry that is odd. */
struct irw_listener {
    imgrw_warn_fn *warn; /* may be NULL */
    void *user;
};

/* Adds an entry; see imgrw_credentials_add. */
enum imgrw_status irw_credentials_put(struct imgrw_credentials *credentials,
                                      const struct irw_given *given,
                                      const struct irw_listener *listener,
                                      struct imgrw_error *error);

/* Removes what the running call added. */
void irw_credentials_undo(struct imgrw_credentials *credentials);
