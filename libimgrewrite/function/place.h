/*
 * Where things of a list are, in the words of those who read results: the field
 * of a resource, and the file that it is from.
 */
#pragma once

#include "function/list.h"

/* An item of a list, and where it is from. */
struct irw_list_place {
    uint32_t item;  /* node, its alias followed; IRW_NO_NODE: there is none */
    imgrw_str path; /* of its file; empty: it does not say */
    size_t index;   /* of its document in the file; SIZE_MAX: the same */
};

/* The place of the item that a field begins with, "items/3/spec"; the first
 * item has the number 0. */
struct irw_list_place irw_list_place_of(const struct irw_resource_list *list,
                                        imgrw_str field);

/* The place of the item that has the byte at `offset`. */
struct irw_list_place irw_list_place_at(const struct irw_resource_list *list,
                                        size_t offset);

/* The items that a field went through last, each of a list in the one before:
 * those of the next field are near. Zero-initialised is none. */
struct irw_item_cursors {
    struct irw_item_cursor {
        struct irw_items items; /* after it */
        uint32_t list, item;
    } levels[4]; /* the last one is of all that lie deeper */
};

/* A field of an item's resource, in `arena`: "items/3/spec/containers/0/image"
 * gives "spec.containers[0].image". A key with a dot or a bracket stands in
 * brackets. What is in a list among the items counts from there. False when
 * memory is out. */
bool irw_list_field(const struct irw_resource_list *list, imgrw_str field,
                    struct irw_item_cursors *cursors, struct irw_arena *arena,
                    imgrw_str *path);
