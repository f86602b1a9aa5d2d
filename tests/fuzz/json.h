/*
 * Whether a text is JSON, by RFC 8259.
 */
#pragma once

#include <imgrewrite/base.h>

/* Claims that `text` is one JSON value in UTF-8. */
void fuzz_claim_json(imgrw_str text);
