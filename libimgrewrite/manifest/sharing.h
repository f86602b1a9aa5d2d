/*
 * Sharing: images whose text something else uses as well, through an alias or a
 * merge key, and which no edit may change for that reason.
 *
 *     common: &common {image: nginx, name: nginx}
 *     spec: {containers: [*common]}
 *
 * The walk finds the image where it is used as one, at spec/containers/0/image.
 * Its text is in `common`, though, which is no place of images: whoever reads
 * that would see it change. So a second look goes everywhere, without knowing
 * of places and shapes, and compares how it reaches the nodes of images with
 * the uses that the walk has remembered.
 */
#pragma once

#include "manifest/walk.h"

/* What belongs to a document. */
struct irw_sharing_scope {
    uint32_t root; /* in the tree of its piece */
    size_t first_site, first_embedded;
};

/* Sets what is known of the document's sites, which are in order: `anchor`
 * where an alias repeats another image, and `shared_field` where the text is
 * used otherwise. */
void irw_sharing_find(struct irw_image_walk *walk,
                      struct irw_sharing_scope scope);
