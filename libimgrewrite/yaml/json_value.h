/*
 * Where a JSON value ends, for texts in which one follows the other.
 */
#pragma once

#include <imgrewrite/base.h>

/* The byte after the JSON object or list that begins at byte `start`; SIZE_MAX:
 * there is none, or it is not all JSON. Brackets are only counted, and what is
 * between them is only looked at: a parser has yet to read the value. No YAML
 * that is made of the same tokens ends elsewhere. */
size_t irw_json_value_end(imgrw_str text, size_t start);
