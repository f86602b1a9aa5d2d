/*
 * Lists that grow, and searching in sorted ones.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A list of `type` in malloc'ed memory, which its owner frees. Zero-initialised
 * it is empty and ready for use. */
#define IRW_LIST(type) \
    struct { \
        type *items; \
        size_t count, capacity; \
    }

/* Appends the value that follows `list`, a pointer to an IRW_LIST; false when
 * memory is out, and the list is then as it was. */
#define IRW_APPEND(list, ...) \
    (irw_grow(&(list)->items, &(list)->capacity, (list)->count + 1, \
              sizeof(*(list)->items)) && \
     ((list)->items[(list)->count++] = (__VA_ARGS__), true))

/* Makes room in a malloc'ed array for `need` items of `size` bytes, at least
 * doubling `*capacity` when it grows; false when memory is out. `array` is the
 * address of the pointer to the array. */
bool irw_grow(void *array, size_t *capacity, size_t need, size_t size);

/* Sets `index`, a variable of the caller, to the first of `count` sorted items
 * that is not before the place that is looked for, or to `count`. `is_before`
 * is an expression that says so of the item number `index`. */
#define IRW_LOWER_BOUND(index, count, is_before) \
    do { \
        size_t low_ = 0, high_ = (count); \
        while (low_ < high_) { \
            (index) = low_ + (high_ - low_) / 2; \
            if (is_before) \
                low_ = (index) + 1; \
            else \
                high_ = (index); \
        } \
        (index) = low_; \
    } while (0)
