/*
 * Credentials in tests: what a call warns of, and what a Secret holds.
 */
#pragma once

#include "support.h"

#include <imgrewrite/imgrewrite.h>

#define SECRET_TEXT_MAX 8192

/* What calls warned of. Zero-initialised is ready for use. */
struct secret_text {
    char text[SECRET_TEXT_MAX]; /* NUL-terminated */
    size_t size;
    size_t warnings;
    struct imgrw_location at; /* of the last warning */
};

/* An empty set; what fails ends the test. */
struct imgrw_credentials *secret_text_new(void);

/* Takes a warning; `user` is a struct secret_text. */
imgrw_warn_fn secret_text_warn;

/* imgrw_credentials_add with the parts of an entry; `warned` may be NULL. */
enum imgrw_status secret_text_add(struct imgrw_credentials *credentials,
                                  const char *endpoint, const char *username,
                                  const char *password,
                                  struct secret_text *warned,
                                  struct imgrw_error *error);

/* The value of `key`, after a colon and a blank, in a Secret; the rest of the
 * line. "" where there is none. */
imgrw_str secret_text_value(imgrw_str secret, const char *key);

/* Decodes base64, in a way of its own, with a NUL behind; false where it is
 * none. `size` is that of `data`. */
bool secret_text_decode(imgrw_str text, char *data, size_t size);
