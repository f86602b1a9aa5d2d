/*
 * Mappings as their readers see them: with what `<<` merges into them.
 *
 *     base: &base   {image: a, tag: "1", pull: Always}
 *     more: &more   {image: b, debug: yes}
 *     container:
 *       name: web
 *       tag: "2"
 *       <<: [*base, *more]
 *
 * The container has its own entries first, `name: web` and `tag: "2"`. What is
 * merged fills in the keys that it lacks: `image: a` and `pull: Always` from
 * `*base`, the first of the list, and `debug: yes` from `*more`, whose image is
 * overridden by that of `*base`. A mapping that is merged may have merge keys
 * itself; what these bring comes after its own entries.
 */
#pragma once

#include "yaml/cursor.h"

/* What the merge keys of a mapping bring, in the order in which it counts. */
struct irw_merges {
    struct irw_entries entries;
    struct irw_items list; /* when the value of `key` is one */
    uint32_t key;          /* the merge key that brings what was handed out */
};

struct irw_merges irw_merges(const struct irw_tree *tree, uint32_t mapping);

/* Sets `*source` to the next node that is merged in, aliases followed, and
 * `*via` to the node written there, mostly an alias; false at the end. */
bool irw_merges_next(struct irw_merges *merges, uint32_t *via,
                     uint32_t *source);

/* Takes an entry of a mapping. `via` is the node, mostly an alias, that merges
 * the mapping which has the entry; 0: it is the mapping's own. */
typedef void irw_entry_fn(uint32_t key, uint32_t value, uint32_t via,
                          void *user);

/* Calls `each` for the entries of `mapping`: first its own, as often as each is
 * there, then what is merged into it and not overridden.
 *
 * An own entry before `<<` overrides nothing here. kustomize says that it does,
 * while to kubectl the merged one counts, so both are shown. */
void irw_mapping_each(const struct irw_tree *tree, uint32_t mapping,
                      struct irw_budget *budget, irw_entry_fn *each,
                      void *user);

/* Where a mapping has an entry from. */
struct irw_origin {
    struct irw_tree_entry entry; /* its nodes are IRW_NO_NODE: there is none */
    uint32_t owner;         /* the mapping in which it is written */
    uint32_t via;           /* as for irw_entry_fn */
};

/* Finds the entry with `key`, and the mapping that has it: `mapping` itself or
 * one that is merged into it. Of duplicates the last counts, as for kubectl.
 * What is no mapping, and IRW_NO_NODE, has no entries. */
struct irw_origin irw_mapping_locate(const struct irw_tree *tree,
                                     uint32_t mapping, imgrw_str key,
                                     struct irw_budget *budget);

/* The value of that entry, aliases followed, or IRW_NO_NODE. */
uint32_t irw_mapping_find(const struct irw_tree *tree, uint32_t mapping,
                          imgrw_str key, struct irw_budget *budget);

/* Whether the mapping has a merge key of its own. */
bool irw_has_merge_key(const struct irw_tree *tree, uint32_t mapping);
