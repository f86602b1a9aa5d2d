/*
 * Just enough of patch(1) to try out a diff.
 */
#pragma once

#include <imgrewrite/base.h>

/* Claims that `diff`, a unified diff of one file, makes `after` of `before`. */
void fuzz_claim_patch(imgrw_str diff, imgrw_str before, imgrw_str after);
