/*
 * Pod specs: which mapping an image in a text belongs to, by the line of each.
 */
#include "base/str.h"
#include "kubernetes/pod_spec.h"
#include "support.h"

#include <string.h>

/* The image is the first scalar `I`, or the alias of one after an `@`; the pod
 * spec is the mapping with a key `P`, or none. */
static const struct row {
    const char *name, *text;
    bool here;   /* the image stands in the pod spec */
    bool counts; /* it is one of its images, also through aliases */
} rows[] = {
    {"container", "a: {P: 1, containers: [{image: I}]}", true, true},
    {"second container", "P: 1\ncontainers:\n- b: c\n- d: e\n  image: I\n",
     true, true},
    {"init container", "P: 1\ninitContainers: [{image: I}]", true, true},
    {"ephemeral container", "P: 1\nephemeralContainers: [{image: I}]", true,
     true},
    {"volume", "P: 1\nvolumes: [{image: {reference: I}}]", true, true},
    {"map of parts", "P: 1\ncontainers: [{image: {tag: 1, name: I}}]", true,
     true},
    {"inner pod", "containers:\n- a: {P: 1, containers: [{image: I}]}\n", true,
     true},
    {"outer pod",
     "P: 1\na: {containers: [{image: b}]}\n"
     "containers: [{image: I}]",
     true, true},
    {"pod around another", "P: 1\ncontainers:\n- containers: [{image: I}]\n",
     false, false},
    {"another key", "P: 1\ncontainers: [{name: I}]", false, false},
    {"argument", "P: 1\ncontainers: [{args: [I]}]", false, false},
    {"variable", "P: 1\ncontainers: [{env: [{value: I}]}]", false, false},
    {"key", "P: 1\ncontainers: [{image: {I: 1}}]", false, false},
    {"containers that are a map", "P: 1\ncontainers: {a: {image: I}}", false,
     false},
    {"list of lists", "P: 1\ncontainers: [[{image: I}]]", false, false},
    {"list below an image", "P: 1\ncontainers: [{image: [I]}]", false, false},
    {"volume without a reference", "P: 1\nvolumes: [{image: I}]", false, false},
    {"beside containers", "P: 1\nimage: I\ncontainers: []", false, false},
    {"spec of a CSI volume", "P: 1\nvolumes: [{csi: {reference: I}}]", false,
     false},
    {"containers by an alias",
     "a: &a [{image: I}]\nb: {P: 1, containers: *a}\n", false, true},
    {"container by an alias", "a: &a {image: I}\nb: {P: 1, containers: [*a]}\n",
     false, true},
    {"container by a merge key",
     "a: &a {image: I}\nb: {P: 1, containers: [{<<: *a}]}\n", false, true},
    {"image by an alias", "a: &a I\nb: {P: 1, containers: [{image: *a}]}\n",
     false, true},
    {"pod by a merge key",
     "a: &a {containers: [{image: I}]}\nb: {P: 1, <<: *a}\n", false, true},
    {"overridden image",
     "a: &a {image: I}\nb: {P: 1, containers: [{<<: *a, image: c}]}\n", false,
     false},
    {"image that may be overridden",
     "a: &a {image: I}\nb: {P: 1, containers: [{image: c, <<: *a}]}\n", false,
     true},
    {"overridden containers",
     "a: &a {containers: [{image: I}]}\nb: {P: 1, <<: *a, containers: []}\n",
     false, false},
};

/* The first scalar with this text. */
static uint32_t
find_scalar(const struct irw_tree *tree, const char *text)
{
    uint32_t node = 0;

    while (!irw_equal(irw_tree_value(tree, node), irw_str(text))) {
        node++;
        assert_true(node < tree->count);
    }
    return node;
}

/* The mapping that has the key. */
static uint32_t
find_mapping(const struct irw_tree *tree, uint32_t key)
{
    uint32_t node = key;

    do
        node--;
    while (tree->nodes[node].type != IRW_NODE_MAPPING ||
           tree->nodes[node].next <= key);
    return node;
}

static void
check_row(struct support_tally *tally, const struct row *row)
{
    imgrw_str text = support_str(row->text);
    struct irw_arena arena = {0};
    struct irw_tree tree = {0};
    struct irw_budget budget = {.left = 1000};
    uint32_t marks[64] = {0}, image, pod, found;

    support_row(tally, "%s", row->name);
    assert_int_equal(irw_tree_read(&irw_libyaml, irw_extract_all(text), 20,
                                   &arena, &tree, NULL),
                     IMGRW_OK);
    assert_true(tree.count < SUPPORT_COUNT(marks));
    image = find_scalar(&tree, "I");
    pod = find_mapping(&tree, find_scalar(&tree, "P"));
    found = irw_pod_of_node(&tree, 0, image);
    support_check(tally, (found == pod) == row->here,
                  "it is of node %u, not %u", found, pod);
    marks[image] = 7;
    found = irw_pod_mark(&tree, pod, marks, &budget);
    support_check(tally, found == (row->counts ? 7 : 0), "the mark is %u",
                  found);
    support_check(tally, !budget.spent, "the budget is spent");
    irw_tree_clear(&tree);
    irw_arena_clear(&arena);
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++)
        check_row(&tally, &rows[i]);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
