#include "yaml/merge.h"
#include "base/str.h"

#define DEEPEST 500 /* aliases and merge keys inside each other */

/* A mapping that others are merged into, and what was merged before them. */
struct scope {
    const struct scope *outer;
    uint32_t mapping;
    uint32_t key;     /* its merge key that is in work */
    uint32_t sources; /* the list of sources in work, or IRW_NO_NODE */
    uint32_t source;  /* those before this one in the list come first */
    uint32_t via;     /* the alias in work, or what stands in its place */
};

struct walk {
    const struct irw_tree *tree;
    struct irw_budget *budget;
    irw_entry_fn *each;
    void *user;
};

bool
irw_budget_enter(struct irw_budget *budget, size_t cost)
{
    if (budget->left < cost || budget->depth == DEEPEST) {
        budget->left = 0;
        budget->spent = true;
        return false;
    }
    budget->left -= cost;
    budget->depth++;
    return true;
}

void
irw_budget_leave(struct irw_budget *budget)
{
    budget->depth--;
}

/* The text of a key: a scalar, or an alias of one; empty for any other. */
static imgrw_str
key_text(const struct irw_tree *tree, uint32_t key)
{
    return irw_tree_value(tree, irw_tree_follow(tree, key));
}

/* The value of an own key, the last of several from the entry at `start` on;
 * nothing merged. */
static uint32_t
find_own(const struct irw_tree *tree, uint32_t mapping, uint32_t start,
         imgrw_str key)
{
    uint32_t end = tree->nodes[mapping].next, found = IRW_NO_NODE;

    for (uint32_t at = start; at < end;) {
        uint32_t value = tree->nodes[at].next;

        if (irw_equal(key_text(tree, at), key))
            found = irw_tree_follow(tree, value);
        at = tree->nodes[value].next;
    }
    return found;
}

bool
irw_has_merge_key(const struct irw_tree *tree, uint32_t mapping)
{
    uint32_t end = tree->indirect ? tree->nodes[mapping].next : 0;

    for (uint32_t at = mapping + 1; at < end;) {
        if (irw_is_merge_key(tree, at))
            return true;
        at = tree->nodes[tree->nodes[at].next].next;
    }
    return false;
}

/* The value of `key` in what the merge key's value `merged` brings. */
static uint32_t
find_merged(const struct irw_tree *tree, uint32_t merged, imgrw_str key,
            uint32_t stop, struct irw_budget *budget)
{
    uint32_t source = irw_tree_follow(tree, merged), end, found;

    if (tree->nodes[source].type != IRW_NODE_SEQUENCE)
        return irw_mapping_find(tree, source, key, budget);
    end = tree->nodes[source].next;
    for (uint32_t at = source + 1; at < end && at != stop;
         at = tree->nodes[at].next) {
        found = irw_mapping_find(tree, irw_tree_follow(tree, at), key, budget);
        if (found != IRW_NO_NODE)
            return found;
    }
    return IRW_NO_NODE;
}

uint32_t
irw_mapping_find(const struct irw_tree *tree, uint32_t mapping, imgrw_str key,
                 struct irw_budget *budget)
{
    uint32_t end, found;

    if (mapping == IRW_NO_NODE || tree->nodes[mapping].type != IRW_NODE_MAPPING)
        return IRW_NO_NODE;
    found = find_own(tree, mapping, mapping + 1, key);
    end = tree->nodes[mapping].next;
    if (found != IRW_NO_NODE || !irw_has_merge_key(tree, mapping) ||
        !irw_budget_enter(budget, end - mapping))
        return found;
    for (uint32_t at = mapping + 1; at < end && found == IRW_NO_NODE;) {
        uint32_t value = tree->nodes[at].next;

        if (irw_is_merge_key(tree, at))
            found = find_merged(tree, value, key, IRW_NO_NODE, budget);
        at = tree->nodes[value].next;
    }
    irw_budget_leave(budget);
    return found;
}

/* Whether an entry with `key` further out, or merged earlier, comes first. */
static bool
is_overridden(const struct walk *walk, const struct scope *scope, imgrw_str key)
{
    for (; scope; scope = scope->outer) {
        const struct irw_node *mapping = &walk->tree->nodes[scope->mapping];

        if (!irw_budget_enter(walk->budget, mapping->next - scope->mapping))
            return true;
        irw_budget_leave(walk->budget);
        if (find_own(walk->tree, scope->mapping, scope->key, key) !=
            IRW_NO_NODE)
            return true;
        if (scope->sources != IRW_NO_NODE &&
            find_merged(walk->tree, scope->sources, key, scope->source,
                        walk->budget) != IRW_NO_NODE)
            return true;
    }
    return false;
}

static void walk_mapping(const struct walk *walk, uint32_t mapping,
                         const struct scope *outer);

/* Walks what the merge key `key` brings: a mapping or a list of mappings. */
static void
walk_merged(const struct walk *walk, uint32_t mapping, uint32_t key,
            const struct scope *outer)
{
    const struct irw_tree *tree = walk->tree;
    uint32_t merged = tree->nodes[key].next;
    uint32_t source = irw_tree_follow(tree, merged);
    struct scope scope = {outer,       mapping,     key,
                          IRW_NO_NODE, IRW_NO_NODE, merged};

    if (tree->nodes[source].type != IRW_NODE_SEQUENCE) {
        walk_mapping(walk, source, &scope);
        return;
    }
    scope.sources = source;
    for (uint32_t at = source + 1; at < tree->nodes[source].next;
         at = tree->nodes[at].next) {
        scope.source = scope.via = at;
        walk_mapping(walk, irw_tree_follow(tree, at), &scope);
    }
}

/* Calls back for the entries of the mapping itself. */
static void
walk_own(const struct walk *walk, uint32_t mapping, const struct scope *outer)
{
    const struct irw_tree *tree = walk->tree;
    uint32_t end = tree->nodes[mapping].next;

    for (uint32_t at = mapping + 1; at < end && !walk->budget->spent;) {
        uint32_t value = tree->nodes[at].next;

        if (!irw_is_merge_key(tree, at) &&
            !(outer && is_overridden(walk, outer, key_text(tree, at))))
            walk->each(at, value, outer ? outer->via : 0, walk->user);
        at = tree->nodes[value].next;
    }
}

static void
walk_mapping(const struct walk *walk, uint32_t mapping,
             const struct scope *outer)
{
    const struct irw_tree *tree = walk->tree;
    uint32_t end = tree->nodes[mapping].next;

    if (tree->nodes[mapping].type != IRW_NODE_MAPPING)
        return;
    walk_own(walk, mapping, outer);
    if (!irw_has_merge_key(tree, mapping) ||
        !irw_budget_enter(walk->budget, end - mapping))
        return;
    for (uint32_t at = mapping + 1; at < end && !walk->budget->spent;) {
        uint32_t value = tree->nodes[at].next;

        if (irw_is_merge_key(tree, at))
            walk_merged(walk, mapping, at, outer);
        at = tree->nodes[value].next;
    }
    irw_budget_leave(walk->budget);
}

void
irw_mapping_each(const struct irw_tree *tree, uint32_t mapping,
                 struct irw_budget *budget,
                 irw_entry_fn *each, void *user)
{
    const struct walk walk = {tree, budget, each, user};

    walk_mapping(&walk, mapping, NULL);
}
