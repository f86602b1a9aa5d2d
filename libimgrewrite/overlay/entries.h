/*
 * The images that kustomize's `images:` reaches, each text once, and the
 * entries of it that make of them what they are to become.
 */
#pragma once

#include "base/list.h"
#include "base/map.h"
#include "rules/kustomize.h"

#define IRW_NONE SIZE_MAX /* no number of an item */

/* What becomes of one text; also that it stays as it is. */
struct irw_image_change {
    imgrw_str before, after;
    struct irw_kustomize_image from, to; /* their parts; empty: no reference */
    /* The next change of the same text and of a text with the same name, by
     * their numbers; IRW_NONE: there is none. */
    size_t same_text, same_name;
    size_t leader;  /* the first of the changes that its entry makes; IRW_NONE:
                       no entry makes it */
    size_t entry;   /* the number of that entry, once it has a place */
    size_t waiting; /* of a leader: the one whose entry comes next */
    size_t looked;  /* of a leader: the change that is to be looked at next */
    bool begun;     /* a leader on its way to a place */
    bool ambiguous; /* elsewhere the same text becomes something else */
    bool for_name;  /* its entry is for the name, whatever the tag */
    bool patched;   /* patches make it, wherever the text is */
};

/* An entry, and the changes that it makes. */
struct irw_image_entry {
    struct irw_kustomize_entry text;
    size_t leader; /* the first change; irw_next_of_entry leads to the others */
    bool dropped;  /* it gave way to patches, and is not written */
};

/* Zero-initialised is empty and ready for use. */
struct irw_images {
    IRW_LIST(struct irw_image_change) changes;
    IRW_LIST(struct irw_image_entry) entries;
    struct irw_map by_text, by_name; /* to the number of a change, + 1 */
};

/* The change after the one numbered `i` that the same entry makes, or
 * IRW_NONE. */
static inline size_t
irw_next_of_entry(const struct irw_image_change *changes, size_t i)
{
    size_t next = changes[i].same_name;

    return next != IRW_NONE && changes[next].leader == changes[i].leader
               ? next
               : IRW_NONE;
}

/* Finds the change of `before`, which is not empty, to `after`, or adds it.
 * Sets `*number`; false when memory is out. The strings are borrowed. */
bool irw_images_add(struct irw_images *images, imgrw_str before,
                    imgrw_str after, size_t *number);

/* Makes the entries once all changes have been added; what none of them makes
 * is marked as patched. False when memory is out. */
bool irw_images_make_entries(struct irw_images *images);

void irw_images_clear(struct irw_images *images);
