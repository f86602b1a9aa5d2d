#include "base/list.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 4

bool
irw_grow(void *array, size_t *capacity, size_t need, size_t size)
{
    size_t wanted = *capacity * 2;
    void *items;

    if (need <= *capacity)
        return true;
    if (wanted < FIRST_CAPACITY)
        wanted = FIRST_CAPACITY;
    if (wanted < need)
        wanted = need;
    if (wanted > SIZE_MAX / 2 / size)
        return false;
    /* The pointer is copied because it may be of any type, and an object may
     * not be read through a pointer to another type. */
    memcpy(&items, array, sizeof(items));
    items = realloc(items, wanted * size);
    if (!items)
        return false;
    memcpy(array, &items, sizeof(items));
    *capacity = wanted;
    return true;
}
