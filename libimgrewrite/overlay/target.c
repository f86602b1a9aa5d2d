#include "overlay/target.h"
#include "base/error.h"
#include "base/str.h"

#include <stdlib.h>

imgrw_str
irw_target_space(const struct irw_target *target)
{
    return target->name_space.size > 0 ? target->name_space
                                       : IRW_STR("default");
}

/* What resources may have in common: the beginning of the text that identifies
 * them. */
struct identity {
    imgrw_str kind;  /* version, kind and name */
    imgrw_str group; /* and the group */
    imgrw_str space; /* and the namespace: to kustomize they are one */
};

/* False when memory is out. */
static bool
identify(const struct irw_target *target, struct irw_arena *arena,
         struct identity *identity)
{
    imgrw_str parts[] = {target->version, target->kind, target->name,
                         target->group, irw_target_space(target)};
    size_t ends[5], size = 0;
    char *text;

    for (size_t i = 0; i < 5; i++)
        ends[i] = size += parts[i].size + 1;
    text = irw_arena_alloc(arena, size);
    if (!text)
        return false;
    for (size_t i = 0; i < 5; i++) {
        if (parts[i].size > 0)
            memcpy(text + ends[i] - 1 - parts[i].size, parts[i].data,
                   parts[i].size);
        text[ends[i] - 1] = '|';
    }
    identity->kind = (imgrw_str){text, ends[2]};
    identity->group = (imgrw_str){text, ends[3]};
    identity->space = (imgrw_str){text, ends[4]};
    return true;
}

/* The target that was the first to have the identity, which may be the one that
 * is being added; NULL when memory is out. */
static struct irw_target *
find_first(struct irw_targets *targets, imgrw_str identity)
{
    uintptr_t first = irw_map_get(&targets->ids, identity);

    if (first == 0) {
        first = targets->list.count;
        if (!irw_map_set(&targets->ids, identity, first))
            return NULL;
    }
    return &targets->list.items[first - 1];
}

static enum imgrw_status
fail_twice(const struct irw_target *first, const struct irw_target *target,
           struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_EDIT, target->at,
                    "%.*s %.*s is there twice, first at %s:%u; kustomize "
                    "refuses that",
                    IRW_PRINT(target->kind), IRW_PRINT(target->name),
                    first->at.path, (unsigned)first->at.line);
}

enum imgrw_status
irw_targets_add(struct irw_targets *targets, struct irw_arena *arena,
                struct irw_target target, struct imgrw_error *error)
{
    struct irw_target *added, *of_kind, *of_group, *same;
    struct identity identity;

    if (!target.group.data || !target.version.data || !target.kind.data ||
        !target.name.data || !target.name_space.data ||
        !identify(&target, arena, &identity) ||
        !IRW_APPEND(&targets->list, target))
        return irw_fail_memory(error);
    added = &targets->list.items[targets->list.count - 1];
    of_kind = find_first(targets, identity.kind);
    of_group = find_first(targets, identity.group);
    same = find_first(targets, identity.space);
    if (!of_kind || !of_group || !same)
        return irw_fail_memory(error);
    if (same != added)
        return fail_twice(same, added, error);
    added->leader = (size_t)(of_kind - targets->list.items);
    of_kind->leads_groups |= !irw_equal(of_kind->group, added->group);
    if (of_group != added)
        of_group->ambiguous = added->ambiguous = true;
    return IMGRW_OK;
}

void
irw_targets_clear(struct irw_targets *targets)
{
    free(targets->list.items);
    irw_map_clear(&targets->ids);
}
