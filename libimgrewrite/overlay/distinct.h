/*
 * The images that kustomize's `images:` reaches, each text once.
 */
#pragma once

#include "base/list.h"
#include "base/map.h"
#include "rules/kustomize.h"

#include <stdbool.h>

#define IRW_NONE SIZE_MAX /* no number of an item */

/* What becomes of one text; also that it stays as it is. */
struct irw_distinct_change {
    imgrw_str before, after;
    struct irw_kustomize_image from, to; /* their parts; empty: no reference */
    /* The next change of the same text, of a text with the same name, and made
     * by the same entry, by their numbers; IRW_NONE: there is none. */
    size_t same_text, same_name, same_entry;
    size_t entry;   /* that makes it; IRW_NONE: none does */
    bool ambiguous; /* elsewhere the same text becomes something else */
    bool patched;   /* patches make it, wherever the text is */
};

/* Zero-initialised is empty and ready for use. */
struct irw_distinct_changes {
    IRW_LIST(struct irw_distinct_change) list;
    struct irw_map by_text, by_name; /* the first one's number, + 1 */
};

/* Finds the change of `before`, which is not empty, to `after`, or adds it.
 * Sets `*number`; false when memory is out. */
bool irw_distinct_add(struct irw_distinct_changes *changes, imgrw_str before,
                      imgrw_str after, size_t *number);

/* Chains the changes of each name once all have been added; false when memory
 * is out. */
bool irw_distinct_chain(struct irw_distinct_changes *changes);

/* Whether this is the first change of its name. */
bool irw_distinct_is_first(const struct irw_distinct_changes *changes,
                           size_t number);

void irw_distinct_clear(struct irw_distinct_changes *changes);
