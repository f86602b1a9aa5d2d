/*
 * A pattern is found by its text: an image has few texts that a pattern which
 * matches it can have. Its host, or a "." and a domain that the host is in; its
 * path, or one above it; and with the whole path, its tag, its digest or both.
 */
#include "rules/pattern_index.h"
#include "base/str.h"
#include "reference/name.h"
#include "reference/print.h"

static struct imgrw_reference
parts_of(const struct irw_pattern *pattern)
{
    return (struct imgrw_reference){
        .registry = pattern->host,
        .repository = pattern->path,
        .tag = pattern->tag,
        .digest = pattern->digest,
    };
}

/* Adds an item under the parts; what no reference has room for matches none. */
static bool
add_text(struct irw_pattern_index *index, const struct imgrw_reference *parts,
         const void *item, struct irw_arena *arena)
{
    struct imgrw_reference_buffer buffer;
    imgrw_str text;

    return !irw_reference_print(parts, &buffer, &text) ||
           irw_name_index_add(&index->patterns, text, item, arena);
}

/* An official image covers no path below it, as other patterns do, so that the
 * texts of `nginx` for library/nginx begin with what no host is called. */
#define OFFICIAL IRW_STR("official")

bool
irw_pattern_index_add(struct irw_pattern_index *index,
                      const struct irw_pattern *pattern, const void *item,
                      struct irw_arena *arena)
{
    struct imgrw_reference parts = parts_of(pattern);

    index->any_host |= pattern->any_host;
    index->whole |= pattern->tag.size + pattern->digest.size > 0;
    index->official |= pattern->official;
    if ((pattern->host.size > 0 &&
         !irw_map_set(&index->hosts, pattern->host, 1)) ||
        !add_text(index, &parts, item, arena))
        return false;
    parts.registry = OFFICIAL;
    return !pattern->official || add_text(index, &parts, item, arena);
}

/* A visit on its way. */
struct tour {
    const struct irw_pattern_index *index;
    irw_visit_fn *visit;
    void *user;
};

static bool
visit_text(const struct tour *tour, const struct imgrw_reference *parts)
{
    struct imgrw_reference_buffer buffer;
    imgrw_str text;

    if (!irw_reference_print(parts, &buffer, &text))
        return false;
    for (const struct irw_named *named =
             irw_name_index_find(&tour->index->patterns, text);
         named; named = named->next)
        if (tour->visit(named->item, tour->user))
            return true;
    return false;
}

/* Visits the patterns with a tag, a digest or both, which match the whole
 * path. */
static bool
visit_whole(const struct tour *tour, const struct imgrw_reference *reference)
{
    struct imgrw_reference parts = *reference;

    if (!tour->index->whole)
        return false;
    if (parts.tag.size > 0 && parts.digest.size > 0) {
        if (visit_text(tour, &parts))
            return true;
        parts.digest.size = 0;
        if (visit_text(tour, &parts))
            return true;
        parts.digest = reference->digest;
        parts.tag.size = 0;
    }
    return parts.tag.size + parts.digest.size > 0 && visit_text(tour, &parts);
}

/* Visits the patterns `nginx`, with what tag and digest there is, for an image
 * library/nginx of Docker Hub. */
static bool
visit_official(const struct tour *tour, const struct imgrw_reference *reference)
{
    struct imgrw_reference parts = *reference;

    if (!tour->index->official || !irw_equal(parts.registry, IRW_HUB) ||
        !irw_starts_with(parts.repository, IRW_OFFICIAL))
        return false;
    parts.registry = OFFICIAL;
    parts.repository = irw_slice(parts.repository, IRW_OFFICIAL.size,
                                 parts.repository.size);
    if (visit_whole(tour, &parts))
        return true;
    parts.tag = parts.digest = (imgrw_str){0};
    return visit_text(tour, &parts);
}

bool
irw_pattern_index_visit_equal(const struct irw_pattern_index *index,
                              const struct irw_pattern *pattern,
                              irw_visit_fn *visit, void *user)
{
    const struct tour tour = {index, visit, user};
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference parts = parts_of(pattern);
    struct irw_pattern official;

    if (visit_text(&tour, &parts))
        return true;
    if (irw_pattern_official(pattern, &buffer, &official)) {
        parts = parts_of(&official);
        return visit_text(&tour, &parts);
    }
    return visit_official(&tour, &parts);
}

/* Visits the patterns whose host is that of the reference, here perhaps a
 * domain. */
static bool
visit_host(const struct tour *tour, const struct imgrw_reference *reference)
{
    struct imgrw_reference parts = {
        .registry = reference->registry,
        .repository = reference->repository,
    };
    size_t *size = &parts.repository.size;

    if (parts.registry.size > 0 &&
        !irw_map_get(&tour->index->hosts, parts.registry))
        return false;
    if (visit_whole(tour, reference) || visit_text(tour, &parts))
        return true;
    while (*size > 0) {
        do
            --*size;
        while (*size > 0 && parts.repository.data[*size] != '/');
        if (visit_text(tour, &parts))
            return true;
    }
    return false;
}

bool
irw_pattern_index_visit(const struct irw_pattern_index *index,
                        const struct imgrw_reference *reference,
                        irw_visit_fn *visit, void *user)
{
    const struct tour tour = {index, visit, user};
    struct imgrw_reference parts = *reference;
    imgrw_str host = reference->registry;

    if (visit_host(&tour, &parts) || visit_official(&tour, &parts))
        return true;
    for (size_t i = 1; index->any_host && i < host.size; i++) {
        parts.registry = irw_slice(host, i, host.size);
        if (host.data[i] == '.' && visit_host(&tour, &parts))
            return true;
    }
    return false;
}

/* An irw_visit_fn: one item is enough. */
static bool
take_any(const void *item, void *user)
{
    (void)item;
    (void)user;
    return true;
}

bool
irw_pattern_index_matches(const struct irw_pattern_index *index,
                          const struct imgrw_reference *reference)
{
    return irw_pattern_index_visit(index, reference, take_any, NULL);
}

void
irw_pattern_index_clear(struct irw_pattern_index *index)
{
    irw_name_index_clear(&index->patterns);
    irw_map_clear(&index->hosts);
}
