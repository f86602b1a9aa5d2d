/*
 * A login at a registry: a user name and a password, or a token that stands for
 * both.
 */
#pragma once

#include <imgrewrite/base.h>

/* All are NUL-terminated. */
struct irw_login {
    char *user, *password; /* never NULL; either may be empty */
    char *identity_token;  /* what token servers take instead; NULL: none */
    char *source;          /* where it comes from, for people; never secret */
    int64_t expires_at;    /* in seconds since 1970; 0: not known */
};

/* What a login is made of. The token may be empty, which is none. */
struct irw_login_parts {
    imgrw_str user, password, identity_token, source;
};

/* What keeps the parts from being a login, in words that quote nothing of them;
 * NULL where nothing does. A user name has no ":", where HTTP would cut it; no
 * part has control characters, and a token consists of visible ASCII. */
const char *irw_login_fault(const struct irw_login_parts *parts);

/* Makes a login of copies of its parts, which irw_login_fault has nothing
 * against; NULL when memory is out. Release it with irw_login_free. */
struct irw_login *irw_login_new(const struct irw_login_parts *parts);

/* A login like `login`, to be released as well; NULL when memory is out. */
struct irw_login *irw_login_copy(const struct irw_login *login);

/* Overwrites and releases the login, which may be NULL. */
void irw_login_free(struct irw_login *login);
