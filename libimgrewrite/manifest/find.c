/*
 * First the document itself is walked, then the documents in its scalars, which
 * may add others at the end of the list. What was found is then put in order,
 * and aliases are sorted out.
 */
#include "manifest/find.h"
#include "base/error.h"
#include "base/str.h"
#include "catalog/pods.h"
#include "kubernetes/json_patch.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/duplicates.h"
#include "manifest/locate.h"
#include "manifest/possible.h"
#include "manifest/pushed.h"
#include "manifest/sharing.h"
#include "manifest/shapes/registries.h"
#include "manifest/warnings.h"
#include "yaml/mask.h"

#include <stdlib.h>

static void
warn_of_depth(struct irw_image_walk *walk, size_t offset)
{
    walk->failed |=
        !irw_warn(walk->findings, offset, "the document in this value is "
                  "nested too deep to be searched for images");
}

/* Whether the value may be read as a document. One that is reached in several
 * ways costs each time, though only the first reads it. */
static bool
is_worth_reading(struct irw_image_walk *walk, uint32_t node, uint32_t scalar,
                 bool patch)
{
    imgrw_str value = irw_tree_value(walk->tree, scalar);

    if (walk->tree->nodes[scalar].claimed ||
        !(patch || irw_may_hold_images(value)))
        return false;
    if (walk->nesting == IRW_DEEPEST) {
        warn_of_depth(walk, irw_text_offset(walk, scalar));
        return false;
    }
    return (node == scalar && walk->way.alias == 0) ||
           irw_budget_charge(&walk->budget, value.size / 8 + 1);
}

/* Adds a document, of which only the class and what it patches are set. */
static void
add(struct irw_image_walk *walk, struct irw_part part,
    struct irw_embedded added, const struct irw_node_path *path)
{
    struct irw_findings *findings = walk->findings;
    uint32_t node = part.node, scalar = irw_tree_follow(walk->tree, node);

    if (walk->tree->nodes[scalar].type != IRW_NODE_SCALAR)
        return;
    /* what is read as a document by one alias is one by all; anything else is a
     * value that an image may share its text with */
    if (!is_worth_reading(walk, node, scalar, added.patched)) {
        if (walk->tree->nodes[scalar].document)
            irw_remember_use(walk, node);
        return;
    }
    irw_remember_use(walk, node);
    added.outer = walk->document;
    added.node = scalar;
    added.from = part.from;
    added.to = part.to;
    added.nesting = walk->nesting + 1;
    added.resource = irw_number_resource(walk);
    added.path = irw_node_path_copy(path, findings->arena);
    if (added.resource == SIZE_MAX || !added.path ||
        !irw_grow(&findings->embedded, &findings->embedded_capacity,
                  findings->embedded_count + 1, sizeof(added))) {
        walk->failed = true;
        return;
    }
    findings->embedded[findings->embedded_count++] = added;
    walk->tree->nodes[scalar].claimed = true;
    walk->tree->nodes[scalar].document = true;
}

void
irw_embedded_add_part(struct irw_image_walk *walk, struct irw_part part,
                      enum imgrw_class image_class,
                      const struct irw_node_path *path)
{
    add(walk, part,
        (struct irw_embedded){
            .image_class = irw_collected_class(walk, image_class)},
        path);
}

void
irw_embedded_add(struct irw_image_walk *walk, uint32_t node,
                 enum imgrw_class image_class, const struct irw_node_path *path)
{
    irw_embedded_add_part(walk, irw_rest_of(walk, node, 0), image_class, path);
}

void
irw_embedded_add_patch(struct irw_image_walk *walk, uint32_t node,
                       const struct irw_patched *patched,
                       const struct irw_node_path *path)
{
    struct irw_patched *kept =
        irw_arena_alloc(walk->findings->arena, sizeof(*kept));

    if (!kept) {
        walk->failed = true;
        return;
    }
    *kept = *patched;
    add(walk, irw_rest_of(walk, node, 0),
        (struct irw_embedded){.image_class = walk->embedder, .patched = kept},
        path);
}

/* Collects the scalar at `key` as an image, however short. */
static void
collect_at(struct irw_image_walk *walk, uint32_t map, imgrw_str key,
           const struct irw_node_path *path)
{
    struct irw_node_path step = {.outer = path, .key = key};
    uint32_t image = irw_own_scalar(walk->tree, map, key);

    if (image != IRW_NO_NODE)
        irw_collect_part(walk, irw_rest_of(walk, image, 0), walk->embedder,
                         &step);
}

/* The root of an embedded document, or an item of a list that is: a resource,
 * or whatever else, which is searched as values are. */
static void
visit_inner(struct irw_image_walk *walk, uint32_t node,
            const struct irw_node_path *path)
{
    static const struct irw_places values = {{&irw_values}, 1};
    const struct irw_tree *tree = walk->tree;
    uint32_t root = irw_tree_follow(tree, node);
    struct irw_alias_path outer = walk->way;

    if (root != node)
        walk->way = irw_way_through(outer, node);
    /* an annotation may list images as {name: NAME, image: IMAGE} */
    if (walk->embedder == IMGRW_CLASS_ANNOTATIONS &&
        irw_own_scalar(tree, root, IRW_STR("name")) != IRW_NO_NODE)
        collect_at(walk, root, IRW_STR("image"), path);
    walk->way = outer;
    if (irw_resource_read(tree, root, &walk->budget).kind.size > 0)
        irw_visit_resource(walk, node, path);
    else
        irw_visit(walk, node, &values, path);
}

static void
visit_root(struct irw_image_walk *walk, uint32_t root,
           const struct irw_patched *patched, const struct irw_node_path *path)
{
    static const struct irw_patched anything = {.is_declared = true};
    static const struct irw_places patch = {{&irw_patch}, 1};
    struct irw_items items = irw_items(walk->tree, root);
    struct irw_node_path step = {.outer = path};
    uint32_t item;

    walk->resource =
        (struct irw_walked_resource){.root = root, .number = SIZE_MAX};
    walk->way = (struct irw_alias_path){0};
    walk->scopes.count = 0;
    walk->scope = SIZE_MAX;
    if (!patched && irw_is_json_patch(walk->tree, root))
        patched = &anything;
    walk->patched = patched;
    if (patched)
        irw_visit(walk, root, &patch, path);
    else if (walk->tree->nodes[root].type != IRW_NODE_SEQUENCE)
        visit_inner(walk, root, path);
    while (!patched && !walk->budget.spent &&
           irw_items_next(&items, &item, &step.index))
        visit_inner(walk, item, &step);
    irw_registries_collect(walk);
}

/* A patch with images that cannot be read has them all the same. */
static void
warn_of_patch(struct irw_image_walk *walk, uint32_t node)
{
    if (irw_may_hold_images(irw_tree_value(walk->tree, node)))
        walk->failed |= !irw_warn(
            walk->findings, irw_text_offset(walk, node),
            "this patch is no YAML as it stands, perhaps for its template "
            "actions; its images are not found, so change them by hand");
}

/* Sets the value that a document is. In a template it has its actions, which
 * the masks of documents around it have not. */
static enum imgrw_status
write_value(struct irw_image_walk *walk, const struct irw_embedded *embedded,
            imgrw_str *value)
{
    const struct irw_tree *tree = walk->tree;
    imgrw_str masked = irw_tree_value(tree, embedded->node);
    struct irw_source_map map;
    char *made;
    enum imgrw_status status;

    *value = irw_slice(masked, embedded->from, embedded->to);
    if (!tree->mask || !tree->nodes[embedded->node].decoded)
        return IMGRW_OK;
    status = irw_source_map_read(tree, embedded->node, walk->findings->arena,
                                 &map, NULL);
    made = status == IMGRW_OK ? irw_arena_copy(walk->findings->arena, masked)
                              : NULL;
    if (!made)
        return IMGRW_ERR_MEMORY;
    for (size_t i = 0; i < map.count; i++)
        if (map.segments[i].same)
            irw_mask_lift(tree->mask, tree->written, map.segments[i].source,
                          map.segments[i].source + map.segments[i].value_size,
                          made + map.segments[i].value);
    value->data = made + embedded->from;
    return IMGRW_OK;
}

static enum imgrw_status
read_tree(struct irw_image_walk *walk, const struct irw_source *source,
          struct irw_tree *read)
{
    enum imgrw_status status = irw_tree_read(
        &irw_libyaml,
        (struct irw_extract){irw_source_readable(source), source->start,
                             source->text.size},
        walk->search->max_depth, walk->findings->arena, read, NULL);

    irw_tree_unmask(read, source);
    return status;
}

/* Reads a text: as it stands or, where it is a template, through a mask. */
static enum imgrw_status
read_source(struct irw_image_walk *walk, struct irw_source *source,
            struct irw_tree *read)
{
    enum imgrw_status status = read_tree(walk, source, read);
    const struct irw_mask *mask;

    if (!walk->search->masks ||
        (status == IMGRW_OK && irw_tree_find_action(read) == SIZE_MAX) ||
        (status != IMGRW_OK && status != IMGRW_ERR_SYNTAX))
        return status;
    status = irw_mask_make(source->text, source->start, walk->findings->arena,
                           &mask, NULL);
    if (status == IMGRW_OK && mask)
        irw_source_read_through(source, mask);
    return status == IMGRW_ERR_MEMORY ? status : read_tree(walk, source, read);
}

/* Reads the document, which is a stream of them. `*tree` is empty where it is
 * none; what it holds otherwise lives in the arena. */
static void
read_value(struct irw_image_walk *walk, const struct irw_embedded *embedded,
           struct irw_tree *tree)
{
    struct irw_arena *arena = walk->findings->arena;
    struct irw_source source;
    struct irw_tree read = {0};
    imgrw_str value;
    enum imgrw_status status = write_value(walk, embedded, &value);

    if (status == IMGRW_OK)
        status = irw_source_open(value, NULL, SIZE_MAX, &source, NULL);
    walk->failed |= status == IMGRW_ERR_MEMORY;
    if (status != IMGRW_OK || source.directives)
        return;
    status = read_source(walk, &source, &read);
    if (status == IMGRW_OK)
        status = irw_tree_keep(&read, arena, tree, NULL);
    if (status == IMGRW_ERR_LIMIT)
        warn_of_depth(walk, irw_text_offset(walk, embedded->node));
    if (status == IMGRW_ERR_SYNTAX && embedded->patched)
        warn_of_patch(walk, embedded->node);
    walk->failed |= status == IMGRW_ERR_MEMORY;
    irw_tree_clear(&read);
}

/* Has the walk be in the tree of the scalar that holds the document. What was
 * kept of other trees may lie where those of this one will. */
static void
enter_outer(struct irw_image_walk *walk, const struct irw_embedded *embedded,
            struct irw_tree *outer)
{
    walk->tree = outer;
    walk->document = embedded->outer;
    walk->nesting = embedded->nesting - 1;
    walk->outer_resource = embedded->resource;
    walk->memo = (struct irw_source_map_memo){0};
    memset(walk->lines, 0, sizeof(walk->lines));
    irw_pushing_reset(&walk->pushing);
}

/* Reads the document and walks it. `*embedded` is a copy, because the list has
 * another address once the walk has added to it; so is `tree`. */
static void
read_and_walk(struct irw_image_walk *walk, size_t number,
              struct irw_embedded embedded)
{
    struct irw_findings *findings = walk->findings;
    struct irw_tree *tree = &embedded.tree;

    read_value(walk, &embedded, tree);
    if (tree->document_count == 0)
        return;
    if (irw_source_map_read(walk->tree, embedded.node, findings->arena,
                            &embedded.spelling, NULL) != IMGRW_OK) {
        walk->failed = true;
        return;
    }
    findings->embedded[number] = embedded;
    walk->tree = tree;
    walk->document = (uint32_t)number;
    walk->nesting = embedded.nesting;
    walk->embedder = embedded.image_class;
    for (size_t i = 0; i < tree->document_count; i++) {
        uint32_t root = tree->documents[i].root;

        visit_root(walk, root, embedded.patched, embedded.path);
        irw_possible_find_inside(walk, root, &embedded);
    }
}

/* Whether a tree has a document that is no scalar, as a text of any kind is. */
static bool
has_collections(const struct irw_tree *tree)
{
    for (size_t i = 0; i < tree->document_count; i++)
        if (tree->nodes[tree->documents[i].root].type != IRW_NODE_SCALAR)
            return true;
    return false;
}

/* Walks the document number `number`, which may add others. */
static void
walk_embedded(struct irw_image_walk *walk, size_t number)
{
    struct irw_findings *findings = walk->findings;
    struct irw_arena_mark mark = irw_arena_mark(findings->arena);
    size_t sites = findings->site_count, added = findings->embedded_count;
    struct irw_embedded *embedded = &findings->embedded[number];
    struct irw_tree outer = *irw_findings_tree(findings, walk->root_tree,
                                               embedded->outer);
    bool is_text;

    enter_outer(walk, embedded, &outer);
    read_and_walk(walk, number, *embedded);
    embedded = &findings->embedded[number];
    is_text = !has_collections(&embedded->tree);
    if (findings->site_count == sites && findings->embedded_count == added) {
        /* nothing refers to what was read, and other uses may claim it */
        outer.nodes[embedded->node].claimed = false;
        embedded->tree = (struct irw_tree){0};
        irw_arena_rewind(findings->arena, mark);
        if (is_text) {
            enter_outer(walk, embedded, &outer);
            irw_possible_find_text(walk, embedded);
        }
    }
    outer.nodes[embedded->node].passed = true;
    walk->tree = walk->root_tree;
    walk->document = IRW_ROOT_DOCUMENT;
    walk->nesting = 0;
}

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
    size_t first_possible = findings->possible.count;

    if (walk->search->as_data || walk->search->patched)
        visit_root(walk, root, walk->search->patched, NULL);
    else
        irw_visit_resource(walk, root, NULL);
    irw_registries_collect(walk);
    for (size_t i = scope.first_embedded;
         i < findings->embedded_count && !walk->failed && !walk->budget.spent;
         i++)
        walk_embedded(walk, i);
    if (!walk->failed && !walk->budget.spent)
        irw_possible_find(walk, root);
    if (!walk->failed)
        irw_possible_order(findings, first_possible);
    if (findings->site_count == scope.first_site) {
        findings->embedded_count = scope.first_embedded;
        findings->resources.count = first_resource;
    } else if (!walk->failed && !walk->budget.spent) {
        /* resources first: most begin before their images, so that the cursor
         * of lines need not go back */
        walk->failed |= !locate_resources(findings, first_resource);
        order_sites(findings, scope.first_site);
        irw_warn_of_duplicates(walk, scope.first_site);
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
        .nesting = search->as_data,
        .embedder = search->as_data ? IMGRW_CLASS_CONFIGMAP : IRW_CLASSES,
        .scope = SIZE_MAX,
    };

    find(&walk, root);
    free(walk.uses.items);
    free(walk.claims.items);
    free(walk.seen.items);
    free(walk.duplicates.items);
    free(walk.scopes.items);
    irw_map_clear(&walk.pushing.names);
    if (walk.failed)
        return irw_fail_memory(error);
    if (walk.budget.spent)
        return irw_fail(error, IMGRW_ERR_LIMIT, at,
                        "the aliases and merge keys of this document expand to "
                        "more than %d nodes or %d levels",
                        IRW_EXPANSION_MAX, IRW_EXPANSION_LEVELS);
    return IMGRW_OK;
}
