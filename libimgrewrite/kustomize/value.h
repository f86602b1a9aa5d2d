/*
 * Values: a resource or a patch as data, to be patched as kustomize does it.
 */
#pragma once

#include "base/text.h"
#include "yaml/merge.h"

enum irw_value_type {
    IRW_VALUE_SCALAR,
    IRW_VALUE_MAPPING,
    IRW_VALUE_SEQUENCE,
};

struct irw_value {
    enum irw_value_type type;
    bool is_plain;  /* a scalar without quotes, such as a number */
    bool is_null;
    imgrw_str key;  /* that a mapping has it under; empty in a sequence */
    imgrw_str text; /* of a scalar */
    size_t file;     /* that it was read from, by the number its reader gave */
    uint32_t offset; /* in the text of that, in bytes */
    size_t from, to; /* its bytes in what irw_value_write has made last */
    struct irw_value *first, *last; /* children */
    struct irw_value *next;         /* sibling */
};

/* What values are made with. Patches may copy, and aliases repeat, so that the
 * work has a limit. */
struct irw_value_work {
    struct irw_arena *arena;
    size_t steps; /* that are left */
    size_t nodes; /* the same of what takes memory */
    bool spent;   /* there were too few, or values were too deep */
    bool failed;  /* memory is out */
};

/* A work that has not begun, with an arena. */
#define IRW_VALUE_WORK(of_arena) \
    ((struct irw_value_work){.arena = (of_arena), \
                             .steps = (size_t)1 << 28, \
                             .nodes = (size_t)1 << 22})

/* How the work stands. IMGRW_ERR_LIMIT: it is spent; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_value_work_end(const struct irw_value_work *work,
                                     struct imgrw_error *error);

/* Takes steps; false when there are too few left. */
bool irw_value_take(struct irw_value_work *work, size_t steps);

/* Makes a value of a node, with what aliases and merge keys bring; its texts
 * are those of the tree. `file` is what it says of where it is from. NULL where
 * the work has failed, or is spent. */
struct irw_value *irw_value_read(struct irw_value_work *work,
                                 const struct irw_tree *tree, uint32_t node,
                                 size_t file);

/* A copy, without nulls in mappings where they say what is to go. NULL where
 * the work has failed, or is spent. */
struct irw_value *irw_value_copy(struct irw_value_work *work,
                                 const struct irw_value *value,
                                 bool without_nulls);

/* The child of a mapping with this key; NULL: it has none, or is no mapping. */
struct irw_value *irw_value_find(struct irw_value_work *work,
                                 const struct irw_value *value, imgrw_str key);

/* Puts a child, which has no siblings, behind another one, or before all where
 * that is NULL. */
void irw_value_insert(struct irw_value *parent, struct irw_value *after,
                      struct irw_value *child);

/* Takes a child away. */
void irw_value_remove(struct irw_value *parent, const struct irw_value *child);

/* Makes a value what another one is, which is not used afterwards; its key and
 * its place among its siblings stay. */
void irw_value_become(struct irw_value *value, const struct irw_value *other);

/* Adds the value to a text, as JSON, or as YAML where a scalar has no quotes,
 * and notes the bytes of all values. */
void irw_value_write(struct irw_value_work *work, struct irw_value *value,
                     struct irw_text *text);
