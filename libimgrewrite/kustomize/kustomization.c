#include "kustomize/kustomization.h"
#include "base/error.h"
#include "base/str.h"
#include "kubernetes/names.h"
#include "kustomize/text.h"
#include "yaml/merge.h"
#include "yaml/scalar.h"

#include <stdlib.h>

/* A kustomization that is being read. */
struct kustomization_reading {
    struct irw_kustomization *made;
    const struct irw_tree *tree;
    uint32_t root;
    struct irw_kustomization_path nowhere; /* what is read of no path */
    struct irw_budget budget;
    struct imgrw_error *error;
    enum imgrw_status status;
};

const char *
irw_kustomization_name(size_t index)
{
    static const char *const names[] = {"kustomization.yaml",
                                        "kustomization.yml", "Kustomization"};

    return index < sizeof(names) / sizeof(names[0]) ? names[index] : NULL;
}

bool
irw_is_kustomization_path(const char *path)
{
    const char *slash = strrchr(path, '/'), *name;

    for (size_t i = 0; (name = irw_kustomization_name(i)); i++)
        if (strcmp(slash ? slash + 1 : path, name) == 0)
            return true;
    return false;
}

static struct imgrw_location
locate(struct kustomization_reading *reading, uint32_t node)
{
    return irw_source_locate(&reading->made->source, &reading->made->cursor,
                             reading->tree->nodes[node].start);
}

static uint32_t
find(struct kustomization_reading *reading, uint32_t mapping, const char *key)
{
    return irw_mapping_find(reading->tree, mapping, irw_str(key),
                            &reading->budget);
}

/* Whether the text of an item is no path, but what a file would hold. */
static bool
holds_text(imgrw_str text, enum irw_path_role role)
{
    switch (role) {
    case IRW_PATH_PATCH:
        return irw_find(text, '\n') != SIZE_MAX ||
               irw_find(text, ':') != SIZE_MAX;
    case IRW_PATH_TRANSFORMER:
    case IRW_PATH_CONFIGURATION:
    case IRW_PATH_GENERATOR:
        return irw_find(text, '\n') != SIZE_MAX;
    default:
        return false;
    }
}

/* Adds a path, and returns it; or one for nothing, where it is empty or memory
 * is out. */
static struct irw_kustomization_path *
add_path(struct kustomization_reading *reading, uint32_t node,
         enum irw_path_role role, bool is_inline)
{
    struct irw_kustomization *made = reading->made;
    const struct irw_kustomization_path path = {
        .role = role,
        .is_inline = is_inline,
        .text = irw_tree_text(reading->tree, node),
        .at = locate(reading, node),
        .end = reading->tree->nodes[node].end,
    };

    if (path.text.size == 0)
        return &reading->nowhere;
    if (IRW_APPEND(&made->paths, path))
        return &made->paths.items[made->paths.count - 1];
    reading->status = irw_fail_memory(reading->error);
    return &reading->nowhere;
}

static imgrw_str
find_text(struct kustomization_reading *reading, uint32_t mapping,
          const char *key)
{
    uint32_t node = find(reading, mapping, key);

    return node == IRW_NO_NODE ? (imgrw_str){0}
                               : irw_tree_text(reading->tree, node);
}

/* Reads what the patch of an item is for. */
static void
read_target(struct kustomization_reading *reading, uint32_t item,
            struct irw_kustomization_path *path)
{
    uint32_t target = find(reading, item, "target");

    path->has_target = target != IRW_NO_NODE;
    if (!path->has_target)
        return;
    path->target = (struct irw_patch_target){
        .group = find_text(reading, target, "group"),
        .version = find_text(reading, target, "version"),
        .kind = find_text(reading, target, "kind"),
    };
    if (irw_is_selector_pattern(path->target.kind))
        path->target.kind = (imgrw_str){0};
    path->name = find_text(reading, target, "name");
}

/* Takes a patch that is in the kustomization itself, where its images are. What
 * is left to be found out is what it copies, and whether all is known of it. */
static void
take_patch(struct kustomization_reading *reading, uint32_t item)
{
    uint32_t patch = find(reading, item, "patch");

    if (patch != IRW_NO_NODE)
        read_target(reading, item,
                    add_path(reading, patch, IRW_PATH_PATCH, true));
}

/* Takes an item of a list of paths, or of mappings that have one. */
static void
take_item(struct kustomization_reading *reading, uint32_t item,
          enum irw_path_role role)
{
    uint32_t held = irw_tree_follow(reading->tree, item), path;

    if (irw_is_scalar(reading->tree, held)) {
        add_path(reading, item, role,
                 holds_text(irw_tree_value(reading->tree, held), role));
        return;
    }
    path = find(reading, held, "path");
    if (path != IRW_NO_NODE && irw_is_scalar(reading->tree, path))
        read_target(reading, held, add_path(reading, path, role, false));
    else if (role == IRW_PATH_PATCH)
        take_patch(reading, held);
}

static void
take_paths(struct kustomization_reading *reading, const char *key,
           enum irw_path_role role)
{
    uint32_t list = find(reading, reading->root, key), item, index;
    struct irw_items items;

    if (list == IRW_NO_NODE)
        return;
    items = irw_items(reading->tree, list);
    while (irw_items_next(&items, &item, &index))
        take_item(reading, item, role);
}

/* Whether a patch may be one of a ConfigMap, as far as the item that has it
 * shows: by its target, or by its text. */
static bool
may_patch_data(struct kustomization_reading *reading, uint32_t item)
{
    uint32_t held = irw_tree_follow(reading->tree, item);
    uint32_t target = find(reading, held, "target");
    uint32_t patch = find(reading, held, "patch"), kind;
    imgrw_str text;

    if (target != IRW_NO_NODE) {
        kind = find(reading, target, "kind");
        text = kind == IRW_NO_NODE ? (imgrw_str){0}
                                   : irw_tree_text(reading->tree, kind);
        return irw_may_be_config_map(text);
    }
    text = irw_tree_text(reading->tree, patch == IRW_NO_NODE ? held : patch);
    return irw_contains(text, "ConfigMap");
}

static void
take_patches(struct kustomization_reading *reading, const char *key)
{
    uint32_t list = find(reading, reading->root, key), item, index;
    struct irw_items items;

    take_paths(reading, key, IRW_PATH_PATCH);
    if (list == IRW_NO_NODE)
        return;
    items = irw_items(reading->tree, list);
    while (irw_items_next(&items, &item, &index))
        reading->made->changes_data |= may_patch_data(reading, item);
}

static void
take_entries(struct kustomization_reading *reading, const char *key)
{
    uint32_t list = find(reading, reading->root, key), item, index;
    struct irw_items items;

    if (list == IRW_NO_NODE || irw_scalar_is_null(reading->tree, list))
        return;
    items = irw_items(reading->tree, list);
    reading->made->invalid |= reading->tree->nodes[list].type !=
                              IRW_NODE_SEQUENCE;
    while (reading->status == IMGRW_OK &&
           irw_items_next(&items, &item, &index)) {
        struct irw_entry entry;
        bool valid = true;

        reading->status = irw_entry_read(reading->tree,
                                         irw_tree_follow(reading->tree, item),
                                         &entry, &valid, reading->error);
        if (reading->status != IMGRW_OK)
            return;
        entry.at = locate(reading, item);
        entry.number = reading->made->entries.count;
        reading->made->invalid |= !valid;
        if (IRW_APPEND(&reading->made->entries, entry))
            continue;
        irw_entry_clear(&entry);
        reading->status = irw_fail_memory(reading->error);
    }
}

/* The place of the first of some keys that is there and has something; line 0:
 * none has. */
static struct imgrw_location
find_first(struct kustomization_reading *reading, const char *const keys[])
{
    struct imgrw_location first = {.line = 0};

    for (size_t i = 0; keys[i] && first.line == 0; i++) {
        uint32_t node = find(reading, reading->root, keys[i]);

        if (node != IRW_NO_NODE && reading->tree->nodes[node].next > node + 1)
            first = locate(reading, node);
    }
    return first;
}

static void
take_copies(struct kustomization_reading *reading)
{
    struct irw_copy_reading copies = {
        .source = &reading->made->source,
        .cursor = &reading->made->cursor,
        .tree = reading->tree,
        .budget = &reading->budget,
        .copies = &reading->made->copies,
    };

    if (!irw_copies_read(&copies, reading->root))
        reading->status = irw_fail_memory(reading->error);
}

static void
take_data(struct kustomization_reading *reading)
{
    struct irw_generator_reading generators = {
        .source = &reading->made->source,
        .cursor = &reading->made->cursor,
        .tree = reading->tree,
        .budget = &reading->budget,
        .data = &reading->made->data,
    };

    if (!irw_generators_read(&generators, reading->root))
        reading->status = irw_fail_memory(reading->error);
}

static void
read_root(struct kustomization_reading *reading)
{
    static const char *const generators[] = {
        "helmCharts", "helmChartInflationGenerator", NULL};
    static const char *const variables[] = {"vars", NULL};
    static const char *const changes[] = {
        "patches",         "patchesStrategicMerge", "patchesJson6902",
        "components",      "configMapGenerator",    "secretGenerator",
        "helmCharts",      "transformers",          "generators",
        NULL};
    struct irw_kustomization *made = reading->made;
    uint32_t kind = find(reading, reading->root, "kind");

    made->invalid |= reading->tree->nodes[reading->root].type !=
                     IRW_NODE_MAPPING;
    made->is_component =
        kind != IRW_NO_NODE &&
        irw_equal(irw_tree_value(reading->tree, kind), IRW_STR("Component"));
    take_paths(reading, "resources", IRW_PATH_RESOURCE);
    take_paths(reading, "bases", IRW_PATH_RESOURCE);
    take_paths(reading, "components", IRW_PATH_COMPONENT);
    take_patches(reading, "patches");
    take_patches(reading, "patchesStrategicMerge");
    take_patches(reading, "patchesJson6902");
    take_paths(reading, "replacements", IRW_PATH_REPLACEMENT);
    take_paths(reading, "transformers", IRW_PATH_TRANSFORMER);
    take_paths(reading, "configurations", IRW_PATH_CONFIGURATION);
    take_paths(reading, "generators", IRW_PATH_GENERATOR);
    take_entries(reading, "images");
    take_entries(reading, "imageTags");
    made->generator = find_first(reading, generators);
    made->changes_resources = find_first(reading, changes).line > 0;
    made->has_variables = find_first(reading, variables).line > 0;
    take_copies(reading);
    take_data(reading);
    made->invalid |= reading->budget.spent;
}

enum imgrw_status
irw_kustomization_read(imgrw_str text, const char *path,
                       struct irw_arena *arena,
                       struct irw_kustomization *kustomization,
                       struct imgrw_error *error)
{
    struct irw_tree *tree = &kustomization->tree;
    struct kustomization_reading reading = {
        .made = kustomization,
        .tree = tree,
        .budget = irw_budget_again(),
        .error = error,
    };
    enum imgrw_status status = irw_kustomize_text_read(
        text, path, arena, &kustomization->source, tree);

    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(error);
    kustomization->invalid = status != IMGRW_OK || tree->document_count == 0;
    if (kustomization->invalid)
        return IMGRW_OK;
    reading.root = irw_tree_follow(tree, tree->documents[0].root);
    read_root(&reading);
    return reading.status;
}

void
irw_kustomization_clear(struct irw_kustomization *kustomization)
{
    for (size_t i = 0; i < kustomization->entries.count; i++)
        irw_entry_clear(&kustomization->entries.items[i]);
    for (size_t i = 0; i < kustomization->setters.count; i++)
        irw_entry_clear(&kustomization->setters.items[i]);
    free(kustomization->entries.items);
    free(kustomization->setters.items);
    free(kustomization->paths.items);
    free(kustomization->copies.items);
    free(kustomization->data.items);
    irw_tree_clear(&kustomization->tree);
}
