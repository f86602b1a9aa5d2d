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
    struct irw_copy_end of; /* the resource */
    irw_patched_parts_list *list;
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

struct irw_parts
irw_mapping_parts(const struct irw_tree *tree, uint32_t node)
{
    struct irw_parts parts = {{{0}}};

    for (size_t i = 0; i < PART_KEYS; i++) {
        uint32_t value =
            irw_own_scalar(tree, node, irw_str(part_keys[i].key));

        if (value == IRW_NO_NODE)
            continue;
        parts.at[part_keys[i].role] = irw_tree_text(tree, value);
        /* what is null is there, and says nothing */
        if (!parts.at[part_keys[i].role].data)
            parts.at[part_keys[i].role] = IRW_STR("");
    }
    return parts;
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

/* Adds the parts that a mapping of a merge has. With a registry and a
 * repository they are a whole image, of which nothing is elsewhere. */
static void
add_map(struct parts_reading *reading, uint32_t map, const struct part_way *way)
{
    struct irw_patched_parts made = {
        .map = reading->of,
        .parts = irw_mapping_parts(reading->patch->tree, map),
        .together = true,
        .at = reading->patch->at,
    };
    struct irw_text path = {0};
    bool some = false;

    for (size_t i = 0; i < PART_KEYS; i++)
        some |= made.parts.at[part_keys[i].role].data != NULL;
    if (!some || (made.parts.at[IRW_ROLE_REGISTRY].size > 0 &&
                  made.parts.at[IRW_ROLE_REPOSITORY].size > 0))
        return;
    add_way(&path, way);
    if (!irw_text_keep(&path, reading->patch->arena, &made.map.path) ||
        !IRW_APPEND(reading->list, made))
        reading->failed = true;
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

/* The parts of a mapping, which may be those that the operation before it has
 * set others of; NULL when memory is out. */
static struct irw_patched_parts *
find_parts(struct parts_reading *reading, imgrw_str path, size_t first)
{
    irw_patched_parts_list *list = reading->list;
    const struct irw_patched_parts made = {
        .map = reading->of, .at = reading->patch->at};

    if (list->count > first &&
        irw_equal(list->items[list->count - 1].map.path, path))
        return &list->items[list->count - 1];
    if (!IRW_APPEND(list, made))
        return NULL;
    list->items[list->count - 1].map.path = path;
    return &list->items[list->count - 1];
}

/* Takes what an operation sets, if that is a part. A mapping takes the place of
 * the one that is there, with all its parts. `first` is the number of the first
 * parts of the patch. */
static void
take_operation(struct parts_reading *reading, uint32_t map, size_t first)
{
    const struct irw_tree *tree = reading->patch->tree;
    imgrw_str pointer =
        irw_tree_text(tree, irw_own_scalar(tree, map, IRW_STR("path")));
    uint32_t value = irw_own_scalar(tree, map, IRW_STR("value"));
    imgrw_str op = irw_tree_text(tree, irw_own_scalar(tree, map,
                                                      IRW_STR("op")));
    imgrw_str last, path;

    if ((value == IRW_NO_NODE && !irw_equal(op, IRW_STR("remove"))) ||
        !cut_last(&pointer, &last))
        return;
    for (size_t i = 0; i < PART_KEYS && !reading->failed; i++) {
        struct irw_patched_parts *parts = NULL;

        if (!irw_equal(last, irw_str(part_keys[i].key)))
            continue;
        if (irw_copy_path(pointer, reading->patch->arena, &path))
            parts = find_parts(reading, path, first);
        reading->failed |= !parts;
        if (parts)
            parts->parts.at[part_keys[i].role] =
                value == IRW_NO_NODE ? IRW_STR("")
                                     : irw_tree_text(tree, value);
    }
}

/* Reads the operations of a JSON patch. */
static void
read_operations(struct parts_reading *reading, uint32_t list)
{
    const struct irw_tree *tree = reading->patch->tree;
    struct irw_items items = irw_items(tree, list);
    size_t first = reading->list->count;
    uint32_t item, index;

    while (irw_items_next(&items, &item, &index)) {
        uint32_t map = irw_tree_follow(tree, item);

        if (irw_own_scalar(tree, map, IRW_STR("op")) != IRW_NO_NODE &&
            irw_own_scalar(tree, map, IRW_STR("path")) != IRW_NO_NODE)
            take_operation(reading, map, first);
    }
}

bool
irw_patch_parts_read(const struct irw_patch_reading *patch,
                     irw_patched_parts_list *list)
{
    struct irw_budget budget = irw_budget_again();
    struct irw_resource head =
        irw_resource_read(patch->tree, patch->root, &budget);
    struct parts_reading reading = {
        .patch = patch,
        .of = {.kind = patch->kind, .name = patch->name, .index = -1},
        .list = list,
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
