/*
 * What the fuzz targets share. A target is one function, called with one input
 * after the other by libFuzzer or by replay.c; it ends the process when the
 * library does not keep a promise.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* The target; always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process with a message unless `holds`. */
__attribute__((format(printf, 2, 3))) void
fuzz_claim(bool holds, const char *format, ...);

/* A slice of a NUL-terminated string. */
imgrw_str fuzz_str(const char *text);

bool fuzz_equal(imgrw_str one, imgrw_str other);

/* Claims that `error` is filled for `status` and points into `text`. */
void fuzz_claim_error(const struct imgrw_error *error, enum imgrw_status status,
                      imgrw_str text);

/* Claims that `status` is success; for what needs no luck. */
void fuzz_must(enum imgrw_status status, const struct imgrw_error *error);
