/*
 * Aliases and merge keys are followed, so that an image counts where it lands.
 * When a document has any, a second walk goes everywhere: it looks for images
 * whose text is used by something else as well, which no edit may change.
 */
#include "manifest/find.h"
#include "base/error.h"
#include "base/str.h"
#include "manifest/resource.h"
#include "yaml/scalar.h"

#include <stdio.h>
#include <stdlib.h>

/* How many nodes one document may show through aliases. kubectl has a limit of
 * the same kind. */
#define LARGEST_EXPANSION 1000000

/* And how deep: each level is a few frames of this file on the stack. */
#define DEEPEST_EXPANSION 2000

#define DEEPEST_LIST 8 /* lists of lists of resources */

#define STEPS_MAX 8 /* of a place whose duplicates are told */

struct finder {
    struct irw_tree *tree;
    struct irw_findings *findings;
    struct irw_sites *sites; /* of the findings */
    struct irw_budget budget;
    struct irw_resource resource;
    size_t document, first_site;
    unsigned depth;
    uint32_t alias; /* the innermost one being followed; 0: none */
    bool auditing;  /* the second walk */
    bool failed;    /* memory is out */
};

/* The way to a node: keys and list positions, innermost first. */
struct path {
    const struct path *outer;
    imgrw_str key; /* data NULL: a list position */
    size_t index;
};

/* A mapping being walked. */
struct visit {
    struct finder *finder;
    const struct irw_place *place;
    const struct path *path;
    uint32_t seen[STEPS_MAX]; /* key node of each step of the place */
};

static void visit_node(struct finder *finder, uint32_t node,
                       const struct irw_place *place, const struct path *path);

/* The size of one step of a path, with the slashes in a key escaped. */
static size_t
step_size(const struct path *step)
{
    size_t size = step->key.size;

    if (!step->key.data)
        return (size_t)snprintf(NULL, 0, "%zu", step->index);
    for (size_t i = 0; i < step->key.size; i++)
        size += step->key.data[i] == '/';
    return size;
}

/* Writes one step so that it ends at `end`; returns where it begins. */
static char *
write_step(const struct path *step, char *end)
{
    size_t index = step->index;

    if (!step->key.data) {
        do
            *--end = (char)('0' + index % 10);
        while ((index /= 10) > 0);
        return end;
    }
    for (size_t i = step->key.size; i > 0; i--) {
        *--end = step->key.data[i - 1];
        if (*end == '/')
            *--end = '\\';
    }
    return end;
}

/* The path as text, in the grammar of kustomize's field specs. */
static imgrw_str
format_path(struct finder *finder, const struct path *path)
{
    size_t size = 0;
    char *text, *at;

    for (const struct path *step = path; step; step = step->outer)
        size += step_size(step) + 1;
    text = irw_arena_alloc(finder->findings->arena, size + 1);
    if (!text) {
        finder->failed = true;
        return (imgrw_str){0};
    }
    at = text + size;
    for (const struct path *step = path; step; step = step->outer) {
        at = write_step(step, at);
        if (step->outer)
            *--at = '/';
    }
    return (imgrw_str){at, (size_t)(text + size - at)};
}

static bool
contains(imgrw_str text, const char *needle)
{
    return text.data && memmem(text.data, text.size, needle, strlen(needle));
}

/* Text that something fills in or interprets before a registry is asked:
 * templates, variables, patterns, and the base image that does not exist. */
static bool
is_placeholder(imgrw_str text)
{
    return contains(text, "{{") || contains(text, "$(") ||
           contains(text, "${") || contains(text, "*") ||
           irw_equal(text, IRW_STR("scratch"));
}

static enum imgrw_reason
judge(const struct irw_tree *tree, uint32_t scalar,
      struct imgrw_reference *reference)
{
    imgrw_str text = irw_tree_value(tree, scalar);
    bool plain = tree->nodes[scalar].style == IRW_STYLE_PLAIN;

    if (text.size == 0 || (plain && !irw_scalar_is_string(tree, scalar) &&
                           irw_plain_kind(text) == IRW_PLAIN_NULL))
        return IMGRW_REASON_EMPTY;
    if (plain && !irw_scalar_is_string(tree, scalar))
        return IMGRW_REASON_NOT_STRING;
    if (is_placeholder(text))
        return IMGRW_REASON_PLACEHOLDER;
    return imgrw_reference_parse(text, reference, NULL) == IMGRW_OK
               ? IMGRW_REASON_NONE
               : IMGRW_REASON_MALFORMED;
}

/* What a tag makes of a text is not looked at, so no rule may speak of it. */
static void
warn_of_tag(struct finder *finder, uint32_t node)
{
    struct irw_findings *findings = finder->findings;
    struct imgrw_location at =
        irw_source_locate(findings->source, &findings->cursor,
                          finder->tree->nodes[node].start);

    if (!irw_warnings_add(&findings->warnings, findings->arena, at,
                          "the tag of this image makes it something else than "
                          "its text; it is not changed"))
        finder->failed = true;
}

/* Notes the scalar or alias at `node`, an image place, once. */
static void
add_site(struct finder *finder, uint32_t node, const struct irw_place *place,
         const struct path *path)
{
    struct irw_tree *tree = finder->tree;
    uint32_t scalar = irw_tree_follow(tree, node);
    void *items = finder->sites->items;
    struct irw_site *site;

    if (tree->nodes[node].marked)
        return;
    if (!irw_grow(&items, &finder->sites->capacity, finder->sites->count + 1,
                  sizeof(*finder->sites->items))) {
        finder->failed = true;
        return;
    }
    finder->sites->items = items;
    site = &finder->sites->items[finder->sites->count++];
    tree->nodes[node].marked = true;
    *site = (struct irw_site){
        .node = node,
        .anchor = UINT32_MAX,
        .image = {
            .text = irw_tree_value(tree, scalar),
            .at = {.offset = tree->nodes[node].start},
            .length = tree->nodes[node].end - tree->nodes[node].start,
            .image_class = place->image_class,
            .api_version = finder->resource.api_version,
            .kind = finder->resource.kind,
            .name = finder->resource.name,
            .name_space = finder->resource.name_space,
            .document = finder->document,
            .field = format_path(finder, path),
        },
    };
    site->image.reason = judge(tree, scalar, &site->image.reference);
    if (irw_scalar_is_tagged(tree, node))
        warn_of_tag(finder, node);
}

/* The site at `node`, which is marked; sites are in the order of the text. */
static struct irw_site *
find_site(struct finder *finder, uint32_t node)
{
    size_t low = finder->first_site, high = finder->sites->count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (finder->sites->items[middle].node <= node)
            low = middle;
        else
            high = middle;
    }
    return &finder->sites->items[low];
}

/* On the second walk: the image at `node` is used where no image is, as the
 * text at `user` says. */
static void
note_other_use(struct finder *finder, uint32_t node, uint32_t user,
               const struct path *path)
{
    struct irw_site *site = find_site(finder, node);

    if (site->shared_field.size > 0)
        return;
    site->shared_field = format_path(finder, path);
    site->shared_offset = finder->tree->nodes[user].start;
}

/* A scalar, or an alias of one. */
static void
visit_scalar(struct finder *finder, uint32_t node,
             const struct irw_place *place, const struct path *path)
{
    struct irw_tree *tree = finder->tree;
    uint32_t scalar = irw_tree_follow(tree, node);

    if (place && place->is_image) {
        if (!finder->auditing)
            add_site(finder, node, place, path);
        return;
    }
    if (!finder->auditing)
        return;
    if (tree->nodes[node].marked)
        note_other_use(finder, node, finder->alias ? finder->alias : node,
                       path);
    if (scalar != node && tree->nodes[scalar].marked)
        note_other_use(finder, scalar, node, path);
}

/* Tells of the second of two equal keys. kubectl takes the last one, kustomize
 * refuses the file, and here both values are images. */
static void
warn_of_duplicate(struct finder *finder, uint32_t first, uint32_t second)
{
    const struct irw_tree *tree = finder->tree;
    struct irw_findings *findings = finder->findings;
    imgrw_str text = irw_tree_value(tree, irw_tree_follow(tree, second));
    struct imgrw_location line, at;

    line = irw_source_locate(findings->source, &findings->cursor,
                             tree->nodes[first].start);
    at = irw_source_locate(findings->source, &findings->cursor,
                           tree->nodes[second].start);
    if (!irw_warnings_add(&findings->warnings, findings->arena, at,
                          "duplicate key \"%.*s\", first on line %u; both are "
                          "taken for images",
                          IRW_PRINT(text), (unsigned)line.line))
        finder->failed = true;
}

/* Remembers a key that the catalog knows, to find it again. */
static void
check_duplicate(struct visit *visit, uint32_t key)
{
    const struct irw_tree *tree = visit->finder->tree;
    imgrw_str text = irw_tree_value(tree, irw_tree_follow(tree, key));

    for (size_t i = 0; i < visit->place->step_count && i < STEPS_MAX; i++) {
        if (!irw_equal(visit->place->steps[i].key, text))
            continue;
        if (visit->seen[i] != 0)
            warn_of_duplicate(visit->finder, visit->seen[i], key);
        visit->seen[i] = key;
    }
}

static void
visit_entry(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct visit *visit = user;
    struct finder *finder = visit->finder;
    const struct irw_tree *tree = finder->tree;
    uint32_t scalar = irw_tree_follow(tree, key), outer = finder->alias;
    struct path step = {visit->path, {"?", 1}, 0};
    const struct irw_place *place = NULL;

    if (tree->nodes[scalar].type == IRW_NODE_SCALAR) {
        step.key = irw_tree_value(tree, scalar);
        if (visit->place)
            place = irw_place_step(visit->place, step.key);
        if (visit->place && !finder->auditing)
            check_duplicate(visit, key);
    }
    if (!step.key.data)
        step.key.data = "";
    if (via != 0)
        finder->alias = via;
    if (finder->auditing)
        visit_node(finder, key, NULL, &step);
    visit_node(finder, value, place, &step);
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

static void
visit_mapping(struct finder *finder, uint32_t node,
              const struct irw_place *place, const struct path *path)
{
    struct visit visit = {.finder = finder, .place = place, .path = path};
    struct traits traits = {.tree = finder->tree};

    if (place && place->finds_pods) {
        irw_mapping_each(finder->tree, node, &finder->budget, note_trait,
                         &traits);
        if (traits.is_schema)
            visit.place = NULL;
        else if (traits.lists_containers)
            visit.place = irw_place_of_pod(place);
    }
    if (visit.place || finder->auditing)
        irw_mapping_each(finder->tree, node, &finder->budget, visit_entry,
                         &visit);
}

static void
visit_sequence(struct finder *finder, uint32_t node,
               const struct irw_place *place, const struct path *path)
{
    const struct irw_tree *tree = finder->tree;
    struct path step = {path, {0}, 0};

    for (uint32_t item = node + 1;
         item < tree->nodes[node].next && !finder->budget.spent;
         item = tree->nodes[item].next) {
        visit_node(finder, item, place ? place->item : NULL, &step);
        step.index++;
    }
}

/* A mapping or a list. */
static void
visit_collection(struct finder *finder, uint32_t node,
                 const struct irw_place *place, const struct path *path)
{
    if (finder->depth == DEEPEST_EXPANSION) {
        finder->budget.spent = true;
        return;
    }
    finder->depth++;
    if (finder->tree->nodes[node].type == IRW_NODE_MAPPING)
        visit_mapping(finder, node, place, path);
    else
        visit_sequence(finder, node, place, path);
    finder->depth--;
}

/* A node at `place`; NULL when no image can be there, which only the second
 * walk cares to visit. */
static void
visit_node(struct finder *finder, uint32_t node, const struct irw_place *place,
           const struct path *path)
{
    const struct irw_tree *tree = finder->tree;
    uint32_t target = irw_tree_follow(tree, node), outer = finder->alias;

    if ((!place && !finder->auditing) || finder->failed)
        return;
    if (tree->nodes[target].type == IRW_NODE_SCALAR) {
        visit_scalar(finder, node, place, path);
    } else if (target == node) {
        visit_collection(finder, node, place, path);
    } else if (irw_budget_enter(&finder->budget,
                                tree->nodes[target].next - target)) {
        finder->alias = node;
        visit_collection(finder, target, place, path);
        finder->alias = outer;
        irw_budget_leave(&finder->budget);
    }
}

static void visit_resource(struct finder *finder, uint32_t node,
                           imgrw_str default_kind, const struct path *path,
                           int depth);

/* The items of a list, each a resource of its own. */
static void
visit_items(struct finder *finder, uint32_t items, imgrw_str kind,
            const struct path *path, int depth)
{
    const struct irw_tree *tree = finder->tree;
    struct path step = {path, {0}, 0};

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
    struct path step = {visit->path, text, 0};

    (void)via;
    if (irw_equal(text, IRW_STR("items")))
        return;
    visit_node(visit->finder, key, NULL, &step);
    visit_node(visit->finder, value, NULL, &step);
}

static void
visit_list_rest(struct finder *finder, uint32_t root, const struct path *path)
{
    struct visit visit = {.finder = finder, .path = path};

    irw_mapping_each(finder->tree, root, &finder->budget, visit_rest, &visit);
}

static void
visit_resource(struct finder *finder, uint32_t node, imgrw_str default_kind,
               const struct path *path, int depth)
{
    const struct irw_tree *tree = finder->tree;
    uint32_t root = irw_tree_follow(tree, node), items;
    struct path step = {path, IRW_STR("items"), 0};
    struct irw_resource resource;
    imgrw_str item_kind;

    if (tree->nodes[root].type == IRW_NODE_SEQUENCE && depth == 0)
        visit_items(finder, root, (imgrw_str){0}, path, depth);
    if (tree->nodes[root].type != IRW_NODE_MAPPING)
        return;
    resource = irw_resource_read(tree, root, &finder->budget);
    if (resource.kind.size == 0)
        resource.kind = default_kind;
    items = irw_resource_items(tree, root, &resource, &item_kind,
                               &finder->budget);
    if (items != IRW_NO_NODE && depth < DEEPEST_LIST) {
        visit_items(finder, items, item_kind, &step, depth);
        if (finder->auditing)
            visit_list_rest(finder, root, path);
    } else if (resource.kind.size > 0) {
        finder->resource = resource;
        visit_node(finder, node,
                   irw_place_of_kind(irw_resource_group(resource.api_version),
                                     resource.kind),
                   path);
    }
}

static int
by_offset(const void *one, const void *other)
{
    size_t a = ((const struct irw_site *)one)->image.at.offset;
    size_t b = ((const struct irw_site *)other)->image.at.offset;

    return (a > b) - (a < b);
}

/* Finds out where the sites are, and ties aliases to the images whose scalars
 * they repeat. */
static void
complete_sites(struct finder *finder)
{
    const struct irw_tree *tree = finder->tree;
    struct irw_findings *findings = finder->findings;
    struct irw_site *sites = finder->sites->items;

    for (size_t i = finder->first_site; i < finder->sites->count; i++) {
        struct imgrw_image *image = &sites[i].image;
        uint32_t scalar = irw_tree_follow(tree, sites[i].node);

        image->at = irw_source_locate(findings->source, &findings->cursor,
                                      image->at.offset);
        if (scalar != sites[i].node && tree->nodes[scalar].marked) {
            const struct irw_site *anchor = find_site(finder, scalar);

            sites[i].anchor = (uint32_t)(anchor - sites);
            image->anchor = anchor->image.at;
        }
    }
}

static void
walk_document(struct finder *finder, uint32_t root)
{
    visit_resource(finder, root, (imgrw_str){0}, NULL, 0);
    if (finder->sites->count == finder->first_site || finder->failed)
        return;
    qsort(finder->sites->items + finder->first_site,
          finder->sites->count - finder->first_site,
          sizeof(*finder->sites->items), by_offset);
    complete_sites(finder);
    if (!finder->tree->indirect || finder->budget.spent)
        return;
    finder->auditing = true;
    visit_resource(finder, root, (imgrw_str){0}, NULL, 0);
}

enum imgrw_status
irw_find_images(struct irw_tree *tree, size_t index, size_t document,
                struct irw_findings *findings, struct imgrw_error *error)
{
    uint32_t root = tree->documents[index].root;
    struct imgrw_location at = {.offset = tree->nodes[root].start};
    struct finder finder = {
        .tree = tree,
        .findings = findings,
        .sites = &findings->sites,
        .budget = {.left = LARGEST_EXPANSION},
        .document = document,
        .first_site = findings->sites.count,
    };

    walk_document(&finder, root);
    if (finder.failed)
        return irw_fail_memory(error);
    if (finder.budget.spent)
        return irw_fail(error, IMGRW_ERR_LIMIT, at,
                        "the aliases and merge keys of this document expand to "
                        "more than %d nodes or %d levels",
                        LARGEST_EXPANSION, DEEPEST_EXPANSION);
    return IMGRW_OK;
}
