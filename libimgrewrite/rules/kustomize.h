/*
 * What kustomize 5.8.1 does with the entries of its `images:`. Overrides give
 * the same results, and overlays are written so that kustomize gives them.
 */
#pragma once

#include <imgrewrite/reference.h>

#include <stdbool.h>

/* An entry; what is empty is not given. */
struct irw_kustomize_entry {
    imgrw_str name, new_name, new_tag, tag_suffix, digest;
};

/* An image in the parts that kustomize divides it into. */
struct irw_kustomize_image {
    imgrw_str name, tag, digest;
};

/* The marks of tag and digest count only after the first "/", if there is one,
 * so that a port belongs to the name. Never fails: what is not a reference is
 * divided as well. */
struct irw_kustomize_image irw_kustomize_split(imgrw_str image);

/* Whether `rest` is what may follow the name of an entry in an image that it
 * matches: a tag, a sha256 digest, both or nothing. */
bool irw_kustomize_is_tail(imgrw_str rest);

/* Whether an entry of this name matches the image. To kustomize the name is a
 * pattern; of its metacharacters, only the dot can occur in a reference, and it
 * is any character. */
bool irw_kustomize_match(imgrw_str name, imgrw_str image);

/* Writes what the entry makes of an image that it matches, and that is divided
 * like this, into `buffer`; false when that is too long, and `*result` is then
 * empty. */
bool irw_kustomize_set(const struct irw_kustomize_entry *entry,
                       const struct irw_kustomize_image *old,
                       struct imgrw_reference_buffer *buffer,
                       imgrw_str *result);

/* The same for an image as kustomize divides it. */
bool irw_kustomize_apply(const struct irw_kustomize_entry *entry,
                         imgrw_str image, struct imgrw_reference_buffer *buffer,
                         imgrw_str *result);
