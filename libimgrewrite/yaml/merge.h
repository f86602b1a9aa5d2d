/*
 * Mappings as their readers see them: with what `<<` merges into them.
 */
#pragma once

#include "yaml/tree.h"

/* How many nodes may still be looked at through aliases and merge keys; it
 * keeps documents that expand without end from taking time without end. */
struct irw_budget {
    size_t left;
    unsigned depth; /* aliases and merge keys that are being followed */
    bool spent;     /* it was not enough; results are not to be used */
};

/* Takes `cost` from the budget and goes one level down, which must be followed
 * by irw_budget_leave; false when it does not suffice. */
bool irw_budget_enter(struct irw_budget *budget, size_t cost);

void irw_budget_leave(struct irw_budget *budget);

/* Takes an entry of a mapping. `via` is the alias that merges it into the one
 * that is walked; 0: it is of the mapping itself. */
typedef void irw_entry_fn(uint32_t key, uint32_t value, uint32_t via,
                          void *user);

/* Calls `each` for the entries of `mapping`, first its own, each as often as it
 * stands there, then what is merged into it and not overridden. An own key that
 * stands before `<<` overrides nothing here: kustomize says it does, and to
 * kubectl the merged one counts. */
void irw_mapping_each(const struct irw_tree *tree, uint32_t mapping,
                      struct irw_budget *budget, irw_entry_fn *each,
                      void *user);

/* The value of `key`, aliases followed; of duplicates the last, as kubectl has
 * it. IRW_NO_NODE where there is none or `mapping` is no mapping. */
uint32_t irw_mapping_find(const struct irw_tree *tree, uint32_t mapping,
                          imgrw_str key, struct irw_budget *budget);

/* Whether the mapping has a merge key of its own. */
bool irw_has_merge_key(const struct irw_tree *tree, uint32_t mapping);
