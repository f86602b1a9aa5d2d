/*
 * From what images become to the entries of kustomize's `images:`.
 *
 * An entry is for a name, whatever its tag, and each sees what the entries
 * before it have made. So the entries are put into an order that has the fewest
 * see what others made, and are then tried on every image that they reach, also
 * on those that must stay as they are.
 */
#include "overlay/entries.h"
#include "base/str.h"
#include "overlay/entry_order.h"
#include "overlay/entry_trial.h"

/* The entry called `name` that makes the change; false when none can. */
static bool
describe_entry(const struct irw_distinct_change *change, imgrw_str name,
               struct irw_kustomize_entry *entry)
{
    const struct irw_kustomize_image *from = &change->from, *to = &change->to;

    *entry = (struct irw_kustomize_entry){.name = name};
    if (from->name.size == 0 || to->name.size == 0)
        return false;
    if (!irw_equal(to->name, from->name))
        entry->new_name = to->name;
    if (irw_equal(from->tag, to->tag) && irw_equal(from->digest, to->digest))
        return true;
    entry->new_tag = to->tag;
    entry->digest = to->digest;
    /* There is no way to say that a tag goes and no other one comes. */
    return to->tag.size + to->digest.size > 0;
}

static bool
sets_the_same(const struct irw_kustomize_entry *one,
              const struct irw_kustomize_entry *other)
{
    return irw_equal(one->new_name, other->new_name) &&
           irw_equal(one->new_tag, other->new_tag) &&
           irw_equal(one->digest, other->digest);
}

/* Whether one entry makes all changes of the name that `first` is of; then it
 * is set. */
static bool
have_one_entry(const struct irw_distinct_changes *changes, size_t first,
               struct irw_kustomize_entry *entry)
{
    const struct irw_distinct_change *items = changes->list.items;
    imgrw_str name = items[first].from.name;
    struct irw_kustomize_entry other;

    if (!describe_entry(&items[first], name, entry))
        return false;
    for (size_t i = first; i != IRW_NONE; i = items[i].same_name)
        if (items[i].ambiguous || !describe_entry(&items[i], name, &other) ||
            !sets_the_same(entry, &other))
            return false;
    return true;
}

/* Adds an entry for the change, which may be the first of a chain. */
static bool
add_entry(struct irw_overlay_entries *entries, size_t change,
          const struct irw_kustomize_entry *text)
{
    return IRW_APPEND(&entries->list,
                      (struct irw_overlay_entry){*text, change, false});
}

/* Adds the entry that makes all the changes of a name, unless they all are that
 * nothing changes. */
static bool
add_for_name(struct irw_overlay_entries *entries,
             struct irw_distinct_changes *changes, size_t first,
             const struct irw_kustomize_entry *text)
{
    struct irw_distinct_change *items = changes->list.items;

    if (text->new_name.size + text->new_tag.size + text->digest.size == 0)
        return true;
    for (size_t i = first; i != IRW_NONE; i = items[i].same_name) {
        items[i].entry = entries->list.count;
        items[i].same_entry = items[i].same_name;
    }
    return add_entry(entries, first, text);
}

/* Makes the entries for the changes of one name: one for the name or, where
 * that does not do, one for each text. */
static bool
make_for_name(struct irw_overlay_entries *entries,
              struct irw_distinct_changes *changes, size_t first)
{
    struct irw_distinct_change *items = changes->list.items;
    struct irw_kustomize_entry text;

    if (have_one_entry(changes, first, &text))
        return add_for_name(entries, changes, first, &text);
    for (size_t i = first; i != IRW_NONE; i = items[i].same_name) {
        struct irw_distinct_change *change = &items[i];

        if (irw_equal(change->before, change->after))
            continue;
        /* An entry for a name without a tag is one for the name with any tag,
         * and of an ambiguous text it cannot tell which one is meant. */
        change->patched = change->ambiguous ||
                          change->before.size == change->from.name.size ||
                          !describe_entry(change, change->before, &text);
        if (change->patched)
            continue;
        change->entry = entries->list.count;
        if (!add_entry(entries, i, &text))
            return false;
    }
    return true;
}

bool
irw_overlay_entries_make(struct irw_overlay_entries *entries,
                         struct irw_distinct_changes *changes)
{
    for (size_t i = 0; i < changes->list.count; i++)
        if (irw_distinct_is_first(changes, i) &&
            !make_for_name(entries, changes, i))
            return false;
    return irw_overlay_entries_order(entries, changes) &&
           irw_overlay_entries_try(entries, changes);
}
