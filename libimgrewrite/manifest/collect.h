/*
 * Collecting the images that the shapes find.
 */
#pragma once

#include "manifest/walk.h"

/* An image that a shape has found. */
struct irw_found_image {
    const struct irw_node_path *path;
    enum imgrw_class image_class;
    const struct irw_part *parts; /* the first one says where it is */
    size_t part_count;
    enum imgrw_reason reason; /* NONE: as the text will have it */
    bool continues; /* the image before was of the same scalar */
    bool asked; /* as in struct irw_site */
    bool is_override_name; /* as in struct imgrw_image */
};

/* The part that is all that the scalar or alias at `node` says after `from`
 * bytes. */
struct irw_part irw_rest_of(const struct irw_image_walk *walk, uint32_t node,
                            size_t from);

/* A part without the blanks and line breaks at both ends. */
struct irw_part irw_trimmed(const struct irw_image_walk *walk,
                            struct irw_part part);

/* Adds an image to the findings, unless images of its class are not asked for,
 * its nodes belong to another one already, or its parts say nothing together;
 * returns whether it did. */
bool irw_collect(struct irw_image_walk *walk,
                 const struct irw_found_image *found);

/* The same for an image that is one part. */
void irw_collect_part(struct irw_image_walk *walk, struct irw_part part,
                      enum imgrw_class image_class,
                      const struct irw_node_path *path);

/* The class that an image at a place of `image_class` has: in a document in a
 * scalar, all but charts are of the scalar's class, except in a patch. */
enum imgrw_class irw_collected_class(const struct irw_image_walk *walk,
                                     enum imgrw_class image_class);

/* Whether images at a place of the class are asked for. */
bool irw_is_wanted(const struct irw_image_walk *walk,
                   enum imgrw_class image_class);

/* Whether a comment has the image at `node` ignored: that of its own line or,
 * in a document in a scalar, of the line on which such a scalar ends. */
bool irw_is_ignored(struct irw_image_walk *walk, uint32_t node);

/* The resource in the text itself that has the one with this number, in a value
 * or by being it. */
const struct imgrw_resource *
irw_outermost_resource(const struct irw_findings *findings, size_t number);
