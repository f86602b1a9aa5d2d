/*
 * The walk over one resource of a manifest, for an overlay.
 */
#pragma once

#include "overlay/new_values.h"
#include "overlay/overlay.h"
#include "yaml/merge.h"

/* A manifest that is being read. */
struct irw_manifest_reading {
    struct imgrw_overlay *overlay;
    const char *name;
    const struct irw_source *source;
    struct irw_line_cursor cursor;
    const struct irw_tree *tree; /* of a piece of it */
    struct irw_new_values new_values;
    struct irw_budget budget;
    size_t target;            /* the resource that is being walked */
    size_t resources, others; /* how many there are, and how much else */
    unsigned depth;
    struct imgrw_error *error;
    enum imgrw_status status; /* the first failure */
};

/* Where a node is, for people. */
struct imgrw_location irw_reading_locate(struct irw_manifest_reading *reading,
                                         uint32_t node);

/* A copy for the overlay; data NULL when memory is out. */
imgrw_str irw_reading_copy(struct irw_manifest_reading *reading, imgrw_str str);

/* Takes from the resource at `root`, whose number is `reading->target`, the
 * strings that `images:` matches or that change, what is added to its mappings,
 * and its pods whose images change. Sets `reading->status` on failure. */
void irw_resource_walk(struct irw_manifest_reading *reading, uint32_t root);

/* Takes the service account at `root`, which may have to name the secret. Fails
 * as irw_resource_walk does. */
void irw_resource_account(struct irw_manifest_reading *reading, uint32_t root,
                          const struct irw_target *target);
