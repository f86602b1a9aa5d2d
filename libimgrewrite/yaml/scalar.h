/*
 * Scalars: what a plain one means, and a new value in the style of the old.
 */
#pragma once

#include "yaml/graft.h"
#include "yaml/source_map.h"

/* Bytes of the value of a scalar, or of an alias, and what replaces them. */
struct irw_value_edit {
    uint32_t node;
    uint32_t from, to;
    imgrw_str with;
};

/* The same as bytes of the text. Several changes of one node do not overlap.
 * One that adds nodes grants no wish. */
struct irw_text_edit {
    struct irw_value_edit wish;
    uint32_t start, end;   /* bytes replaced, in the whole text */
    imgrw_str replacement; /* what replaces them */
    enum irw_style style;  /* of the node afterwards */
    int64_t moved; /* how far the text behind it moves, all changes summed */
    const struct irw_graft *graft; /* the nodes that it adds; NULL: none */
};

/* Whether the change is of a piece of the text that ends at `end`, when it is
 * of none before. What is inserted between two pieces is of the first, for each
 * begins with its marker. */
static inline bool
irw_text_edit_is_of(const struct irw_text_edit *change, size_t end)
{
    return change->start < end || (change->graft && change->start == end);
}

/* What a plain scalar is to readers of YAML 1.1 and of 1.2. */
enum irw_plain {
    IRW_PLAIN_STRING,
    IRW_PLAIN_NULL,
    IRW_PLAIN_OTHER,     /* a boolean, a number, a date */
    IRW_PLAIN_AMBIGUOUS, /* a string to kubectl, a number to others: 12:30 */
};

enum irw_plain irw_plain_kind(imgrw_str text);

/* Whether the node is a string: quoted, tagged as one, or plain and nothing
 * else. A tag that says something else does not count here. */
bool irw_scalar_is_string(const struct irw_tree *tree, uint32_t node);

/* Whether a tag makes the scalar, or the alias of one, something else than the
 * string it shows: !!binary, !local. */
bool irw_scalar_is_tagged(const struct irw_tree *tree, uint32_t node);

/* Plans the smallest change that grants a wish. Where a reference replaces all
 * of a value, quotes, anchors and block headers stay; a value written with
 * escapes or over several lines becomes one double-quoted scalar; what would no
 * longer read as a string is quoted. Where a part of a value is replaced, what
 * is around it stays as it is spelled.
 * `change->replacement` lives in `arena` or is `wish->with`.
 * IMGRW_ERR_EDIT: it cannot be exact, `error->message` says why;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_scalar_change(const struct irw_tree *tree,
                  const struct irw_value_edit *wish,
                  struct irw_source_map_memo *memo, struct irw_arena *arena,
                  struct irw_text_edit *change, struct imgrw_error *error);
