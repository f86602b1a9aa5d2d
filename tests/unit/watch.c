#include "watch.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

void *__real_malloc(size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

static const char *const *wanted;
static size_t wanted_count;
static bool watching;
static struct watch_count seen;

void
watch_begin(const char *const *needles, size_t count)
{
    wanted = needles;
    wanted_count = count;
    seen = (struct watch_count){0};
    watching = true;
}

struct watch_count
watch_end(void)
{
    watching = false;
    return seen;
}

void
watch_free(void *block)
{
    void (*volatile release)(void *) = __wrap_free;

    release(block); /* of free itself a compiler knows that nobody looks */
}

static void
look(const void *block)
{
    size_t size = malloc_usable_size((void *)(uintptr_t)block);

    seen.freed++;
    for (size_t i = 0; i < wanted_count; i++)
        seen.leaked +=
            memmem(block, size, wanted[i], strlen(wanted[i])) != NULL;
}

void *
__wrap_malloc(size_t size)
{
    void *block = __real_malloc(size);

    return block ? memset(block, 0, size) : NULL;
}

void *
__wrap_calloc(size_t count, size_t size)
{
    return __wrap_malloc(count * size);
}

/* Always to another place, as realloc may. */
void *
__wrap_realloc(void *block, size_t size)
{
    void *grown = __wrap_malloc(size);
    size_t old = block ? malloc_usable_size(block) : 0;

    if (grown && block) {
        memcpy(grown, block, old < size ? old : size);
        __wrap_free(block);
    }
    return grown;
}

void
__wrap_free(void *block)
{
    if (block && watching)
        look(block);
    __real_free(block);
}
