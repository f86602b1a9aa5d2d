/*
 * Drafts: places in the making, from the paths of fields.
 *
 * Where a path says "*", it also goes on below the keys that others name there,
 * so that a finished place has one way for every key.
 */
#pragma once

#include "catalog/field_path.h"
#include "catalog/place.h"

/* What a path leads to: a place that exists, or a new one. */
struct irw_place_end {
    const struct irw_place *place; /* NULL: one of the following shape */
    enum irw_shape shape;
    enum imgrw_class image_class;
    const struct irw_sibling_tag *joints; /* as a place has them */
};

/* Zero-initialised is a root without any path. */
struct irw_place_builder {
    imgrw_str key;
    struct irw_place_builder *children; /* by named keys */
    struct irw_place_builder *next;     /* of the same parent */
    struct irw_place_builder *any;      /* for the other keys */
    bool enters_lists;
    struct irw_place_end leaf;
};

/* Adds a path below `root`. Keys are borrowed. Where `enters_lists`, lists on
 * the way are entered even where the path does not say so. What leads to a leaf
 * that is there already changes nothing, but for joints, which are added to its
 * own. IMGRW_ERR_LIMIT: too many places; IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_place_builder_add(struct irw_place_builder *root,
                      const struct irw_path_steps *steps, bool enters_lists,
                      struct irw_place_end leaf, struct irw_arena *arena,
                      struct imgrw_error *error);

/* Makes the place, and all that it leads to, in `arena`. NULL when memory is
 * out. */
const struct irw_place *
irw_place_builder_finish(const struct irw_place_builder *draft,
                         struct irw_arena *arena);
