#include "manifest/sharing.h"
#include "base/str.h"
#include "manifest/locate.h"

#include <stdlib.h>

/* A node that a site needs: one of its own parts, or a scalar that holds the
 * document that has it. */
struct claim {
    uint32_t holder, node; /* the tree, as in struct irw_site, and its node */
    bool whole;            /* it is the site's own node */
    struct irw_site *site;
};

/* The second look at the trees of a document. */
struct second_look {
    struct irw_image_walk *walk;
    IRW_LIST(struct claim) claims; /* in order; of trees with aliases */
    const struct irw_node_path *path; /* of the mapping that is looked at */
};

static int
compare(size_t one, size_t other)
{
    return (one > other) - (one < other);
}

static int
by_node(const void *one, const void *other)
{
    const struct claim *a = one, *b = other;

    return a->holder != b->holder ? compare(a->holder, b->holder)
           : a->node != b->node   ? compare(a->node, b->node)
                                  : (a->site > b->site) - (a->site < b->site);
}

static int
by_use(const void *one, const void *other)
{
    const struct irw_use *a = one, *b = other;

    return a->holder != b->holder ? compare(a->holder, b->holder)
           : a->node != b->node   ? compare(a->node, b->node)
                                  : (a->way > b->way) - (a->way < b->way);
}

/* Adds the claims that a part of the site makes, from the document that has it
 * outward. */
static void
add_claims(struct second_look *look, struct irw_site *site,
           const struct irw_part *part)
{
    struct irw_image_walk *walk = look->walk;
    struct claim claim = {site->holder, part->node, true, site};

    for (;;) {
        const struct irw_embedded *embedded;

        if (irw_findings_tree(walk->findings, walk->root_tree, claim.holder)
                ->indirect)
            walk->failed |= !IRW_APPEND(&look->claims, claim);
        if (claim.holder == IRW_ROOT_DOCUMENT)
            return;
        embedded = &walk->findings->embedded[claim.holder];
        claim.holder = embedded->outer;
        claim.node = embedded->node;
        claim.whole = false;
    }
}

static void
list_claims(struct second_look *look, size_t first)
{
    struct irw_findings *findings = look->walk->findings;

    for (size_t i = first; i < findings->site_count; i++) {
        struct irw_site *site = &findings->sites[i];

        for (size_t k = 0; k < site->part_count; k++)
            if (!site->parts[k].fixed)
                add_claims(look, site, &site->parts[k]);
    }
    if (look->claims.count > 0)
        qsort(look->claims.items, look->claims.count,
              sizeof(*look->claims.items), by_node);
}

/* The number of the first claim on the node or on one after it. */
static size_t
first_claim(const struct second_look *look, uint32_t holder, uint32_t node)
{
    size_t i = 0;

    IRW_LOWER_BOUND(i, look->claims.count,
                    look->claims.items[i].holder < holder ||
                        (look->claims.items[i].holder == holder &&
                         look->claims.items[i].node < node));
    return i;
}

/* Whether the claim with this number is one on the node. */
static bool
is_claim_on(const struct second_look *look, size_t number, uint32_t holder,
            uint32_t node)
{
    return number < look->claims.count &&
           look->claims.items[number].holder == holder &&
           look->claims.items[number].node == node;
}

/* Ties sites that are aliases to those that they repeat. */
static void
tie_aliases(const struct second_look *look)
{
    const struct irw_findings *findings = look->walk->findings;

    for (size_t i = 0; i < look->claims.count; i++) {
        const struct claim *claim = &look->claims.items[i], *anchor;
        const struct irw_tree *tree = irw_findings_tree(
            findings, look->walk->root_tree, claim->holder);
        uint32_t target = irw_tree_follow(tree, claim->node);
        size_t number;

        if (target == claim->node || !claim->whole ||
            claim->site->part_count > 1)
            continue;
        number = first_claim(look, claim->holder, target);
        if (!is_claim_on(look, number, claim->holder, target))
            continue;
        anchor = &look->claims.items[number];
        if (!anchor->whole || anchor->site->part_count > 1)
            continue;
        claim->site->anchor = (uint32_t)(anchor->site - findings->sites);
        claim->site->image.anchor = anchor->site->image.at;
    }
}

/* Tells the sites that claim `node` that the text at `user` uses it too. */
static void
share(struct second_look *look, uint32_t node, uint32_t user,
      const struct irw_node_path *path)
{
    struct irw_image_walk *walk = look->walk;

    for (size_t i = first_claim(look, walk->holder, node);
         is_claim_on(look, i, walk->holder, node); i++) {
        struct irw_site *site = look->claims.items[i].site;

        if (site->shared_field.size > 0)
            continue;
        site->shared_field =
            irw_node_path_format(path, walk->findings->arena);
        site->shared_offset = irw_text_offset(walk, user);
        walk->failed |= !site->shared_field.data;
    }
}

/* A scalar, or an alias of one. The walk has used it as an image in this very
 * way, or else what is here is something that shares its text. */
static void
look_at_scalar(struct second_look *look, uint32_t node, uint32_t target,
               const struct irw_node_path *path)
{
    struct irw_image_walk *walk = look->walk;
    const struct irw_use use = {walk->holder, node, walk->way.id};

    if (walk->uses.count > 0 &&
        bsearch(&use, walk->uses.items, walk->uses.count, sizeof(use), by_use))
        return;
    share(look, node, walk->way.alias ? walk->way.alias : node, path);
    if (target != node)
        share(look, target, node, path);
}

static void look_at(struct second_look *look, uint32_t node,
                    const struct irw_node_path *path);

static void
look_at_entry(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct second_look *look = user;
    struct irw_image_walk *walk = look->walk;
    const struct irw_node_path *outer = look->path;
    struct irw_node_path step = {
        .outer = outer,
        .key = irw_is_scalar(walk->tree, key) ? irw_tree_text(walk->tree, key)
                                              : IRW_STR("?"),
    };
    struct irw_way way = walk->way;

    if (!step.key.data)
        step.key.data = "";
    if (via != 0)
        walk->way = irw_way_through(way, via);
    look_at(look, key, &step);
    look_at(look, value, &step);
    walk->way = way;
    look->path = outer;
}

/* Looks at what is in a mapping or a list. */
static void
look_into(struct second_look *look, uint32_t node,
          const struct irw_node_path *path)
{
    struct irw_image_walk *walk = look->walk;
    struct irw_items items = irw_items(walk->tree, node);
    struct irw_node_path step = {.outer = path};
    uint32_t item;

    if (walk->depth == IRW_EXPANSION_LEVELS) {
        walk->budget.spent = true;
        return;
    }
    walk->depth++;
    look->path = path;
    if (walk->tree->nodes[node].type == IRW_NODE_MAPPING)
        irw_mapping_each(walk->tree, node, &walk->budget, look_at_entry, look);
    while (!walk->budget.spent && irw_items_next(&items, &item, &step.index))
        look_at(look, item, &step);
    walk->depth--;
}

static void
look_at(struct second_look *look, uint32_t node,
        const struct irw_node_path *path)
{
    struct irw_image_walk *walk = look->walk;
    const struct irw_tree *tree = walk->tree;
    uint32_t target = irw_tree_follow(tree, node);
    struct irw_way outer = walk->way;

    if (walk->failed)
        return;
    if (tree->nodes[target].type == IRW_NODE_SCALAR) {
        look_at_scalar(look, node, target, path);
    } else if (target == node) {
        look_into(look, node, path);
    } else if (irw_budget_enter(&walk->budget,
                                tree->nodes[target].next - target)) {
        walk->way = irw_way_through(outer, node);
        look_into(look, target, path);
        walk->way = outer;
        irw_budget_leave(&walk->budget);
    }
}

/* Looks at the trees inside of scalars that have claims on their nodes. */
static void
look_at_embedded(struct second_look *look, size_t first)
{
    struct irw_image_walk *walk = look->walk;

    for (size_t i = first; i < walk->findings->embedded_count; i++) {
        struct irw_embedded *embedded = &walk->findings->embedded[i];
        size_t claim = first_claim(look, (uint32_t)i, 0);

        if (claim == look->claims.count ||
            look->claims.items[claim].holder != i)
            continue;
        walk->tree = &embedded->tree;
        walk->holder = (uint32_t)i;
        for (size_t k = 0; k < embedded->tree.document_count; k++)
            look_at(look, embedded->tree.documents[k].root, embedded->path);
    }
    walk->tree = walk->root_tree;
    walk->holder = IRW_ROOT_DOCUMENT;
}

void
irw_sharing_find(struct irw_image_walk *walk, struct irw_sharing_scope scope)
{
    struct second_look look = {.walk = walk};

    list_claims(&look, scope.first_site);
    if (walk->uses.count > 0)
        qsort(walk->uses.items, walk->uses.count, sizeof(*walk->uses.items),
              by_use);
    if (!walk->failed && look.claims.count > 0) {
        tie_aliases(&look);
        walk->way = (struct irw_way){0};
        if (walk->root_tree->indirect)
            look_at(&look, scope.root, NULL);
        look_at_embedded(&look, scope.first_embedded);
    }
    free(look.claims.items);
}
