/*
 * kustomize patches first and then applies `images:`, to what the patches made
 * as well. So a text that is patched must become something that no entry
 * changes; the last entry that does is dropped, and the changes that it made
 * are patched, too.
 *
 * That takes no more than a few looks at each text: an index finds the entries
 * that match, and when an entry is dropped, only the texts that it changed are
 * tried again.
 */
#include "overlay/entry_trial.h"
#include "base/str.h"

#include <imgrewrite/reference.h>

#include <stdlib.h>

struct named_entry {
    imgrw_str name;
    size_t number;
};

/* A text that an entry changed when it was tried. */
struct entry_use {
    size_t change, next; /* next: use of the same entry, or IRW_NONE */
};

struct entry_trial {
    struct irw_overlay_entry *entries;
    struct irw_distinct_change *changes;
    struct named_entry *index; /* sorted by name */
    size_t *first_use;         /* of each entry */
    char *due; /* of each change: 1 when it is to be tried (again) */
    size_t entry_count, change_count;
    IRW_LIST(struct entry_use) uses;
    bool failed; /* memory is out */
};

/* A search for the first entry from number `from` on that matches. */
struct match_search {
    const struct entry_trial *trial;
    imgrw_str image;
    size_t from, found;
};

static int
by_name(const void *one, const void *other)
{
    const struct named_entry *a = one, *b = other;
    size_t size = a->name.size < b->name.size ? a->name.size : b->name.size;
    int order = memcmp(a->name.data, b->name.data, size);

    if (order != 0)
        return order;
    return (a->name.size > b->name.size) - (a->name.size < b->name.size);
}

/* The byte number `depth` of a name in the index. */
static unsigned char
byte_at(const struct match_search *search, size_t index, size_t depth)
{
    return (unsigned char)search->trial->index[index].name.data[depth];
}

/* Narrows a range of the index, of names that are longer than `depth` and alike
 * up to there, to those that have the byte `c` next. */
static void
narrow(const struct match_search *search, size_t *low, size_t *high,
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
take(struct match_search *search, const struct named_entry *named)
{
    if (named->number >= search->from && named->number < search->found &&
        !search->trial->entries[named->number].dropped &&
        irw_kustomize_is_tail(irw_slice(search->image, named->name.size,
                                        search->image.size)))
        search->found = named->number;
}

/* Looks through a range of the index, whose names all match the first `depth`
 * bytes of the image. A dot matches any byte, so that there are up to two ways
 * to go on. */
static void
look(struct match_search *search, size_t low, size_t high, size_t depth)
{
    while (low < high) {
        size_t dots_low, dots_high;

        if (search->trial->index[low].name.size == depth) {
            take(search, &search->trial->index[low++]);
            continue;
        }
        if (depth == search->image.size)
            return;
        dots_low = low;
        dots_high = high;
        if (search->image.data[depth] != '.') {
            narrow(search, &dots_low, &dots_high, depth, '.');
            look(search, dots_low, dots_high, depth + 1);
        }
        narrow(search, &low, &high, depth,
               (unsigned char)search->image.data[depth]);
        depth++;
    }
}

static size_t
find_match(const struct entry_trial *trial, imgrw_str image, size_t from)
{
    struct match_search search = {trial, image, from, IRW_NONE};

    look(&search, 0, trial->entry_count, 0);
    return search.found;
}

/* What the entries make of `image`, which is of the change number `change`.
 * Sets `*last` to the entry that changed it last, or to IRW_NONE. */
static imgrw_str
simulate(struct entry_trial *trial, size_t change, imgrw_str image,
         struct imgrw_reference_buffer buffers[2], size_t *last)
{
    int turn = 0;

    *last = IRW_NONE;
    for (size_t i = find_match(trial, image, 0); i != IRW_NONE;
         i = find_match(trial, image, i + 1)) {
        if (!IRW_APPEND(&trial->uses,
                        (struct entry_use){change, trial->first_use[i]}))
            trial->failed = true;
        else
            trial->first_use[i] = trial->uses.count - 1;
        irw_kustomize_apply(&trial->entries[i].text, image, &buffers[turn],
                            &image);
        turn = !turn;
        *last = i;
    }
    return image;
}

/* Tries a change; returns the entry that has to go for it, or IRW_NONE. */
static size_t
try_change(struct entry_trial *trial, size_t number)
{
    struct irw_distinct_change *change = &trial->changes[number];
    struct imgrw_reference_buffer buffers[2];
    size_t last;

    if (!change->patched &&
        irw_equal(simulate(trial, number, change->before, buffers, &last),
                  change->after))
        return IRW_NONE;
    if (!irw_equal(simulate(trial, number, change->after, buffers, &last),
                   change->after))
        return last;
    change->patched = true;
    return IRW_NONE;
}

/* Has a change tried again; returns the smaller one of two numbers. */
static size_t
make_due(struct entry_trial *trial, size_t change, size_t first)
{
    trial->due[change] = 1;
    return change < first ? change : first;
}

/* Drops an entry. What it made is patched, and what it changed is due; returns
 * the first such change. */
static size_t
drop_entry(struct entry_trial *trial, size_t entry)
{
    struct irw_distinct_change *changes = trial->changes;
    size_t first = IRW_NONE;

    trial->entries[entry].dropped = true;
    for (size_t i = trial->entries[entry].first_change; i != IRW_NONE;
         i = changes[i].same_entry) {
        changes[i].entry = IRW_NONE;
        changes[i].patched = true;
        first = make_due(trial, i, first);
    }
    for (size_t i = trial->first_use[entry]; i != IRW_NONE;
         i = trial->uses.items[i].next)
        first = make_due(trial, trial->uses.items[i].change, first);
    return first;
}

/* Tries all that is due, from the first one on: which entry is dropped may
 * depend on the order, and the result must not depend on anything else. */
static void
try_all(struct entry_trial *trial)
{
    char *due = trial->due, *end = due + trial->change_count;

    while (!trial->failed &&
           (due = memchr(due, 1, (size_t)(end - due))) != NULL) {
        size_t entry = try_change(trial, (size_t)(due - trial->due));

        *due = 0;
        if (entry != IRW_NONE)
            due = trial->due + drop_entry(trial, entry);
    }
}

static bool
prepare(struct entry_trial *trial)
{
    trial->index = calloc(trial->entry_count + 1, sizeof(*trial->index));
    trial->first_use = calloc(trial->entry_count + 1,
                              sizeof(*trial->first_use));
    trial->due = malloc(trial->change_count + 1);
    if (!trial->index || !trial->first_use || !trial->due)
        return false;
    for (size_t i = 0; i < trial->entry_count; i++) {
        trial->index[i] =
            (struct named_entry){trial->entries[i].text.name, i};
        trial->first_use[i] = IRW_NONE;
    }
    if (trial->entry_count > 0)
        qsort(trial->index, trial->entry_count, sizeof(*trial->index),
              by_name);
    memset(trial->due, 1, trial->change_count);
    return true;
}

bool
irw_overlay_entries_try(struct irw_overlay_entries *entries,
                        struct irw_distinct_changes *changes)
{
    struct entry_trial trial = {
        .entries = entries->list.items,
        .changes = changes->list.items,
        .entry_count = entries->list.count,
        .change_count = changes->list.count,
    };

    if (prepare(&trial))
        try_all(&trial);
    else
        trial.failed = true;
    free(trial.index);
    free(trial.first_use);
    free(trial.due);
    free(trial.uses.items);
    return !trial.failed;
}
