/*
 * Templates: text with names in braces.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* Sets `*value` to what `{name}` becomes; false: it cannot be written. */
typedef bool irw_template_fn(imgrw_str name, imgrw_str *value, void *user);

/* Writes `text` into `buffer` of `size` bytes, with values for names. The
 * result is a path: where a value is empty, the "/" that separates it goes with
 * it. False: `look_up` said so, or the result is too long. */
bool irw_template_write(const char *text, irw_template_fn *look_up, void *user,
                        char *buffer, size_t size, imgrw_str *result);
