/*
 * From a text to its images, piece by piece, so that the memory for a tree is
 * that of the largest piece and of those with images.
 */
#pragma once

#include "manifest/manifest.h"

/* Reads the pieces of the text in the range, which begins and ends where a
 * stretch does, and adds what is in them to the manifest. Of `error->at` only
 * the offset is set.
 * IMGRW_ERR_SYNTAX, IMGRW_ERR_LIMIT, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_pieces_read(struct imgrw_manifest *manifest,
                                  struct irw_byte_range range,
                                  struct imgrw_error *error);

/* The end of the stretch that begins at `start`: pieces of some size together.
 * How one is read does not depend on those before it. */
size_t irw_stretch_end(const struct irw_source *source, size_t start);

/* Releases all that was read and found, and the rest that the manifest holds,
 * but not the struct. */
void irw_pieces_clear(struct imgrw_manifest *manifest);
