#include "overlay/pointer.h"
#include "base/str.h"
#include "base/text.h"

/* Adds the steps of a trail, the outermost first. Trails are as deep as trees,
 * which is not too deep for the stack. */
static void
add_steps(struct irw_text *text, const struct irw_node_path *step)
{
    if (!step)
        return;
    add_steps(text, step->outer);
    irw_text_add(text, IRW_STR("/"));
    if (!step->key.data) {
        irw_text_printf(text, "%u", (unsigned)step->index);
        return;
    }
    for (size_t i = 0; i < step->key.size; i++) {
        char c = step->key.data[i];

        irw_text_add(text, c == '~'   ? IRW_STR("~0")
                           : c == '/' ? IRW_STR("~1")
                                      : irw_slice(step->key, i, i + 1));
    }
}

imgrw_str
irw_pointer_format(const struct irw_node_path *trail, struct irw_arena *arena)
{
    struct irw_text text = {0};
    imgrw_str pointer = {0};

    irw_text_add(&text, IRW_STR(""));
    add_steps(&text, trail);
    if (!text.failed)
        pointer = (imgrw_str){
            irw_arena_copy(arena, (imgrw_str){text.data, text.size}),
            text.size};
    irw_text_clear(&text);
    return pointer;
}

/* Takes the escapes out of a step; returns its size. */
static size_t
unescape(imgrw_str step, char *key)
{
    size_t size = 0;

    for (size_t i = 0; i < step.size; i++) {
        char c = step.data[i];

        if (c == '~' && i + 1 < step.size)
            c = step.data[++i] == '1' ? '/' : '~';
        key[size++] = c;
    }
    return size;
}

/* The item number `text` of a list. */
static uint32_t
find_item(const struct irw_tree *tree, uint32_t list, imgrw_str text)
{
    size_t index = 0;
    uint32_t item = list + 1;

    for (size_t i = 0; i < text.size && irw_is_digit(text.data[i]); i++)
        index = index * 10 + (size_t)(text.data[i] - '0');
    while (index-- > 0 && item < tree->nodes[list].next)
        item = tree->nodes[item].next;
    return item < tree->nodes[list].next ? item : IRW_NO_NODE;
}

bool
irw_pointer_follow(const struct irw_tree *tree, uint32_t root,
                   imgrw_str pointer, struct irw_budget *budget,
                   struct irw_arena *arena, uint32_t *node)
{
    char *key = irw_arena_alloc(arena, pointer.size + 1);

    *node = irw_tree_follow(tree, root);
    while (key && pointer.size > 0 && *node != IRW_NO_NODE) {
        imgrw_str step = irw_slice(pointer, 1, pointer.size);
        size_t slash = irw_find(step, '/');

        pointer = slash == SIZE_MAX ? (imgrw_str){0}
                                    : irw_slice(step, slash, step.size);
        if (slash != SIZE_MAX)
            step.size = slash;
        *node = tree->nodes[*node].type == IRW_NODE_SEQUENCE
                    ? find_item(tree, *node, step)
                    : irw_mapping_find(tree, *node,
                                       (imgrw_str){key, unescape(step, key)},
                                       budget);
        if (*node != IRW_NO_NODE)
            *node = irw_tree_follow(tree, *node);
    }
    return key != NULL;
}
