/*
 * Parts of images that patches set alone: a registry, a repository, a tag or a
 * digest, without the others beside it.
 */
#pragma once

#include "kustomize/patch_copies.h"
#include "manifest/findings.h"

struct irw_patched_part {
    struct irw_copy_end map; /* that has the part */
    enum irw_role role;
    imgrw_str value; /* data NULL: it is not known, or goes */
    struct imgrw_location at; /* of the patch */
};

typedef IRW_LIST(struct irw_patched_part) irw_patched_part_list;

/* Whether a patch may set such parts, by the words in it. */
bool irw_may_have_parts(imgrw_str patch);

/* Appends the parts that a document of a patch sets; the list is malloc'ed.
 * False when memory is out. */
bool irw_patch_parts_read(const struct irw_patch_reading *patch,
                          irw_patched_part_list *parts);
