#include "kustomize/patch_copies.h"
#include "base/str.h"
#include "base/text.h"
#include "kubernetes/json_patch.h"
#include "manifest/classify.h"

/* Adds a key to a path, with backslashes where the grammar needs them. */
static void
add_key(struct irw_text *path, imgrw_str key)
{
    for (size_t i = 0; i < key.size; i++) {
        if (strchr(".[\\", key.data[i]))
            irw_text_add(path, IRW_STR("\\"));
        irw_text_add(path, irw_slice(key, i, i + 1));
    }
}

/* Sets the path, in the grammar of replacements, that a pointer is. */
static bool
make_path(imgrw_str pointer, struct irw_arena *arena, imgrw_str *path)
{
    struct irw_text text = {0};
    imgrw_str token;

    while (irw_pointer_next(&pointer, &token)) {
        imgrw_str key = irw_pointer_key(token, arena);

        if (!key.data) {
            irw_text_clear(&text);
            return false;
        }
        if (text.size > 0)
            irw_text_add(&text, IRW_STR("."));
        add_key(&text, key);
    }
    return irw_text_keep(&text, arena, path);
}

static bool
add_copy(const struct irw_patch_copying *patch,
         const struct irw_copy_operation *operation)
{
    const struct irw_copy_end end = {
        .kind = patch->kind, .name = patch->name, .index = -1};
    struct irw_copy copy = {.from = end, .to = end, .at = patch->at};

    if (!make_path(operation->from, patch->arena, &copy.from.path) ||
        !make_path(operation->to, patch->arena, &copy.to.path))
        return false;
    irw_copy_end_judge(&copy.from);
    irw_copy_end_judge(&copy.to);
    return IRW_APPEND(patch->copies, copy);
}

bool
irw_patch_copies_read(const struct irw_patch_copying *patch, uint32_t node)
{
    struct irw_items items = irw_items(patch->tree, node);
    uint32_t item, index;

    if (patch->tree->nodes[node].type != IRW_NODE_SEQUENCE)
        return true;
    while (irw_items_next(&items, &item, &index)) {
        struct irw_copy_operation operation;

        if (irw_copy_operation_read(patch->tree,
                                    irw_tree_follow(patch->tree, item),
                                    &operation) &&
            !add_copy(patch, &operation))
            return false;
    }
    return true;
}

/* Whether a repository says by itself where an image is. */
static bool
has_host(const struct irw_tree *tree, uint32_t repository)
{
    struct imgrw_reference reference;

    return repository != IRW_NO_NODE &&
           irw_is_reference(irw_tree_text(tree, repository), &reference) &&
           reference.registry.size > 0;
}

/* The parts in a map. */
static enum irw_patched_parts
parts_of_map(const struct irw_tree *tree, uint32_t map)
{
    uint32_t registry = irw_own_scalar(tree, map, IRW_STR("registry"));
    uint32_t name = irw_own_scalar(tree, map, IRW_STR("repository"));

    if (registry == IRW_NO_NODE && name == IRW_NO_NODE)
        return IRW_PATCHES_NO_PART;
    return (registry != IRW_NO_NODE && name != IRW_NO_NODE) ||
                   has_host(tree, name)
               ? IRW_PATCHES_PARTS
               : IRW_PATCHES_LONE_PART;
}

/* The part that an operation is about, where that is one key. */
static enum irw_patched_parts
parts_of_operation(const struct irw_tree *tree, uint32_t map)
{
    uint32_t path = irw_own_scalar(tree, map, IRW_STR("path"));
    imgrw_str pointer;

    if (path == IRW_NO_NODE ||
        irw_own_scalar(tree, map, IRW_STR("op")) == IRW_NO_NODE)
        return IRW_PATCHES_NO_PART;
    pointer = irw_tree_text(tree, path);
    if (irw_ends_with(pointer, IRW_STR("/registry")))
        return IRW_PATCHES_LONE_PART;
    if (!irw_ends_with(pointer, IRW_STR("/repository")))
        return IRW_PATCHES_NO_PART;
    return has_host(tree, irw_own_scalar(tree, map, IRW_STR("value")))
               ? IRW_PATCHES_PARTS
               : IRW_PATCHES_LONE_PART;
}

enum irw_patched_parts
irw_patch_parts(const struct irw_tree *tree, uint32_t node)
{
    enum irw_patched_parts most = IRW_PATCHES_NO_PART;

    for (uint32_t i = node; i < tree->nodes[node].next; i++) {
        enum irw_patched_parts map, operation;

        if (tree->nodes[i].type != IRW_NODE_MAPPING)
            continue;
        map = parts_of_map(tree, i);
        operation = parts_of_operation(tree, i);
        most = most > map ? most : map;
        most = most > operation ? most : operation;
    }
    return most;
}
