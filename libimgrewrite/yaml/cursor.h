/*
 * Cursors: reading a tree in loops that say what they look for, aliases
 * followed where YAML's readers follow them.
 *
 *     struct irw_entries entries = irw_entries(tree, mapping);
 *     uint32_t key, value;
 *
 *     while (irw_entries_next(&entries, &key, &value))
 *         if (irw_equal(irw_tree_text(tree, key), IRW_STR("image")))
 *             ...
 *
 * A cursor over what is no mapping, or no list, has nothing to hand out. What
 * merge keys bring into a mapping is the business of merge.h.
 */
#pragma once

#include "yaml/tree.h"

/* How much of a document its aliases and merge keys may show: nodes, nodes
 * inside of each other, and aliases and merge keys inside of each other. The
 * first keeps a small text from taking time without end (kubectl has a limit of
 * the same kind); the others keep the recursion off the end of the stack. */
#define IRW_EXPANSION_MAX 1000000
#define IRW_EXPANSION_LEVELS 2000
#define IRW_EXPANSION_ALIASES 500

/* How many nodes may still be looked at through aliases and merge keys. */
struct irw_budget {
    size_t left;
    unsigned depth; /* aliases and merge keys that are being followed */
    bool spent;     /* it was not enough; results are not to be used */
};

/* The budget for the first reading of a document, which decides whether it is
 * taken. */
static inline struct irw_budget
irw_budget_first(void)
{
    return (struct irw_budget){.left = IRW_EXPANSION_MAX};
}

/* The budget for a later look at a document that was taken. It is larger,
 * because such a look may see a node several times, and what one stage has
 * taken no other should refuse. */
static inline struct irw_budget
irw_budget_again(void)
{
    return (struct irw_budget){.left = (size_t)4 * IRW_EXPANSION_MAX};
}

/* Takes `cost` from the budget; false when that does not suffice. */
bool irw_budget_charge(struct irw_budget *budget, size_t cost);

/* The same for an alias or a merge key that is about to be followed, which must
 * be ended by irw_budget_leave. Too many inside of each other spend it too. */
bool irw_budget_enter(struct irw_budget *budget, size_t cost);
void irw_budget_leave(struct irw_budget *budget);

/* The value of a scalar or of an alias of one, decoded; empty for any other
 * node. */
static inline imgrw_str
irw_tree_text(const struct irw_tree *tree, uint32_t node)
{
    return irw_tree_value(tree, irw_tree_follow(tree, node));
}

/* Whether the node is a scalar or an alias of one. */
static inline bool
irw_is_scalar(const struct irw_tree *tree, uint32_t node)
{
    return tree->nodes[irw_tree_follow(tree, node)].type == IRW_NODE_SCALAR;
}

/* The entries of a mapping itself, in the order of the text. */
struct irw_entries {
    const struct irw_tree *tree;
    uint32_t at, end;
};

static inline struct irw_entries
irw_entries(const struct irw_tree *tree, uint32_t node)
{
    const struct irw_node *mapping = &tree->nodes[node];

    return (struct irw_entries){
        tree, node + 1,
        mapping->type == IRW_NODE_MAPPING ? mapping->next : 0};
}

/* Sets `*key` and `*value` to the next entry's nodes, as they are written;
 * false at the end. */
static inline bool
irw_entries_next(struct irw_entries *entries, uint32_t *key, uint32_t *value)
{
    const struct irw_node *nodes = entries->tree->nodes;

    if (entries->at >= entries->end)
        return false;
    *key = entries->at;
    *value = nodes[*key].next;
    entries->at = nodes[*value].next;
    return true;
}

/* The items of a list, in the order of the text. */
struct irw_items {
    const struct irw_tree *tree;
    uint32_t at, end;
    uint32_t next_index; /* of the item at `at`, counted from 0 */
};

static inline struct irw_items
irw_items(const struct irw_tree *tree, uint32_t node)
{
    const struct irw_node *list = &tree->nodes[node];

    return (struct irw_items){
        tree, node + 1, list->type == IRW_NODE_SEQUENCE ? list->next : 0, 0};
}

/* Sets `*item` to the next item's node, as it is written, and `*index` to its
 * position; false at the end. */
static inline bool
irw_items_next(struct irw_items *items, uint32_t *item, uint32_t *index)
{
    if (items->at >= items->end)
        return false;
    *item = items->at;
    *index = items->next_index++;
    items->at = items->tree->nodes[*item].next;
    return true;
}

/* An entry of a mapping, by its nodes as they are written. */
struct irw_tree_entry {
    uint32_t key, value; /* IRW_NO_NODE: there is no such entry */
};

/* The mapping's own entry with this key; of several the last, which is the one
 * that counts for kubectl. */
struct irw_tree_entry irw_own_entry(const struct irw_tree *tree,
                                    uint32_t mapping, imgrw_str key);

/* The value of the last own entry with this key whose value is a scalar or an
 * alias of one, as it is written; IRW_NO_NODE where there is none. */
uint32_t irw_own_scalar(const struct irw_tree *tree, uint32_t mapping,
                        imgrw_str key);
