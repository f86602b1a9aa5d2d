/*
 * The gate before a text by itself.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* Whether libfyaml may see the text; where libyaml does not take it, nothing is
 * known of what is inside. */
bool passes_gate(imgrw_str text);
