/*
 * Failing in one statement.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdarg.h>

/* Not a place in any text. */
#define IRW_NO_LOCATION ((struct imgrw_location){0})

/* Fills `error`, unless it is NULL, and returns `status`. A message that is too
 * long is cut at the end of a character; control characters in it become "?",
 * so that hostile input cannot write to a terminal. */
__attribute__((format(printf, 4, 5), nonnull(4))) enum imgrw_status
irw_fail(struct imgrw_error *error, enum imgrw_status status,
         struct imgrw_location at, const char *format, ...);

/* irw_fail for a function that takes the arguments of a format itself. */
__attribute__((format(printf, 4, 0), nonnull(4))) enum imgrw_status
irw_vfail(struct imgrw_error *error, enum imgrw_status status,
          struct imgrw_location at, const char *format, va_list arguments);

/* irw_fail for an argument, whose name is `what`, that must not be NULL. */
enum imgrw_status irw_fail_null(struct imgrw_error *error, const char *what);

/* irw_fail for an allocation that failed. */
enum imgrw_status irw_fail_memory(struct imgrw_error *error);
