/*
 * A ResourceList: the document that a function reads.
 */
#pragma once

#include "base/list.h"
#include "yaml/cursor.h"

/* The deepest nesting of any list. */
#define IRW_LIST_DEPTH_MAX 1000

/* Zero-initialised is empty. */
struct irw_resource_list {
    struct irw_source source; /* its path is static */
    struct irw_tree tree;
    uint32_t root;
    /* Nodes, as they are written; IRW_NO_NODE: the list has none. */
    uint32_t version, kind, items, config, results;
    IRW_LIST(uint32_t) entries; /* the items, as they are written */
};

/* How large and how deep a list may be. */
struct irw_list_limits {
    size_t max_bytes;
    uint32_t max_depth;
};

/* Reads a list; strings live in `text` or in `arena`. The caller clears the
 * list also after a failure. IMGRW_ERR_INPUT: it is not one ResourceList with
 * items; IMGRW_ERR_ENCODING, IMGRW_ERR_SYNTAX, IMGRW_ERR_LIMIT,
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_resource_list_read(imgrw_str text,
                                         const struct irw_list_limits *limits,
                                         struct irw_arena *arena,
                                         struct irw_resource_list *list,
                                         struct imgrw_error *error);

void irw_resource_list_clear(struct irw_resource_list *list);

/* Where a node of the list is. */
struct imgrw_location
irw_resource_list_locate(const struct irw_resource_list *list, uint32_t node);
