/*
 * Base64 by RFC 4648, section 4: the standard alphabet, padded.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* The size of `size` bytes in base64; `size` is at most SIZE_MAX / 2. */
size_t irw_base64_size(size_t size);

/* Writes `data` to `text`, which has irw_base64_size(data.size) bytes, and
 * returns their end. */
char *irw_base64_encode(imgrw_str data, char *text);

/* Reads `text` into `data`, which has as many bytes as `text`, and sets
 * `size`. Line breaks are passed over, as RFC 2045 wraps its lines and Go reads
 * them; anything else that is not in the alphabet, and a padding that is
 * missing or too much, is refused. */
bool irw_base64_decode(imgrw_str text, char *data, size_t *size);
