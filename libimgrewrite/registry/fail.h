/*
 * Failing in one statement, as base/error.h has it for the core library, whose
 * inside this library does not use.
 */
#pragma once

#include <imgrewrite/base.h>

/* Fills `error`, unless it is NULL, and returns `status`. A message that is too
 * long is cut at the end of a character; control characters in it become "?".
 */
__attribute__((format(printf, 3, 4), nonnull(3))) enum imgrw_status
irw_registry_fail(struct imgrw_error *error, enum imgrw_status status,
                  const char *format, ...);

/* The same for an argument, whose name is `what`, that must not be NULL. */
enum imgrw_status irw_registry_fail_null(struct imgrw_error *error,
                                         const char *what);

/* The same for an allocation that failed. */
enum imgrw_status irw_registry_fail_memory(struct imgrw_error *error);
