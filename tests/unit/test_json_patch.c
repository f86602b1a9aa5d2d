/*
 * JSON patches: which mappings are operations, by RFC 6902 and what Karmada and
 * Cluster API make of it, and the tokens of pointers, by the examples of RFC
 * 6901, section 5.
 */
#include "kubernetes/json_patch.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

/* `keys` are those to which the pointer leads, a "|" after each. */
static const struct {
    const char *pointer, *keys;
} pointers[] = {
    {"", ""},
    {"/foo", "foo|"},
    {"/foo/0", "foo|0|"},
    {"/", "|"},
    {"/a~1b", "a/b|"},
    {"/c%d", "c%d|"},
    {"/m~0n", "m~n|"},
    {"/a~01b", "a~1b|"},
    {"/a~10b~00", "a/0b~0|"},
    {"/~", "~|"},
    {"/a~2", "a~2|"},
    {"//a/", "|a||"},
    {"a/b", ""},
};

static void
test_pointers(void **state)
{
    struct support_tally tally = {0};
    struct irw_arena arena = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(pointers); i++) {
        imgrw_str rest = support_str(pointers[i].pointer), token;
        char keys[64] = "";

        support_row(&tally, "\"%s\"", pointers[i].pointer);
        while (irw_pointer_next(&rest, &token)) {
            imgrw_str key = irw_pointer_key(token, &arena);
            size_t size = strlen(keys);

            snprintf(keys + size, sizeof(keys) - size, "%.*s|", (int)key.size,
                     key.data);
        }
        support_check_str(&tally, "keys", support_str(keys),
                          support_str(pointers[i].keys));
    }
    irw_arena_clear(&arena);
    support_finish(&tally);
}

static const struct {
    const char *token;
    bool is_index;
} tokens[] = {
    {"0", true},    {"17", true},          {"-", true},
    {"", false},    {"image", false},      {"1a", false},
    {"-1", false},  {"{{element}}", true}, {"{", false},
};

static void
test_indices(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(tokens); i++) {
        support_row(&tally, "\"%s\"", tokens[i].token);
        support_check(&tally,
                      irw_pointer_is_index(support_str(tokens[i].token)) ==
                          tokens[i].is_index,
                      "expected %d", tokens[i].is_index);
    }
    support_finish(&tally);
}

/* `value` is what the operation sets, NULL where it is none; `from` what a
 * template makes it from. */
static const struct {
    const char *text, *value, *from;
} operations[] = {
    {"{op: add, path: /a, value: v}", "v", ""},
    {"{op: replace, path: /a, value: v}", "v", ""},
    {"{op: test, path: /a, value: v}", "v", ""},
    {"{op: add, path: '', value: v}", "v", ""},
    {"{operator: replace, path: /a, value: v}", "v", ""},
    {"{operator: remove, op: add, path: /a, value: v}", "v", ""},
    {"{op: add, path: /a, value: v, valueFrom: {template: t}}", "v", ""},
    {"{op: add, path: /a, valueFrom: {template: t}}", "", "t"},
    {"{op: add, path: /a, valueFrom: {variable: t}}", "", ""},
    {"{op: add, path: /a, valueFrom: t}", "", ""},
    {"{op: add, path: /a}", "", ""},
    {"{op: remove, path: /a, value: v}", NULL, ""},
    {"{op: move, from: /b, path: /a, value: v}", NULL, ""},
    {"{op: copy, from: /b, path: /a, value: v}", NULL, ""},
    {"{op: ADD, path: /a, value: v}", NULL, ""},
    {"{op: add, path: a, value: v}", NULL, ""},
    {"{op: add, value: v}", NULL, ""},
    {"{path: /a, value: v}", NULL, ""},
    {"[add, /a, v]", NULL, ""},
    {"add", NULL, ""},
};

/* The text of a node, empty where there is none. */
static imgrw_str
text_of(const struct irw_tree *tree, uint32_t node)
{
    return node == IRW_NO_NODE ? support_str("") : irw_tree_text(tree, node);
}

static void
test_operations(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(operations); i++) {
        struct irw_arena arena = {0};
        struct irw_tree tree = {0};
        struct irw_operation operation;
        bool found;

        support_row(&tally, "%s", operations[i].text);
        assert_int_equal(
            irw_tree_read(&irw_libyaml,
                          irw_extract_all(support_str(operations[i].text)), 10,
                          &arena, &tree, NULL),
            IMGRW_OK);
        found = irw_operation_read(&tree, 0, &operation);
        if (support_check(&tally, found == (operations[i].value != NULL),
                          "taken for %s operation", found ? "an" : "no") &&
            found) {
            support_check_str(&tally, "value", text_of(&tree, operation.value),
                              support_str(operations[i].value));
            support_check_str(&tally, "template",
                              text_of(&tree, operation.made_from),
                              support_str(operations[i].from));
        }
        irw_tree_clear(&tree);
        irw_arena_clear(&arena);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pointers),
        cmocka_unit_test(test_indices),
        cmocka_unit_test(test_operations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
