/*
 * Possible images: what looks like one and stands where none is known.
 *
 * When the walks have claimed the images of a document, the rest is looked
 * through: every value of a mapping or a list, flags and variables, and the
 * lines of scripts and templates. What is found is only told of.
 */
#pragma once

#include "manifest/walk.h"

/* Looks through the document of the text with this root. */
void irw_possible_find(struct irw_image_walk *walk, uint32_t root);

/* Looks through the document with this root that is walked in the scalar of
 * `embedded`. */
void irw_possible_find_inside(struct irw_image_walk *walk, uint32_t root,
                              const struct irw_embedded *embedded);

/* Looks at the scalar of `embedded`, which is no document, in the tree that is
 * walked. */
void irw_possible_find_text(struct irw_image_walk *walk,
                            const struct irw_embedded *embedded);

/* Puts the possible images from number `first` on into the order of the text,
 * and finds out their lines. */
void irw_possible_order(struct irw_findings *findings, size_t first);
