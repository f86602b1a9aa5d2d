/*
 * kustomize applies every entry to what those before it have made: a -> b and
 * then b -> c would make c of a. So an entry comes after those that match what
 * it makes; the chain above is written from its end. Of a circle, one entry has
 * to come before another that matches what it makes; the trial finds it out.
 */
#include "overlay/entry_order.h"

#include <stdlib.h>
#include <string.h>

/* An entry, and how far its successors have been looked at. */
struct entry_visit {
    size_t place;  /* in the new order; IRW_NONE: not seen yet */
    size_t change; /* the one whose result is looked at next */
    bool by_text;  /* that result as a whole; else its name */
    size_t waiting; /* the entry that comes after this one */
};

struct ordering {
    const struct irw_overlay_entry *entries;
    const struct irw_distinct_change *changes;
    struct irw_map by_name; /* of entries, to their number + 1 */
    struct entry_visit *visits;
    struct irw_overlay_entry *ordered;
    size_t count;
};

/* The next entry that matches what `entry` makes and has no place yet. */
static size_t
next_successor(const struct ordering *ordering, size_t entry)
{
    struct entry_visit *visit = &ordering->visits[entry];

    while (visit->change != IRW_NONE) {
        const struct irw_distinct_change *change =
            &ordering->changes[visit->change];
        imgrw_str name = visit->by_text ? change->after : change->to.name;
        size_t found = irw_map_get(&ordering->by_name, name) - 1;

        if (visit->by_text)
            visit->change = change->same_entry;
        visit->by_text = !visit->by_text;
        if (found != IRW_NONE && ordering->visits[found].place == IRW_NONE)
            return found;
    }
    return IRW_NONE;
}

static void
begin_visit(struct ordering *ordering, size_t entry, size_t waiting)
{
    ordering->visits[entry] = (struct entry_visit){
        .change = ordering->entries[entry].first_change,
        .waiting = waiting,
    };
}

/* Places an entry after those that match what it makes. Chains may be as long
 * as there are images, so that this does not recurse. */
static void
place_entry(struct ordering *ordering, size_t entry)
{
    begin_visit(ordering, entry, IRW_NONE);
    while (entry != IRW_NONE) {
        size_t next = next_successor(ordering, entry);

        if (next != IRW_NONE) {
            begin_visit(ordering, next, entry);
            entry = next;
            continue;
        }
        ordering->visits[entry].place = ordering->count;
        ordering->ordered[ordering->count++] = ordering->entries[entry];
        entry = ordering->visits[entry].waiting;
    }
}

static bool
prepare(struct ordering *ordering, size_t count)
{
    ordering->visits = calloc(count + 1, sizeof(*ordering->visits));
    ordering->ordered = calloc(count + 1, sizeof(*ordering->ordered));
    if (!ordering->visits || !ordering->ordered)
        return false;
    for (size_t i = 0; i < count; i++) {
        ordering->visits[i].place = IRW_NONE;
        if (!irw_map_set(&ordering->by_name, ordering->entries[i].text.name,
                         i + 1))
            return false;
    }
    return true;
}

bool
irw_overlay_entries_order(struct irw_overlay_entries *entries,
                          struct irw_distinct_changes *changes)
{
    size_t count = entries->list.count;
    struct ordering ordering = {
        .entries = entries->list.items,
        .changes = changes->list.items,
    };
    bool done = prepare(&ordering, count);

    for (size_t i = 0; i < count && done; i++)
        if (ordering.visits[i].place == IRW_NONE)
            place_entry(&ordering, i);
    for (size_t i = 0; i < changes->list.count && done; i++) {
        size_t *entry = &changes->list.items[i].entry;

        if (*entry != IRW_NONE)
            *entry = ordering.visits[*entry].place;
    }
    if (done && count > 0)
        memcpy(entries->list.items, ordering.ordered,
               count * sizeof(*ordering.ordered));
    irw_map_clear(&ordering.by_name);
    free(ordering.visits);
    free(ordering.ordered);
    return done;
}
