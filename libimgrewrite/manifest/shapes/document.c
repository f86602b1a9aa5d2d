/*
 * Documents inside a scalar: YAML or JSON in a ConfigMap's value, in an
 * annotation, in a patch. They are parsed as documents of their own; what they
 * hold is found as if it stood there by itself, and keeps its place in the
 * scalar (spelling.h).
 */
#include "base/str.h"
#include "catalog/pods.h"
#include "manifest/finder.h"
#include "manifest/classify.h"
#include "yaml/event.h"

/* An item of a JSON patch: its value is an image where its path says so. */
static bool
visit_operation(struct irw_finder *finder, uint32_t node,
                const struct irw_node_path *trail)
{
    const struct irw_tree *tree = finder->tree;
    struct irw_node_path step = {.outer = trail, .key = IRW_STR("value")};
    uint32_t path = irw_own_scalar(tree, node, IRW_STR("path"));
    uint32_t value = irw_own_scalar(tree, node, IRW_STR("value"));

    if (path == IRW_NO_NODE || value == IRW_NO_NODE ||
        irw_own_scalar(tree, node, IRW_STR("op")) == IRW_NO_NODE ||
        !irw_ends_with(irw_tree_value(tree, irw_tree_follow(tree, path)),
                       IRW_STR("/image")))
        return false;
    irw_collect_scalar(finder, value, finder->embedder, &step);
    return true;
}

/* An item of an annotation that lists images: `image` is one, however short. */
static void
note_listed(struct irw_finder *finder, uint32_t item,
            const struct irw_node_path *trail)
{
    const struct irw_tree *tree = finder->tree;
    struct irw_node_path step = {.outer = trail, .key = IRW_STR("image")};
    uint32_t image;

    if (tree->nodes[item].type != IRW_NODE_MAPPING ||
        irw_own_scalar(tree, item, IRW_STR("name")) == IRW_NO_NODE)
        return;
    image = irw_own_scalar(tree, item, IRW_STR("image"));
    if (image != IRW_NO_NODE)
        irw_collect_scalar(finder, image, finder->embedder, &step);
}

/* What is embedded, or an item of a list that is. */
static void
visit_inner(struct irw_finder *finder, uint32_t node,
            const struct irw_node_path *trail)
{
    static const struct irw_places values = {{&irw_values}, 1};
    const struct irw_tree *tree = finder->tree;
    uint32_t root = irw_tree_follow(tree, node);

    if (finder->embedder == IMGRW_CLASS_ANNOTATIONS)
        note_listed(finder, root, trail);
    if (tree->nodes[root].type == IRW_NODE_MAPPING &&
        irw_resource_read(tree, root, &finder->budget).kind.size > 0)
        irw_visit_resource(finder, node, trail);
    else if (tree->nodes[root].type != IRW_NODE_MAPPING ||
             !visit_operation(finder, root, trail))
        irw_visit(finder, node, &values, trail);
}

void
irw_visit_embedded(struct irw_finder *finder, uint32_t root,
                   const struct irw_node_path *trail)
{
    const struct irw_tree *tree = finder->tree;
    struct irw_node_path step = {.outer = trail};

    if (tree->nodes[root].type != IRW_NODE_SEQUENCE) {
        visit_inner(finder, root, trail);
        return;
    }
    for (uint32_t item = root + 1; item < tree->nodes[root].next;
         item = tree->nodes[item].next) {
        visit_inner(finder, item, &step);
        step.index++;
    }
}

static void
warn_of_depth(struct irw_finder *finder, uint32_t node)
{
    size_t start = finder->tree->nodes[node].start, end = start + 1;

    if (irw_findings_climb(finder->findings, finder->outermost, finder->holder,
                           &start, &end))
        irw_finder_warn(finder, start, "the document in this value is nested "
                                       "too deep to be searched for images");
}

/* Whether the value may be read as a document. One that is reached in several
 * ways costs each time. */
static bool
is_worth_reading(struct irw_finder *finder, uint32_t node, uint32_t scalar,
                 imgrw_str value)
{
    if (finder->tree->nodes[scalar].marked || !irw_may_hold_images(value))
        return false;
    if (finder->nesting == IRW_DEEPEST) {
        warn_of_depth(finder, scalar);
        return false;
    }
    if (node == scalar && finder->alias == 0)
        return true;
    return irw_budget_charge(&finder->budget, value.size / 8 + 1);
}

/* Reads the value of `node` as a stream of documents. `*tree` is empty where it
 * is none; what it holds otherwise lives in the arena. */
static void
read_value(struct irw_finder *finder, uint32_t node, imgrw_str value,
           struct irw_tree *tree)
{
    struct irw_arena *arena = finder->findings->arena;
    struct irw_source source;
    struct irw_tree read = {0};
    enum imgrw_status status;

    status = irw_source_open(value, NULL, SIZE_MAX, &source, NULL);
    if (status != IMGRW_OK || source.directives)
        return;
    status = irw_tree_read(&irw_libyaml, value, source.start, value.size,
                           finder->search->max_depth, arena, &read, NULL);
    if (status == IMGRW_OK)
        status = irw_tree_keep(&read, arena, tree, NULL);
    if (status == IMGRW_ERR_LIMIT)
        warn_of_depth(finder, node);
    finder->failed |= status == IMGRW_ERR_MEMORY;
    irw_tree_clear(&read);
}

/* Adds the document, in which images are about to be looked for. */
static bool
add_embedded(struct irw_finder *finder, uint32_t node,
             enum imgrw_class image_class, const struct irw_tree *tree)
{
    struct irw_findings *findings = finder->findings;
    void *items = findings->embedded;
    struct irw_embedded *embedded;

    if (!irw_grow(&items, &findings->embedded_capacity,
                  findings->embedded_count + 1, sizeof(*findings->embedded)))
        return false;
    findings->embedded = items;
    embedded = &findings->embedded[findings->embedded_count++];
    *embedded = (struct irw_embedded){
        .outer = finder->holder,
        .node = node,
        .tree = *tree,
        .image_class = image_class,
    };
    return irw_source_map_read(finder->tree, node, findings->arena,
                               &embedded->spelling, NULL) == IMGRW_OK;
}

/* Looks for images in the document, with everything set for it. */
static void
search_tree(struct irw_finder *outer, uint32_t node,
            enum imgrw_class image_class, struct irw_tree *tree,
            const struct irw_node_path *trail)
{
    struct irw_finder finder = *outer;

    finder.tree = tree;
    finder.holder = (uint32_t)outer->findings->embedded_count;
    finder.nesting++;
    finder.embedder = image_class;
    if (!add_embedded(outer, node, image_class, tree)) {
        outer->failed = true;
        return;
    }
    for (size_t i = 0; i < tree->document_count; i++)
        irw_visit_embedded(&finder, tree->documents[i].root, trail);
    outer->budget = finder.budget;
    outer->failed |= finder.failed;
}

void
irw_shape_document(struct irw_finder *finder, uint32_t node,
                   const struct irw_place *place,
                   const struct irw_node_path *trail)
{
    struct irw_findings *findings = finder->findings;
    uint32_t scalar = irw_tree_follow(finder->tree, node);
    imgrw_str value = irw_tree_value(finder->tree, scalar);
    size_t sites = findings->site_count, embedded = findings->embedded_count;
    struct irw_arena_mark mark = irw_arena_mark(findings->arena);
    struct irw_tree tree = {0};

    if (finder->tree->nodes[scalar].type != IRW_NODE_SCALAR)
        return;
    if (finder->blessed) {
        finder->blessed[node] = finder->alias + 1;
        return;
    }
    if (!is_worth_reading(finder, node, scalar, value))
        return;
    read_value(finder, scalar, value, &tree);
    if (tree.document_count > 0)
        search_tree(finder, scalar,
                    irw_finder_class(finder, place->image_class), &tree, trail);
    if (findings->site_count > sites) {
        finder->tree->nodes[scalar].marked = true;
        return;
    }
    findings->embedded_count = embedded;
    irw_arena_rewind(findings->arena, mark);
}

/* The value without blanks and line breaks around it. */
static struct irw_part
trim(uint32_t node, imgrw_str value)
{
    size_t from = 0, to = value.size;

    while (to > 0 && strchr(" \t\r\n", value.data[to - 1]))
        to--;
    while (from < to && strchr(" \t\r\n", value.data[from]))
        from++;
    return (struct irw_part){
        .node = node,
        .from = (uint32_t)from,
        .to = (uint32_t)to,
    };
}

/* Whether all of a value is an image. Without a registry it could be a service
 * and its port, default/web:8080, unless its key speaks of an image. */
static bool
is_image_value(imgrw_str key, imgrw_str text)
{
    struct imgrw_reference reference;

    if (!irw_is_certain_reference(text))
        return false;
    irw_classify_text(text, &reference);
    return reference.registry.size > 0 || irw_mentions_image(key);
}

void
irw_shape_data(struct irw_finder *finder, uint32_t node,
               const struct irw_place *place, const struct irw_node_path *trail)
{
    uint32_t scalar = irw_tree_follow(finder->tree, node);
    imgrw_str value = irw_tree_value(finder->tree, scalar);
    const struct irw_part part = trim(node, value);
    const struct irw_found_image note = {
        .trail = trail,
        .image_class = place->image_class,
        .text = irw_slice(value, part.from, part.to),
        .parts = &part,
        .part_count = 1,
    };

    if (value.size == 0)
        return;
    if (note.text.size > 0 && is_image_value(trail->key, note.text))
        irw_collect(finder, &note);
    else
        irw_shape_document(finder, node, place, trail);
}
