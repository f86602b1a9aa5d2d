/*
 * The keys by which values are searched.
 */
#pragma once

#include "base/str.h"

/* Whether a key of values names an image or a registry by itself, other than by
 * a word for images in it. */
bool irw_is_values_key(imgrw_str key);
