/*
 * Reading a tree: entries, items, and what merge keys bring, with the limits.
 */
#include "base/str.h"
#include "support.h"
#include "yaml/merge.h"

#include <stdio.h>
#include <string.h>

/* A text, read into a tree. */
struct text {
    struct irw_arena arena;
    struct irw_tree tree;
};

static void
text_read(struct text *text, const char *yaml)
{
    imgrw_str str = support_str(yaml);

    *text = (struct text){0};
    assert_int_equal(irw_tree_read(&irw_libyaml, irw_extract_all(str), 100,
                                   &text->arena, &text->tree, NULL),
                     IMGRW_OK);
}

static void
text_clear(struct text *text)
{
    irw_tree_clear(&text->tree);
    irw_arena_clear(&text->arena);
}

/* The mapping that is walked: the first value of a key `x`, or the root. */
static uint32_t
find_mapping(const struct irw_tree *tree)
{
    struct irw_tree_entry entry = irw_own_entry(tree, 0, IRW_STR("x"));

    return entry.value == IRW_NO_NODE ? 0 : irw_tree_follow(tree, entry.value);
}

/* ---- merge keys ------------------------------------------------------ */

/* What the mapping `x` has, in the order in which it is shown: `key=value`, a
 * "*" after what comes through a merge key. `found` says of the key `a` what it
 * is, and of which mapping, by its key `id`. */
static const struct merged {
    const char *name, *text, *shown, *found, *owner;
} merged[] = {
    {"own", "x: {id: x, a: 1, b: 2}", "id=x a=1 b=2", "1", "x"},
    {"none", "x: {id: x}", "id=x", "", ""},
    {"no mapping", "x: [a]", "", "", ""},
    {"twice", "x: {id: x, a: 1, a: 2}", "id=x a=1 a=2", "2", "x"},
    {"key by an alias", "k: &k a\nx: {id: x, *k : 1}", "id=x a=1", "1", "x"},
    {"value by an alias", "k: &k 1\nx: {id: x, a: *k}", "id=x a=1", "1", "x"},
    {"merged", "m: &m {a: 1}\nx: {id: x, <<: *m}", "id=x a=1*", "1", "m"},
    {"merged in place", "x: {b: 1, <<: {a: 2}}", "b=1 a=2*", "2", ""},
    {"own after", "m: &m {a: 1, c: 3}\nx: {id: x, <<: *m, a: 2}",
     "id=x a=2 c=3*", "2", "x"},
    {"own before is shown with it", "m: &m {a: 1}\nx: {id: x, a: 2, <<: *m}",
     "id=x a=2 a=1*", "2", "x"},
    {"list, the first counts",
     "m: &m {a: 1}\nn: &n {a: 2, b: 3}\nx: {<<: [*m, *n]}", "a=1* b=3*", "1",
     "m"},
    {"list, the second has it",
     "m: &m {b: 1}\nn: &n {a: 2, b: 3}\nx: {<<: [*m, *n]}", "b=1* a=2*", "2",
     "n"},
    {"list by an alias", "m: &m {a: 1}\nl: &l [*m, {a: 2, b: 3}]\nx: {<<: *l}",
     "a=1* b=3*", "1", "m"},
    {"merge key of a merge key",
     "m: &m {a: 1, b: 1}\nn: &n {<<: *m, b: 2}\nx: {<<: *n}", "b=2* a=1*", "1",
     "m"},
    {"overridden two levels out",
     "m: &m {a: 1, b: 1}\nn: &n {<<: *m, c: 2}\nx: {<<: *n, a: 3}",
     "a=3 c=2* b=1*", "3", ""},
    {"earlier in the list, deeper",
     "m: &m {a: 1}\nn: &n {<<: *m}\nx: {<<: [*n, {a: 2}]}", "a=1*", "1", "m"},
    {"two merge keys", "m: &m {a: 1}\nn: &n {b: 2}\nx: {<<: *m, <<: *n}",
     "a=1* b=2*", "1", "m"},
    {"merged scalar", "x: {id: x, <<: 1, a: 2}", "id=x a=2", "2", "x"},
    {"merged list of scalars", "x: {<<: [1, [2]], a: 2}", "a=2", "2", ""},
    {"quoted key merges nothing", "m: &m {a: 1}\nx: {\"<<\": *m}", "<<=", "",
     ""},
};

struct shown {
    const struct irw_tree *tree;
    char text[200];
};

static void
show(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct shown *shown = user;
    size_t size = strlen(shown->text);

    snprintf(shown->text + size, sizeof(shown->text) - size, "%s%.*s=%.*s%s",
             size > 0 ? " " : "", IRW_PRINT(irw_tree_text(shown->tree, key)),
             IRW_PRINT(irw_tree_text(shown->tree, value)), via ? "*" : "");
}

static void
check_found(struct support_tally *tally, const struct merged *row,
            const struct irw_tree *tree, struct irw_budget *budget)
{
    struct irw_origin origin =
        irw_mapping_locate(tree, find_mapping(tree), IRW_STR("a"), budget);
    uint32_t value =
        irw_mapping_find(tree, find_mapping(tree), IRW_STR("a"), budget);
    struct irw_tree_entry m = irw_own_entry(tree, 0, IRW_STR("m"));
    struct irw_tree_entry n = irw_own_entry(tree, 0, IRW_STR("n"));
    uint32_t expected = strcmp(row->owner, "x") == 0   ? find_mapping(tree)
                        : strcmp(row->owner, "m") == 0 ? m.value
                        : strcmp(row->owner, "n") == 0 ? n.value
                                                       : origin.owner;

    if (!*row->found) {
        support_check(tally, value == IRW_NO_NODE && value == origin.owner &&
                                 value == origin.entry.key &&
                                 value == origin.entry.value,
                      "something is found");
        return;
    }
    support_check_str(tally, "value", irw_tree_text(tree, value),
                      support_str(row->found));
    support_check(tally, irw_tree_follow(tree, origin.entry.value) == value,
                  "another value is located");
    support_check(tally, origin.owner == expected, "it is of node %u",
                  (unsigned)origin.owner);
    support_check(tally, (origin.via == 0) ==
                             (origin.owner == find_mapping(tree)),
                  "it comes through node %u", (unsigned)origin.via);
}

static void
test_merged(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(merged); i++) {
        struct irw_budget budget = irw_budget_first();
        struct text text;
        struct shown shown = {.tree = &text.tree};

        text_read(&text, merged[i].text);
        support_row(&tally, "%s", merged[i].name);
        irw_mapping_each(&text.tree, find_mapping(&text.tree), &budget, show,
                         &shown);
        support_check_str(&tally, "shown", support_str(shown.text),
                          support_str(merged[i].shown));
        check_found(&tally, &merged[i], &text.tree, &budget);
        support_check(&tally, !budget.spent && budget.depth == 0,
                      "the budget is spent");
        text_clear(&text);
    }
    support_finish(&tally);
}

static void
test_nowhere(void **state)
{
    struct irw_budget budget = irw_budget_first();
    struct text text;

    (void)state;
    text_read(&text, "a: 1");
    assert_int_equal(irw_mapping_find(&text.tree, IRW_NO_NODE, IRW_STR("a"),
                                      &budget),
                     IRW_NO_NODE);
    text_clear(&text);
}

/* ---- items ----------------------------------------------------------- */

static void
test_items(void **state)
{
    static const char *const values[] = {"a", "", "c", "a"};
    struct irw_items items;
    uint32_t item, index, count = 0;
    struct text text;

    (void)state;
    text_read(&text, "[&a a, [b, [x]], c, *a ]");
    items = irw_items(&text.tree, 0);
    while (irw_items_next(&items, &item, &index)) {
        imgrw_str value = irw_tree_text(&text.tree, item);

        assert_int_equal(index, count);
        assert_true(irw_equal(value, irw_str(values[count++])));
    }
    assert_int_equal(count, SUPPORT_COUNT(values));
    items = irw_items(&text.tree, 1);
    assert_false(irw_items_next(&items, &item, &index));
    text_clear(&text);
}

static void
test_own_scalar(void **state)
{
    struct text text;
    uint32_t node;

    (void)state;
    text_read(&text, "k: &k v\na: *k\na: [b]\nb: {c: d}\n<<: {e: f}");
    node = irw_own_scalar(&text.tree, 0, IRW_STR("a"));
    assert_int_equal(text.tree.nodes[node].type, IRW_NODE_ALIAS);
    assert_true(irw_is_scalar(&text.tree, node));
    assert_int_equal(irw_own_scalar(&text.tree, 0, IRW_STR("b")), IRW_NO_NODE);
    assert_int_equal(irw_own_scalar(&text.tree, 0, IRW_STR("e")), IRW_NO_NODE);
    assert_int_equal(irw_own_scalar(&text.tree, node, IRW_STR("a")),
                     IRW_NO_NODE);
    text_clear(&text);
}

/* ---- budgets --------------------------------------------------------- */

static void
test_budget(void **state)
{
    struct irw_budget budget = {.left = 10};

    (void)state;
    assert_true(irw_budget_charge(&budget, 4));
    assert_true(irw_budget_enter(&budget, 6));
    irw_budget_leave(&budget);
    assert_true(irw_budget_charge(&budget, 0));
    assert_false(budget.spent);
    assert_false(irw_budget_charge(&budget, 1));
    assert_true(budget.spent);
    budget = irw_budget_first();
    for (unsigned i = 0; i < IRW_EXPANSION_ALIASES; i++)
        assert_true(irw_budget_enter(&budget, 1));
    assert_false(irw_budget_enter(&budget, 1));
    assert_true(budget.spent);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merged),
        cmocka_unit_test(test_nowhere),
        cmocka_unit_test(test_items),
        cmocka_unit_test(test_own_scalar),
        cmocka_unit_test(test_budget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
