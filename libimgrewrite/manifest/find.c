/*
 * First the document itself is walked, then the documents in its scalars, which
 * may add others at the end of the list. What was found is then put in order,
 * and aliases are sorted out.
 */
#include "manifest/find.h"
#include "base/error.h"
#include "manifest/embedded.h"
#include "manifest/sharing.h"

#include <stdlib.h>

static int
by_offset(const void *one, const void *other)
{
    const struct irw_site *a = one, *b = other;

    if (a->image.at.offset != b->image.at.offset)
        return a->image.at.offset > b->image.at.offset ? 1 : -1;
    return (a->order > b->order) - (a->order < b->order);
}

static int
by_place(const void *one, const void *other)
{
    const struct imgrw_resource *const *a = one, *const *b = other;

    return ((*a)->at.offset > (*b)->at.offset) -
           ((*a)->at.offset < (*b)->at.offset);
}

/* Puts the sites into the order of the text, and finds out their lines. */
static void
order_sites(struct irw_findings *findings, size_t first)
{
    struct irw_site *sites = findings->sites;

    qsort(sites + first, findings->site_count - first, sizeof(*sites),
          by_offset);
    for (size_t i = first; i < findings->site_count; i++)
        sites[i].image.at =
            irw_source_locate(findings->source, &findings->cursor,
                              sites[i].image.at.offset);
}

/* Finds out the lines of resources. They keep their numbers, but are looked for
 * in the order of the text: going back and forth in a long line would cost the
 * line each time. */
static bool
locate_resources(struct irw_findings *findings, size_t first)
{
    size_t count = findings->resources.count - first;
    struct imgrw_resource **order = calloc(count + 1, sizeof(*order));

    if (!order)
        return false;
    for (size_t i = 0; i < count; i++)
        order[i] = &findings->resources.items[first + i];
    qsort(order, count, sizeof(*order), by_place);
    for (size_t i = 0; i < count; i++)
        order[i]->at = irw_source_locate(findings->source, &findings->cursor,
                                         order[i]->at.offset);
    free(order);
    return true;
}

static void
find(struct irw_image_walk *walk, uint32_t root)
{
    struct irw_findings *findings = walk->findings;
    const struct irw_sharing_scope scope = {
        .root = root,
        .first_site = findings->site_count,
        .first_embedded = findings->embedded_count,
    };
    size_t first_resource = findings->resources.count;

    irw_visit_resource(walk, root, NULL);
    for (size_t i = scope.first_embedded;
         i < findings->embedded_count && !walk->failed && !walk->budget.spent;
         i++)
        irw_embedded_walk(walk, i);
    if (findings->site_count == scope.first_site) {
        findings->embedded_count = scope.first_embedded;
        findings->resources.count = first_resource;
    } else if (!walk->failed && !walk->budget.spent) {
        /* resources first: most begin before their images, so that the cursor
         * of lines need not go back */
        walk->failed |= !locate_resources(findings, first_resource);
        order_sites(findings, scope.first_site);
        irw_sharing_find(walk, scope);
    }
}

enum imgrw_status
irw_find_images(struct irw_tree *tree, size_t index, size_t document,
                const struct irw_search *search, struct irw_findings *findings,
                struct imgrw_error *error)
{
    uint32_t root = tree->documents[index].root;
    struct imgrw_location at = {.offset = tree->nodes[root].start};
    struct irw_image_walk walk = {
        .search = search,
        .findings = findings,
        .root_tree = tree,
        .tree = tree,
        .document = IRW_ROOT_DOCUMENT,
        .document_number = document,
        .budget = irw_budget_first(),
        .resource = {.root = root, .number = SIZE_MAX},
        .outer_resource = SIZE_MAX,
    };

    find(&walk, root);
    irw_image_walk_clear(&walk);
    if (walk.failed)
        return irw_fail_memory(error);
    if (walk.budget.spent)
        return irw_fail(error, IMGRW_ERR_LIMIT, at,
                        "the aliases and merge keys of this document expand to "
                        "more than %d nodes or %d levels",
                        IRW_EXPANSION_MAX, IRW_EXPANSION_LEVELS);
    return IMGRW_OK;
}
