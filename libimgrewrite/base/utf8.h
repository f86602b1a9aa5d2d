/*
 * The well-formedness of UTF-8, which YAML and JSON both insist on.
 */
#pragma once

#include <stddef.h>

/* The length of the character at `bytes`, of which `left` > 0 are there; 0 when
 * it is malformed, overlong, a surrogate, or beyond U+10FFFF. */
size_t irw_utf8_size(const char *bytes, size_t left);
