#include "yaml/merge.h"
#include "base/str.h"

/* Where the mapping that is walked is merged in: what comes before it there
 * overrides its entries. */
struct scope {
    const struct scope *outer; /* the same of `mapping`; NULL: it is the one
                                  that was asked for */
    uint32_t mapping;
    uint32_t key; /* its merge key that is followed */
    uint32_t via; /* the alias, or the mapping itself, that is merged there */
};

struct walk {
    const struct irw_tree *tree;
    struct irw_budget *budget;
    irw_entry_fn *each;
    void *user;
};

bool
irw_has_merge_key(const struct irw_tree *tree, uint32_t mapping)
{
    struct irw_entries entries = irw_entries(tree, mapping);
    uint32_t key, value;

    if (!tree->indirect)
        return false;
    while (irw_entries_next(&entries, &key, &value))
        if (irw_is_merge_key(tree, key))
            return true;
    return false;
}

/* What the merge keys from the entry `key` of `mapping` on bring. */
static struct irw_merges
merges_from(const struct irw_tree *tree, uint32_t mapping, uint32_t key)
{
    struct irw_merges merges = {.entries = irw_entries(tree, mapping)};

    merges.entries.at = key;
    return merges;
}

struct irw_merges
irw_merges(const struct irw_tree *tree, uint32_t mapping)
{
    return merges_from(tree, mapping, mapping + 1);
}

bool
irw_merges_next(struct irw_merges *merges, uint32_t *via, uint32_t *source)
{
    const struct irw_tree *tree = merges->entries.tree;
    uint32_t index;

    while (!irw_items_next(&merges->list, via, &index)) {
        do
            if (!irw_entries_next(&merges->entries, &merges->key, via))
                return false;
        while (!irw_is_merge_key(tree, merges->key));
        *source = irw_tree_follow(tree, *via);
        if (tree->nodes[*source].type != IRW_NODE_SEQUENCE)
            return true;
        merges->list = irw_items(tree, *source);
    }
    *source = irw_tree_follow(tree, *via);
    return true;
}

/* Finds the entry in the mapping at `origin->owner` or in what is merged into
 * that. */
static bool
locate(const struct irw_tree *tree, imgrw_str key, struct irw_budget *budget,
       struct irw_origin *origin)
{
    uint32_t mapping = origin->owner;
    struct irw_merges merges;
    bool found = false;

    origin->entry = irw_own_entry(tree, mapping, key);
    if (origin->entry.key != IRW_NO_NODE)
        return true;
    if (!irw_has_merge_key(tree, mapping) ||
        !irw_budget_enter(budget, tree->nodes[mapping].next - mapping))
        return false;
    merges = irw_merges(tree, mapping);
    while (!found && irw_merges_next(&merges, &origin->via, &origin->owner))
        found = locate(tree, key, budget, origin);
    irw_budget_leave(budget);
    return found;
}

struct irw_origin
irw_mapping_locate(const struct irw_tree *tree, uint32_t mapping, imgrw_str key,
                   struct irw_budget *budget)
{
    static const struct irw_tree_entry none = {IRW_NO_NODE, IRW_NO_NODE};
    struct irw_origin origin = {none, mapping, 0};

    return mapping != IRW_NO_NODE && locate(tree, key, budget, &origin)
               ? origin
               : (struct irw_origin){none, IRW_NO_NODE, 0};
}

uint32_t
irw_mapping_find(const struct irw_tree *tree, uint32_t mapping, imgrw_str key,
                 struct irw_budget *budget)
{
    uint32_t value =
        irw_mapping_locate(tree, mapping, key, budget).entry.value;

    return value == IRW_NO_NODE ? value : irw_tree_follow(tree, value);
}

/* Whether `scope->mapping` has an entry with `key` that comes before what it
 * merges there: an own one, but for those before the merge key (merge.h says
 * why), or one from an earlier mapping of the same list. */
static bool
has_earlier(const struct walk *walk, const struct scope *scope, imgrw_str key)
{
    const struct irw_tree *tree = walk->tree;
    struct irw_merges merges = merges_from(tree, scope->mapping, scope->key);
    struct irw_entries entries = merges.entries;
    uint32_t at, value, via, source;

    while (irw_entries_next(&entries, &at, &value))
        if (irw_equal(irw_tree_text(tree, at), key))
            return true;
    while (irw_merges_next(&merges, &via, &source) && via != scope->via)
        if (irw_mapping_find(tree, source, key, walk->budget) != IRW_NO_NODE)
            return true;
    return false;
}

/* Whether an entry with `key` further out, or merged earlier, comes first. Each
 * look is charged: with merge keys inside of each other, the looks of all the
 * entries grow by the square. */
static bool
is_overridden(const struct walk *walk, const struct scope *scope, imgrw_str key)
{
    for (; scope; scope = scope->outer) {
        const struct irw_node *mapping = &walk->tree->nodes[scope->mapping];

        if (!irw_budget_charge(walk->budget, mapping->next - scope->mapping) ||
            has_earlier(walk, scope, key))
            return true;
    }
    return false;
}

/* Calls back for the entries of the mapping itself. */
static void
walk_own(const struct walk *walk, uint32_t mapping, const struct scope *scope)
{
    const struct irw_tree *tree = walk->tree;
    struct irw_entries entries = irw_entries(tree, mapping);
    uint32_t key, value;

    while (!walk->budget->spent && irw_entries_next(&entries, &key, &value))
        if (!irw_is_merge_key(tree, key) &&
            !(scope && is_overridden(walk, scope, irw_tree_text(tree, key))))
            walk->each(key, value, scope ? scope->via : 0, walk->user);
}

static void
walk_mapping(const struct walk *walk, uint32_t mapping,
             const struct scope *outer)
{
    const struct irw_tree *tree = walk->tree;
    struct irw_merges merges;
    struct scope scope = {.outer = outer, .mapping = mapping};
    uint32_t source;

    walk_own(walk, mapping, outer);
    if (!irw_has_merge_key(tree, mapping) ||
        !irw_budget_enter(walk->budget, tree->nodes[mapping].next - mapping))
        return;
    merges = irw_merges(tree, mapping);
    while (!walk->budget->spent &&
           irw_merges_next(&merges, &scope.via, &source)) {
        scope.key = merges.key;
        walk_mapping(walk, source, &scope);
    }
    irw_budget_leave(walk->budget);
}

void
irw_mapping_each(const struct irw_tree *tree, uint32_t mapping,
                 struct irw_budget *budget, irw_entry_fn *each, void *user)
{
    const struct walk walk = {tree, budget, each, user};

    walk_mapping(&walk, mapping, NULL);
}
