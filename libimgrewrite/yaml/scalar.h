/*
 * Scalars: what a plain one means, and a new value in the style of the old.
 */
#pragma once

#include "yaml/tree.h"

/* A change of one scalar or alias, as bytes of the text. */
struct irw_change {
    uint32_t node;
    uint32_t start, end;   /* bytes replaced, in the whole text */
    imgrw_str replacement; /* what replaces them */
    imgrw_str value;       /* what the node reads as afterwards */
    enum irw_style style;  /* and how it is written */
    int64_t moved; /* how far the text behind it moves, all changes summed */
};

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

/* Plans the smallest change that makes `node`, a scalar or an alias, read as
 * `value`, an image reference. Quotes, anchors and block headers stay; a value
 * written with escapes or over several lines becomes one double-quoted scalar;
 * what would no longer read as a string is quoted. `change->replacement` lives
 * in `arena` or is `value`.
 * IMGRW_ERR_EDIT: it cannot be exact, `error->message` says why;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_scalar_change(const struct irw_tree *tree, uint32_t node,
                                    imgrw_str value, struct irw_arena *arena,
                                    struct irw_change *change,
                                    struct imgrw_error *error);
