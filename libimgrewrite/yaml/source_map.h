/*
 * Spelling: where in the text the bytes of a scalar's value stand.
 */
#pragma once

#include "yaml/tree.h"

/* Bytes of the value that a stretch of the text spells: byte for byte where
 * both are of one size and `same`, else only as a whole. */
struct irw_segment {
    uint32_t value, value_size;   /* bytes of the value */
    uint32_t source, source_size; /* bytes of the text */
    bool same;
};

/* Runs in the order of the value, which is the order of the text. Zero is the
 * spelling of nothing. */
struct irw_source_map {
    struct irw_segment *runs;
    size_t count;
};

/* Works out how the text spells the value of the scalar `node`. There are no
 * runs when it cannot be told, and what can be is checked against the value
 * that the library read. The runs live in `arena`. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_source_map_read(const struct irw_tree *tree,
                                      uint32_t node, struct irw_arena *arena,
                                      struct irw_source_map *spelling,
                                      struct imgrw_error *error);

/* Finds the bytes of the text, on one line, that spell the value's bytes from
 * `from` to `to`, at least one; false where there are no such. */
bool irw_source_map_find(const struct irw_source_map *spelling, imgrw_str text,
                         size_t from, size_t to, size_t *start, size_t *end);

/* The same for a scalar, whose spelling is worked out where it is not plain to
 * see and kept in `memo`, for the next time is often for the same scalar.
 * The spelling lives in `arena`. Where there are no such bytes, `*end` is 0.
 * IMGRW_ERR_MEMORY. */
struct irw_source_map_memo {
    const void *nodes; /* of the tree that has the scalar */
    uint32_t node;
    struct irw_source_map spelling;
};
enum imgrw_status
irw_source_map_look(const struct irw_tree *tree, uint32_t node,
                    struct irw_source_map_memo *memo, struct irw_arena *arena,
                    size_t from, size_t to, size_t *start, size_t *end,
                    struct imgrw_error *error);

/* Writes `value`, without line breaks, as it must stand inside a scalar of
 * `style`: with the escapes that it needs. It is `value` itself or lives in
 * `arena`. IMGRW_ERR_EDIT: a scalar of that style cannot hold it;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_source_map_write(imgrw_str value, enum irw_style style,
                                       struct irw_arena *arena,
                                       imgrw_str *spelled,
                                       struct imgrw_error *error);
