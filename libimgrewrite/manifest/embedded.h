/*
 * Documents inside of scalars: YAML or JSON in a ConfigMap's value, in an
 * annotation, in a patch.
 *
 * The walk only adds them to the findings. Each is read as a document of its
 * own and walked when the walk around it has ended, so that a walk never runs
 * inside of another. What it has is found as if it were there by itself, and
 * located by the source maps of the scalars around it (locate.h).
 */
#pragma once

#include "manifest/walk.h"

/* Adds the value of the scalar, or of the alias of one, at `node` to the
 * documents to be walked, when it may have images. */
void irw_embedded_add(struct irw_image_walk *walk, uint32_t node,
                      enum imgrw_class image_class,
                      const struct irw_node_path *path);

/* Walks the document number `number`, which may add others. */
void irw_embedded_walk(struct irw_image_walk *walk, size_t number);
