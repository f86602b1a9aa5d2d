/*
 * Looks for secrets in the memory that the library gives back. Its calls of
 * malloc and its like come here first (-Wl,--wrap); those of other libraries do
 * not, whose memory is their own.
 */
#pragma once

#include <stddef.h>

/* What was seen since watch_begin: blocks that were freed, and those of them
 * that held a secret. */
struct watch_count {
    size_t freed, leaked;
};

/* Begins to look for `count` texts in each block that is freed. */
void watch_begin(const char *const *needles, size_t count);

/* Ends that. */
struct watch_count watch_end(void);

/* Frees a block before the watch's eyes, which a compiler does not know. */
void watch_free(void *block);
