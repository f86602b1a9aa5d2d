/*
 * From what images become to the entries of kustomize's `images:`.
 *
 * An entry is for a name, whatever its tag, or for a text. kustomize applies
 * each to what those before it have made: a -> b and then b -> c would make c
 * of a. So an entry comes after those that match what it makes; that chain is
 * written from its end. Of a circle, one entry has to come before another that
 * matches what it makes. The entries are then tried on every image that they
 * reach, also on those that must stay as they are.
 */
#include "overlay/entries.h"
#include "base/str.h"
#include "overlay/entry_trial.h"

#include <stdlib.h>

/* The parts of an image; empty for what is not a reference. */
static struct irw_kustomize_image
split(imgrw_str image)
{
    struct imgrw_reference parsed;

    if (imgrw_reference_parse(image, &parsed, NULL) != IMGRW_OK)
        return (struct irw_kustomize_image){0};
    return irw_kustomize_split(image);
}

bool
irw_images_add(struct irw_images *images, imgrw_str before, imgrw_str after,
               size_t *number)
{
    size_t first = irw_map_get(&images->by_text, before) - 1;

    for (*number = first; *number != IRW_NONE;
         *number = images->changes.items[*number].same_text)
        if (irw_equal(images->changes.items[*number].after, after))
            return true;
    *number = images->changes.count;
    if (!IRW_APPEND(&images->changes, (struct irw_image_change){
                                          .before = before,
                                          .after = after,
                                          .from = split(before),
                                          .to = split(after),
                                          .same_text = first,
                                          .same_name = IRW_NONE,
                                          .leader = IRW_NONE,
                                          .entry = IRW_NONE,
                                          .ambiguous = first != IRW_NONE,
                                      }))
        return false;
    if (first != IRW_NONE)
        images->changes.items[first].ambiguous = true;
    return irw_map_set(&images->by_text, before, *number + 1);
}

/* Chains the changes of each name, in their order. */
static bool
chain_names(struct irw_images *images)
{
    for (size_t i = images->changes.count; i-- > 0;) {
        struct irw_image_change *change = &images->changes.items[i];

        if (change->from.name.size == 0)
            continue;
        change->same_name =
            irw_map_get(&images->by_name, change->from.name) - 1;
        if (!irw_map_set(&images->by_name, change->from.name, i + 1))
            return false;
    }
    return true;
}

/* The entry that makes the change, for its name or for its text; false when
 * none can. */
static bool
describe_entry(const struct irw_image_change *change, bool for_name,
               struct irw_kustomize_entry *entry)
{
    const struct irw_kustomize_image *from = &change->from, *to = &change->to;

    *entry = (struct irw_kustomize_entry){
        .name = for_name ? from->name : change->before};
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

/* Whether one entry makes all changes of the name that `first` is of. */
static bool
have_one_entry(const struct irw_image_change *changes, size_t first)
{
    struct irw_kustomize_entry entry, other;

    if (!describe_entry(&changes[first], true, &entry))
        return false;
    for (size_t i = first; i != IRW_NONE; i = changes[i].same_name)
        if (changes[i].ambiguous ||
            !describe_entry(&changes[i], true, &other) ||
            !sets_the_same(&entry, &other))
            return false;
    return entry.new_name.size + entry.new_tag.size + entry.digest.size > 0;
}

/* Says which entries make the changes of the name whose first is `first`, if
 * any: one for the name or, where that does not do, one for each text. */
static void
choose_entries(struct irw_image_change *changes, size_t first)
{
    bool for_name = first != IRW_NONE && have_one_entry(changes, first);
    struct irw_kustomize_entry entry;

    for (size_t i = first; i != IRW_NONE; i = changes[i].same_name) {
        struct irw_image_change *change = &changes[i];

        change->for_name = for_name;
        /* An entry for a text without a tag would be one for the name with any
         * tag, and of an ambiguous text it cannot tell which one is meant. */
        if (for_name)
            change->leader = first;
        else if (!irw_equal(change->before, change->after) &&
                 !change->ambiguous &&
                 change->before.size != change->from.name.size &&
                 describe_entry(change, false, &entry))
            change->leader = i;
    }
}

/* The leader of the entry that matches what the change makes, or IRW_NONE. */
static size_t
find_successor(const struct irw_images *images,
               const struct irw_image_change *change)
{
    const struct irw_image_change *changes = images->changes.items;
    size_t text = irw_map_get(&images->by_text, change->after) - 1;
    size_t name = irw_map_get(&images->by_name, change->to.name) - 1;

    if (text != IRW_NONE && changes[text].leader != IRW_NONE)
        return changes[text].leader;
    return name != IRW_NONE && changes[name].for_name ? name : IRW_NONE;
}

/* The leader of the next entry that matches what the entry of `leader` makes
 * and has no place yet. */
static size_t
next_successor(const struct irw_images *images, size_t leader)
{
    struct irw_image_change *changes = images->changes.items;
    size_t *at = &changes[leader].looked;

    while (*at != IRW_NONE) {
        size_t found = find_successor(images, &changes[*at]);

        *at = irw_next_of_entry(changes, *at);
        if (found != IRW_NONE && !changes[found].begun)
            return found;
    }
    return IRW_NONE;
}

static bool
add_entry(struct irw_images *images, size_t leader)
{
    struct irw_image_change *changes = images->changes.items;
    struct irw_image_entry entry = {.leader = leader};

    describe_entry(&changes[leader], changes[leader].for_name, &entry.text);
    for (size_t i = leader; i != IRW_NONE; i = irw_next_of_entry(changes, i))
        changes[i].entry = images->entries.count;
    return IRW_APPEND(&images->entries, entry);
}

static void
begin(struct irw_image_change *changes, size_t leader, size_t waiting)
{
    changes[leader].begun = true;
    changes[leader].looked = leader;
    changes[leader].waiting = waiting;
}

/* Adds an entry after those that match what it makes. Chains may be as long as
 * there are images, so that this does not recurse. */
static bool
place_entry(struct irw_images *images, size_t leader)
{
    struct irw_image_change *changes = images->changes.items;

    begin(changes, leader, IRW_NONE);
    while (leader != IRW_NONE) {
        size_t next = next_successor(images, leader);

        if (next != IRW_NONE) {
            begin(changes, next, leader);
            leader = next;
        } else if (add_entry(images, leader)) {
            leader = changes[leader].waiting;
        } else {
            return false;
        }
    }
    return true;
}

/* The first of the changes of its name, or IRW_NONE for another one. */
static size_t
first_of_name(const struct irw_images *images, size_t change)
{
    imgrw_str name = images->changes.items[change].from.name;

    return name.size > 0 && irw_map_get(&images->by_name, name) == change + 1
               ? change
               : IRW_NONE;
}

bool
irw_images_make_entries(struct irw_images *images)
{
    struct irw_image_change *changes = images->changes.items;
    size_t count = images->changes.count;

    if (!chain_names(images))
        return false;
    for (size_t i = 0; i < count; i++)
        choose_entries(changes, first_of_name(images, i));
    for (size_t i = 0; i < count; i++)
        for (size_t k = first_of_name(images, i); k != IRW_NONE;
             k = changes[k].same_name)
            if (changes[k].leader == k && !changes[k].begun &&
                !place_entry(images, k))
                return false;
    return irw_images_try_entries(images);
}

void
irw_images_clear(struct irw_images *images)
{
    free(images->changes.items);
    free(images->entries.items);
    irw_map_clear(&images->by_text);
    irw_map_clear(&images->by_name);
}
