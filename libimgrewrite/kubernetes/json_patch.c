#include "kubernetes/json_patch.h"

#include "yaml/scalar.h"

/* The word for what an operation does, under Karmada's key or that of the
 * standard. */
static imgrw_str
read_word(const struct irw_tree *tree, uint32_t node)
{
    uint32_t word = irw_own_scalar(tree, node, IRW_STR("op"));

    if (word == IRW_NO_NODE)
        word = irw_own_scalar(tree, node, IRW_STR("operator"));
    return word == IRW_NO_NODE ? (imgrw_str){0} : irw_tree_text(tree, word);
}

/* Reads the place at a key; false where it is none. */
static bool
read_pointer(const struct irw_tree *tree, uint32_t node, const char *key,
             imgrw_str *pointer)
{
    uint32_t value = irw_own_scalar(tree, node, irw_str(key));

    if (value == IRW_NO_NODE ||
        irw_scalar_is_null(tree, irw_tree_follow(tree, value)))
        return false;
    *pointer = irw_tree_text(tree, value);
    return pointer->size == 0 || pointer->data[0] == '/';
}

bool
irw_operation_read(const struct irw_tree *tree, uint32_t node,
                   struct irw_operation *operation)
{
    imgrw_str word = read_word(tree, node);

    if ((!irw_equal(word, IRW_STR("add")) &&
         !irw_equal(word, IRW_STR("replace")) &&
         !irw_equal(word, IRW_STR("test"))) ||
        !read_pointer(tree, node, "path", &operation->pointer))
        return false;
    operation->value = irw_own_entry(tree, node, IRW_STR("value")).value;
    operation->made_from = IRW_NO_NODE;
    if (operation->value == IRW_NO_NODE) {
        uint32_t from = irw_own_entry(tree, node, IRW_STR("valueFrom")).value;

        if (from != IRW_NO_NODE)
            operation->made_from = irw_own_scalar(
                tree, irw_tree_follow(tree, from), IRW_STR("template"));
    }
    return true;
}

bool
irw_copy_operation_read(const struct irw_tree *tree, uint32_t node,
                        struct irw_copy_operation *operation)
{
    imgrw_str word = read_word(tree, node);

    return (irw_equal(word, IRW_STR("copy")) ||
            irw_equal(word, IRW_STR("move"))) &&
           read_pointer(tree, node, "from", &operation->from) &&
           read_pointer(tree, node, "path", &operation->to);
}

bool
irw_is_json_patch(const struct irw_tree *tree, uint32_t node)
{
    struct irw_items items = irw_items(tree, node);
    uint32_t item, index, word;
    imgrw_str pointer;

    if (!irw_items_next(&items, &item, &index))
        return false;
    item = irw_tree_follow(tree, item);
    word = irw_own_scalar(tree, item, IRW_STR("op"));
    return word != IRW_NO_NODE && irw_tree_text(tree, word).size > 0 &&
           read_pointer(tree, item, "path", &pointer);
}

bool
irw_pointer_next(imgrw_str *pointer, imgrw_str *token)
{
    imgrw_str rest;
    size_t slash;

    if (pointer->size == 0 || pointer->data[0] != '/')
        return false;
    rest = irw_slice(*pointer, 1, pointer->size);
    slash = irw_find(rest, '/');
    *token = irw_slice(rest, 0, slash == SIZE_MAX ? rest.size : slash);
    *pointer = irw_slice(rest, token->size, rest.size);
    return true;
}

imgrw_str
irw_pointer_key(imgrw_str token, struct irw_arena *arena)
{
    imgrw_str key = {NULL, 0};
    char *text;

    if (irw_find(token, '~') == SIZE_MAX)
        return token;
    key.data = text = irw_arena_copy(arena, token);
    for (size_t i = 0; text && i < token.size; i++) {
        bool escape = token.data[i] == '~' && i + 1 < token.size &&
                      strchr("01", token.data[i + 1]);

        text[key.size++] = !escape                    ? token.data[i]
                           : token.data[i + 1] == '1' ? '/'
                                                      : '~';
        i += escape;
    }
    return key;
}

bool
irw_pointer_is_index(imgrw_str token)
{
    size_t digits = 0;

    while (digits < token.size && irw_is_digit(token.data[digits]))
        digits++;
    return (digits == token.size && digits > 0) ||
           irw_equal(token, IRW_STR("-")) ||
           irw_starts_with(token, IRW_STR("{{"));
}
