/*
 * The anchors of one document: from name to the node that has it last.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* Zero-initialised is empty and ready for use; an open-addressed hash table. */
struct irw_anchors {
    struct irw_anchor *slots;
    size_t count, capacity; /* capacity is a power of two */
};

struct irw_anchor {
    imgrw_str name; /* empty: a free slot */
    uint32_t node;
};

/* Sets `name`, which must outlive the table; false when memory is out. */
bool irw_anchors_set(struct irw_anchors *anchors, imgrw_str name,
                     uint32_t node);

/* The node of `name`, or UINT32_MAX. */
uint32_t irw_anchors_get(const struct irw_anchors *anchors, imgrw_str name);

/* Forgets all names and keeps the memory. */
void irw_anchors_reset(struct irw_anchors *anchors);

void irw_anchors_clear(struct irw_anchors *anchors);
