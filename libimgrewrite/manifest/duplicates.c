#include "manifest/duplicates.h"
#include "base/str.h"
#include "manifest/warnings.h"

#include <stdlib.h>

void
irw_keys_note(struct irw_image_walk *walk, uint32_t key)
{
    if (walk->document == IRW_ROOT_DOCUMENT)
        walk->failed |= !IRW_APPEND(
            &walk->seen,
            (struct irw_seen_key){irw_tree_text(walk->tree, key), key});
}

/* Puts equal keys side by side, in the order of the text. */
static int
by_text(const void *one, const void *other)
{
    const struct irw_seen_key *a = one, *b = other;
    int order = 0;

    if (a->text.size != b->text.size)
        return a->text.size > b->text.size ? 1 : -1;
    if (a->text.size > 0)
        order = memcmp(a->text.data, b->text.data, a->text.size);
    return order != 0 ? order : (a->key > b->key) - (a->key < b->key);
}

void
irw_keys_end(struct irw_image_walk *walk, size_t first)
{
    struct irw_seen_key *keys = walk->seen.items;
    size_t count = walk->seen.count;

    walk->seen.count = first;
    if (count < first + 2)
        return;
    qsort(keys + first, count - first, sizeof(*keys), by_text);
    for (size_t i = first + 1; i < count; i++) {
        if (irw_equal(keys[first].text, keys[i].text))
            walk->failed |= !IRW_APPEND(
                &walk->duplicates,
                (struct irw_duplicate){keys[first].key, keys[i].key});
        else
            first = i;
    }
}

static int
by_number(const void *one, const void *other)
{
    const uint32_t *a = one, *b = other;

    return (*a > *b) - (*a < *b);
}

/* The nodes of the text itself that have the sites, or documents with them, in
 * order; malloc'ed, or NULL when memory is out. */
static uint32_t *
list_nodes(const struct irw_findings *findings, size_t first_site)
{
    size_t count = findings->site_count - first_site;
    uint32_t *nodes = malloc((count + 1) * sizeof(*nodes));

    for (size_t i = 0; nodes && i < count; i++) {
        const struct irw_site *site = &findings->sites[first_site + i];
        uint32_t document = site->document;

        nodes[i] = site->parts[0].node;
        for (; document != IRW_ROOT_DOCUMENT;
             document = findings->embedded[document].outer)
            nodes[i] = findings->embedded[document].node;
    }
    if (nodes)
        qsort(nodes, count, sizeof(*nodes), by_number);
    return nodes;
}

/* Whether one of the nodes, which are in order, is in the value of a key. */
static bool
has_node(const struct irw_tree *tree, uint32_t key, const uint32_t *nodes,
         size_t count)
{
    uint32_t value = tree->nodes[key].next;
    uint32_t held = irw_tree_follow(tree, value);
    size_t at;

    IRW_LOWER_BOUND(at, count, nodes[at] < value);
    if (at < count && nodes[at] < tree->nodes[value].next)
        return true;
    IRW_LOWER_BOUND(at, count, nodes[at] < held);
    return at < count && nodes[at] < tree->nodes[held].next;
}

static void
warn(struct irw_image_walk *walk, struct irw_duplicate found)
{
    const struct irw_tree *tree = walk->tree;
    struct irw_findings *findings = walk->findings;
    struct imgrw_location line = irw_source_locate(
        findings->source, &findings->cursor, tree->nodes[found.first].start);

    walk->failed |= !irw_warn(
        findings, tree->nodes[found.second].start,
        "duplicate key \"%.*s\", first on line %u; both are taken for images",
        IRW_PRINT(irw_tree_text(tree, found.second)), (unsigned)line.line);
}

void
irw_warn_of_duplicates(struct irw_image_walk *walk, size_t first_site)
{
    size_t count = walk->findings->site_count - first_site;
    uint32_t *nodes;

    /* of a template, branches are not there at once */
    if (walk->duplicates.count == 0 || count == 0 || walk->tree->mask)
        return;
    nodes = list_nodes(walk->findings, first_site);
    walk->failed |= !nodes;
    for (size_t i = 0; nodes && i < walk->duplicates.count; i++) {
        struct irw_duplicate found = walk->duplicates.items[i];

        if (has_node(walk->tree, found.first, nodes, count) ||
            has_node(walk->tree, found.second, nodes, count))
            warn(walk, found);
    }
    free(nodes);
}
