/*
 * Work that is divided among threads, and their number.
 */
#pragma once

#include <stddef.h>

/* A piece of the work, by its number from 0. */
typedef void irw_thread_fn(size_t number, void *user);

/* Does the pieces numbered below `count`: the first in the caller's thread,
 * each of the others in one of its own, or in the caller's where none can be
 * had. All have ended when this returns. */
void irw_in_threads(size_t count, irw_thread_fn *work, void *user);

/* Among how many threads of `jobs`, 0 being as good as 1, so many bytes of text
 * should be divided: where it would save less than it costs, the fewer. */
size_t irw_thread_count(size_t bytes, unsigned jobs);
