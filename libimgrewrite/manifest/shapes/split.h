/*
 * Maps of the parts of one reference, whatever their keys are called.
 */
#pragma once

#include "manifest/collect.h"
#include "manifest/reference_parts.h"

/* A key that holds a part or, with IRW_ROLE_WHOLE, one that says something of
 * the map by being there. Of several keys for one part the first counts. */
struct irw_part_key {
    imgrw_str key;
    enum irw_role role;
};

/* As many as there are bits in a set of them. */
#define IRW_PART_KEYS_MAX 32

/* What a map is taken for, and where. */
struct irw_split_map {
    const struct irw_part_key *keys;
    size_t key_count; /* IRW_PART_KEYS_MAX at most */
    uint32_t node;
    struct irw_parts parts;
    struct irw_part found[IRW_ROLE_COUNT];
    size_t count;
    unsigned seen; /* the keys that are there, if with null: 1 << NUMBER */
    unsigned used; /* those that hold a part */
};

/* Tables of keys. */
#define IRW_PART_KEY(name, role) {{(name), sizeof(name) - 1}, IRW_ROLE_##role}
#define IRW_PART_KEYS(list) (list), sizeof(list) / sizeof((list)[0])

/* Reads the parts of the map at `map->node`. A part whose value is null does
 * not exist: nothing can be written there. */
void irw_split_read(const struct irw_image_walk *walk,
                    struct irw_split_map *map);

/* Collects the map as one image. */
void irw_split_collect(struct irw_image_walk *walk,
                       const struct irw_split_map *map,
                       enum imgrw_reason reason, const struct irw_place *place,
                       const struct irw_node_path *path);
