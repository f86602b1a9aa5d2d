/*
 * Writing JSON.
 */
#pragma once

#include "base/text.h"

/* Adds `str` as a JSON string, which is a string of YAML, too. Bytes that are
 * not UTF-8, as a path may hold, become U+FFFD. */
void irw_json_string(struct irw_text *text, imgrw_str str);

/* Whether some character of `str` can only be seen there as an escape: what is
 * no text to YAML. */
bool irw_json_hides(imgrw_str str);

/* Adds `"name": ` and `str`, or null for an empty one, after a comma. */
void irw_json_member(struct irw_text *text, const char *name, imgrw_str str);

/* Adds `"name": ` and a number, after a comma. */
void irw_json_number(struct irw_text *text, const char *name, size_t number);
