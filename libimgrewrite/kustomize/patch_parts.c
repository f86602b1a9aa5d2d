#include "kustomize/patch_parts.h"
#include "base/str.h"
#include "base/text.h"
#include "kubernetes/resource.h"

/* The keys of the parts. */
static const struct part_key {
    const char *key;
    enum irw_role role;
} part_keys[] = {
    {"registry", IRW_ROLE_REGISTRY},
    {"repository", IRW_ROLE_REPOSITORY},
    {"tag", IRW_ROLE_TAG},
    {"digest", IRW_ROLE_DIGEST},
};

#define PART_KEYS (sizeof(part_keys) / sizeof(part_keys[0]))

/* A map in a patch, and the way to it. */
struct part_way {
    const struct part_way *outer; /* NULL: it is the root, or at the pointer */
    imgrw_str key;           /* empty: an item of a list */
};

struct parts_reading {
    const struct irw_patch_reading *patch;
    struct irw_copy_end of; /* the resource; `path` is the root's own */
    irw_patched_part_list *parts;
    bool failed; /* memory is out */
};

bool
irw_may_have_parts(imgrw_str patch)
{
    for (size_t i = 0; i < PART_KEYS; i++)
        if (irw_contains(patch, part_keys[i].key))
            return true;
    return false;
}

/* Adds the steps of a way to a path. */
static void
add_way(struct irw_text *path, const struct part_way *way)
{
    if (!way)
        return;
    add_way(path, way->outer);
    irw_copy_path_add(path, way->key.size > 0 ? way->key : IRW_STR("*"));
}

static void
add_part(struct parts_reading *reading, const struct part_way *way,
         const struct part_key *key, uint32_t value)
{
    const struct irw_tree *tree = reading->patch->tree;
    struct irw_text path = {0};
    struct irw_patched_part part = {
        .map = reading->of,
        .role = key->role,
        .at = reading->patch->at,
    };

    if (value != IRW_NO_NODE && irw_is_scalar(tree, value))
        part.value = irw_tree_text(tree, value);
    irw_text_add(&path, reading->of.path);
    add_way(&path, way);
    part.map.field = IRW_COPIED_ANY;
    if (!irw_text_keep(&path, reading->patch->arena, &part.map.path) ||
        !IRW_APPEND(reading->parts, part))
        reading->failed = true;
}

/* Adds the parts that a map has. With a registry and a repository they are a
 * whole image, which is found as such. */
static void
add_map(struct parts_reading *reading, uint32_t map, const struct part_way *way)
{
    const struct irw_tree *tree = reading->patch->tree;
    uint32_t at[PART_KEYS];

    for (size_t i = 0; i < PART_KEYS; i++)
        at[i] = irw_own_scalar(tree, map, irw_str(part_keys[i].key));
    if (at[0] != IRW_NO_NODE && at[1] != IRW_NO_NODE)
        return;
    for (size_t i = 0; i < PART_KEYS; i++)
        if (at[i] != IRW_NO_NODE)
            add_part(reading, way, &part_keys[i], at[i]);
}

static void visit(struct parts_reading *reading, uint32_t node,
                  const struct part_way *way);

/* Looks for parts in a map. */
static void
visit_map(struct parts_reading *reading, uint32_t node,
          const struct part_way *way)
{
    const struct irw_tree *tree = reading->patch->tree;
    struct irw_entries entries = irw_entries(tree, node);
    struct part_way inner = {.outer = way};
    uint32_t key, value;

    add_map(reading, node, way);
    while (irw_entries_next(&entries, &key, &value)) {
        inner.key = irw_tree_text(tree, key);
        visit(reading, value, &inner);
    }
}

/* Looks for parts in the items of a list. */
static void
visit_list(struct parts_reading *reading, uint32_t node,
           const struct part_way *way)
{
    struct irw_items items = irw_items(reading->patch->tree, node);
    struct part_way inner = {.outer = way};
    uint32_t item, index;

    while (irw_items_next(&items, &item, &index))
        visit(reading, item, &inner);
}

/* Looks for parts in a value. What is behind an alias is found where its anchor
 * is. */
static void
visit(struct parts_reading *reading, uint32_t node, const struct part_way *way)
{
    enum irw_node_type type = reading->patch->tree->nodes[node].type;

    if (reading->failed)
        return;
    if (type == IRW_NODE_MAPPING)
        visit_map(reading, node, way);
    else if (type == IRW_NODE_SEQUENCE)
        visit_list(reading, node, way);
}

/* Cuts the last step off a pointer; false where there is none. */
static bool
cut_last(imgrw_str *pointer, imgrw_str *last)
{
    const char *slash =
        pointer->size > 0 ? memrchr(pointer->data, '/', pointer->size) : NULL;

    if (!slash)
        return false;
    *last = irw_slice(*pointer, (size_t)(slash - pointer->data) + 1,
                      pointer->size);
    *pointer = irw_slice(*pointer, 0, (size_t)(slash - pointer->data));
    return true;
}

/* Takes what an operation sets, if that is a part. A mapping takes the place of
 * the one that is there, with all its parts. */
static void
visit_operation(struct parts_reading *reading, uint32_t map)
{
    const struct irw_tree *tree = reading->patch->tree;
    struct irw_arena *arena = reading->patch->arena;
    imgrw_str pointer =
        irw_tree_text(tree, irw_own_scalar(tree, map, IRW_STR("path")));
    struct irw_budget budget = irw_budget_again();
    uint32_t value = irw_mapping_find(tree, map, IRW_STR("value"), &budget);
    imgrw_str last;

    if ((value != IRW_NO_NODE && !irw_is_scalar(tree, value)) ||
        !cut_last(&pointer, &last))
        return;
    for (size_t i = 0; i < PART_KEYS; i++) {
        if (!irw_equal(last, irw_str(part_keys[i].key)))
            continue;
        reading->failed |= !irw_copy_path(pointer, arena, &reading->of.path);
        add_part(reading, NULL, &part_keys[i], value);
    }
}

/* Reads the operations of a JSON patch. */
static void
read_operations(struct parts_reading *reading, uint32_t list)
{
    const struct irw_tree *tree = reading->patch->tree;
    struct irw_items items = irw_items(tree, list);
    uint32_t item, index;

    while (irw_items_next(&items, &item, &index)) {
        uint32_t map = irw_tree_follow(tree, item);

        if (irw_own_scalar(tree, map, IRW_STR("op")) != IRW_NO_NODE &&
            irw_own_scalar(tree, map, IRW_STR("path")) != IRW_NO_NODE)
            visit_operation(reading, map);
    }
}

bool
irw_patch_parts_read(const struct irw_patch_reading *patch,
                     irw_patched_part_list *parts)
{
    struct irw_budget budget = irw_budget_again();
    struct irw_resource head =
        irw_resource_read(patch->tree, patch->root, &budget);
    struct parts_reading reading = {
        .patch = patch,
        .of = {.kind = patch->kind, .name = patch->name, .index = -1},
        .parts = parts,
    };

    if (patch->tree->nodes[patch->root].type == IRW_NODE_SEQUENCE) {
        read_operations(&reading, patch->root);
        return !reading.failed;
    }
    if (!patch->has_target) {
        reading.of.kind = head.kind;
        reading.of.name = head.name;
    }
    visit(&reading, patch->root, NULL);
    return !reading.failed;
}
