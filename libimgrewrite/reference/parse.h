/*
 * References of which the end may be filled in later.
 */
#pragma once

#include "base/str.h"

#include <imgrewrite/reference.h>

/* Parses a reference as imgrw_reference_parse does or, where the text is none,
 * as one with placeholders in its tag, its digest or both: then `*filled_in` is
 * true, and these parts have the bytes that are there. The errors are those of
 * imgrw_reference_parse. */
IMGRW_CHECKED enum imgrw_status
irw_reference_read(imgrw_str text, struct imgrw_reference *reference,
                   bool *filled_in, struct imgrw_error *error);
