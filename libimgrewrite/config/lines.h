/*
 * JSON lines: an object a line.
 */
#pragma once

#include "config/reader.h"

/* Whether the text, from byte `start` on, begins with two lines that are an
 * object each, so that it is no one document. */
bool irw_config_is_lines(imgrw_str text, size_t start);

/* Sets `*line` to the next line that is not blank, without blanks around it,
 * and moves `*from` behind it; false at the end. */
bool irw_config_next_line(imgrw_str text, size_t *from, imgrw_str *line);

/* Reads a line about an image. */
irw_config_fn irw_config_known_line;
