/*
 * From what images become to the entries of kustomize's `images:`.
 *
 * An entry is for a name, whatever its tag, and each sees what the entries
 * before it have made. So the entries are tried out on every image that they
 * reach, those that must stay as they are too. What does not come out right
 * gets a patch of its own; where an entry would change that again, the entry
 * gives way to patches.
 */
#include "base/error.h"
#include "base/str.h"
#include "overlay/overlay.h"

#include <imgrewrite/reference.h>

#include <stdlib.h>

/* Images that are alike: the same text, which becomes the same. */
struct pair {
    imgrw_str before, after;
    size_t entry; /* that is for it; SIZE_MAX: none */
    size_t same_name;  /* the next pair of its name: its number + 1; 0: none */
    size_t same_entry; /* and of its entry */
    bool patched, torn; /* torn: another pair has its `before` */
};

struct making {
    struct imgrw_overlay *overlay;
    struct pair *pairs;
    size_t count;
    size_t *pair_of_leaf;
    struct irw_map by_text, by_name; /* to the number of a pair, + 1 */
    struct imgrw_error *error;
};

/* The image without tag and digest; empty for what is no reference. */
static imgrw_str
name_of(imgrw_str image)
{
    struct imgrw_reference parsed;

    if (imgrw_reference_parse(image, &parsed, NULL) != IMGRW_OK)
        return (imgrw_str){0};
    return (imgrw_str){image.data,
                       (size_t)(parsed.repository.data +
                                parsed.repository.size - image.data)};
}

/* The pair of a leaf, which is made where it is the first. */
static bool
take_leaf(struct making *making, size_t index)
{
    const struct irw_image_value *leaf = &making->overlay->leaves.items[index];
    uintptr_t first = leaf->before.size > 0
                          ? irw_map_get(&making->by_text, leaf->before)
                          : 0;
    struct pair *pair = &making->pairs[making->count];

    making->pair_of_leaf[index] = SIZE_MAX;
    if (!leaf->reached || leaf->before.size == 0)
        return true;
    for (size_t i = first; i > 0 && i <= making->count; i++) {
        struct pair *other = &making->pairs[i - 1];

        if (!irw_equal(other->before, leaf->before))
            continue;
        if (irw_equal(other->after, leaf->after)) {
            making->pair_of_leaf[index] = i - 1;
            return true;
        }
        other->torn = true;
    }
    *pair = (struct pair){.before = leaf->before,
                          .after = leaf->after,
                          .entry = SIZE_MAX,
                          .torn = first > 0};
    making->pair_of_leaf[index] = making->count++;
    return first > 0 ||
           irw_map_set(&making->by_text, leaf->before, making->count);
}

/* Chains the pairs of each name; false when memory is out. */
static bool
chain_names(struct making *making)
{
    for (size_t i = making->count; i-- > 0;) {
        imgrw_str name = name_of(making->pairs[i].before);

        if (name.size == 0)
            continue;
        making->pairs[i].same_name = irw_map_get(&making->by_name, name);
        if (!irw_map_set(&making->by_name, name, i + 1))
            return false;
    }
    return true;
}

/* The entry that does to the pair what must be done; false: none can. */
static bool
entry_for(const struct pair *pair, imgrw_str name,
          struct irw_kustomize_entry *entry)
{
    struct imgrw_reference before, after;
    imgrw_str new_name = name_of(pair->after);

    *entry = (struct irw_kustomize_entry){.name = name};
    if (imgrw_reference_parse(pair->before, &before, NULL) != IMGRW_OK ||
        imgrw_reference_parse(pair->after, &after, NULL) != IMGRW_OK)
        return false;
    if (!irw_equal(new_name, name_of(pair->before)))
        entry->new_name = new_name;
    if (irw_equal(before.tag, after.tag) &&
        irw_equal(before.digest, after.digest))
        return true;
    entry->new_tag = after.tag;
    entry->digest = after.digest;
    return after.tag.size + after.digest.size > 0;
}

static bool
is_same_entry(const struct irw_kustomize_entry *one,
              const struct irw_kustomize_entry *other)
{
    return irw_equal(one->new_name, other->new_name) &&
           irw_equal(one->new_tag, other->new_tag) &&
           irw_equal(one->digest, other->digest);
}

static bool
add_entry(struct making *making, const struct irw_kustomize_entry *entry)
{
    struct imgrw_overlay *overlay = making->overlay;

    if (!IRW_LIST_GROW(&overlay->entries))
        return false;
    overlay->entries.items[overlay->entries.count++] = *entry;
    return true;
}

/* Whether one entry does for all pairs from number `first` on that have this
 * name; then it is set. */
static bool
have_one_entry(const struct making *making, size_t first, imgrw_str name,
               struct irw_kustomize_entry *entry)
{
    struct irw_kustomize_entry other;

    if (!entry_for(&making->pairs[first], name, entry))
        return false;
    for (size_t i = first + 1; i > 0; i = making->pairs[i - 1].same_name)
        if (making->pairs[i - 1].torn ||
            !entry_for(&making->pairs[i - 1], name, &other) ||
            !is_same_entry(entry, &other))
            return false;
    return true;
}

/* Makes the entries for the pairs of one name: one for the name or, where that
 * does not do, one for each that has a tag or a digest. */
static bool
make_entries(struct making *making, size_t first)
{
    imgrw_str name = name_of(making->pairs[first].before);
    struct irw_kustomize_entry entry;

    if (have_one_entry(making, first, name, &entry)) {
        if (entry.new_name.size + entry.new_tag.size + entry.digest.size == 0)
            return true;
        for (size_t i = first + 1; i > 0; i = making->pairs[i - 1].same_name)
            making->pairs[i - 1].entry = making->overlay->entries.count;
        return add_entry(making, &entry);
    }
    for (size_t i = first + 1; i > 0; i = making->pairs[i - 1].same_name) {
        struct pair *pair = &making->pairs[i - 1];

        if (irw_equal(pair->before, pair->after))
            continue;
        pair->patched = pair->torn || pair->before.size == name.size ||
                        !entry_for(pair, pair->before, &entry);
        if (pair->patched)
            continue;
        pair->entry = making->overlay->entries.count;
        if (!add_entry(making, &entry))
            return false;
    }
    return true;
}

/* What the entries make of `image`; `*last` is the entry that changed it last,
 * or SIZE_MAX. */
static imgrw_str
simulate(const struct imgrw_overlay *overlay, imgrw_str image,
         char buffers[2][IMGRW_REFERENCE_MAX], size_t *last)
{
    int turn = 0;

    *last = SIZE_MAX;
    for (size_t i = 0; i < overlay->entries.count; i++) {
        const struct irw_kustomize_entry *entry = &overlay->entries.items[i];

        if (entry->name.size == 0 || !irw_kustomize_match(entry->name, image))
            continue;
        irw_kustomize_apply(entry, image, buffers[turn], &image);
        turn = !turn;
        *last = i;
    }
    return image;
}

/* Takes an entry out; what it was for is patched. */
static void
drop_entry(struct making *making, size_t index)
{
    making->overlay->entries.items[index].name = (imgrw_str){0};
    for (size_t i = 0; i < making->count; i++)
        if (making->pairs[i].entry == index) {
            making->pairs[i].entry = SIZE_MAX;
            making->pairs[i].patched = true;
        }
}

/* Tries the pair out; returns whether an entry had to go, so that all have to
 * be tried again. */
static bool
try_pair(struct making *making, struct pair *pair)
{
    const struct imgrw_overlay *overlay = making->overlay;
    char buffers[2][IMGRW_REFERENCE_MAX];
    size_t last;

    if (!pair->patched &&
        irw_equal(simulate(overlay, pair->before, buffers, &last),
                  pair->after))
        return false;
    if (irw_equal(simulate(overlay, pair->after, buffers, &last),
                  pair->after)) {
        pair->patched = true;
        return false;
    }
    drop_entry(making, last);
    return true;
}

/* Entries being put into order. */
struct ordering {
    struct making *making;
    struct irw_map by_name; /* of entries, to their number + 1 */
    size_t *first_pair;     /* of each entry, + 1 */
    size_t *place;          /* of each entry; SIZE_MAX: none yet */
    struct irw_kustomize_entry *ordered;
    size_t count;
};

static void place_entry(struct ordering *ordering, size_t entry);

/* The entry called so, if there is one, is placed before. */
static void
place_before(struct ordering *ordering, size_t entry, imgrw_str name)
{
    size_t other = name.size > 0 ? irw_map_get(&ordering->by_name, name) : 0;

    if (other > 0 && other - 1 != entry)
        place_entry(ordering, other - 1);
}

/* Places an entry behind those that would change what it gives: a chain a -> b,
 * b -> c is written from its end. Of a circle, one is left before. */
static void
place_entry(struct ordering *ordering, size_t entry)
{
    const struct pair *pairs = ordering->making->pairs;

    if (ordering->place[entry] != SIZE_MAX)
        return;
    ordering->place[entry] = 0; /* for now: it is on its way */
    for (size_t i = ordering->first_pair[entry]; i > 0;
         i = pairs[i - 1].same_entry) {
        place_before(ordering, entry, name_of(pairs[i - 1].after));
        place_before(ordering, entry, pairs[i - 1].after);
    }
    ordering->place[entry] = ordering->count;
    ordering->ordered[ordering->count++] =
        ordering->making->overlay->entries.items[entry];
}

/* Finds the entries by their names, and the pairs of each. */
static bool
index_entries(struct ordering *ordering)
{
    struct making *making = ordering->making;
    const struct irw_kustomize_entry *entries = making->overlay->entries.items;

    for (size_t i = 0; i < making->overlay->entries.count; i++) {
        ordering->place[i] = SIZE_MAX;
        if (!irw_map_set(&ordering->by_name, entries[i].name, i + 1))
            return false;
    }
    for (size_t i = making->count; i-- > 0;) {
        struct pair *pair = &making->pairs[i];

        if (pair->entry == SIZE_MAX)
            continue;
        pair->same_entry = ordering->first_pair[pair->entry];
        ordering->first_pair[pair->entry] = i + 1;
    }
    return true;
}

/* Puts the entries into an order in which none changes what another gives, as
 * far as there is one; false when memory is out. */
static bool
order_entries(struct making *making)
{
    struct imgrw_overlay *overlay = making->overlay;
    size_t count = overlay->entries.count;
    struct ordering ordering = {
        .making = making,
        .first_pair = calloc(count + 1, sizeof(*ordering.first_pair)),
        .place = calloc(count + 1, sizeof(*ordering.place)),
        .ordered = calloc(count + 1, sizeof(*ordering.ordered)),
    };
    bool done = ordering.first_pair && ordering.place && ordering.ordered &&
                index_entries(&ordering);

    for (size_t i = 0; i < count && done; i++)
        place_entry(&ordering, i);
    for (size_t i = 0; i < count && done; i++)
        overlay->entries.items[i] = ordering.ordered[i];
    for (size_t i = 0; i < making->count && done; i++)
        if (making->pairs[i].entry != SIZE_MAX)
            making->pairs[i].entry = ordering.place[making->pairs[i].entry];
    irw_map_clear(&ordering.by_name);
    free(ordering.first_pair);
    free(ordering.place);
    free(ordering.ordered);
    return done;
}

/* Drops the entries that are empty, and tells the leaves what became of
 * them. */
static void
settle(struct making *making)
{
    struct imgrw_overlay *overlay = making->overlay;
    size_t kept = 0;

    for (size_t i = 0; i < overlay->entries.count; i++)
        if (overlay->entries.items[i].name.size > 0)
            overlay->entries.items[kept++] = overlay->entries.items[i];
    overlay->entries.count = kept;
    for (size_t i = 0; i < overlay->leaves.count; i++) {
        struct irw_image_value *leaf = &overlay->leaves.items[i];
        size_t pair = making->pair_of_leaf[i];

        leaf->patched = !irw_equal(leaf->before, leaf->after) &&
                        (pair == SIZE_MAX || making->pairs[pair].patched);
    }
}

static bool
make_all(struct making *making)
{
    for (size_t i = 0; i < making->overlay->leaves.count; i++)
        if (!take_leaf(making, i))
            return false;
    if (!chain_names(making))
        return false;
    for (size_t i = 0; i < making->count; i++) {
        imgrw_str name = name_of(making->pairs[i].before);

        if (name.size > 0 && irw_map_get(&making->by_name, name) == i + 1 &&
            !make_entries(making, i))
            return false;
    }
    if (!order_entries(making))
        return false;
    for (size_t i = 0; i < making->count; i++)
        if (try_pair(making, &making->pairs[i]))
            i = SIZE_MAX; /* from the first one again */
    settle(making);
    return true;
}

enum imgrw_status
irw_overlay_entries(struct imgrw_overlay *overlay, struct imgrw_error *error)
{
    size_t count = overlay->leaves.count + 1;
    struct making making = {
        .overlay = overlay,
        .pairs = calloc(count, sizeof(*making.pairs)),
        .pair_of_leaf = calloc(count, sizeof(*making.pair_of_leaf)),
        .error = error,
    };
    bool made = making.pairs && making.pair_of_leaf && make_all(&making);

    free(making.pairs);
    free(making.pair_of_leaf);
    irw_map_clear(&making.by_text);
    irw_map_clear(&making.by_name);
    return made ? IMGRW_OK : irw_fail_memory(error);
}
