#include "kustomize/patch_copies.h"
#include "base/str.h"
#include "base/text.h"
#include "kubernetes/json_patch.h"

void
irw_copy_path_add(struct irw_text *path, imgrw_str key)
{
    if (path->size > 0)
        irw_text_add(path, IRW_STR("."));
    for (size_t i = 0; i < key.size; i++) {
        if (strchr(".[\\", key.data[i]))
            irw_text_add(path, IRW_STR("\\"));
        irw_text_add(path, irw_slice(key, i, i + 1));
    }
}

bool
irw_copy_path(imgrw_str pointer, struct irw_arena *arena, imgrw_str *path)
{
    struct irw_text text = {0};
    imgrw_str token;

    while (irw_pointer_next(&pointer, &token)) {
        imgrw_str key = irw_pointer_key(token, arena);

        if (!key.data) {
            irw_text_clear(&text);
            return false;
        }
        irw_copy_path_add(&text, key);
    }
    return irw_text_keep(&text, arena, path);
}

static bool
add_copy(const struct irw_patch_reading *patch,
         const struct irw_copy_operation *operation, irw_copy_list *copies)
{
    const struct irw_copy_end end = {
.kind = patch->kind, .name = patch->name, .index = -1};
    struct irw_copy copy = {.from = end, .to = end, .at = patch->at};

    if (!irw_copy_path(operation->from, patch->arena, &copy.from.path) ||
        !irw_copy_path(operation->to, patch->arena, &copy.to.path))
        return false;
    irw_copy_end_judge(&copy.from);
    irw_copy_end_judge(&copy.to);
    return IRW_APPEND(copies, copy);
}

bool
irw_patch_copies_read(const struct irw_patch_reading *patch,
                      irw_copy_list *copies)
{
    struct irw_items items = irw_items(patch->tree, patch->root);
    uint32_t item, index;

    if (patch->tree->nodes[patch->root].type != IRW_NODE_SEQUENCE)
        return true;
    while (irw_items_next(&items, &item, &index)) {
        struct irw_copy_operation operation;

        if (irw_copy_operation_read(patch->tree,
                                    irw_tree_follow(patch->tree, item),
                                    &operation) &&
            !add_copy(patch, &operation, copies))
            return false;
    }
    return true;
}
