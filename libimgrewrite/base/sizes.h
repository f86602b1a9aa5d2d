/*
 * Structs with a size: the caller and the library may have been built with
 * different versions of a struct that begins with its size.
 */
#pragma once

#include <imgrewrite/base.h>

/* Copies the caller's struct `from`, which may be NULL for "all defaults", to
 * `to`, whose size here is `size`. Fields an older caller does not know are
 * zero. IMGRW_ERR_ARGUMENT: `from` says no size, or is longer than ours and
 * uses what we do not know. */
enum imgrw_status irw_sized_copy(void *to, size_t size, const void *from,
                                 const char *name, struct imgrw_error *error);
