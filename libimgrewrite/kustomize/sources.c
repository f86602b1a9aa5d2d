#include "kustomize/sources.h"
#include "base/error.h"
#include "base/str.h"
#include "kubernetes/resource.h"
#include "kustomize/text.h"

#include <stdlib.h>

#define BYTES ((size_t)64 << 20)
#define MOST_BUILDS 1000 /* a build may be in others again and again */

/* Adds the resources of a document. */
static bool
add_resource(struct irw_sources *sources, const struct irw_tree *tree,
             uint32_t root, size_t file)
{
    struct irw_budget budget = irw_budget_again();
    struct irw_resource head = irw_resource_read(tree, root, &budget);
    const struct irw_source_resource made = {
        .tree = tree,
        .root = root,
        .api_version = head.api_version,
        .kind = head.kind,
        .name = head.name,
        .file = file,
    };

    return IRW_APPEND(&sources->resources, made);
}

/* Reads a file; one that is no YAML has no resources. */
static enum imgrw_status
read_file(struct irw_sources *sources, struct irw_builds *builds, size_t index,
          struct imgrw_error *error)
{
    struct irw_tree *kept =
        irw_arena_calloc(&sources->arena, 1, sizeof(*kept));
    struct irw_kustomize_text read;
    imgrw_str text;
    enum imgrw_status status = irw_builds_text(builds, index, &text, error);

    if (status != IMGRW_OK || !text.data)
        return status;
    if (!kept)
        return irw_fail_memory(error);
    status = irw_kustomize_text_read(text, builds->files[index].path,
                                     &sources->arena, &read);
    if (status == IMGRW_OK)
        status = irw_tree_keep(&read.tree, &sources->arena, kept, NULL);
    irw_kustomize_text_clear(&read);
    for (size_t i = 0; status == IMGRW_OK && i < kept->document_count; i++)
        if (!add_resource(sources, kept,
                          irw_tree_follow(kept, kept->documents[i].root),
                          index))
            status = IMGRW_ERR_MEMORY;
    return status == IMGRW_ERR_MEMORY ? irw_fail_memory(error) : IMGRW_OK;
}

/* Reads the resources of a build and of those that it is built from. */
static enum imgrw_status
read_build(struct irw_sources *sources, struct irw_builds *builds,
           const struct irw_build *build, struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    /* what the build itself copies is for its caller to see */
    sources->changed |= !sources->as_written &&
                        (build->before.changes_resources ||
                         build->elsewhere.line > 0 ||
                         (sources->builds > 0 &&
                          build->before.copies.count > 0));
    sources->changed |= ++sources->builds > MOST_BUILDS;
    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK &&
                       !sources->changed;
         i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        if (step->role == IRW_PATH_RESOURCE && step->target == IRW_TARGET_FILE)
            status = read_file(sources, builds, step->index, error);
        else if (step->role == IRW_PATH_RESOURCE &&
                 step->target == IRW_TARGET_BUILD)
            status = read_build(sources, builds,
                                &builds->items.items[step->index], error);
    }
    return status;
}

enum imgrw_status
irw_sources_read(struct irw_sources *sources, struct irw_builds *builds,
                 const struct irw_build *build, struct imgrw_error *error)
{
    return read_build(sources, builds, build, error);
}

/* The value of a mapping's own key. */
static uint32_t
find_step(const struct irw_tree *tree, uint32_t node, imgrw_str step)
{
    struct irw_entries entries = irw_entries(tree, node);
    uint32_t key, value;

    while (irw_entries_next(&entries, &key, &value))
        if (irw_copy_step_is_key(step, irw_tree_text(tree, key)))
            return irw_tree_follow(tree, value);
    return IRW_NO_NODE;
}

/* Sets the part between two delimiters; false: there is none. */
static bool
take_part(const struct irw_copy_end *end, imgrw_str *text)
{
    imgrw_str rest = *text, part = rest;

    if (end->delimiter.size == 0)
        return true;
    if (end->index < 0 || end->delimiter.size > 1)
        return false;
    for (long i = 0; i <= end->index; i++) {
        if (i > 0 && !rest.data)
            return false;
        irw_cut(rest, end->delimiter.data[0], &part, &rest);
    }
    *text = part;
    return true;
}

uint32_t
irw_source_node(const struct irw_source_resource *resource, imgrw_str path)
{
    uint32_t node = resource->root;

    while (path.size > 0 && node != IRW_NO_NODE)
        node = find_step(resource->tree, node, irw_copy_step(&path));
    return node;
}

struct imgrw_location
irw_source_place(const struct irw_source_resource *resource,
                 const struct irw_builds *builds, uint32_t node)
{
    struct irw_source source;
    struct irw_line_cursor cursor = {0};

    if (irw_source_open(resource->tree->text,
                        builds->files[resource->file].path, BYTES, &source,
                        NULL) != IMGRW_OK)
        return (struct imgrw_location){.line = 0};
    return irw_source_locate(&source, &cursor,
                             resource->tree->nodes[node].start);
}

/* Sets the value in a resource. */
static void
take_value(const struct irw_source_resource *resource,
           const struct irw_builds *builds, const struct irw_copy_end *end,
           struct irw_source_value *value)
{
    uint32_t node = irw_source_node(resource, end->path);
    struct imgrw_location at;
    imgrw_str text;

    if (node == IRW_NO_NODE ||
        resource->tree->nodes[node].type != IRW_NODE_SCALAR)
        return;
    text = irw_tree_value(resource->tree, node);
    at = irw_source_place(resource, builds, node);
    if (!take_part(end, &text) || at.line == 0)
        return;
    value->text = text;
    value->file = resource->file;
    value->at = at;
}

void
irw_sources_find(const struct irw_sources *sources,
                 const struct irw_builds *builds,
                 const struct irw_copy_end *end, struct irw_source_value *value)
{
    const struct irw_source_resource *found = NULL;

    *value = (struct irw_source_value){.text = {0}};
    for (size_t i = 0; !sources->changed && i < sources->resources.count; i++) {
        const struct irw_source_resource *one = &sources->resources.items[i];

        if ((end->kind.size > 0 && !irw_equal(end->kind, one->kind)) ||
            (end->name.size > 0 && !irw_equal(end->name, one->name)))
            continue;
        if (found)
            return; /* another field of the selector tells them apart */
        found = one;
    }
    if (found)
        take_value(found, builds, end, value);
}

void
irw_sources_clear(struct irw_sources *sources)
{
    free(sources->resources.items);
    irw_arena_clear(&sources->arena);
}
