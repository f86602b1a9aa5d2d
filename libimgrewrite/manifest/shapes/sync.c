/*
 * What skopeo synchronises: for every registry its repositories, and for each
 * of these the tags or digests. The keys of the file say what an image is
 * called, and no key is ever changed, so that the images are only reported.
 */
#include "manifest/collect.h"
#include "manifest/shapes/shapes.h"

/* The way to a repository. */
struct synced {
    struct irw_image_walk *walk;
    const struct irw_place *place;
    const struct irw_node_path *path; /* of the repository's key */
    uint32_t registry, repository;
};

/* Collects an image with the tag at `tag`, or without one. */
static void
collect_synced(const struct synced *synced, uint32_t tag,
               const struct irw_node_path *path)
{
    struct irw_part parts[3];
    size_t count = 0;

    if (tag != IRW_NO_NODE) {
        parts[count] = irw_rest_of(synced->walk, tag, 0);
        parts[count++].role = IRW_ROLE_TAG;
    }
    parts[count] = irw_rest_of(synced->walk, synced->repository, 0);
    parts[count].fixed = tag != IRW_NO_NODE;
    parts[count++].role = IRW_ROLE_REPOSITORY;
    parts[count] = irw_rest_of(synced->walk, synced->registry, 0);
    parts[count].fixed = true;
    parts[count++].role = IRW_ROLE_REGISTRY;
    irw_collect(synced->walk, &(struct irw_found_image){
        .path = path,
        .image_class = synced->place->image_class,
        .parts = parts,
        .part_count = count,
        .reason = IMGRW_REASON_INEXACT,
    });
}

/* A list of tags; what else stands there says which tags it may be. */
static void
collect_tags(const struct synced *synced, uint32_t value)
{
    struct irw_items items = irw_items(synced->walk->tree, value);
    struct irw_node_path step = {.outer = synced->path};
    bool any = false;
    uint32_t tag;

    while (irw_items_next(&items, &tag, &step.index)) {
        any = true;
        if (irw_is_scalar(synced->walk->tree, tag))
            collect_synced(synced, tag, &step);
    }
    if (!any)
        collect_synced(synced, IRW_NO_NODE, synced->path);
}

/* The repositories of a registry, under one of three keys. */
static void
collect_registry(struct synced *synced, uint32_t map,
                 const struct irw_node_path *path)
{
    static const imgrw_str keys[] = {
        {"images", 6}, {"images-by-tag-regex", 19}, {"images-by-semver", 16},
    };
    const struct irw_tree *tree = synced->walk->tree;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        uint32_t images = irw_own_entry(tree, map, keys[i]).value, value;
        const struct irw_node_path step = {
            .outer = path,
            .key = keys[i],
            .map = map,
        };
        struct irw_node_path repository = {.outer = &step, .map = images};
        struct irw_entries entries;

        if (images == IRW_NO_NODE)
            continue;
        entries = irw_entries(tree, images);
        while (irw_entries_next(&entries, &synced->repository, &value)) {
            repository.key = irw_tree_text(tree, synced->repository);
            synced->path = &repository;
            if (repository.key.size > 0)
                collect_tags(synced, value);
        }
    }
}

void
irw_shape_sync(struct irw_image_walk *walk, uint32_t node,
                      const struct irw_place *place,
                      const struct irw_node_path *path)
{
    struct irw_entries entries = irw_entries(walk->tree, node);
    struct irw_node_path step = {.outer = path, .map = node};
    struct synced synced = {.walk = walk, .place = place};
    uint32_t map;

    while (irw_entries_next(&entries, &synced.registry, &map)) {
        step.key = irw_tree_text(walk->tree, synced.registry);
        if (step.key.size > 0)
            collect_registry(&synced, map, &step);
    }
}
