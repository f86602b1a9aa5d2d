/*
 * Where in the text something is that was found in a document inside of a
 * scalar.
 *
 * The bytes of such a document are bytes of a value, and the source map of the
 * scalar says which bytes of the text around it give them: those of the text
 * itself, or of another document, whose scalar has a source map in turn. So a
 * place is mapped outward, document by document.
 */
#pragma once

#include "manifest/walk.h"

/* The byte of the text at which the node of the tree that is walked begins, or
 * the outermost scalar that holds it where that cannot be told. */
size_t irw_text_offset(const struct irw_image_walk *walk, uint32_t node);

/* Sets where the parts of an image are in the text; false where their bytes
 * cannot be told apart from others. */
bool irw_locate_parts(struct irw_image_walk *walk,
                      const struct irw_part *parts, size_t count,
                      struct imgrw_image *image);

/* Sets where the site's image is in the text, and whether it can be changed
 * there. */
void irw_locate_site(struct irw_image_walk *walk, struct irw_site *site);

/* Whether the part is all of a scalar's value. */
bool irw_is_whole(const struct irw_tree *tree, const struct irw_part *part);
