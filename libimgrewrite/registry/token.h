/*
 * Tokens: how a server of tokens is asked for one, and what it answers.
 */
#pragma once

#include "registry/bytes.h"
#include "registry/outcome.h"

/* No answer with a token is larger. */
#define IRW_TOKEN_BODY_MAX ((size_t)1 << 20)

/* What is asked for. */
struct irw_token_wish {
    imgrw_str realm;      /* a URL that was judged (irw_judge_realm) */
    imgrw_str service;    /* of the challenge; empty: none */
    imgrw_str repository; /* the token is to pull from */
    imgrw_str account;    /* user name; empty: none */
    imgrw_str identity;   /* an identity token, for irw_token_form */
};

/* Adds the URL of the request to `url`: that of the realm, whose own query
 * stays, with service, scope and account. The scope is ours, because that of a
 * challenge may be missing, or wider than what is needed. */
void irw_token_url(const struct irw_token_wish *wish, struct irw_bytes *url);

/* Adds the body of a request (POST to the realm itself) that turns an identity
 * token into one for the repository. */
void irw_token_form(const struct irw_token_wish *wish, struct irw_bytes *form);

/* Adds "Basic ..." for a user name and a password to `value`. */
void irw_basic_value(imgrw_str user, imgrw_str password,
                     struct irw_bytes *value);

/* Adds the token of an answer to `token`, and sets how many seconds it is good
 * for, from 60 on. IRW_VERDICT_BAD_TOKEN: there is none, or none that could
 * stand in a header. */
enum irw_verdict irw_token_read(imgrw_str body, struct irw_bytes *token,
                                unsigned *seconds);
