/*
 * What kustomize makes resources of: the documents of a manifest, and the items
 * of its lists. What it cannot have is refused.
 */
#include "overlay/changes.h"
#include "base/error.h"
#include "base/str.h"
#include "kubernetes/resource.h"
#include "manifest/manifest.h"
#include "overlay/resource_walk.h"

#define DEEPEST_LIST 8 /* lists of lists of resources */

/* What kustomize tells resources apart by. */
static struct irw_target
describe(struct irw_manifest_reading *reading, uint32_t root,
         const struct irw_resource *resource)
{
    imgrw_str version = resource->api_version;
    imgrw_str group = irw_resource_group(version);

    if (group.size > 0)
        version = irw_slice(version, group.size + 1, version.size);
    return (struct irw_target){
        .group = irw_reading_copy(reading, group),
        .version = irw_reading_copy(reading, version),
        .kind = irw_reading_copy(reading, resource->kind),
        .name = irw_reading_copy(reading, resource->name),
        .name_space = irw_reading_copy(reading, resource->name_space),
        .at = irw_reading_locate(reading, root),
    };
}

static void
take_resource(struct irw_manifest_reading *reading, uint32_t root,
              const struct irw_resource *resource)
{
    struct irw_targets *targets = &reading->overlay->targets;

    reading->target = targets->list.count;
    reading->status =
        irw_targets_add(targets, &reading->overlay->arena,
                        describe(reading, root, resource), reading->error);
    irw_resource_walk(reading, root);
    if (reading->status == IMGRW_OK &&
        irw_equal(resource->kind, IRW_STR("ServiceAccount")) &&
        irw_resource_group(resource->api_version).size == 0)
        irw_resource_account(reading, root,
                             &targets->list.items[reading->target]);
}

/* Whether anything at or below the node changes. */
static bool
has_changed(const struct irw_manifest_reading *reading, uint32_t node)
{
    const struct irw_tree *tree = reading->tree;
    size_t count = 0;

    for (uint32_t i = node; i < tree->nodes[node].next; i++) {
        irw_additions_to(&reading->new_values, tree, i, &count);
        if (count > 0 || irw_new_value(&reading->new_values, tree, i))
            return true;
    }
    return false;
}

/* Whether the resource has a name; kustomize does not take one that the server
 * has to make (generateName). */
static bool
has_name(struct irw_manifest_reading *reading, uint32_t root)
{
    const struct irw_tree *tree = reading->tree;
    uint32_t metadata = irw_mapping_find(tree, root, IRW_STR("metadata"),
                                         &reading->budget);
    uint32_t name = irw_mapping_find(tree, metadata, IRW_STR("name"),
                                     &reading->budget);

    return name != IRW_NO_NODE && irw_tree_value(tree, name).size > 0;
}

/* Whether it is kustomize's own, which may go without an apiVersion. */
static bool
is_kustomization(const struct irw_resource *resource)
{
    return resource->api_version.size > 0
               ? irw_equal(irw_resource_group(resource->api_version),
                           IRW_STR("kustomize.config.k8s.io"))
               : irw_equal(resource->kind, IRW_STR("Kustomization")) ||
                     irw_equal(resource->kind, IRW_STR("Component"));
}

/* Counts a document that is a resource or is not, and refuses what kustomize
 * cannot have. */
static void
count_document(struct irw_manifest_reading *reading, uint32_t root,
               const struct irw_resource *resource, bool is_resource)
{
    const char *why = NULL;

    reading->resources += is_resource;
    reading->others += !is_resource;
    if (!is_resource && has_changed(reading, root))
        why = is_kustomization(resource)    ? "is a kustomization"
              : resource->kind.size > 0 ? "has no name"
                                        : "is no resource";
    else if (reading->resources > 0 && reading->others > 0)
        why = "is in one file with what is no resource";
    if (why)
        reading->status =
            irw_fail(reading->error, IMGRW_ERR_EDIT,
                     irw_reading_locate(reading, root),
                     "kustomize cannot change this document, because it %s; "
                     "use `rewrite`", why);
}

/* Takes a document or an item of a list; kustomize makes resources of these. */
static void
take_document(struct irw_manifest_reading *reading, uint32_t node,
              imgrw_str default_kind, unsigned depth)
{
    const struct irw_tree *tree = reading->tree;
    uint32_t root = irw_tree_follow(tree, node), list, item, index;
    struct irw_resource resource =
        irw_resource_read(tree, root, &reading->budget);
    imgrw_str item_kind;
    bool is_resource;

    if (resource.kind.size == 0)
        resource.kind = default_kind;
    list = irw_resource_items(tree, root, &resource, &item_kind,
                              &reading->budget);
    if (list != IRW_NO_NODE && depth < DEEPEST_LIST) {
        struct irw_items items = irw_items(tree, list);

        while (reading->status == IMGRW_OK &&
               irw_items_next(&items, &item, &index))
            take_document(reading, item, item_kind, depth + 1);
        return;
    }
    is_resource = resource.kind.size > 0 && has_name(reading, root) &&
                  !is_kustomization(&resource);
    count_document(reading, root, &resource, is_resource);
    if (is_resource && reading->status == IMGRW_OK)
        take_resource(reading, root, &resource);
}

static void
take_tree(struct irw_manifest_reading *reading, const struct irw_tree *tree)
{
    reading->tree = tree;
    for (size_t i = 0;
         i < tree->document_count && reading->status == IMGRW_OK; i++) {
        uint32_t root = tree->documents[i].root;

        reading->budget = irw_budget_again();
        if (tree->nodes[root].type != IRW_NODE_SCALAR ||
            irw_tree_value(tree, root).size > 0)
            take_document(reading, root, (imgrw_str){0}, 0);
        if (reading->budget.spent && reading->status == IMGRW_OK)
            reading->status =
                irw_fail(reading->error, IMGRW_ERR_LIMIT,
                         (struct imgrw_location){.path = reading->name},
                         "aliases and merge keys expand too far");
    }
}

/* Takes the bytes from `start` to `end`, which have no image that was searched
 * for, so that the manifest has not kept their trees. */
static void
take_text(struct irw_manifest_reading *reading,
          const struct imgrw_manifest *manifest, size_t start, size_t end)
{
    struct irw_arena arena = {0};
    struct irw_tree tree = {0};

    reading->status = irw_tree_read(
        &irw_libyaml, (struct irw_extract){manifest->source.text, start, end},
        manifest->search.max_depth, &arena, &tree, reading->error);
    if (reading->status == IMGRW_OK)
        take_tree(reading, &tree);
    irw_tree_clear(&tree);
    irw_arena_clear(&arena);
}

static void
take_pieces(struct irw_manifest_reading *reading,
            const struct imgrw_manifest *manifest)
{
    const struct irw_piece *pieces = manifest->pieces;
    size_t at = manifest->source.start, end = manifest->source.text.size;
    size_t i = 0;

    while (at < end && reading->status == IMGRW_OK)
        if (i < manifest->piece_count && pieces[i].start == at) {
            take_tree(reading, &pieces[i].tree);
            at = pieces[i++].end;
        } else {
            size_t next = i < manifest->piece_count ? pieces[i].start : end;

            take_text(reading, manifest, at, next);
            at = next;
        }
}

/* Refuses a stream of JSON, of which kustomize reads the first value, and says
 * nothing of the others. */
static enum imgrw_status
check_stream(struct irw_manifest_reading *reading)
{
    const struct irw_source *source = reading->source;
    size_t end = irw_source_piece_end(source, source->start);
    struct imgrw_location at;

    if (!irw_source_is_within_stream(source, end))
        return IMGRW_OK;
    at = irw_source_locate(source, &reading->cursor, end);
    at.path = reading->name;
    return irw_fail(reading->error, IMGRW_ERR_EDIT, at,
                    "kustomize reads only the first of several JSON values; "
                    "put a line \"---\" before this one, or use `rewrite`");
}

enum imgrw_status
irw_overlay_take(struct imgrw_overlay *overlay, const char *name,
                 const struct imgrw_plan *plan, bool *resources,
                 struct imgrw_error *error)
{
    const struct imgrw_manifest *manifest = imgrw_plan_manifest(plan);
    struct irw_manifest_reading reading = {
        .overlay = overlay,
        .name = name,
        .source = &manifest->source,
        .error = error,
    };

    reading.status = irw_new_values_take(&reading.new_values, plan, error);
    if (reading.status == IMGRW_OK)
        reading.status = check_stream(&reading);
    take_pieces(&reading, manifest);
    irw_new_values_clear(&reading.new_values);
    *resources = reading.resources > 0;
    return reading.status;
}
