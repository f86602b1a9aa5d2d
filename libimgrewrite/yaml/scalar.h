/*
 * Scalars: what a plain one means to those who read it.
 */
#pragma once

#include "yaml/tree.h"

/* What a plain scalar is to readers of YAML 1.1 and of 1.2. */
enum irw_plain {
    IRW_PLAIN_STRING,
    IRW_PLAIN_NULL,
    IRW_PLAIN_OTHER,     /* a boolean, a number, a date */
    IRW_PLAIN_AMBIGUOUS, /* a string to kubectl, a number to others: 12:30 */
};

enum irw_plain irw_plain_kind(imgrw_str text);

/* Whether the scalar is plain and says null, or nothing. */
bool irw_scalar_is_null(const struct irw_tree *tree, uint32_t node);

/* Whether a plain scalar may hold `text` anywhere. */
bool irw_plain_is_harmless(imgrw_str text);

/* Whether the node is a string: quoted, tagged as one, or plain and nothing
 * else. A tag that says something else does not count here. */
bool irw_scalar_is_string(const struct irw_tree *tree, uint32_t node);

/* Whether a tag makes the scalar, or the alias of one, something else than the
 * string it shows: !!binary, !local. */
bool irw_scalar_is_tagged(const struct irw_tree *tree, uint32_t node);
