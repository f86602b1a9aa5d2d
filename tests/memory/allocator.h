/*
 * An allocator that fails when told to, in place of the C library's and for
 * every shared library of the process.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Which allocations fail, counted from 1 since allocator_arm. */
struct allocator_plan {
    size_t first; /* 0: none */
    bool all;     /* this one and all after it, not this one alone */
};

/* Begins to count the allocations, and to fail those of `plan`. */
void allocator_arm(struct allocator_plan plan);

/* Ends that; returns how many allocations there were. */
size_t allocator_disarm(void);

/* Counts an allocation; true when it is one that is to fail. */
bool allocator_fails(void);

/* How many bytes were allocated since allocator_arm, released or not. */
size_t allocator_bytes(void);

/* While the depth is not 0, allocations neither count nor fail. */
void allocator_excuse(int change);

/* How many blocks are allocated and not released. */
long allocator_live(void);
