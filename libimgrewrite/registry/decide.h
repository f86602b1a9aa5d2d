/*
 * What to do after each response about an image: the next step, or the verdict.
 * This is a table in the form of functions, without I/O.
 */
#pragma once

#include "registry/outcome.h"
#include "registry/response.h"

/* No image takes more of these. */
#define IRW_REDIRECTS_MAX 5

/* How often, and after how many milliseconds at most, what a server asks to be
 * repeated is repeated. */
#define IRW_RATE_RETRIES 2
#define IRW_WAIT_MAX     5000
#define IRW_WAIT_DEFAULT 1000 /* before what it did not ask for */

enum irw_request {
    IRW_REQUEST_HEAD, /* of the manifest */
    IRW_REQUEST_GET,  /* of the manifest */
    IRW_REQUEST_PING, /* of /v2/, for its challenge */
    IRW_REQUEST_TOKEN,
};

/* How far asking about an image has come. */
struct irw_inquiry {
    enum irw_request request; /* that was answered */
    bool resolve;    /* the digest is to be proved */
    bool with_login; /* this is the second pass */
    bool authorized; /* the request had a token, or the login */
    bool stale;      /* the token was got for an older challenge than that of
                        the response */
    bool elsewhere;  /* it went to another origin, by redirects */
    bool pinged;     /* the challenge is that of a ping */
    unsigned redirects, rate_retries, server_retries, lost_retries; /* so far */
    imgrw_str wanted;   /* digest of the reference; empty: none */
    imgrw_str computed; /* digest of the body; empty: it is not known */
    enum irw_verdict redirect; /* IRW_VERDICT_NONE: the Location may be asked */
    bool is_unknown_image;     /* the body says so */
};

enum irw_action {
    IRW_ACTION_END,    /* with the verdict */
    IRW_ACTION_GET,    /* the manifest, where the last request went */
    IRW_ACTION_PING,
    IRW_ACTION_TOKEN,  /* get one for the Bearer challenge */
    IRW_ACTION_LOGIN,  /* ask again with user name and password */
    IRW_ACTION_FOLLOW, /* the redirect */
    IRW_ACTION_RETRY,  /* the same, after a wait */
};

struct irw_probe_step {
    enum irw_action action;
    enum irw_verdict verdict; /* where it ends */
    unsigned wait;            /* milliseconds, before a retry */
    unsigned *retries; /* of the inquiry, which the retry counts for; or NULL */
};

/* After a response to what asks the registry. */
struct irw_probe_step irw_decide(struct irw_inquiry *inquiry,
                           const struct irw_response *response);

/* After one of a token server. IRW_ACTION_TOKEN: it may hold a token. */
struct irw_probe_step irw_decide_token(struct irw_inquiry *inquiry,
                                 const struct irw_response *response);

/* Whether `text` is a digest: sha256 or sha512 with its hexadecimal digits. */
bool irw_is_digest(imgrw_str text);

/* The media type of a manifest or an index, without parameters, a static text;
 * empty for one of something else. */
imgrw_str irw_manifest_type(imgrw_str type);

/* Whether it is that of an index. */
bool irw_is_index_type(imgrw_str type);
