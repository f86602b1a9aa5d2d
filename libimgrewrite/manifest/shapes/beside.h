/*
 * Images whose parts stand beside each other in a map, under keys that begin
 * with that of the name: `rancherImage` and `rancherImageTag`, `job_image` and
 * `job_image_registry`. The parts under `image` are those of its map.
 */
#pragma once

#include "base/list.h"
#include "manifest/shapes/split.h"

/* A key of a part of such an image. */
struct irw_beside_key {
    imgrw_str name; /* the key of the image */
    uint32_t value;
    enum irw_role role;
};

/* Those of a map, in order. */
struct irw_beside {
    IRW_LIST(struct irw_beside_key) keys; /* malloc'ed */
};

/* Whether a key may be that of such an image's name. */
bool irw_beside_is_name(imgrw_str key);

/* Lists the keys of the parts of such images in the map at `node`, unless it
 * has none of their names; false when memory is out. irw_beside_clear frees
 * the list. */
bool irw_beside_list(const struct irw_tree *tree, uint32_t node,
                     struct irw_beside *beside);

void irw_beside_clear(struct irw_beside *beside);

/* Sets the parts of the image whose name is the scalar `value`, under `key`;
 * false where nothing is beside it. */
bool irw_beside_read(const struct irw_image_walk *walk,
                     const struct irw_beside *beside, imgrw_str key,
                     uint32_t value, struct irw_split_map *map);
