#include "function/place.h"
#include "base/text.h"
#include "kubernetes/resource.h"

#define LEVELS \
    (sizeof((struct irw_item_cursors){0}.levels) / \
     sizeof(struct irw_item_cursor))

/* Cuts the first step off a field. A slash of a key has a backslash before it,
 * which stays. */
static imgrw_str
next_step(imgrw_str *field)
{
    size_t end = 0;
    imgrw_str step;

    while (end < field->size && field->data[end] != '/')
        end += field->data[end] == '\\' && end + 1 < field->size &&
                       field->data[end + 1] == '/'
                   ? 2
                   : 1;
    step = irw_slice(*field, 0, end);
    *field = irw_slice(*field, end < field->size ? end + 1 : end, field->size);
    return step;
}

/* Reads a number of a list or of a document; SIZE_MAX where it is none. */
static size_t
read_number(imgrw_str text)
{
    size_t number = 0;

    if (text.size == 0 || text.size > 9)
        return SIZE_MAX;
    for (size_t i = 0; i < text.size; i++) {
        if (!irw_is_digit(text.data[i]))
            return SIZE_MAX;
        number = 10 * number + (size_t)(text.data[i] - '0');
    }
    return number;
}

/* Cuts "items/3" off a field; SIZE_MAX, and the field stays, where it begins
 * with something else. */
static size_t
next_item(imgrw_str *field)
{
    imgrw_str rest = *field;
    size_t number;

    if (!irw_equal(next_step(&rest), IRW_STR("items")))
        return SIZE_MAX;
    number = read_number(next_step(&rest));
    if (number != SIZE_MAX)
        *field = rest;
    return number;
}

/* The value of the first of some annotations that the item has, or nothing. */
static imgrw_str
find_annotation(const struct irw_tree *tree, uint32_t annotations,
                const char *const names[2])
{
    struct irw_budget budget = irw_budget_again();

    for (size_t i = 0; i < 2; i++) {
        uint32_t value =
            irw_mapping_find(tree, annotations, irw_str(names[i]), &budget);

        if (value != IRW_NO_NODE)
            return irw_tree_value(tree, value);
    }
    return (imgrw_str){0};
}

/* The place of the item with this number. */
static struct irw_list_place
place_of(const struct irw_resource_list *list, size_t number)
{
    static const char *const paths[2] = {
        "internal.config.kubernetes.io/path", "config.kubernetes.io/path"};
    static const char *const indices[2] = {
        "internal.config.kubernetes.io/index", "config.kubernetes.io/index"};
    struct irw_list_place place = {.item = IRW_NO_NODE, .index = SIZE_MAX};
    const struct irw_tree *tree = &list->tree;
    struct irw_budget budget = irw_budget_again();
    uint32_t annotations;

    if (number >= list->entries.count)
        return place;
    place.item = irw_tree_follow(tree, list->entries.items[number]);
    annotations =
        irw_mapping_find(tree, place.item, IRW_STR("metadata"), &budget);
    annotations =
        irw_mapping_find(tree, annotations, IRW_STR("annotations"), &budget);
    place.path = find_annotation(tree, annotations, paths);
    if (place.path.size > 0)
        place.index = read_number(find_annotation(tree, annotations, indices));
    return place;
}

struct irw_list_place
irw_list_place_of(const struct irw_resource_list *list, imgrw_str field)
{
    return place_of(list, next_item(&field));
}

struct irw_list_place
irw_list_place_at(const struct irw_resource_list *list, size_t offset)
{
    const struct irw_node *nodes = list->tree.nodes;
    const uint32_t *items = list->entries.items;
    size_t count = list->entries.count, i = 0;

    if (count == 0 || offset >= nodes[items[count - 1]].end)
        return place_of(list, SIZE_MAX);
    IRW_LOWER_BOUND(i, count, nodes[items[i]].start <= offset);
    return place_of(list, i > 0 ? i - 1 : SIZE_MAX);
}

/* Adds a step: a position in a list, or a key. What is not known to be either,
 * as in a document in a string, counts as a position where it is a number. */
static void
add_step(struct irw_text *text, const struct irw_tree *tree, uint32_t node,
         imgrw_str step)
{
    bool known = node != IRW_NO_NODE &&
                 tree->nodes[node].type != IRW_NODE_SCALAR;
    bool position = known ? tree->nodes[node].type == IRW_NODE_SEQUENCE
                          : read_number(step) != SIZE_MAX;
    bool bracket = position;

    for (size_t i = 0; i < step.size; i++)
        bracket |= memchr(".[]", step.data[i], 3) != NULL;
    if (!position && text->size > 0)
        irw_text_add(text, IRW_STR("."));
    if (bracket)
        irw_text_add(text, IRW_STR("["));
    for (size_t i = 0; i < step.size; i++)
        if (step.data[i] != '\\' || i + 1 == step.size ||
            step.data[i + 1] != '/')
            irw_text_add(text, irw_slice(step, i, i + 1));
    if (bracket)
        irw_text_add(text, IRW_STR("]"));
}

/* A way from an item down. */
struct descent {
    const struct irw_tree *tree;
    struct irw_item_cursors *cursors;
    struct irw_budget budget;
    size_t level; /* lists that were gone through */
};

/* The item of a list with this number, or IRW_NO_NODE. */
static uint32_t
find_item(struct descent *descent, uint32_t list, size_t number)
{
    struct irw_item_cursor *cursor = &descent->cursors->levels[descent->level];
    uint32_t index;

    if (descent->level + 1 < LEVELS)
        descent->level++;
    if (cursor->list != list || cursor->items.next_index > number + 1) {
        cursor->items = irw_items(descent->tree, list);
        cursor->list = list;
        cursor->item = IRW_NO_NODE;
    }
    while (cursor->items.next_index <= number)
        if (!irw_items_next(&cursor->items, &cursor->item, &index))
            return IRW_NO_NODE;
    return irw_tree_follow(descent->tree, cursor->item);
}

/* The node that a step leads to; IRW_NO_NODE where it is not seen. */
static uint32_t
follow(struct descent *descent, uint32_t node, imgrw_str step)
{
    size_t number = read_number(step);

    if (node == IRW_NO_NODE)
        return node;
    if (descent->tree->nodes[node].type == IRW_NODE_MAPPING)
        return irw_mapping_find(descent->tree, node, step, &descent->budget);
    return number < UINT32_MAX ? find_item(descent, node, number) : IRW_NO_NODE;
}

/* Goes from an item that is a list itself to the one of its items that the
 * field goes on with. */
static uint32_t
enter_lists(struct descent *descent, uint32_t item, imgrw_str *field)
{
    while (item != IRW_NO_NODE) {
        struct irw_resource resource =
            irw_resource_read(descent->tree, item, &descent->budget);
        imgrw_str kind, rest = *field;
        uint32_t items = irw_resource_items(descent->tree, item, &resource,
                                            &kind, &descent->budget);

        if (items == IRW_NO_NODE || next_item(&rest) == SIZE_MAX)
            return item;
        next_step(field);
        item = follow(descent, items, next_step(field));
    }
    return item;
}

bool
irw_list_field(const struct irw_resource_list *list, imgrw_str field,
               struct irw_item_cursors *cursors, struct irw_arena *arena,
               imgrw_str *path)
{
    struct descent descent = {&list->tree, cursors, irw_budget_again(), 0};
    uint32_t node = irw_list_place_of(list, field).item;
    struct irw_text text = {0};

    next_item(&field);
    node = enter_lists(&descent, node, &field);
    while (field.size > 0) {
        imgrw_str step = next_step(&field);

        add_step(&text, descent.tree, node, step);
        node = follow(&descent, node, step);
    }
    return irw_text_keep(&text, arena, path);
}
