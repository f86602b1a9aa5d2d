/*
 * kustomize's `images:`, as kustomize 5.8.1 applies them.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* An entry; what is empty is not given. */
struct irw_entry {
    imgrw_str name, new_name, new_tag, digest;
};

/* Whether the entry speaks of the image. The name is a pattern to kustomize, in
 * which a dot is any character; a tag and a sha256 digest may follow it. */
bool irw_entry_match(const struct irw_entry *entry, imgrw_str image);

/* What the entry makes of an image that it speaks of; written into `buffer` of
 * IMGRW_REFERENCE_MAX bytes, and cut there. */
imgrw_str irw_entry_apply(const struct irw_entry *entry, imgrw_str image,
                          char *buffer);
