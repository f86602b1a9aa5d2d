/*
 * Grafts: nodes that a change of the text adds to a tree, and where its other
 * nodes are then.
 */
#pragma once

#include "yaml/tree.h"

/* A node that is added. */
struct irw_sprout {
    enum irw_node_type type;
    enum irw_style style;
    uint32_t start, end; /* bytes of the text that is inserted */
    uint32_t size;       /* nodes: itself and all below it */
    imgrw_str value;     /* of a scalar */
};

/* Nodes that are added in one place: a list's item, or a key and its value. */
struct irw_graft {
    uint32_t parent; /* the collection that gets them */
    uint32_t at;     /* they come before this node, or behind the last one */
    bool replaces;   /* the node at `at` goes: a null that becomes a list */
    uint32_t start;  /* where the text is inserted, in the whole old text */
    size_t to;       /* and in the new one */
    uint32_t lead;   /* bytes of it before the first that is no blank */
    const struct irw_sprout *sprouts;
    uint32_t count;
    int64_t grown; /* nodes that it and those before it in its tree add */
};

/* The grafts of one tree, in the order of the text. */
struct irw_grafts {
    const struct irw_graft *items;
    size_t count;
};

/* Where the node `index` of the old tree is in the new one. */
uint32_t irw_grafts_move(const struct irw_grafts *grafts, uint32_t index);

/* Where the node is that comes behind all of `index`, which was `next`. */
uint32_t irw_grafts_move_next(const struct irw_grafts *grafts, uint32_t index,
                              uint32_t next);

/* The graft that adds the first child of `index`, or NULL. */
const struct irw_graft *irw_grafts_first_child(const struct irw_grafts *grafts,
                                               uint32_t index);

/* The graft whose nodes come right behind all of `index`, of which the next
 * node was `next`, or NULL. */
const struct irw_graft *irw_grafts_behind(const struct irw_grafts *grafts,
                                          uint32_t index, uint32_t next);
