/*
 * Insertions: text that adds the children of a fragment to a mapping or a list,
 * in block or flow style, written as what is around it is written.
 */
#pragma once

#include "edit/text_edit.h"

enum irw_insert_where {
    IRW_INSERT_BEFORE, /* the key `key` of the mapping `into` */
    IRW_INSERT_LAST,   /* after the last child of `into`, which may have none */
    IRW_INSERT_AFTER,  /* after the item `child` of the list `into` */
    IRW_INSERT_VALUE,  /* in the place of the null that is the value of `key`;
                          the fragment's root has one child */
};

/* What is inserted, and what it should look like. */
struct irw_insert {
    const struct irw_tree *tree;
    enum irw_insert_where where;
    uint32_t into; /* the collection that gets it */
    uint32_t key;  /* whose quotes and colon are copied */
    uint32_t mapping; /* that has the key */
    uint32_t child;   /* AFTER: an item */
    uint32_t model; /* a list after whose fashion a new one is written, or
                       IRW_NO_NODE */
    const struct irw_tree *fragment;
    struct irw_claim claim;
};

/* Plans the insertion. The strings of the edit live in `arena`. IMGRW_ERR_EDIT:
 * it cannot be done exactly, `error->message` says why; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_insert(const struct irw_insert *insert,
                             struct irw_arena *arena,
                             struct irw_text_edit *edit,
                             struct imgrw_error *error);
