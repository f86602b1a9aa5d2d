/*
 * Placeholders: what another program fills in before a registry is asked, such
 * as `${TAG}` and `{{ .tag }}`.
 */
#pragma once

#include "base/str.h"

#include <imgrewrite/reference.h>

/* How many bytes the placeholder has that begins at byte `at`; 0: none does. */
size_t irw_placeholder_size(imgrw_str text, size_t at);

/* Where the first placeholder begins, or SIZE_MAX. */
size_t irw_placeholder_find(imgrw_str text);

/* Where the first byte is, from byte `from` on, that is one of `chars` and in
 * no placeholder; the size of the text where there is none. */
size_t irw_placeholder_pass(imgrw_str text, size_t from, const char *chars);

/* Writes the text into `buffer` with "x" in the place of each placeholder;
 * empty where it has none, or is longer than any reference. */
imgrw_str irw_placeholder_fill(imgrw_str text,
                               struct imgrw_reference_buffer *buffer);

/* Whether `text` may become `word` once its placeholders are filled in. Without
 * any, it has to be the word. */
bool irw_placeholder_may_be(imgrw_str text, imgrw_str word);
