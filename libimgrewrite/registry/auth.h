/*
 * "user:password" in base64 (RFC 4648, section 4), as HTTP's Basic scheme,
 * Docker's files and ECR have it.
 */
#pragma once

#include "registry/bytes.h"

enum irw_auth_status {
    IRW_AUTH_FINE,
    IRW_AUTH_NOT_BASE64, /* or its padding is missing or too much */
    IRW_AUTH_NO_COLON,   /* between user and password */
    IRW_AUTH_MEMORY
};

/* Adds user and password to `text`, in base64. */
void irw_auth_write(struct irw_bytes *text, imgrw_str user, imgrw_str password);

/* Takes `text` apart, into slices of `pair`, which was empty and is to be
 * wiped, whatever the result. Line breaks in the text are passed over, as Go
 * does; zero bytes after the password do not belong to it, as in Docker. */
enum irw_auth_status irw_auth_read(imgrw_str text, struct irw_bytes *pair,
                                   imgrw_str *user, imgrw_str *password);
