/*
 * Keys that a mapping has twice. kubectl takes the last one, kustomize refuses
 * the file, and here both values are searched; it matters where one of them has
 * an image.
 */
#pragma once

#include "manifest/walk.h"

/* Notes a key of the mapping that is being walked, in the text itself. Only
 * those count that may lead to images. */
void irw_keys_note(struct irw_image_walk *walk, uint32_t key);

/* Ends the mapping whose first key was number `first` of those noted: remembers
 * those that are there twice, and forgets the others. */
void irw_keys_end(struct irw_image_walk *walk, size_t first);

/* Warns of the second of two equal keys, where one of their values has one of
 * the sites from number `first_site` on. */
void irw_warn_of_duplicates(struct irw_image_walk *walk, size_t first_site);
