/*
 * Lists of references in one value.
 */
#pragma once

#include "manifest/collect.h"

/* Collects the references among the words of a part. Blanks, commas and line
 * ends are between words; each is a reference that cannot well be anything
 * else, maybe with NAME= before it. */
void irw_collect_words(struct irw_image_walk *walk, struct irw_part part,
                       enum imgrw_class image_class,
                       const struct irw_node_path *path);
