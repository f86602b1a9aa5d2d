/*
 * What a text means to who reads it: no matter how it is written, and in which
 * order the pairs of a mapping come.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* Whether libyaml reads both texts, and as the same. */
bool meaning_equal(imgrw_str one, imgrw_str other);
