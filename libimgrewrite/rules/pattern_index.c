/*
 * A pattern is found by its text: an image has few texts that a pattern which
 * matches it can have. Its host, or a "." and a domain that the host is in; its
 * path, or one above it; and with the whole path, its tag, its digest or both.
 */
#include "rules/pattern_index.h"
#include "base/str.h"
#include "reference/name.h"
#include "reference/placeholder.h"

/* An official image covers no path below it, as other patterns do, so that
 * `nginx` is also found by the whole path library/nginx and what no tag is. */
#define ANY_TAG IRW_STR("*")

/* A tag, a digest or both, which end a pattern. */
struct tail {
    imgrw_str tag, digest;
    const void *item;
};

static bool
add_tail(struct irw_pattern_index *index, const struct imgrw_reference *key,
         const void *item, struct irw_arena *arena)
{
    const struct imgrw_reference name = irw_reference_name(key);
    struct tail *tail = irw_arena_alloc(arena, sizeof(*tail));

    if (!tail)
        return false;
    *tail = (struct tail){key->tag, key->digest, item};
    return irw_named_add(&index->tails, &name, tail, arena);
}

bool
irw_pattern_index_add(struct irw_pattern_index *index,
                      const struct irw_pattern *pattern, const void *item,
                      struct irw_arena *arena)
{
    struct imgrw_reference key = pattern->name;
    bool has_tail = key.tag.size + key.digest.size > 0;

    index->any_host |= pattern->any_host;
    index->whole |= has_tail || pattern->official.size > 0;
    if ((key.registry.size > 0 &&
         !irw_map_set(&index->hosts, key.registry, 1)) ||
        !irw_named_add(&index->patterns, &key, item, arena) ||
        (has_tail && !add_tail(index, &key, item, arena)))
        return false;
    if (pattern->official.size == 0)
        return true;
    key.repository = pattern->official;
    if (has_tail && !add_tail(index, &key, item, arena))
        return false;
    if (!has_tail)
        key.tag = ANY_TAG;
    return irw_named_add(&index->patterns, &key, item, arena);
}

/* A visit on its way. */
struct tour {
    const struct irw_pattern_index *index;
    irw_visit_fn *visit; /* NULL: one item is enough */
    void *user;
    bool tails; /* those are visited that have one */
};

static bool
visit_key(const struct tour *tour, const struct imgrw_reference *key)
{
    const struct irw_named *named =
        irw_named_find(&tour->index->patterns, key);

    for (; named; named = named->next)
        if (!tour->visit || tour->visit(named->item, tour->user))
            return true;
    return false;
}

/* Visits the patterns that match the whole path only: those with a tag, a
 * digest or both, and official images. */
static bool
visit_whole(const struct tour *tour, const struct imgrw_reference *reference)
{
    const imgrw_str tag = reference->tag, digest = reference->digest;
    const imgrw_str none = {0};
    const imgrw_str tails[][2] = {
        {tag, digest}, {tag, none}, {none, digest}, {ANY_TAG, none},
    };
    struct imgrw_reference key = *reference;

    for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
        key.tag = tails[i][0];
        key.digest = tails[i][1];
        if (key.tag.size + key.digest.size > 0 && visit_key(tour, &key))
            return true;
    }
    return false;
}

/* Whether the end of an image may be the one that a pattern has. */
static bool
may_end_so(const struct imgrw_reference *reference, const struct tail *tail)
{
    return (tail->tag.size == 0 ||
            irw_placeholder_may_be(reference->tag, tail->tag)) &&
           (tail->digest.size == 0 ||
            irw_placeholder_may_be(reference->digest, tail->digest));
}

static bool
visit_tails(const struct tour *tour, const struct imgrw_reference *reference)
{
    const struct imgrw_reference name = irw_reference_name(reference);
    const struct irw_named *named = irw_named_find(&tour->index->tails, &name);

    for (; named; named = named->next) {
        const struct tail *tail = named->item;

        if (may_end_so(reference, tail) &&
            (!tour->visit || tour->visit(tail->item, tour->user)))
            return true;
    }
    return false;
}

/* Visits the patterns whose host is that of the reference, here perhaps a
 * domain. */
static bool
visit_host(const struct tour *tour, const struct imgrw_reference *reference)
{
    struct imgrw_reference key = irw_reference_name(reference);

    if (key.registry.size > 0 &&
        !irw_map_get(&tour->index->hosts, key.registry))
        return false;
    if (tour->tails)
        return visit_tails(tour, reference);
    if (tour->index->whole && visit_whole(tour, reference))
        return true;
    do
        if (visit_key(tour, &key))
            return true;
    while (irw_path_up(&key.repository));
    return false;
}

/* Visits the patterns of the host of the reference, and of the domains that it
 * is in. */
static bool
visit_hosts(const struct tour *tour, const struct imgrw_reference *reference)
{
    struct imgrw_reference domain = *reference;
    imgrw_str host = reference->registry;

    if (visit_host(tour, reference))
        return true;
    for (size_t i = 1; tour->index->any_host && i < host.size; i++) {
        domain.registry = irw_slice(host, i, host.size);
        if (host.data[i] == '.' && visit_host(tour, &domain))
            return true;
    }
    return false;
}

bool
irw_pattern_index_visit(const struct irw_pattern_index *index,
                        const struct imgrw_reference *reference,
                        irw_visit_fn *visit, void *user)
{
    return visit_hosts(&(struct tour){index, visit, user, .tails = false},
                       reference);
}

bool
irw_pattern_index_visit_tails(const struct irw_pattern_index *index,
                              const struct imgrw_reference *reference,
                              irw_visit_fn *visit, void *user)
{
    return visit_hosts(&(struct tour){index, visit, user, .tails = true},
                       reference);
}

bool
irw_pattern_index_matches(const struct irw_pattern_index *index,
                          const struct imgrw_reference *reference)
{
    return irw_pattern_index_visit(index, reference, NULL, NULL);
}

void
irw_pattern_index_clear(struct irw_pattern_index *index)
{
    irw_map_clear(&index->patterns);
    irw_map_clear(&index->hosts);
    irw_map_clear(&index->tails);
}
