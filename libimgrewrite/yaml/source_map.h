/*
 * Source maps of scalars: which bytes of the text give which bytes of the
 * value.
 */
#pragma once

#include "yaml/tree.h"

/* Bytes of the text that give bytes of the value. Where `same`, they are those
 * bytes, one by one; else, as an escape or a fold, they give them only as a
 * whole. */
struct irw_segment {
    uint32_t value, value_size;   /* bytes of the value */
    uint32_t source, source_size; /* bytes of the text */
    bool same;
};

/* Segments in the order of the value, which is the order of the text. A map
 * without any knows nothing. */
struct irw_source_map {
    struct irw_segment *segments;
    size_t count;
};

/* Maps the scalar `node`. The map has no segments where text and value do not
 * fit together. They live in `arena`. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_source_map_read(const struct irw_tree *tree,
                                      uint32_t node, struct irw_arena *arena,
                                      struct irw_source_map *map,
                                      struct imgrw_error *error);

/* Finds the bytes of the text, on one line, that give the value's bytes from
 * `from` to `to`, at least one; false where there are none. */
bool irw_source_map_find(const struct irw_source_map *map, imgrw_str text,
                         size_t from, size_t to, size_t *start, size_t *end);

/* Some bytes of the value of a scalar, or of an alias, and what they should
 * become. */
struct irw_value_edit {
    uint32_t node;
    uint32_t from, to;
    imgrw_str with;
};

/* Bytes of a text. */
struct irw_byte_range {
    size_t start, end;
};

/* The map that was made last, which is often the one that is asked for next.
 * Zero-initialised is ready for use. */
struct irw_source_map_memo {
    const void *nodes; /* of the tree that has the scalar */
    uint32_t node;
    struct irw_source_map map;
};

/* irw_source_map_find for the bytes of a value edit, of a scalar: its map is
 * made, in `arena`, where the text does not show the value as it is. Where
 * there are no such bytes, `range->end` is 0. IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_source_map_look(const struct irw_tree *tree,
                    const struct irw_value_edit *edit,
                    struct irw_source_map_memo *memo, struct irw_arena *arena,
                    struct irw_byte_range *range, struct imgrw_error *error);
