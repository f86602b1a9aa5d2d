/*
 * What patches set of images in parts: a registry, a repository, a tag or a
 * digest, of which the rest is in the resource.
 */
#pragma once

#include "kustomize/patch_copies.h"
#include "manifest/reference_parts.h"

/* The parts that a patch sets in one mapping. */
struct irw_patched_parts {
    struct irw_copy_end map; /* where it is in the resource */
    struct irw_parts parts;  /* with an empty text for one that goes */
    bool together; /* they are in one mapping of the patch, and an image there
                      if they say enough; else each is alone in it */
    struct imgrw_location at; /* of the patch */
};

typedef IRW_LIST(struct irw_patched_parts) irw_patched_parts_list;

/* The parts under the keys of the mapping at `node`. */
struct irw_parts irw_mapping_parts(const struct irw_tree *tree, uint32_t node);

/* Whether a patch may set parts, by the words in it. */
bool irw_may_have_parts(imgrw_str patch);

/* Appends what a document of a patch sets; the list is malloc'ed. False when
 * memory is out. */
bool irw_patch_parts_read(const struct irw_patch_reading *patch,
                          irw_patched_parts_list *list);
