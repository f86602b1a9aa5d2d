/*
 * JSON lines: an object a line.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* Whether the text, from byte `start` on, begins with two lines that are an
 * object each, so that it is not one document. */
bool irw_is_lines(imgrw_str text, size_t start);

/* Sets `*line` to the next line that is not blank, without blanks around it,
 * and moves `*from` after it; false at the end. */
bool irw_next_line(imgrw_str text, size_t *from, imgrw_str *line);
