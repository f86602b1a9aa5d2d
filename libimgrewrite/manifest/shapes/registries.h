/*
 * Registries that stand elsewhere among the values of a chart than the images
 * that are pulled from them. The template puts what stands there before the
 * name of each image, so that it is one part of many images: it moves for all
 * of them, or for none. For an image these are tried in turn:
 *
 *  1. `imageRegistry`, `hub`, `registry`, `systemDefaultRegistry` ... of the
 *     nearest map around it, where it has no registry of its own;
 *  2. `global.imageRegistry`, which comes before an image's own as well;
 *  3. `global.image.registry`, `global.hub`, `global.systemDefaultRegistry` and
 *     `global.cattle.systemDefaultRegistry`, where it has none of its own, or
 *     only a `defaultRegistry`.
 *
 * Templates that say so: common.images.image of Bitnami and the charts of
 * prometheus-community (2 before an image's own), kyverno.image of Kyverno (an
 * image's own, 3, then its default), gloo.image of Gloo, which merges
 * global.image into an image (its own, then 3), image-path of Datadog (1),
 * istio-image of Istio (1, then 3), defaultOrOverrideRegistry and
 * system_default_registry of Rancher (its own, then 1 or 3), strimzi.image of
 * Strimzi (its own, then 1), image of cert-manager (1). Where they differ, the
 * registry that is not taken is told of as one whose images are not here: Loki
 * and Alloy have global.image.registry come before an image's own.
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
 * one of its own that counts, which a default one does less. Returns whether
 * there is one. */
bool irw_registries_join(struct irw_image_walk *walk, struct irw_split_map *map,
                         bool has_default);

/* Whether there is a registry for images that have none of their own. */
bool irw_registries_cover(const struct irw_image_walk *walk);

/* Whether that is one of Istio's, a `hub`: its template puts it before a name
 * without a slash, and takes one with a slash for a whole reference. */
bool irw_registries_have_hub(const struct irw_image_walk *walk);

/* Whether the values are those of a chart of Rancher, in which a repository and
 * a tag are always an image. */
bool irw_registries_of_rancher(const struct irw_image_walk *walk);

/* Has the part, which was reached in some way, be joined to images. */
void irw_registries_use(struct irw_image_walk *walk, struct irw_part *part,
                        struct irw_alias_path way);

/* Collects, as registries, those of the document to which no image is joined,
 * and forgets all. A `registry` may be one of anything, and is left out. */
void irw_registries_collect(struct irw_image_walk *walk);
