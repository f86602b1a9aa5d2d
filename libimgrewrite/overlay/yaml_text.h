/*
 * Writing YAML.
 */
#pragma once

#include "base/text.h"

/* Writes a line: `head`, such as "  name: ", and a string, in quotes where it
 * needs them. */
void irw_yaml_line(struct irw_text *text, const char *head, imgrw_str str);
