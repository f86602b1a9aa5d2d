/*
 * Credentials in tests: what a call warns of, and what a Secret holds.
 */
#pragma once

#include "support.h"

#include <imgrewrite/imgrewrite.h>

#define SECRET_TEXT_MAX 8192

/* What a call wrote or warned of. Zero-initialised is ready for use. */
struct secret_text {
    char text[SECRET_TEXT_MAX]; /* NUL-terminated */
    size_t size;
    size_t warnings;
    struct imgrw_location at; /* of the last warning */
};

/* An empty set; what fails ends the test. */
struct imgrw_credentials *secret_text_new(void);

/* For imgrw_credentials_write_secret; `user` is a struct secret_text. */
imgrw_write_fn secret_text_write;

/* The same for warnings. */
imgrw_warn_fn secret_text_warn;

/* The value of `key`, behind a colon and a blank, in a Secret; the rest of the
 * line. "" where there is none. */
imgrw_str secret_text_value(const struct secret_text *secret, const char *key);

/* Decodes base64, in a way of its own, with a NUL behind; false where it is
 * none. `size` is that of `data`. */
bool secret_text_decode(imgrw_str text, char *data, size_t size);
