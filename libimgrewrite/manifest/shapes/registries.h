/*
 * Registries that stand elsewhere among the values of a chart than the images
 * that are pulled from them. Charts agree on where:
 *
 *     global: {imageRegistry: quay.io}      it comes before an image's own
 *     global: {image: {registry: quay.io}}  for images that have none
 *     global: {hub: docker.io/istio}        the same
 *     registry: gcr.io/datadoghq            the same for those below this map:
 *     imageRegistry: quay.io                  the nearest one counts, and comes
 *     hub: docker.io/istio                    before the global ones
 *
 * The template puts what stands there before the name of each image, so that it
 * is one part of many images: it moves for all of them, or for none.
 */
#pragma once

#include "manifest/shapes/split.h"

/* Whether a scalar is a registry, with or without a path, to which a name can
 * be joined. One that is filled in later is one as well. */
bool irw_is_registry(const struct irw_tree *tree, uint32_t node);

/* Leaves the maps that are not around the one that the path leads to. */
void irw_registries_leave(struct irw_image_walk *walk,
                          const struct irw_node_path *path);

/* A map that may have registries for the images below it. */
struct irw_registries_map {
    uint32_t node;
    const struct irw_node_path *path;
    enum imgrw_class image_class;
    bool is_image; /* its `registry` is that of an image */
};

/* Notes which registries the map has. */
void irw_registries_enter(struct irw_image_walk *walk,
                          const struct irw_registries_map *map);

/* Joins the image to the registry that its chart puts before it, unless it has
 * one of its own that counts. Returns whether there is one. */
bool irw_registries_join(struct irw_image_walk *walk,
                         struct irw_split_map *map);

/* Has the part, which was reached in some way, be joined to images. */
void irw_registries_use(struct irw_image_walk *walk, struct irw_part *part,
                        struct irw_alias_path way);

/* Collects, as registries, those of the document to which no image is joined,
 * and forgets all. A `registry` may be one of anything, and is left out. */
void irw_registries_collect(struct irw_image_walk *walk);
