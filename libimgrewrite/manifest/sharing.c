#include "manifest/sharing.h"
#include "manifest/locate.h"

#include <stdlib.h>

static int
compare(uint64_t one, uint64_t other)
{
    return (one > other) - (one < other);
}

static int
by_node(const void *one, const void *other)
{
    const struct irw_site_claim *a = one, *b = other;
    int order = compare(a->node, b->node);

    return order != 0 ? order : compare(a->site, b->site);
}

static int
by_use(const void *one, const void *other)
{
    const struct irw_use *a = one, *b = other;
    int order = compare(a->node, b->node);

    return order != 0 ? order : compare(a->way, b->way);
}

/* Adds the claims that a part of the site makes, from the document that has it
 * outward. */
static void
add_claims(struct irw_image_walk *walk, size_t site, uint32_t node)
{
    struct irw_findings *findings = walk->findings;
    uint32_t document = findings->sites[site].document;
    bool whole = true;

    for (;; whole = false) {
        const struct irw_site_claim claim = {irw_node_id(document, node), site,
                                        whole};

        if (irw_findings_tree(findings, walk->root_tree, document)->indirect)
            walk->failed |= !IRW_APPEND(&walk->claims, claim);
        if (document == IRW_ROOT_DOCUMENT)
            return;
        node = findings->embedded[document].node;
        document = findings->embedded[document].outer;
    }
}

static void
list_claims(struct irw_image_walk *walk, size_t first)
{
    const struct irw_findings *findings = walk->findings;

    for (size_t i = first; i < findings->site_count; i++)
        for (size_t k = 0; k < findings->sites[i].part_count; k++)
            if (!findings->sites[i].parts[k].fixed)
                add_claims(walk, i, findings->sites[i].parts[k].node);
    if (walk->claims.count > 0)
        qsort(walk->claims.items, walk->claims.count,
              sizeof(*walk->claims.items), by_node);
}

/* The number of the first claim on the node or on one after it. */
static size_t
first_claim(const struct irw_image_walk *walk, uint64_t node)
{
    size_t i = 0;

    IRW_LOWER_BOUND(i, walk->claims.count, walk->claims.items[i].node < node);
    return i;
}

/* The claim with this number, if it is one on the node, or NULL. */
static const struct irw_site_claim *
claim_on(const struct irw_image_walk *walk, size_t number, uint64_t node)
{
    const struct irw_site_claim *claim = walk->claims.items + number;

    return number < walk->claims.count && claim->node == node ? claim : NULL;
}

/* Whether two sites of one text become one text again: not where a comment has
 * one of them stay. A name that stays is not what another image becomes, and
 * gains its new name beside it. */
static bool
become_alike(const struct irw_site *one, const struct irw_site *other)
{
    const struct irw_part *part = one->parts;

    return one->image.ignored == other->image.ignored &&
           part->keeps_name == other->parts->keeps_name &&
           (!part->keeps_name || part->role == IRW_ROLE_WHOLE);
}

/* Ties sites that are aliases to those that they repeat. */
static void
tie_aliases(const struct irw_image_walk *walk, size_t first)
{
    const struct irw_findings *findings = walk->findings;

    for (size_t i = first; i < findings->site_count; i++) {
        struct irw_site *site = &findings->sites[i], *anchor;
        uint32_t node = site->parts[0].node;
        uint32_t target = irw_tree_follow(
            irw_findings_tree(findings, walk->root_tree, site->document), node);
        uint64_t id = irw_node_id(site->document, target);
        const struct irw_site_claim *claim;

        if (target == node || site->part_count > 1)
            continue;
        claim = claim_on(walk, first_claim(walk, id), id);
        if (!claim || !claim->whole)
            continue;
        anchor = &findings->sites[claim->site];
        if (anchor->part_count > 1 || !become_alike(site, anchor))
            continue;
        site->anchor = (uint32_t)claim->site;
        site->image.anchor = anchor->image.at;
    }
}

/* Notes in the sites that claim `node` that the text at `user` uses it too. */
static void
share(struct irw_image_walk *walk, uint32_t node, uint32_t user,
      const struct irw_node_path *path)
{
    uint64_t shared = irw_node_id(walk->document, node);
    const struct irw_site_claim *claim;

    for (size_t i = first_claim(walk, shared);
         (claim = claim_on(walk, i, shared)); i++) {
        struct irw_site *site = &walk->findings->sites[claim->site];

        if (site->shared_field.size > 0)
            continue;
        site->shared_field =
            irw_node_path_format(path, walk->findings->arena);
        site->shared_offset = irw_text_offset(walk, user);
        walk->failed |= !site->shared_field.data;
    }
}

/* Looks at a scalar, or an alias of one. Either the first walk has used it as
 * an image in this very way, or else what is here shares the text of one. */
static void
look_at(struct irw_image_walk *walk, uint32_t node,
        const struct irw_place *place, const struct irw_node_path *path)
{
    uint32_t target = irw_tree_follow(walk->tree, node);
    const struct irw_use use = {irw_node_id(walk->document, node),
                                walk->way.id};

    (void)place;
    if (walk->tree->nodes[target].type != IRW_NODE_SCALAR ||
        (walk->uses.count > 0 &&
         bsearch(&use, walk->uses.items, walk->uses.count, sizeof(use),
                 by_use)))
        return;
    share(walk, node, walk->way.alias ? walk->way.alias : node, path);
    if (target != node)
        share(walk, target, node, path);
}

/* Goes everywhere in the trees that have claims on their nodes. */
static void
look_again(struct irw_image_walk *walk, struct irw_sharing_scope scope)
{
    static const struct irw_place anywhere = {
        .item = &anywhere,
        .other = &anywhere,
        .shape = IRW_SHAPE_IMAGE,
    };
    static const struct irw_places places = {{&anywhere}, 1};
    static irw_shape_fn *const shapes[] = {[IRW_SHAPE_IMAGE] = look_at};
    const struct irw_search *first = walk->search;
    const struct irw_search search = {.shapes = shapes};

    walk->search = &search;
    walk->visits_keys = true;
    walk->way = (struct irw_alias_path){0};
    if (walk->root_tree->indirect)
        irw_visit(walk, scope.root, &places, NULL);
    for (size_t i = scope.first_embedded; i < walk->findings->embedded_count;
         i++) {
        const struct irw_embedded *embedded = &walk->findings->embedded[i];
        uint64_t root = irw_node_id((uint32_t)i, 0);
        size_t claim = first_claim(walk, root);

        if (claim == walk->claims.count ||
            walk->claims.items[claim].node >= root + UINT32_MAX)
            continue;
        walk->tree = &walk->findings->embedded[i].tree;
        walk->document = (uint32_t)i;
        for (size_t k = 0; k < walk->tree->document_count; k++)
            irw_visit(walk, walk->tree->documents[k].root, &places,
                      embedded->path);
    }
    walk->search = first;
}

/* Marks the mappings of the document that others merge. */
static void
mark_merged(const struct irw_tree *tree, uint32_t root)
{
    for (uint32_t i = root; i < tree->nodes[root].next; i++) {
        struct irw_merges merges = irw_merges(tree, i);
        uint32_t via, source;

        while (irw_merges_next(&merges, &via, &source))
            tree->nodes[source].merged = true;
    }
}

void
irw_sharing_find(struct irw_image_walk *walk, struct irw_sharing_scope scope)
{
    list_claims(walk, scope.first_site);
    if (walk->failed || walk->claims.count == 0)
        return;
    mark_merged(walk->root_tree, scope.root);
    if (walk->uses.count > 0)
        qsort(walk->uses.items, walk->uses.count, sizeof(*walk->uses.items),
              by_use);
    tie_aliases(walk, scope.first_site);
    look_again(walk, scope);
}
