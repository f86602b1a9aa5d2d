/*
 * A piece of text as a tree: an array of nodes in the order of the text, each
 * with its byte range. A mapping's children are key, value, key, value.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "yaml/event.h"
#include "yaml/source.h"

#define IRW_NO_NODE UINT32_MAX

enum irw_node_type {
    IRW_NODE_MAPPING,
    IRW_NODE_SEQUENCE,
    IRW_NODE_SCALAR,
    IRW_NODE_ALIAS,
};

struct irw_node {
    uint32_t start, end; /* bytes in the whole text, as event.h says */
    uint32_t next;       /* the node after this one and all below it */
    uint32_t link;       /* of an alias: its target; else its properties + 1 */
    uint8_t type;        /* enum irw_node_type */
    uint8_t style;       /* enum irw_style */
    bool decoded;        /* the text spells the value differently */
    bool claimed : 1;    /* by an image, in the walk over the tree */
    bool document : 1;   /* it is read as one, in the same walk */
    bool counted : 1;    /* as an image of a class that was not asked for */
    bool passed : 1;     /* by the search for what may be an image */
    bool joined : 1;     /* to images, whose registry it is */
    bool merged : 1;     /* into another mapping, which gets what it gets */
};

/* What only few nodes have; kept apart, so that nodes are small. */
struct irw_properties {
    imgrw_str anchor, tag; /* as event.h says */
    imgrw_str value;       /* of a scalar that is `decoded` */
};

struct irw_document {
    uint32_t root; /* node */
    uint32_t end;  /* the node after the last one */
};

/* Zero-initialised is empty and ready for use; the arrays are malloc'ed, the
 * strings live in the text or in the arena given when reading. */
struct irw_tree {
    imgrw_str text;    /* the whole one, as it was read */
    imgrw_str written; /* the same, but of a template, where `text` is its mask:
                          what values are taken from that are `decoded` not */
    const struct irw_mask *mask; /* that was read; NULL: it is no template */
    struct irw_node *nodes;
    struct irw_properties *properties;
    struct irw_document *documents;
    size_t count, capacity;
    size_t property_count, property_capacity;
    size_t document_count, document_capacity;
    bool indirect; /* there are aliases or merge keys */
    bool odd_tags; /* a comma follows a tag, {a: !!str,b: c}, which libyaml
                      and the parser of the cluster read differently */
};

/* Reads a stream of documents tree by tree. */
struct irw_tree_reader;

/* Starts to read; the result is released with irw_tree_close.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_tree_open(const struct irw_backend *backend,
                                struct irw_extract extract, uint32_t max_depth,
                                struct irw_tree_reader **reader,
                                struct imgrw_error *error);

/* Reads the documents that start before byte `limit` into `tree`, replacing its
 * content; there may be none. An alias whose anchor is missing, or whose
 * anchor's value contains it, is an error, as it is to kubectl. Of `error->at`
 * only the offset is set. After a failure only irw_tree_close may be called.
 * IMGRW_ERR_SYNTAX, IMGRW_ERR_LIMIT, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_tree_next(struct irw_tree_reader *reader, size_t limit,
                                struct irw_arena *arena, struct irw_tree *tree,
                                struct imgrw_error *error);

void irw_tree_close(struct irw_tree_reader *reader);

/* Says of a tree that what was read is the mask of a source, which is borrowed,
 * if it has one. */
static inline void
irw_tree_unmask(struct irw_tree *tree, const struct irw_source *source)
{
    tree->written = source->text;
    tree->mask = source->mask;
}

/* Opens, reads all documents, and closes. */
enum imgrw_status irw_tree_read(const struct irw_backend *backend,
                                struct irw_extract extract, uint32_t max_depth,
                                struct irw_arena *arena, struct irw_tree *tree,
                                struct imgrw_error *error);

/* Copies the arrays of `tree` into `arena`; the copy is never cleared. */
enum imgrw_status irw_tree_keep(const struct irw_tree *tree,
                                struct irw_arena *arena, struct irw_tree *kept,
                                struct imgrw_error *error);

void irw_tree_clear(struct irw_tree *tree);

/* The node itself, or what it is an alias of. */
static inline uint32_t
irw_tree_follow(const struct irw_tree *tree, uint32_t node)
{
    return tree->nodes[node].type == IRW_NODE_ALIAS ? tree->nodes[node].link
                                                    : node;
}

/* Whether a key with this node is `<<`, which merges its value's entries. */
static inline bool
irw_is_merge_key(const struct irw_tree *tree, uint32_t index)
{
    const struct irw_node *node = &tree->nodes[index];

    return node->type == IRW_NODE_SCALAR && node->style == IRW_STYLE_PLAIN &&
           node->end - node->start == 2 &&
           memcmp(tree->text.data + node->start, "<<", 2) == 0;
}

/* Where the first mapping begins that may be an action of a template, as in
 * `image: {{ .image }}`; SIZE_MAX: there is none. */
size_t irw_tree_find_action(const struct irw_tree *tree);

/* Anchor and tag of a node; most nodes have none. */
struct irw_properties irw_tree_properties(const struct irw_tree *tree,
                                          uint32_t node);

/* The bytes of what was read that spell the value of a scalar if nothing in it
 * is escaped or folded: those between the quotes, or the first line of a block
 * scalar. */
imgrw_str irw_tree_body(const struct irw_tree *tree, uint32_t node);

/* irw_tree_value for everything but plain scalars that are not `decoded`. */
imgrw_str irw_tree_other_value(const struct irw_tree *tree, uint32_t node);

/* The value of a scalar, decoded; empty for other nodes. */
static inline imgrw_str
irw_tree_value(const struct irw_tree *tree, uint32_t index)
{
    const struct irw_node *node = &tree->nodes[index];

    return node->type == IRW_NODE_SCALAR && !node->decoded &&
                   node->style == IRW_STYLE_PLAIN
               ? irw_slice(tree->written, node->start, node->end)
               : irw_tree_other_value(tree, index);
}
