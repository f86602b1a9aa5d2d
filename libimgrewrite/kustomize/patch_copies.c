#include "kustomize/patch_copies.h"
#include "base/str.h"
#include "base/text.h"
#include "kubernetes/json_patch.h"

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
