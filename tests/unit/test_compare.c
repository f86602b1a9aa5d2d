/*
 * Comparing trees: the same reader twice, or libyaml and the witness. What may
 * differ is the changes that were planned, and no more.
 */
#include "edit/compare.h"
#include "support.h"

#include <string.h>

#define NONE UINT32_MAX /* no change is planned */

enum who { BOTH, YAML_ONLY }; /* YAML_ONLY: the witness cannot tell */

static const struct row {
    const char *name, *before, *after;
    bool equal;
    enum who who;
    uint32_t node;     /* of `before`, planned to change */
    const char *value; /* into this */
} rows[] = {
    {"same", "a: [b, 'c']\n", "a: [b, 'c']\n", true, BOTH, NONE, ""},
    {"no documents", "", "# a\n", true, BOTH, NONE, ""},
    {"blank inserted", "a: b", "a:  b", false, BOTH, NONE, ""},
    {"comment inserted", "a: b", "#\na: b", false, BOTH, NONE, ""},
    {"value", "a: b", "a: c", false, YAML_ONLY, NONE, ""},
    {"value in quotes", "a: 'b'", "a: 'c'", false, YAML_ONLY, NONE, ""},
    {"value in a block", "a: |\n b\n", "a: |\n c\n", false, YAML_ONLY, NONE,
     ""},
    {"key", "a: b", "c: b", false, YAML_ONLY, NONE, ""},
    {"longer value", "a: b", "a: bc", false, BOTH, NONE, ""},
    {"style", "a: 'b'", "a: \"b\"", false, BOTH, NONE, ""},
    {"plain for quoted", "a: 'b'", "a: bcd", false, BOTH, NONE, ""},
    {"literal for folded", "a: |\n b\n", "a: >\n b\n", false, BOTH, NONE, ""},
    {"strip for clip", "a: |\n\n b\n", "a: |-\n b\n", false, YAML_ONLY, NONE,
     ""},
    {"flow for block", "a:\n- b\n", "a: [b]\n", false, BOTH, NONE, ""},
    {"list for map", "{a: }", "[a, ]", false, BOTH, NONE, ""},
    {"item added", "[a  b]", "[a, b]", false, BOTH, NONE, ""},
    {"item gone", "[a, b]", "[a   ]", false, BOTH, NONE, ""},
    {"item deeper", "- a\n- - b\n", "- - a\n- b\n", false, BOTH, NONE, ""},
    {"value gone", "a: b", "a:  ", false, BOTH, NONE, ""},
    {"value for null", "{a, b: }", "{a: b, }", false, BOTH, NONE, ""},
    {"anchor added", "a:    b", "a: &c b", false, BOTH, NONE, ""},
    {"anchor gone", "a: &c b", "a:    b", false, BOTH, NONE, ""},
    {"anchor renamed", "a: &c b", "a: &d b", false, BOTH, NONE, ""},
    {"anchor of a list", "a: &c [b]", "a: &d [b]", false, BOTH, NONE, ""},
    {"tag added", "a:    b", "a: !c b", false, BOTH, NONE, ""},
    {"tag gone", "a: !c b", "a:    b", false, BOTH, NONE, ""},
    {"another tag", "a: !c b", "a: !d b", false, YAML_ONLY, NONE, ""},
    {"alias elsewhere", "[&a b, &c d, *a]", "[&a b, &c d, *c]", false, BOTH,
     NONE, ""},
    {"alias for text", "[&a b, *a]", "[&a b, xa]", false, BOTH, NONE, ""},
    {"another target", "[&a b, &a c, *a]", "[&a b, &b c, *a]", false, BOTH,
     NONE, ""},
    {"document added", "a\n#--\n", "a\n---\n", false, BOTH, NONE, ""},
    {"document gone", "--- a\n---\n", "--- a\n", false, BOTH, NONE, ""},
    {"break between documents", "--- a\n--- [b]\n", "--- a\n#-- [b]\n", false,
     BOTH, NONE, ""},
    /* nodes: 0 the map, 1 a, 2 b, 3 c, 4 d */
    {"planned", "a: b\nc: d", "a: xyz\nc: d", true, BOTH, 2, "xyz"},
    {"planned, shorter", "a: bbb\nc: d", "a: x\nc: d", true, BOTH, 2, "x"},
    {"planned, last", "a: b\nc: d", "a: b\nc: xyz", true, BOTH, 4, "xyz"},
    {"planned, quoted", "a: 'b'\nc: d", "a: 'xyz'\nc: d", true, BOTH, 2, "xyz"},
    {"planned, new quotes", "a: b\nc: d", "a: \"5\"\nc: d", true, BOTH, 2, "5"},
    {"planned, literal", "a: |-\n  b\nc: d", "a: |-\n  xyz\nc: d", true, BOTH,
     2, "xyz"},
    {"planned, alias", "a: &b b\nc: *b", "a: &b b\nc: xyz", true, BOTH, 4,
     "xyz"},
    {"not done", "a: b\nc: d", "a: b\nc: d", false, BOTH, 2, "xyz"},
    {"not done, same size", "a: b\nc: d", "a: b\nc: d", false, YAML_ONLY, 2,
     "x"},
    {"another value", "a: b\nc: d", "a: xyy\nc: d", false, YAML_ONLY, 2, "xyz"},
    {"too long", "a: b\nc: d", "a: xyzz\nc: d", false, BOTH, 2, "xyz"},
    {"too short", "a: b\nc: d", "a: xy\nc: d", false, BOTH, 2, "xyz"},
    {"elsewhere", "a: b\nc: d", "a: b\nc: xyz", false, BOTH, 2, "xyz"},
    {"here and elsewhere", "a: b\nc: d", "a: xyz\nc: xyz", false, BOTH, 2,
     "xyz"},
    {"one to the left", "a:  b\nc: d", "a: xyzb\nc: d", false, BOTH, 2, "xyz"},
    {"one to the right", "a: b\nc: d", "a: bxyz\nc: d", false, BOTH, 2, "xyz"},
    {"another style", "a: b\nc: d", "a: 'x'\nc: d", false, BOTH, 2, "xyz"},
    {"quotes forgotten", "a: b\nc: d", "a: 500\nc: d", false, BOTH, 2, "5"},
    {"another change besides", "a: b\nc: d", "a: xyz\nc: e", false, YAML_ONLY,
     2, "xyz"},
    {"the key as well", "a: b\nc: d", "b: xyz\nc: d", false, YAML_ONLY, 2,
     "xyz"},
    {"line break gone", "a: b\nc: d", "a: xyz c", false, BOTH, 2, "xyz"},
    {"more behind", "a: b\nc: d", "a: xyz\nc: d\ne: f", false, BOTH, 2, "xyz"},
    {"alias left", "a: &b b\nc: *b", "a: &b b\nc: *b", false, BOTH, 4, "xyz"},
    {"anchor lost", "a: &b b\nc: d", "a:    xyz\nc: d", false, BOTH, 2, "xyz"},
    {"list in its place", "a: b\nc: d", "a: [x]\nc: d", false, BOTH, 2, "xyz"},
};

/* Both readings of a text, or of one before and after a change. */
struct readings {
    struct irw_arena arena;
    struct irw_tree before, after;
    struct irw_text_edit change;
    struct irw_reading reading;
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

static void
plan_change(const struct row *row, struct readings *readings)
{
    imgrw_str old = irw_tree_value(
        &readings->before, irw_tree_follow(&readings->before, row->node));
    struct irw_value_edit wish = {row->node, 0, (uint32_t)old.size,
                                  support_str(row->value)};
    struct irw_text_edit *change = &readings->change;
    struct irw_source_map_memo memo = {0};

    assert_int_equal(irw_text_edit_make(&readings->before, &wish, &memo,
                                       &readings->arena, change, NULL),
                     IMGRW_OK);
    change->moved = (int64_t)change->replacement.size -
                    (int64_t)(change->end - change->start);
    readings->reading = (struct irw_reading){
        .node = row->node, .style = change->style, .value = wish.with};
}

static bool
compare(const struct row *row, const struct irw_backend *witness,
        struct irw_text *difference)
{
    struct readings readings = {0};
    struct irw_expectation expectation = {
        .edits = &readings.change,
        .edit_count = row->node != NONE,
        .readings = &readings.reading,
        .reading_count = row->node != NONE,
        .same_reader = witness->has_values,
    };
    bool equal;

    read_tree(&irw_libyaml, row->before, &readings.arena, &readings.before);
    read_tree(witness, row->after, &readings.arena, &readings.after);
    if (row->node != NONE)
        plan_change(row, &readings);
    equal = irw_tree_compare(&readings.before, &readings.after, &expectation,
                             difference);
    irw_tree_clear(&readings.before);
    irw_tree_clear(&readings.after);
    irw_arena_clear(&readings.arena);
    return equal;
}

/* "expected ONE, read OTHER": a person has to see that they differ. */
static void
check_difference(struct support_tally *tally, const struct irw_text *difference)
{
    static const char expected[] = "expected ", read[] = ", read ";
    const char *one =
        difference->data ? strstr(difference->data, expected) : NULL;
    const char *other = one ? strstr(one, read) : NULL;

    if (!support_check(tally, one && other, "no two readings: \"%.*s\"",
                       (int)difference->size, difference->data))
        return;
    one += strlen(expected);
    support_check(tally,
                  (size_t)(other - one) != strlen(other + strlen(read)) ||
                      strncmp(one, other + strlen(read),
                              (size_t)(other - one)) != 0,
                  "two readings that look alike: \"%s\"", difference->data);
}

static void
check_row(struct support_tally *tally, const struct row *row,
          const struct irw_backend *witness)
{
    struct irw_text difference = {0};
    bool blind = !witness->has_values && row->who == YAML_ONLY;
    bool equal = compare(row, witness, &difference);

    support_row(tally, "%s, read by %s", row->name, witness->name);
    if (support_check(tally, equal == (row->equal || blind),
                      "it compares as %s", equal ? "equal" : "different") &&
        !equal)
        check_difference(tally, &difference);
    if (equal)
        support_check(tally, difference.size == 0, "equal, and yet: \"%s\"",
                      difference.data);
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
