/*
 * The executable's malloc and its like come before those of the C library, also
 * for the shared libraries; what they stand on is exported by glibc.
 */
#include "allocator.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

static _Thread_local struct allocator_plan plan;
static _Thread_local bool armed;
static _Thread_local int excuses;
static _Thread_local size_t count, bytes;
static atomic_long live;

void
allocator_arm(struct allocator_plan wanted)
{
    plan = wanted;
    count = bytes = 0;
    armed = true;
}

size_t
allocator_disarm(void)
{
    armed = false;
    return count;
}

void
allocator_excuse(int change)
{
    excuses += change;
}

long
allocator_live(void)
{
    return atomic_load(&live);
}

size_t
allocator_bytes(void)
{
    return bytes;
}

bool
allocator_fails(void)
{
    if (!armed || excuses > 0)
        return false;
    count++;
    if (plan.first == 0 || count < plan.first)
        return false;
    if (count > plan.first && !plan.all)
        return false;
    errno = ENOMEM;
    return true;
}

/* Keeps the books about a block of `size` bytes that is new. */
static void *
keep(void *block, size_t size)
{
    if (block)
        atomic_fetch_add(&live, 1);
    if (block && armed)
        bytes += size;
    return block;
}

void *
malloc(size_t size)
{
    return allocator_fails() ? NULL : keep(__libc_malloc(size), size);
}

void *
calloc(size_t items, size_t size)
{
    return allocator_fails() ? NULL
                             : keep(__libc_calloc(items, size), items * size);
}

void *
realloc(void *block, size_t size)
{
    if (!block)
        return malloc(size);
    if (size == 0) {
        free(block);
        return NULL;
    }
    if (armed)
        bytes += size;
    return allocator_fails() ? NULL : __libc_realloc(block, size);
}

void
free(void *block)
{
    if (block)
        atomic_fetch_sub(&live, 1);
    __libc_free(block);
}
