#include "manifest/sharing.h"

#include <stdlib.h>

/* A node of the tree in work that a site uses, itself or what is embedded in
 * it. */
struct use {
    uint32_t node;
    bool whole; /* the site is all of it */
    struct irw_site *site;
};

static int
by_node(const void *one, const void *other)
{
    const struct use *a = one, *b = other;

    return a->node != b->node ? (a->node > b->node) - (a->node < b->node)
                              : (a->site > b->site) - (a->site < b->site);
}

/* The node of the tree in work through which the site's part is reached, or
 * IRW_NO_NODE. */
static uint32_t
node_in_work(const struct irw_finder *finder, const struct irw_site *site,
             const struct irw_part *part)
{
    const struct irw_embedded *embedded = finder->findings->embedded;
    uint32_t node = part->node, holder = site->holder;

    while (holder != finder->holder && holder != IRW_ROOT_DOCUMENT) {
        node = embedded[holder].node;
        holder = embedded[holder].outer;
    }
    return holder == finder->holder ? node : IRW_NO_NODE;
}

/* Lists the uses of the tree in work; malloc'ed. */
static struct use *
list_uses(struct irw_finder *finder, size_t *count)
{
    struct irw_findings *findings = finder->findings;
    struct use *uses = NULL;
    size_t capacity = 0;

    *count = 0;
    for (size_t i = finder->first_site; i < finder->end_site; i++)
        for (size_t k = 0; k < findings->sites[i].part_count; k++) {
            struct irw_site *site = &findings->sites[i];
            uint32_t node = node_in_work(finder, site, &site->parts[k]);
            void *items = uses;

            if (node == IRW_NO_NODE || site->parts[k].fixed)
                continue;
            if (!irw_grow(&items, &capacity, *count + 1, sizeof(*uses))) {
                finder->failed = true;
                return uses;
            }
            uses = items;
            uses[(*count)++] =
                (struct use){node, site->holder == finder->holder, site};
        }
    if (*count > 0)
        qsort(uses, *count, sizeof(*uses), by_node);
    return uses;
}

/* The first use of the node, or NULL. */
static const struct use *
find_use(const struct use *uses, size_t count, uint32_t node)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (uses[middle].node < node)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && uses[low].node == node ? &uses[low] : NULL;
}

/* Ties sites that are aliases to those that they repeat. */
static void
tie_aliases(const struct irw_finder *finder, const struct use *uses,
            size_t count)
{
    const struct irw_tree *tree = finder->tree;

    for (size_t i = 0; i < count; i++) {
        struct irw_site *site = uses[i].site;
        const struct use *anchor;
        uint32_t target = irw_tree_follow(tree, uses[i].node);

        if (target == uses[i].node || !uses[i].whole || site->part_count > 1)
            continue;
        anchor = find_use(uses, count, target);
        if (!anchor || !anchor->whole || anchor->site->part_count > 1)
            continue;
        site->anchor = (uint32_t)(anchor->site - finder->findings->sites);
        site->image.anchor = anchor->site->image.at;
    }
}

/* The image at `node` is used where no image is, as the text at `user` says. */
static void
note_other_use(struct irw_finder *finder, uint32_t node, uint32_t user,
               const struct irw_node_path *trail)
{
    const struct use *uses = finder->uses;
    const struct use *use = find_use(uses, finder->use_count, node);
    size_t start = finder->tree->nodes[user].start, end = start + 1;

    if (!irw_findings_climb(finder->findings, finder->outermost,
                            finder->holder, &start, &end))
        start = 0;
    for (; use && use < uses + finder->use_count && use->node == node; use++) {
        if (use->site->shared_field.size > 0)
            continue;
        use->site->shared_field =
            irw_node_path_format(trail, finder->findings->arena);
        use->site->shared_offset = start;
        finder->failed |= !use->site->shared_field.data;
    }
}

void
irw_audit_scalar(struct irw_finder *finder, uint32_t node,
                 const struct irw_node_path *trail)
{
    const struct irw_tree *tree = finder->tree;
    uint32_t scalar = irw_tree_follow(tree, node);

    if (finder->blessed[node] == finder->alias + 1)
        return;
    if (tree->nodes[node].marked)
        note_other_use(finder, node, finder->alias ? finder->alias : node,
                       trail);
    if (scalar != node && tree->nodes[scalar].marked)
        note_other_use(finder, scalar, node, trail);
}

void
irw_audit(struct irw_finder *finder,
          void (*walk)(struct irw_finder *finder, void *user), void *user)
{
    struct use *uses;

    if (!finder->tree->indirect || finder->failed || finder->budget.spent)
        return;
    uses = list_uses(finder, &finder->use_count);
    finder->uses = uses;
    finder->blessed = calloc(finder->tree->count, sizeof(*finder->blessed));
    finder->failed |= !finder->blessed;
    if (!finder->failed && finder->use_count > 0) {
        tie_aliases(finder, uses, finder->use_count);
        walk(finder, user);
    }
    free(finder->blessed);
    free(uses);
    finder->blessed = NULL;
    finder->uses = NULL;
}
