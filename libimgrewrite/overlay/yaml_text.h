/*
 * Writing YAML.
 */
#pragma once

#include "base/text.h"

/* Writes `str` as a string of YAML, in quotes where it needs them. */
void irw_yaml_string(struct irw_text *text, imgrw_str str);

/* Writes a line: `head`, such as "  name: ", and a string. */
void irw_yaml_line(struct irw_text *text, const char *head, imgrw_str str);
