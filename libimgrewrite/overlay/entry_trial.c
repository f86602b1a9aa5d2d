/*
 * kustomize patches first and then applies `images:`, to what the patches made
 * as well. So a text that is patched must become something that no entry
 * changes: an entry that does is dropped, and the changes that it made are
 * patched, too.
 *
 * A text is well when only its own entry changes it, and nothing what that
 * makes. To drop an entry never does harm to a text of another one, so that
 * each text is looked at once, and once more when its own entry is dropped. An
 * index finds the entries that match.
 */
#include "overlay/entry_trial.h"
#include "base/str.h"

#include <stdlib.h>

struct named_entry {
    imgrw_str name;
    size_t number;
};

struct trial {
    struct irw_image_change *changes;
    struct irw_image_entry *entries;
    struct named_entry *index; /* sorted by name */
    size_t *dropped;           /* the entries that are, in this order */
    size_t entry_count, dropped_count;
};

/* A search for the first entry from number `from` on that changes an image. */
struct entry_search {
    const struct trial *trial;
    imgrw_str image;
    size_t from, found;
};

static int
by_name(const void *one, const void *other)
{
    const struct named_entry *a = one, *b = other;

    return irw_compare(a->name, b->name);
}

/* The byte number `depth` of a name in the index. */
static unsigned char
byte_at(const struct entry_search *search, size_t index, size_t depth)
{
    return (unsigned char)search->trial->index[index].name.data[depth];
}

/* Narrows a range of the index, of names that are longer than `depth` and alike
 * up to there, to those that have the byte `c` next. */
static void
narrow(const struct entry_search *search, size_t *low, size_t *high,
       size_t depth, unsigned char c)
{
    size_t first = *low, count = *high - first, start, end;

    IRW_LOWER_BOUND(start, count,
                    byte_at(search, first + start, depth) < c);
    IRW_LOWER_BOUND(end, count, byte_at(search, first + end, depth) <= c);
    *low = first + start;
    *high = first + end;
}

/* Takes the entry whose name has been found at the start of the image. */
static void
take(struct entry_search *search, const struct named_entry *named)
{
    const struct irw_image_entry *entry =
        &search->trial->entries[named->number];
    struct imgrw_reference_buffer buffer;
    imgrw_str result;

    if (named->number < search->from || named->number >= search->found ||
        entry->dropped ||
        !irw_kustomize_is_tail(irw_slice(search->image, named->name.size,
                                         search->image.size)))
        return;
    irw_kustomize_apply(&entry->text, search->image, &buffer, &result);
    if (!irw_equal(result, search->image))
        search->found = named->number;
}

/* Looks through a range of the index, whose names all match the first `depth`
 * bytes of the image. A dot matches any byte, so that there are up to two ways
 * to go on. */
static void
look(struct entry_search *search, size_t low, size_t high, size_t depth)
{
    while (low < high) {
        size_t dots_low = low, dots_high = high;

        if (search->trial->index[low].name.size == depth) {
            take(search, &search->trial->index[low++]);
            continue;
        }
        if (depth == search->image.size)
            return;
        if (search->image.data[depth] != '.') {
            narrow(search, &dots_low, &dots_high, depth, '.');
            look(search, dots_low, dots_high, depth + 1);
        }
        narrow(search, &low, &high, depth,
               (unsigned char)search->image.data[depth]);
        depth++;
    }
}

/* The first entry from number `from` on that changes the image, or IRW_NONE. */
static size_t
find_change(const struct trial *trial, imgrw_str image, size_t from)
{
    struct entry_search search = {trial, image, from, IRW_NONE};

    look(&search, 0, trial->entry_count, 0);
    return search.found;
}

/* Drops an entry; what it made is patched, and to be looked at again. */
static void
drop_entry(struct trial *trial, size_t entry)
{
    struct irw_image_change *changes = trial->changes;

    trial->entries[entry].dropped = true;
    trial->dropped[trial->dropped_count++] = entry;
    for (size_t i = trial->entries[entry].leader; i != IRW_NONE;
         i = irw_next_of_entry(changes, i))
        changes[i].patched = true;
}

/* Has a text become what it must. */
static void
settle(struct trial *trial, struct irw_image_change *change)
{
    bool stays = irw_equal(change->before, change->after);
    size_t own = change->entry, harm;

    change->patched |= (own == IRW_NONE && !stays) ||
                       find_change(trial, change->before, 0) != own;
    if (stays && !change->patched)
        return;
    /* What a patch makes, all entries see; else only those after its own. */
    while ((harm = find_change(trial, change->after,
                               change->patched ? 0 : own + 1)) != IRW_NONE)
        drop_entry(trial, harm);
}

static void
settle_all(struct trial *trial, size_t change_count)
{
    struct irw_image_change *changes = trial->changes;

    for (size_t i = 0; i < change_count; i++)
        settle(trial, &changes[i]);
    for (size_t i = 0; i < trial->dropped_count; i++)
        for (size_t k = trial->entries[trial->dropped[i]].leader; k != IRW_NONE;
             k = irw_next_of_entry(changes, k))
            settle(trial, &changes[k]);
}

bool
irw_images_try_entries(struct irw_images *images)
{
    size_t count = images->entries.count;
    struct trial trial = {
        .changes = images->changes.items,
        .entries = images->entries.items,
        .index = calloc(count + 1, sizeof(*trial.index)),
        .dropped = calloc(count + 1, sizeof(*trial.dropped)),
        .entry_count = count,
    };
    bool done = trial.index && trial.dropped;

    for (size_t i = 0; i < count && done; i++)
        trial.index[i] = (struct named_entry){trial.entries[i].text.name, i};
    if (done && count > 0)
        qsort(trial.index, count, sizeof(*trial.index), by_name);
    if (done)
        settle_all(&trial, images->changes.count);
    free(trial.index);
    free(trial.dropped);
    return done;
}
