/*
 * The set of credentials, for the files of this folder.
 */
#pragma once

#include "base/list.h"
#include "base/map.h"
#include "config/reader.h"

#include <imgrewrite/credentials.h>

/* The most that a Secret may hold, and therefore a file of credentials. */
#define IRW_SECRET_BYTES ((size_t)1 << 20)

struct irw_credential {
    imgrw_str host;  /* with a NUL after it */
    imgrw_str key;   /* the same in lower case */
    imgrw_str pair;  /* "user:password" */
    size_t batch;    /* which call added it */
    bool incomplete; /* the password is still to come */
    bool is_access_key; /* of AWS */
    int64_t expires_at; /* see struct imgrw_credential */
};

struct imgrw_credentials {
    struct irw_arena arena; /* holds the entries; it is wiped */
    IRW_LIST(struct irw_credential *) list; /* sorted by the bytes of `host` */
    struct irw_map hosts; /* the entries again, by their keys */
    size_t batch;         /* the call that is running */
    bool accept_access_keys;
    imgrw_str made;       /* the text that was made last, malloc'ed; wiped */
};

/* An entry that is to be added, and, if it comes from a text, the nodes of its
 * parts. */
struct irw_new_credential {
    imgrw_str endpoint, user, password;
    bool incomplete; /* there is no password yet */
    int64_t expires_at; /* see struct imgrw_credential */
    uint32_t endpoint_at, user_at, password_at, expiry_at;
};

/* Adds an entry to the reader's credentials; see imgrw_credentials_add. */
enum imgrw_status irw_credentials_put(struct irw_reader *reader,
                                      const struct irw_new_credential *entry);

/* What is said of an access key of AWS. */
extern const char irw_no_access_keys[];

/* Whether each entry has a password with which a kubelet can log in. */
enum imgrw_status
irw_credentials_check(const struct imgrw_credentials *credentials,
                      struct imgrw_error *error);

/* Keeps a text that was made of the set, malloc'ed, in place of the last. */
void irw_credentials_keep(struct imgrw_credentials *credentials,
                          imgrw_str made);

/* Removes what the running call added. */
void irw_credentials_undo(struct imgrw_credentials *credentials);

/* Overwrites and frees malloc'ed bytes; the data may be NULL. */
void irw_wipe(imgrw_str secret);
