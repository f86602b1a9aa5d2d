#include "kustomize/kustomization.h"
#include "base/error.h"
#include "base/str.h"
#include "kubernetes/names.h"
#include "kustomize/text.h"
#include "yaml/scalar.h"

#include <stdlib.h>

/* A kustomization that is being read. */
struct kustomization_reading {
    struct irw_kustomization *made;
    struct irw_kustomize_text *text;
    const struct irw_tree *tree; /* of that */
    uint32_t root;
    struct irw_kustomization_path nowhere; /* what is read of no path */
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
    return irw_kustomize_locate(reading->text, node);
}

static uint32_t
find(struct kustomization_reading *reading, uint32_t mapping, const char *key)
{
    return irw_kustomize_find(reading->text, mapping, key);
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

/* Whether a patch has an option. */
static bool
has_option(struct irw_kustomize_text *text, uint32_t node, const char *option)
{
    return irw_equal(irw_kustomize_find_text(
                         text, irw_kustomize_find(text, node, "options"),
                         option),
                     IRW_STR("true"));
}

void
irw_patch_target_read(struct irw_kustomize_text *text, uint32_t node,
                      struct irw_kustomization_path *patch)
{
    uint32_t target = irw_kustomize_find(text, node, "target");

    patch->has_target = target != IRW_NO_NODE;
    patch->target = (struct irw_patch_target){
        .group = irw_kustomize_find_text(text, target, "group"),
        .version = irw_kustomize_find_text(text, target, "version"),
        .kind = irw_kustomize_find_text(text, target, "kind"),
    };
    if (irw_is_selector_pattern(patch->target.kind)) {
        patch->kind_pattern = patch->target.kind;
        patch->target.kind = (imgrw_str){0};
    }
    patch->name = irw_kustomize_find_text(text, target, "name");
    patch->name_space = irw_kustomize_find_text(text, target, "namespace");
    patch->changes_kind = has_option(text, node, "allowKindChange");
    patch->changes_name = has_option(text, node, "allowNameChange");
    patch->labels = irw_kustomize_find_text(text, target, "labelSelector");
    patch->annotations =
        irw_kustomize_find_text(text, target, "annotationSelector");
}

bool
irw_patch_selects(const struct irw_kustomization_path *path)
{
    return (path->role == IRW_PATH_PATCH ||
            path->role == IRW_PATH_LATE_PATCH) &&
           path->has_target &&
           (path->target.kind.size == 0 ||
            (path->target.group.size == 0 &&
             !irw_is_pod_kind(path->target.kind)));
}

bool
irw_is_pod_kind(imgrw_str kind)
{
    static const char *const kinds[] = {
        "CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet",
        "ReplicationController", "StatefulSet", NULL};

    return irw_is_one_of(kind, kinds);
}

/* Takes a patch that is in the kustomization itself, where its images are. What
 * is left to be found out is what it copies, and whether all is known of it. */
static void
take_patch(struct kustomization_reading *reading, uint32_t item)
{
    uint32_t patch = find(reading, item, "patch");

    if (patch != IRW_NO_NODE)
        irw_patch_target_read(reading->text, item,
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
        irw_patch_target_read(reading->text, held,
                              add_path(reading, path, role, false));
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

/* Whether a patch may be one of a ConfigMap, by its target, or by its text
 * where that is here. */
static bool
may_patch_data(const struct irw_kustomization_path *path)
{
    return path->role == IRW_PATH_PATCH &&
           (path->has_target
                ? irw_may_be_config_map(path->target.kind)
                : path->is_inline && irw_contains(path->text, "ConfigMap"));
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
        .text = reading->text,
        .copies = &reading->made->copies,
    };

    if (!irw_copies_read(&copies, reading->root))
        reading->status = irw_fail_memory(reading->error);
}

static void
take_data(struct kustomization_reading *reading)
{
    struct irw_generator_reading generators = {
        .text = reading->text,
        .data = &reading->made->data,
    };

    if (!irw_generators_read(&generators, reading->root))
        reading->status = irw_fail_memory(reading->error);
}

static imgrw_str
find_text(struct kustomization_reading *reading, const char *key)
{
    return irw_kustomize_find_text(reading->text, reading->root, key);
}

/* Takes what the kustomization does to the heads of resources, and what it says
 * of how these are merged. */
static void
take_names(struct kustomization_reading *reading)
{
    static const char *const labels[] = {"commonLabels", "labels",
                                         "commonAnnotations", NULL};
    static const char *const schemas[] = {"openapi", "crds", NULL};
    struct irw_kustomization *made = reading->made;

    made->prefix = find_text(reading, "namePrefix");
    made->suffix = find_text(reading, "nameSuffix");
    made->name_space = find_text(reading, "namespace");
    made->renames =
        made->prefix.size + made->suffix.size > 0 ||
        irw_contains(reading->text->source.text, "allowNameChange");
    made->labels = find_first(reading, labels).line > 0;
    made->has_schema = find_first(reading, schemas).line > 0;
}

static void
read_root(struct kustomization_reading *reading)
{
    static const char *const generators[] = {
        "helmCharts", "helmChartInflationGenerator", NULL};
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
    /* kustomize applies them in this order */
    take_paths(reading, "patchesStrategicMerge", IRW_PATH_PATCH);
    take_paths(reading, "patches", IRW_PATH_PATCH);
    take_paths(reading, "patchesJson6902", IRW_PATH_PATCH);
    for (size_t i = 0; i < made->paths.count; i++)
        made->changes_data |= may_patch_data(&made->paths.items[i]);
    take_paths(reading, "replacements", IRW_PATH_REPLACEMENT);
    take_paths(reading, "transformers", IRW_PATH_TRANSFORMER);
    take_paths(reading, "configurations", IRW_PATH_CONFIGURATION);
    take_paths(reading, "generators", IRW_PATH_GENERATOR);
    take_entries(reading, "images");
    take_entries(reading, "imageTags");
    made->generator = find_first(reading, generators);
    take_names(reading);
    made->changes_resources = find_first(reading, changes).line > 0;
    take_copies(reading);
    take_data(reading);
    made->invalid |= reading->text->budget.spent;
}

enum imgrw_status
irw_kustomization_read(imgrw_str text, const char *path,
                       struct irw_arena *arena,
                       struct irw_kustomization *kustomization,
                       struct imgrw_error *error)
{
    struct irw_kustomize_text *own = &kustomization->text;
    struct kustomization_reading reading = {
        .made = kustomization,
        .text = own,
        .tree = &own->tree,
        .error = error,
    };
    enum imgrw_status status = irw_kustomize_text_read(text, path, arena, own);

    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(error);
    kustomization->invalid =
        status != IMGRW_OK || own->tree.document_count == 0;
    if (kustomization->invalid)
        return IMGRW_OK;
    reading.root = irw_kustomize_root(own, 0);
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
    for (size_t i = 0; i < kustomization->paths.count; i++)
        free(kustomization->paths.items[i].selected.items);
    free(kustomization->entries.items);
    free(kustomization->setters.items);
    free(kustomization->paths.items);
    free(kustomization->copies.items);
    free(kustomization->data.items);
    irw_kustomize_text_clear(&kustomization->text);
}
