/*
 * Entries of a kustomization's `images:`.
 */
#include "base/str.h"
#include "manifest/shapes/shapes.h"
#include "manifest/shapes/split.h"

static const struct irw_part_key kustomize_keys[] = {
    IRW_PART_KEY("newName", REPOSITORY),
    IRW_PART_KEY("newTag", TAG),
    IRW_PART_KEY("digest", DIGEST),
};
static const struct irw_part_key kustomize_name_keys[] = {
    IRW_PART_KEY("name", REPOSITORY),
    IRW_PART_KEY("newTag", TAG),
    IRW_PART_KEY("digest", DIGEST),
};

/* The name that an entry is for: it must go on naming what the run makes of
 * the resources. */
static void
collect_name(struct irw_image_walk *walk, uint32_t entry,
             const struct irw_place *place, const struct irw_node_path *path)
{
    uint32_t name = irw_own_scalar(walk->tree, entry, IRW_STR("name"));
    struct irw_node_path step = {.outer = path, .key = IRW_STR("name")};
    struct irw_part part;
    const struct irw_found_image found = {
        .path = &step,
        .image_class = place->image_class,
        .parts = &part,
        .part_count = 1,
        .is_override_name = true,
    };

    if (name == IRW_NO_NODE ||
        !(walk->search->find & IMGRW_FIND(IMGRW_CLASS_POD)))
        return;
    part = irw_rest_of(walk, name, 0);
    irw_collect(walk, &found);
}

/* Whether the entries are for what lies in a source, or what a chart renders,
 * as Flux has it: nobody rewrites that, so that they keep the names that they
 * are for. */
static bool
is_for_source(const struct irw_image_walk *walk)
{
    imgrw_str group = irw_resource_group(walk->resource.head.api_version);

    return irw_equal(group, IRW_STR("kustomize.toolkit.fluxcd.io")) ||
           irw_equal(group, IRW_STR("helm.toolkit.fluxcd.io"));
}

/* An entry for what lies in a source: an image, with its new name or its old
 * one. */
static void
collect_for_source(struct irw_image_walk *walk, const struct irw_split_map *map,
                   struct irw_split_map *named, const struct irw_place *place,
                   const struct irw_node_path *path)
{
    if (map->parts.at[IRW_ROLE_REPOSITORY].size > 0) {
        irw_split_collect(walk, map, IMGRW_REASON_NONE, place, path);
    } else if (named->parts.at[IRW_ROLE_REPOSITORY].size > 0) {
        named->found[0].keeps_name = true;
        irw_split_collect(walk, named, IMGRW_REASON_NONE, place, path);
    }
}

/* An entry of `images:`. With a new name, that is the image; without one, the
 * old name is, with the new tag, and it changes only when the resources do. */
void
irw_shape_kustomize(struct irw_image_walk *walk, uint32_t node,
                    const struct irw_place *place,
                    const struct irw_node_path *path)
{
    struct irw_split_map map = {IRW_PART_KEYS(kustomize_keys), .node = node};
    struct irw_split_map named = {IRW_PART_KEYS(kustomize_name_keys),
                                  .node = node};
    bool pods = walk->search->find & IMGRW_FIND(IMGRW_CLASS_POD);

    if (walk->tree->nodes[node].type != IRW_NODE_MAPPING)
        return;
    irw_split_read(walk, &map);
    irw_split_read(walk, &named);
    if (is_for_source(walk)) {
        collect_for_source(walk, &map, &named, place, path);
    } else if (map.parts.at[IRW_ROLE_REPOSITORY].size > 0) {
        collect_name(walk, node, place, path);
        irw_split_collect(walk, &map, IMGRW_REASON_NONE, place, path);
    } else if (named.count > 1) {
        irw_split_collect(walk, &named,
                          pods ? IMGRW_REASON_NONE : IMGRW_REASON_INEXACT,
                          place, path);
    } else {
        collect_name(walk, node, place, path);
    }
}
