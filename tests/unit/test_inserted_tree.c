/*
 * Trees that grow: an insertion is planned for a text, and each library reads
 * what may have become of it. Nothing but what means the insertion, in the
 * collection where it was meant to be, compares as equal.
 */
#include "base/str.h"
#include "edit/compare.h"
#include "plan/pull_secret/write.h"
#include "support.h"

#include <string.h>

enum who { BOTH, YAML_ONLY }; /* YAML_ONLY: the witness cannot tell */

#define BLOCK "a: {b: c}\nspec:\n  x: 1\n  containers:\n  - d\ne: [f]\n"
#define FLOW "{a: {b: c}, spec: {x: 1, containers: [d]}, e: [f]}"
#define LIST "spec:\n  imagePullSecrets:\n  - name: o\n  containers:\n  - d\n"
#define BRACKETS "spec: {imagePullSecrets: [{name: o}], containers: [d]}"
#define NOTHING "spec:\n  imagePullSecrets: ~\n  containers: [d]\n"

/* In each row the secret is `s`, and the first mapping that has containers gets
 * it. */
static const struct row {
    const char *name, *before, *after;
    bool equal;
    enum who who;
} rows[] = {
    {"new list", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n  - name: s\n"
     "  containers:\n  - d\ne: [f]\n",
     true, BOTH},
    {"nothing done", BLOCK, BLOCK, false, BOTH},
    {"another name", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n  - name: t\n"
     "  containers:\n  - d\ne: [f]\n",
     false, YAML_ONLY},
    {"a longer name", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n  - name: st\n"
     "  containers:\n  - d\ne: [f]\n",
     false, BOTH},
    {"another key", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecretz:\n  - name: s\n"
     "  containers:\n  - d\ne: [f]\n",
     false, YAML_ONLY},
    {"another key in the entry", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n  - mane: s\n"
     "  containers:\n  - d\ne: [f]\n",
     false, YAML_ONLY},
    {"quotes", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n  - name: 's'\n"
     "  containers:\n  - d\ne: [f]\n",
     false, BOTH},
    {"dashes further in", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n    - name: s\n"
     "  containers:\n  - d\ne: [f]\n",
     false, BOTH},
    {"a key further in", BLOCK,
     "a: {b: c}\nspec:\n  x:\n   imagePullSecrets:\n   - name: s\n"
     "  containers:\n  - d\ne: [f]\n",
     false, BOTH},
    {"a key further out", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\nimagePullSecrets:\n  - name: s\n"
     "containers:\n  - d\ne: [f]\n",
     false, BOTH},
    {"in the mapping around", BLOCK,
     "a: {b: c}\nimagePullSecrets:\n- name: s\nspec:\n  x: 1\n"
     "  containers:\n  - d\ne: [f]\n",
     false, BOTH},
    {"in a sibling", BLOCK,
     "a: {imagePullSecrets: [{name: s}], b: c}\nspec:\n  x: 1\n"
     "  containers:\n  - d\ne: [f]\n",
     false, BOTH},
    {"before another key", BLOCK,
     "a: {b: c}\nspec:\n  imagePullSecrets:\n  - name: s\n  x: 1\n"
     "  containers:\n  - d\ne: [f]\n",
     false, BOTH},
    {"after the containers", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  containers:\n  - d\n  imagePullSecrets:\n"
     "  - name: s\ne: [f]\n",
     false, BOTH},
    {"in brackets, of the same size", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets: [{name: s}]\n"
     "  containers:\n  - d\ne: [f]\n",
     true, BOTH},
    {"twice", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n  - name: s\n"
     "  imagePullSecrets:\n  - name: s\n  containers:\n  - d\ne: [f]\n",
     false, BOTH},
    {"an entry more", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n  - name: s\n  - name: t\n"
     "  containers:\n  - d\ne: [f]\n",
     false, BOTH},
    {"an anchor", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n  - &s name: s\n"
     "  containers:\n  - d\ne: [f]\n",
     false, BOTH},
    {"an entry that is a name", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n  - name:s\n"
     "  containers:\n  - d\ne: [f]\n",
     false, BOTH},
    {"a change before it", BLOCK,
     "a: {b: z}\nspec:\n  x: 1\n  imagePullSecrets:\n  - name: s\n"
     "  containers:\n  - d\ne: [f]\n",
     false, YAML_ONLY},
    {"a change after it", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n  - name: s\n"
     "  containers:\n  - d\ne: [z]\n",
     false, YAML_ONLY},
    {"the containers gone", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n  - name: s\ne: [f]\n",
     false, BOTH},
    {"the rest gone", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n  - name: s\n"
     "  containers:\n  - d\n",
     false, BOTH},
    {"the rest in a document of its own", BLOCK,
     "a: {b: c}\nspec:\n  x: 1\n  imagePullSecrets:\n  - name: s\n"
     "  containers:\n  - d\n---\ne: [f]\n",
     false, BOTH},

    {"in braces", FLOW,
     "{a: {b: c}, spec: {x: 1, imagePullSecrets: [{name: s}], "
     "containers: [d]}, e: [f]}",
     true, BOTH},
    {"in braces, in a sibling", FLOW,
     "{a: {b: c, imagePullSecrets: [{name: s}]}, spec: {x: 1, "
     "containers: [d]}, e: [f]}",
     false, BOTH},
    {"in braces, for another's value", FLOW,
     "{a: {b: c}, spec: {x: {y: 1}, imagePullSecrets: [{name: s}], "
     "containers: [d]}, e: [f]}",
     false, BOTH},
    {"in braces, the containers below it", FLOW,
     "{a: {b: c}, spec: {x: 1, imagePullSecrets: [{name: s}, containers: [d]]},"
     " e: [f]}",
     false, BOTH},

    {"entry", LIST,
     "spec:\n  imagePullSecrets:\n  - name: o\n  - name: s\n  containers:\n"
     "  - d\n",
     true, BOTH},
    {"entry before", LIST,
     "spec:\n  imagePullSecrets:\n  - name: s\n  - name: o\n  containers:\n"
     "  - d\n",
     false, YAML_ONLY},
    {"entry among the containers", LIST,
     "spec:\n  imagePullSecrets:\n  - name: o\n  containers:\n  - d\n"
     "  - name: s\n",
     false, BOTH},
    {"entry below the last one", LIST,
     "spec:\n  imagePullSecrets:\n  - name: o\n    more:\n    - name: s\n"
     "  containers:\n  - d\n",
     false, BOTH},
    {"key in the last entry", LIST,
     "spec:\n  imagePullSecrets:\n  - name: o\n    name: s\n  containers:\n"
     "  - d\n",
     false, BOTH},
    {"old entry changed", LIST,
     "spec:\n  imagePullSecrets:\n  - name: p\n  - name: s\n  containers:\n"
     "  - d\n",
     false, YAML_ONLY},
    {"old entry gone", LIST,
     "spec:\n  imagePullSecrets:\n  - name: s\n  containers:\n  - d\n", false,
     BOTH},

    {"entry in brackets", BRACKETS,
     "spec: {imagePullSecrets: [{name: o}, {name: s}], containers: [d]}", true,
     BOTH},
    {"pair in the last entry", BRACKETS,
     "spec: {imagePullSecrets: [{name: o, name: s}], containers: [d]}", false,
     BOTH},
    {"entry after the bracket", BRACKETS,
     "spec: {imagePullSecrets: [{name: o}], containers: [d, {name: s}]}", false,
     BOTH},

    {"null", NOTHING,
     "spec:\n  imagePullSecrets: [{name: s}]\n  containers: [d]\n", true, BOTH},
    {"null left", NOTHING, NOTHING, false, BOTH},
    {"null and a mapping", NOTHING,
     "spec:\n  imagePullSecrets: {{name: s}: }\n  containers: [d]\n", false,
     BOTH},
    {"null and an empty list", NOTHING,
     "spec:\n  imagePullSecrets: []\n  containers: [d]\n", false, BOTH},
};

/* The texts read, and the insertion planned between them. */
struct readings {
    struct irw_arena arena;
    struct irw_tree before, after;
    struct irw_text_edit edit;
    struct irw_inserted_run run;
};

static void
read_tree(const struct irw_backend *backend, const char *text,
          struct irw_arena *arena, struct irw_tree *tree)
{
    imgrw_str str = support_str(text);
    struct imgrw_error error = {.message = "success"};

    if (irw_tree_read(backend, irw_extract_all(str), 10, arena, tree, &error))
        fail_msg("%s: %s", text, error.message);
}

/* The key of `mapping` with this text, or 0. */
static uint32_t
find_key(const struct irw_tree *tree, uint32_t mapping, const char *text)
{
    for (uint32_t at = mapping + 1; at < tree->nodes[mapping].next;
         at = tree->nodes[tree->nodes[at].next].next)
        if (irw_equal(irw_tree_value(tree, at), irw_str(text)))
            return at;
    return 0;
}

static void
plan_insertion(struct readings *readings)
{
    const struct irw_tree *tree = &readings->before;
    const struct irw_pull_secret *secret =
        irw_pull_secret_make(IRW_STR("s"), &readings->arena);
    struct irw_text_edit *edit = &readings->edit;
    struct irw_pod_list list = {.tree = tree};

    assert_non_null(secret);
    while (tree->nodes[list.pod].type != IRW_NODE_MAPPING ||
           find_key(tree, list.pod, "containers") == 0)
        list.pod++;
    list.key = find_key(tree, list.pod, "imagePullSecrets");
    assert_int_equal(irw_pull_secret_write(secret, &list, &readings->arena,
                                           edit, NULL),
                     IMGRW_OK);
    edit->moved = (int64_t)edit->replacement.size -
                  (int64_t)(edit->end - edit->start);
}

static bool
compare(const struct row *row, const struct irw_backend *reader,
        struct irw_text *difference)
{
    struct readings readings = {0};
    const struct irw_expectation expectation = {
        .edits = &readings.edit,
        .edit_count = 1,
        .runs = &readings.run,
        .same_reader = reader->has_values,
    };
    bool equal;

    read_tree(&irw_libyaml, row->before, &readings.arena, &readings.before);
    read_tree(reader, row->after, &readings.arena, &readings.after);
    plan_insertion(&readings);
    equal = irw_tree_compare(&readings.before, &readings.after, &expectation,
                             difference);
    irw_tree_clear(&readings.before);
    irw_tree_clear(&readings.after);
    irw_arena_clear(&readings.arena);
    return equal;
}

static void
check_row(struct support_tally *tally, const struct row *row,
          const struct irw_backend *reader)
{
    struct irw_text difference = {0};
    bool blind = !reader->has_values && row->who == YAML_ONLY;
    bool equal = compare(row, reader, &difference);

    support_row(tally, "%s, read by %s", row->name, reader->name);
    support_check(tally, equal == (row->equal || blind),
                  "it compares as %s: %.*s", equal ? "equal" : "different",
                  (int)difference.size,
                  difference.size > 0 ? difference.data : "");
    if (!equal)
        support_check(tally,
                      strstr(difference.data, "expected ") &&
                          strstr(difference.data, ", read "),
                      "not two readings: %s", difference.data);
    irw_text_clear(&difference);
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        check_row(&tally, &rows[i], &irw_libyaml);
        check_row(&tally, &rows[i], &irw_libfyaml);
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
