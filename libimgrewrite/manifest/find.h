/*
 * Finding the images of a document, and of the documents in its scalars: YAML
 * or JSON in a ConfigMap's value, in an annotation, in a patch.
 *
 * The walk only adds these to the findings. Each is read as a document of its
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

/* The same for a part of the value. */
void irw_embedded_add_part(struct irw_image_walk *walk, struct irw_part part,
                           enum imgrw_class image_class,
                           const struct irw_node_path *path);

/* The same for a patch, or a text in one, which is read whatever it holds. What
 * is in it has the classes of the places that `patched`, which is copied, leads
 * to. */
void irw_embedded_add_patch(struct irw_image_walk *walk, uint32_t node,
                            const struct irw_patched *patched,
                            const struct irw_node_path *path);

/* Appends the images of the tree's document number `index`, which is number
 * `document` of the text, in the order of the text. `tree` is changed only to
 * mark which nodes belong to images.
 * IMGRW_ERR_LIMIT: aliases that expand without end. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_find_images(struct irw_tree *tree, size_t index,
                                  size_t document,
                                  const struct irw_search *search,
                                  struct irw_findings *findings,
                                  struct imgrw_error *error);
