/*
 * Collecting the images that the shapes find.
 */
#pragma once

#include "manifest/walk.h"

/* An image that a shape has found. */
struct irw_found_image {
    const struct irw_node_path *path;
    enum imgrw_class image_class;
    imgrw_str text;
    const struct irw_part *parts; /* the first one says where it is */
    size_t part_count;
    enum imgrw_reason reason; /* NONE: as the text will have it */
    bool continues; /* the image before was of the same scalar */
    bool is_override_name; /* as in struct imgrw_image */
};

/* Adds an image to the findings, unless images of its class are not asked for
 * or its nodes belong to another one already; returns whether it did. */
bool irw_collect(struct irw_image_walk *walk,
                 const struct irw_found_image *found);

/* The same for an image that is the bytes from `from` to `to` of the value of
 * the scalar or alias at `node`. */
bool irw_collect_range(struct irw_image_walk *walk, uint32_t node,
                       struct irw_byte_range bytes,
                       enum imgrw_class image_class,
                       const struct irw_node_path *path);

/* The same for all of the value. */
void irw_collect_scalar(struct irw_image_walk *walk, uint32_t node,
                        enum imgrw_class image_class,
                        const struct irw_node_path *path);

/* The class that an image at a place of `image_class` has: in a document in a
 * scalar, all are of the scalar's class. */
enum imgrw_class irw_collected_class(const struct irw_image_walk *walk,
                                     enum imgrw_class image_class);

/* Whether images at a place of the class are asked for. */
bool irw_is_wanted(const struct irw_image_walk *walk,
                   enum imgrw_class image_class);
