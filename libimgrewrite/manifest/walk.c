/*
 * Aliases and merge keys are followed, so that an image counts where it lands.
 * When a document has any, a second walk goes everywhere (audit.c).
 */
#include "manifest/walk.h"
#include "base/error.h"
#include "base/str.h"
#include "catalog/pods.h"
#include "manifest/sharing.h"
#include "manifest/file_kind.h"
#include "manifest/finder.h"

#include <stdlib.h>

#define DEEPEST_LIST 8 /* lists of lists of resources */

#define STEPS_MAX 24 /* of the places whose duplicates are told */

/* Where no image is: only the second walk goes there. */
static const struct irw_places nowhere;

/* A mapping being walked. */
struct visit {
    struct irw_finder *finder;
    struct irw_places places;
    const struct irw_node_path *trail;
    uint32_t node;
    uint32_t seen[STEPS_MAX]; /* key node of each step of the places */
};

/* What stands at a place is the business of its shape. */
static void
visit_shapes(struct irw_finder *finder, uint32_t node,
             const struct irw_places *places, const struct irw_node_path *trail)
{
    static irw_shape_fn *const shapes[] = {
        [IRW_SHAPE_IMAGE] = irw_shape_image,
        [IRW_SHAPE_FULL] = irw_shape_full,
        [IRW_SHAPE_SPLIT] = irw_shape_split,
        [IRW_SHAPE_JOIN] = irw_shape_join,
        [IRW_SHAPE_BASE] = irw_shape_base,
        [IRW_SHAPE_URL] = irw_shape_url,
        [IRW_SHAPE_OVERRIDE] = irw_shape_override,
        [IRW_SHAPE_RESOLVER] = irw_shape_resolver,
        [IRW_SHAPE_KUSTOMIZE] = irw_shape_kustomize,
        [IRW_SHAPE_VALUES] = irw_shape_values,
        [IRW_SHAPE_DATA] = irw_shape_data,
        [IRW_SHAPE_DOCUMENT] = irw_shape_document,
        [IRW_SHAPE_ENV] = irw_shape_environment,
        [IRW_SHAPE_ARGS] = irw_shape_arguments,
    };

    for (unsigned i = 0; i < places->count; i++)
        if (shapes[places->at[i]->shape])
            shapes[places->at[i]->shape](finder, node, places->at[i], trail);
}

/* Tells of the second of two equal keys. kubectl takes the last one, kustomize
 * refuses the file, and here both values are images. */
static void
warn_of_duplicate(struct irw_finder *finder, uint32_t first, uint32_t second)
{
    const struct irw_tree *tree = finder->tree;
    struct irw_findings *findings = finder->findings;
    imgrw_str text = irw_tree_value(tree, irw_tree_follow(tree, second));
    struct imgrw_location line;

    if (finder->holder != IRW_ROOT_DOCUMENT)
        return;
    line = irw_source_locate(findings->source, &findings->cursor,
                             tree->nodes[first].start);
    irw_finder_warn(finder, tree->nodes[second].start,
                    "duplicate key \"%.*s\", first on line %u; both are "
                    "taken for images",
                    IRW_PRINT(text), (unsigned)line.line);
}

/* Remembers a key that a place knows, to find it again. */
static void
check_duplicate(struct visit *visit, uint32_t key)
{
    const struct irw_tree *tree = visit->finder->tree;
    imgrw_str text = irw_tree_value(tree, irw_tree_follow(tree, key));
    size_t slot = 0;

    for (unsigned i = 0; i < visit->places.count; i++) {
        const struct irw_place *place = visit->places.at[i];

        for (size_t k = 0; k < place->step_count && slot < STEPS_MAX; k++) {
            uint32_t *seen = &visit->seen[slot++];

            if (!irw_equal(place->steps[k].key, text) ||
                place->steps[k].to->shape >= IRW_SHAPE_ENV)
                continue;
            if (*seen != 0) {
                warn_of_duplicate(visit->finder, *seen, key);
                return;
            }
            *seen = key;
        }
    }
}

static void
visit_entry(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct visit *visit = user;
    struct irw_finder *finder = visit->finder;
    const struct irw_tree *tree = finder->tree;
    uint32_t scalar = irw_tree_follow(tree, key), outer = finder->alias;
    struct irw_node_path step = {visit->trail, {"?", 1}, 0, visit->node};
    struct irw_places places;

    places.count = 0; /* the rest is not worth clearing for every node */
    if (tree->nodes[scalar].type == IRW_NODE_SCALAR) {
        step.key = irw_tree_value(tree, scalar);
        irw_places_step(&visit->places, step.key, &places);
        if (!finder->blessed)
            check_duplicate(visit, key);
    }
    if (!step.key.data)
        step.key.data = "";
    if (via != 0)
        finder->alias = via;
    if (finder->blessed)
        irw_visit(finder, key, &nowhere, &step);
    irw_visit(finder, value, &places, &step);
    finder->alias = outer;
}

/* What a look at a mapping's own keys tells of it. */
struct traits {
    const struct irw_tree *tree;
    bool lists_containers, is_schema;
};

static void
note_trait(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct traits *traits = user;
    const struct irw_tree *tree = traits->tree;
    imgrw_str name = irw_tree_value(tree, irw_tree_follow(tree, key));
    uint32_t held = irw_tree_follow(tree, value);

    (void)via;
    if (tree->nodes[held].type == IRW_NODE_SEQUENCE &&
        irw_is_container_key(name))
        traits->lists_containers = true;
    if (irw_equal(name, IRW_STR("kind")) &&
        irw_equal(irw_tree_value(tree, held),
                  IRW_STR("CustomResourceDefinition")))
        traits->is_schema = true;
}

/* Turns the places that find pods into what they are in this mapping. */
static void
choose_pods(struct irw_finder *finder, uint32_t node, struct irw_places *places)
{
    struct traits traits = {.tree = finder->tree};
    bool looked = false;

    for (unsigned i = 0; i < places->count; i++) {
        if (!places->at[i]->finds_pods)
            continue;
        if (!looked)
            irw_mapping_each(finder->tree, node, &finder->budget, note_trait,
                             &traits);
        looked = true;
        if (traits.is_schema)
            places->at[i--] = places->at[--places->count];
        else if (traits.lists_containers)
            places->at[i] = irw_place_of_pod(places->at[i]);
    }
}

static void
visit_mapping(struct irw_finder *finder, uint32_t node,
              const struct irw_places *places,
              const struct irw_node_path *trail)
{
    struct visit visit = {
        .finder = finder,
        .places = *places,
        .trail = trail,
        .node = node,
    };

    choose_pods(finder, node, &visit.places);
    if (visit.places.count > 0 || finder->blessed)
        irw_mapping_each(finder->tree, node, &finder->budget, visit_entry,
                         &visit);
}

static void
visit_sequence(struct irw_finder *finder, uint32_t node,
               const struct irw_places *places,
               const struct irw_node_path *trail)
{
    const struct irw_tree *tree = finder->tree;
    struct irw_node_path step = {.outer = trail};
    struct irw_places inner;

    irw_places_item(places, &inner);
    for (uint32_t item = node + 1;
         item < tree->nodes[node].next && !finder->budget.spent;
         item = tree->nodes[item].next) {
        irw_visit(finder, item, &inner, &step);
        step.index++;
    }
}

/* A mapping or a list. */
static void
visit_collection(struct irw_finder *finder, uint32_t node,
                 const struct irw_places *places,
                 const struct irw_node_path *trail)
{
    if (finder->depth == IRW_EXPANSION_LEVELS) {
        finder->budget.spent = true;
        return;
    }
    finder->depth++;
    visit_shapes(finder, node, places, trail);
    if (finder->tree->nodes[node].type == IRW_NODE_MAPPING)
        visit_mapping(finder, node, places, trail);
    else
        visit_sequence(finder, node, places, trail);
    finder->depth--;
}

void
irw_visit(struct irw_finder *finder, uint32_t node,
          const struct irw_places *places, const struct irw_node_path *trail)
{
    const struct irw_tree *tree = finder->tree;
    uint32_t target = irw_tree_follow(tree, node), outer = finder->alias;

    if ((places->count == 0 && !finder->blessed) || finder->failed)
        return;
    if (tree->nodes[target].type == IRW_NODE_SCALAR) {
        visit_shapes(finder, node, places, trail);
        if (finder->blessed)
            irw_audit_scalar(finder, node, trail);
    } else if (target == node) {
        visit_collection(finder, node, places, trail);
    } else if (irw_budget_enter(&finder->budget,
                                tree->nodes[target].next - target)) {
        finder->alias = node;
        visit_collection(finder, target, places, trail);
        finder->alias = outer;
        irw_budget_leave(&finder->budget);
    }
}

static void visit_resource(struct irw_finder *finder, uint32_t node,
                           imgrw_str default_kind,
                           const struct irw_node_path *trail, int depth);

/* The items of a list, each a resource of its own. */
static void
visit_items(struct irw_finder *finder, uint32_t items, imgrw_str kind,
            const struct irw_node_path *trail, int depth)
{
    const struct irw_tree *tree = finder->tree;
    struct irw_node_path step = {.outer = trail};

    for (uint32_t item = items + 1; item < tree->nodes[items].next;
         item = tree->nodes[item].next) {
        visit_resource(finder, item, kind, &step, depth + 1);
        step.index++;
    }
}

/* On the second walk: an entry of a list resource, where no image is. */
static void
visit_rest(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct visit *visit = user;
    const struct irw_tree *tree = visit->finder->tree;
    imgrw_str text = irw_tree_value(tree, irw_tree_follow(tree, key));
    struct irw_node_path step = {.outer = visit->trail, .key = text};

    (void)via;
    if (irw_equal(text, IRW_STR("items")))
        return;
    if (!step.key.data)
        step.key.data = "";
    irw_visit(visit->finder, key, &nowhere, &step);
    irw_visit(visit->finder, value, &nowhere, &step);
}

static void
visit_list_rest(struct irw_finder *finder, uint32_t root,
                const struct irw_node_path *trail)
{
    struct visit visit = {.finder = finder, .trail = trail};

    irw_mapping_each(finder->tree, root, &finder->budget, visit_rest, &visit);
}

/* A resource whose head has been read. */
static void
visit_known(struct irw_finder *finder, uint32_t node,
            const struct irw_resource *resource,
            const struct irw_node_path *trail)
{
    struct irw_places places = irw_catalog_places(
        finder->search->fields, resource->api_version, resource->kind);

    if (finder->nesting == 0)
        finder->resource = *resource;
    irw_visit(finder, node, &places, trail);
}

static void
visit_resource(struct irw_finder *finder, uint32_t node, imgrw_str default_kind,
               const struct irw_node_path *trail, int depth)
{
    const struct irw_tree *tree = finder->tree;
    uint32_t root = irw_tree_follow(tree, node), items;
    struct irw_node_path step = {.outer = trail, .key = IRW_STR("items")};
    struct irw_resource resource;
    struct irw_places places;
    imgrw_str item_kind;

    if (tree->nodes[root].type == IRW_NODE_SEQUENCE && depth == 0)
        visit_items(finder, root, (imgrw_str){0}, trail, depth);
    if (tree->nodes[root].type != IRW_NODE_MAPPING)
        return;
    resource = irw_resource_read(tree, root, &finder->budget);
    if (resource.kind.size == 0)
        resource.kind = default_kind;
    items = irw_resource_items(tree, root, &resource, &item_kind,
                               &finder->budget);
    if (items != IRW_NO_NODE && depth < DEEPEST_LIST) {
        visit_items(finder, items, item_kind, &step, depth);
        if (finder->blessed)
            visit_list_rest(finder, root, trail);
    } else if (resource.kind.size > 0) {
        visit_known(finder, node, &resource, trail);
    } else if (depth == 0 && finder->nesting == 0) {
        places = irw_file_places(finder, root);
        irw_visit(finder, node, &places, trail);
    }
}

void
irw_visit_resource(struct irw_finder *finder, uint32_t node,
                   const struct irw_node_path *trail)
{
    visit_resource(finder, node, (imgrw_str){0}, trail, 0);
}

static int
by_offset(const void *one, const void *other)
{
    const struct irw_site *a = one, *b = other;

    if (a->image.at.offset != b->image.at.offset)
        return a->image.at.offset > b->image.at.offset ? 1 : -1;
    return (a->order > b->order) - (a->order < b->order);
}

/* Puts the sites into the order of the text, and finds out their lines. */
static void
order_sites(struct irw_finder *finder)
{
    struct irw_findings *findings = finder->findings;
    struct irw_site *sites = findings->sites;

    qsort(sites + finder->first_site,
          findings->site_count - finder->first_site, sizeof(*sites), by_offset);
    for (size_t i = finder->first_site; i < findings->site_count; i++)
        sites[i].image.at =
            irw_source_locate(findings->source, &findings->cursor,
                              sites[i].image.at.offset);
}

/* What the second walk walks: a document of the text, or one in a scalar. */
static void
walk_root(struct irw_finder *finder, void *user)
{
    visit_resource(finder, *(const uint32_t *)user, (imgrw_str){0}, NULL, 0);
}

static void
walk_embedded(struct irw_finder *finder, void *user)
{
    const struct irw_tree *tree = user;

    for (size_t i = 0; i < tree->document_count; i++)
        irw_visit_embedded(finder, tree->documents[i].root, NULL);
}

/* The first site of the document at byte `offset` or behind it. */
static size_t
first_site_at(const struct irw_finder *finder, size_t first, size_t offset)
{
    size_t low = first, high = finder->findings->site_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (finder->findings->sites[middle].image.at.offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Audits a document in a scalar, of which the sites lie in that scalar. */
static void
audit_embedded(struct irw_finder *finder, uint32_t number, size_t first_site)
{
    const struct irw_embedded *embedded = finder->findings->embedded;
    struct irw_tree tree = embedded[number].tree;
    const struct irw_node *scalar;
    uint32_t outermost = number;

    while (embedded[outermost].outer != IRW_ROOT_DOCUMENT)
        outermost = embedded[outermost].outer;
    scalar = &finder->outermost->nodes[embedded[outermost].node];
    finder->tree = &tree;
    finder->holder = number;
    finder->nesting = 1;
    finder->embedder = embedded[number].image_class;
    finder->first_site = first_site_at(finder, first_site, scalar->start);
    finder->end_site = first_site_at(finder, first_site, scalar->end);
    irw_audit(finder, walk_embedded, &tree);
}

static void
walk_document(struct irw_finder *finder, uint32_t root)
{
    struct irw_findings *findings = finder->findings;
    size_t first_embedded = findings->embedded_count;
    size_t first_site = finder->first_site;

    walk_root(finder, &root);
    if (findings->site_count == first_site || finder->failed)
        return;
    order_sites(finder);
    finder->end_site = findings->site_count;
    irw_audit(finder, walk_root, &root);
    for (size_t i = first_embedded; i < findings->embedded_count; i++)
        if (findings->embedded[i].tree.indirect)
            audit_embedded(finder, (uint32_t)i, first_site);
}

enum imgrw_status
irw_find_images(struct irw_tree *tree, size_t index, size_t document,
                const struct irw_search *search, struct irw_findings *findings,
                struct imgrw_error *error)
{
    uint32_t root = tree->documents[index].root;
    struct imgrw_location at = {.offset = tree->nodes[root].start};
    struct irw_finder finder = {
        .search = search,
        .findings = findings,
        .outermost = tree,
        .tree = tree,
        .holder = IRW_ROOT_DOCUMENT,
        .budget = irw_budget_first(),
        .document = document,
        .first_site = findings->site_count,
    };

    walk_document(&finder, root);
    if (finder.failed)
        return irw_fail_memory(error);
    if (finder.budget.spent)
        return irw_fail(error, IMGRW_ERR_LIMIT, at,
                        "the aliases and merge keys of this document expand to "
                        "more than %d nodes or %d levels",
                        IRW_EXPANSION_MAX, IRW_EXPANSION_LEVELS);
    return IMGRW_OK;
}
