/*
 * What is not worth being inline, or not hot.
 */
#include "yaml/cursor.h"
#include "base/str.h"

static bool
spend(struct irw_budget *budget)
{
    budget->left = 0;
    budget->spent = true;
    return false;
}

bool
irw_budget_charge(struct irw_budget *budget, size_t cost)
{
    if (budget->left < cost)
        return spend(budget);
    budget->left -= cost;
    return true;
}

bool
irw_budget_enter(struct irw_budget *budget, size_t cost)
{
    if (budget->depth == IRW_EXPANSION_ALIASES)
        return spend(budget);
    if (!irw_budget_charge(budget, cost))
        return false;
    budget->depth++;
    return true;
}

void
irw_budget_leave(struct irw_budget *budget)
{
    budget->depth--;
}

struct irw_tree_entry
irw_own_entry(const struct irw_tree *tree, uint32_t mapping, imgrw_str key)
{
    struct irw_entries entries = irw_entries(tree, mapping);
    struct irw_tree_entry entry, found = {IRW_NO_NODE, IRW_NO_NODE};

    while (irw_entries_next(&entries, &entry.key, &entry.value))
        if (irw_equal(irw_tree_text(tree, entry.key), key))
            found = entry;
    return found;
}

uint32_t
irw_own_scalar(const struct irw_tree *tree, uint32_t mapping, imgrw_str key)
{
    struct irw_entries entries = irw_entries(tree, mapping);
    uint32_t at, value, found = IRW_NO_NODE;

    while (irw_entries_next(&entries, &at, &value))
        if (irw_is_scalar(tree, value) &&
            irw_equal(irw_tree_text(tree, at), key))
            found = value;
    return found;
}
