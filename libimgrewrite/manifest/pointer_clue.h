/*
 * What the pointer of an operation of a JSON patch says of the value that it
 * sets.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* Whether a key of a pointer is a position in a list: a number, or the end. */
bool irw_is_position(imgrw_str key);

/* The key that says the most of the value: the last that is no position in a
 * list, or the first below which nothing counts. A variable or an argument that
 * is named by its position may be one for an image: "image". */
imgrw_str irw_pointer_clue(imgrw_str pointer);
