/*
 * Bytes that grow, and may be a secret: what they outgrow is overwritten.
 * Failure is sticky: add as much as you like, and look at `failed` once at the
 * end.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* Zero-initialised is empty and ready for use. After the bytes there is a NUL,
 * which does not count, once anything was added. */
struct irw_bytes {
    char *data;
    size_t size, capacity;
    bool failed; /* memory ran out; the bytes are not whole */
};

void irw_bytes_add(struct irw_bytes *bytes, imgrw_str str);

/* Adds a NUL-terminated string. */
void irw_bytes_add_text(struct irw_bytes *bytes, const char *text);

/* Adds `str` as a value of a query: what is not unreserved in a URL (RFC 3986)
 * as %XX. */
void irw_bytes_add_percent(struct irw_bytes *bytes, imgrw_str str);

/* Releases the memory; the bytes are empty again. */
void irw_bytes_clear(struct irw_bytes *bytes);

/* The same, after overwriting it. */
void irw_bytes_wipe(struct irw_bytes *bytes);

/* Makes a NUL-terminated copy, malloc'ed; NULL when memory is out. */
char *irw_bytes_copy(imgrw_str str);
