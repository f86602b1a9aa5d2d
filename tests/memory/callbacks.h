/*
 * Callbacks for uses in which what they are told is of no interest.
 */
#pragma once

#include <imgrewrite/base.h>

/* An imgrw_write_fn. */
static inline int
discard(const char *data, size_t size, void *user)
{
    (void)data;
    (void)size;
    (void)user;
    return 0;
}

/* Takes a message. */
static inline void
hear(const struct imgrw_location *at, const char *message, void *user)
{
    (void)at;
    (void)message;
    (void)user;
}
