/*
 * An entry of a kustomization's `images:`: what it says, and where.
 */
#pragma once

#include "kustomize/name_pattern.h"
#include "base/arena.h"
#include "rules/kustomize.h"
#include "yaml/cursor.h"

/* The keys of an entry that say something about an image. */
enum irw_entry_key {
    IRW_ENTRY_NAME,
    IRW_ENTRY_NEW_NAME,
    IRW_ENTRY_NEW_TAG,
    IRW_ENTRY_TAG_SUFFIX,
    IRW_ENTRY_DIGEST,
};

#define IRW_ENTRY_KEYS 5

struct irw_entry {
    struct irw_kustomize_entry text;
    struct irw_name_pattern name;
    struct imgrw_location at;
    size_t number;  /* in its list, without those that were added */
    bool is_second; /* it was added, after the one with its number */
    size_t starts[IRW_ENTRY_KEYS]; /* of the values, as bytes of the text;
                                      SIZE_MAX: not in the entry itself */
};

/* Reads the mapping at `node`. `*valid` is made false where kustomize takes no
 * such entry. The entry is released with irw_entry_clear. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_entry_read(const struct irw_tree *tree, uint32_t node,
                                 struct irw_entry *entry, bool *valid,
                                 struct imgrw_error *error);

void irw_entry_clear(struct irw_entry *entry);

/* The text of a key; empty where the entry does not have it. */
imgrw_str irw_entry_text(const struct irw_kustomize_entry *entry,
                         enum irw_entry_key key);

/* The passes of kustomize that an image is in reach of; each applies every
 * entry once. */
#define IRW_PASS_LISTS  1u /* over lists of containers, wherever they are */
#define IRW_PASS_FIELDS 2u /* over fields of pods and of their templates */

/* An image that entries are applied to. */
struct irw_entry_image {
    imgrw_str text;
    unsigned passes; /* that reach it */
};

/* Applies the entry to an image: its text becomes what kustomize makes of it,
 * in `arena`. Sets `*matched`. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_entry_apply(const struct irw_entry *entry,
                                  struct irw_entry_image *image,
                                  struct irw_arena *arena, bool *matched,
                                  struct imgrw_error *error);
