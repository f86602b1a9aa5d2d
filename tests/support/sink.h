/*
 * A text in memory that an imgrw_write_fn writes to.
 */
#pragma once

#include "support.h"

#include <string.h>

struct sink {
    char text[4096];
    size_t size, calls, stop_at; /* the call that asks to stop; 0: none does */
};

/* An imgrw_write_fn; `user` is the sink. */
static inline int
take(const char *data, size_t size, void *user)
{
    struct sink *sink = user;

    assert_true(sink->size + size < sizeof(sink->text));
    memcpy(sink->text + sink->size, data, size);
    sink->size += size;
    return ++sink->calls == sink->stop_at;
}
