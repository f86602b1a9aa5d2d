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
    bool counts; /* the image is one of its images, also through aliases */
} rows[] = {
    {"container", "a: {P: 1, containers: [{image: I}]}", true},
    {"second container", "P: 1\ncontainers:\n- b: c\n- d: e\n  image: I\n",
     true},
    {"init container", "P: 1\ninitContainers: [{image: I}]", true},
    {"ephemeral container", "P: 1\nephemeralContainers: [{image: I}]", true},
    {"volume", "P: 1\nvolumes: [{image: {reference: I}}]", true},
    {"map of parts", "P: 1\ncontainers: [{image: {tag: 1, name: I}}]", true},
    {"inner pod", "containers:\n- a: {P: 1, containers: [{image: I}]}\n", true},
    {"outer pod",
     "P: 1\na: {containers: [{image: b}]}\n"
     "containers: [{image: I}]",
     true},
    {"pod around another", "P: 1\ncontainers:\n- containers: [{image: I}]\n",
     false},
    {"another key", "P: 1\ncontainers: [{name: I}]", false},
    {"argument", "P: 1\ncontainers: [{args: [I]}]", false},
    {"variable", "P: 1\ncontainers: [{env: [{value: I}]}]", false},
    {"key", "P: 1\ncontainers: [{image: {I: 1}}]", false},
    {"containers that are a map", "P: 1\ncontainers: {a: {image: I}}", false},
    {"list of lists", "P: 1\ncontainers: [[{image: I}]]", false},
    {"list below an image", "P: 1\ncontainers: [{image: [I]}]", false},
    {"volume without a reference", "P: 1\nvolumes: [{image: I}]", false},
    {"beside containers", "P: 1\nimage: I\ncontainers: []", false},
    {"spec of a CSI volume", "P: 1\nvolumes: [{csi: {reference: I}}]", false},
    {"containers by an alias",
     "a: &a [{image: I}]\nb: {P: 1, containers: *a}\n", true},
    {"container by an alias", "a: &a {image: I}\nb: {P: 1, containers: [*a]}\n",
     true},
    {"container by a merge key",
     "a: &a {image: I}\nb: {P: 1, containers: [{<<: *a}]}\n", true},
    {"image by an alias", "a: &a I\nb: {P: 1, containers: [{image: *a}]}\n",
     true},
    {"pod by a merge key",
     "a: &a {containers: [{image: I}]}\nb: {P: 1, <<: *a}\n", true},
    {"overridden image",
     "a: &a {image: I}\nb: {P: 1, containers: [{<<: *a, image: c}]}\n", false},
    {"image that may be overridden",
     "a: &a {image: I}\nb: {P: 1, containers: [{image: c, <<: *a}]}\n", true},
    {"overridden containers",
     "a: &a {containers: [{image: I}]}\nb: {P: 1, <<: *a, containers: []}\n",
     false},
};

/* Paths, and whether each is that of an image of a pod spec. */
static const struct {
    const char *path;
    bool counts;
} fields[] = {
    {"spec/containers/0/image", true},
    {"containers/12/image", true},
    {"a/initContainers/0/image", true},
    {"a/ephemeralContainers/0/image", true},
    {"a/volumes/0/image/reference", true},
    {"a/volumes/0/image", false},
    {"a/volumes/0/csi/reference", false},
    {"a/containers/0/image/reference", false},
    {"a/containers/a/image", false},
    {"a/containers/image", false},
    {"a/containers/0/name", false},
    {"a/containers/0/0/image", false},
    {"0/image", false},
    {"image", false},
    {"", false},
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
    for (size_t i = 0; i < SUPPORT_COUNT(fields); i++) {
        support_row(&tally, "%s", fields[i].path);
        support_check(&tally, irw_is_pod_field(support_str(fields[i].path)) ==
                                  fields[i].counts, "it counts otherwise");
    }
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
