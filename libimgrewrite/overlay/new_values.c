#include "overlay/new_values.h"
#include "base/error.h"
#include "edit/text_edit.h"
#include "manifest/manifest.h"
#include "plan/plan.h"

#include <stdlib.h>

static int
by_place(const void *one, const void *other)
{
    const struct irw_addition *a = one, *b = other;

    if (a->start != b->start)
        return a->start > b->start ? 1 : -1;
    return (a->mapping > b->mapping) - (a->mapping < b->mapping);
}

/* Takes the edits of a piece, from number `*first` on; false when memory is
 * out. */
static bool
take_additions(struct irw_new_values *values, const struct imgrw_plan *plan,
               const struct irw_piece *piece, size_t *first)
{
    const struct irw_edited_text *edited = irw_plan_edited(plan);

    for (; *first < edited->edit_count &&
           irw_text_edit_is_of(&edited->edits[*first], piece->end);
         ++*first) {
        const struct irw_insertion *added = edited->edits[*first].insertion;

        if (!added || imgrw_plan_edit(plan, *first)->kind != IMGRW_EDIT_IMAGE)
            continue;
        if (!IRW_APPEND(&values->additions,
                        (struct irw_addition){
                            .start = piece->tree.nodes[added->into].start,
                            .mapping = added->into,
                            .fragment = added->fragment,
                        }))
            return false;
    }
    return true;
}

enum imgrw_status
irw_new_values_take(struct irw_new_values *values,
                    const struct imgrw_plan *plan, struct imgrw_error *error)
{
    const struct imgrw_manifest *manifest = imgrw_plan_manifest(plan);
    const struct irw_edited_text *edited = irw_plan_edited(plan);
    size_t first = 0;

    *values = (struct irw_new_values){
        .scalars = edited->readings,
        .scalar_count = edited->reading_count,
    };
    for (size_t i = 0; i < manifest->piece_count; i++)
        if (!take_additions(values, plan, &manifest->pieces[i], &first))
            return irw_fail_memory(error);
    if (values->additions.count > 0)
        qsort(values->additions.items, values->additions.count,
              sizeof(*values->additions.items), by_place);
    return IMGRW_OK;
}

/* What becomes of the scalar or alias at `node` itself. */
static const imgrw_str *
find_scalar(const struct irw_new_values *values, const struct irw_tree *tree,
            uint32_t node)
{
    const struct irw_node *held = &tree->nodes[node];
    size_t i, count = values->scalar_count;

    IRW_LOWER_BOUND(i, count, values->scalars[i].start < held->start);
    /* An empty scalar may be where the next one starts. */
    return i < count && values->scalars[i].start == held->start &&
                   held->end > held->start
               ? &values->scalars[i].value
               : NULL;
}

const imgrw_str *
irw_new_value(const struct irw_new_values *values, const struct irw_tree *tree,
              uint32_t node)
{
    uint32_t held = irw_tree_follow(tree, node);
    const imgrw_str *value = NULL;

    if (tree->nodes[held].type != IRW_NODE_SCALAR)
        return NULL;
    if (held != node)
        value = find_scalar(values, tree, node);
    return value ? value : find_scalar(values, tree, held);
}

const struct irw_addition *
irw_additions_to(const struct irw_new_values *values,
                 const struct irw_tree *tree, uint32_t node, size_t *count)
{
    const struct irw_addition key = {tree->nodes[node].start, node, NULL};
    const struct irw_addition *items = values->additions.items;
    size_t first, total = values->additions.count;

    IRW_LOWER_BOUND(first, total, by_place(&items[first], &key) < 0);
    for (*count = 0;
         first + *count < total && by_place(&items[first + *count], &key) == 0;)
        ++*count;
    return *count > 0 ? items + first : NULL;
}

void
irw_new_values_clear(struct irw_new_values *values)
{
    free(values->additions.items);
}
