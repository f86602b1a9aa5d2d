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

/* Whether a map has a registry, or a repository without one. */
static bool
has_lone_part(const struct irw_tree *tree, uint32_t map)
{
    uint32_t registry = irw_own_scalar(tree, map, IRW_STR("registry"));
    uint32_t name = irw_own_scalar(tree, map, IRW_STR("repository"));
    struct imgrw_reference reference;

    if ((registry == IRW_NO_NODE) == (name == IRW_NO_NODE))
        return false;
    return name == IRW_NO_NODE ||
           (irw_is_reference(irw_tree_text(tree, name), &reference) &&
            reference.registry.size == 0);
}

/* Whether an operation is about one key, which is such a part. */
static bool
is_lone_part(const struct irw_tree *tree, uint32_t map)
{
    uint32_t path = irw_own_scalar(tree, map, IRW_STR("path"));
    uint32_t value = irw_own_scalar(tree, map, IRW_STR("value"));
    struct imgrw_reference reference;
    imgrw_str pointer;

    if (path == IRW_NO_NODE ||
        irw_own_scalar(tree, map, IRW_STR("op")) == IRW_NO_NODE)
        return false;
    pointer = irw_tree_text(tree, path);
    return irw_ends_with(pointer, IRW_STR("/registry")) ||
           (irw_ends_with(pointer, IRW_STR("/repository")) &&
            !(value != IRW_NO_NODE &&
              irw_is_reference(irw_tree_text(tree, value), &reference) &&
              reference.registry.size > 0));
}

bool
irw_patch_sets_part(const struct irw_tree *tree, uint32_t node)
{
    for (uint32_t i = node; i < tree->nodes[node].next; i++)
        if (tree->nodes[i].type == IRW_NODE_MAPPING &&
            (has_lone_part(tree, i) || is_lone_part(tree, i)))
            return true;
    return false;
}
