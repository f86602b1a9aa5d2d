/*
 * Builds places from the paths of fields.
 *
 * A step "*" applies below the keys that other paths name at that point as
 * well, so that every key of a finished place leads to one place only.
 */
#pragma once

#include "catalog/field_path.h"
#include "catalog/place.h"

/* The end of a path: a place that exists, or a new one of some shape. */
struct irw_place_end {
    const struct irw_place *place; /* NULL: a new one of the following shape */
    enum irw_shape shape;
    enum imgrw_class image_class;
    const struct irw_companions *companions; /* as in struct irw_place */
    imgrw_str target;                        /* the same */
    const struct irw_asked_field *asked;     /* the same */
};

/* Zero-initialised is a root without any path. */
struct irw_place_builder {
    imgrw_str key;
    struct irw_place_builder *children; /* by named keys */
    struct irw_place_builder *next;     /* of the same parent */
    struct irw_place_builder *any;      /* for the other keys */
    bool enters_lists;
    struct irw_place_end end;
};

/* Adds a path below `root`. Keys are borrowed. With `enters_lists`, lists on
 * the way are entered even where the path has no "[]". A path that was added
 * before keeps its first end; only new companions, and the first field that was
 * asked for, are added to it.
 * IMGRW_ERR_LIMIT: too many places; IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_place_builder_add(struct irw_place_builder *root,
                      const struct irw_path_steps *steps, bool enters_lists,
                      struct irw_place_end end, struct irw_arena *arena,
                      struct imgrw_error *error);

/* Makes the place and everything that it leads to, in `arena`; NULL when memory
 * is out. */
const struct irw_place *
irw_place_builder_finish(const struct irw_place_builder *builder,
                         struct irw_arena *arena);
