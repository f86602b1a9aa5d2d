/*
 * Insertions of all sorts of fragments, into mappings and lists, in block and
 * flow style: the text that they make, and that it proves itself. The expected
 * texts were written by hand.
 */
#include "edit/insertion.h"
#include "base/str.h"
#include "edit/compare.h"
#include "edit/fragment.h"
#include "meaning.h"
#include "passes.h"
#include "support.h"

#include <string.h>

#define BEFORE IRW_INSERT_BEFORE
#define LAST IRW_INSERT_LAST
#define AFTER IRW_INSERT_AFTER
#define VALUE IRW_INSERT_VALUE

#define IMAGES "images:\n- name: nginx\n- name: busybox\n  newTag: '1'\nx: 1\n"
#define KEY "{newName: r.example.com/nginx}"
#define DEEP "{a: {b: [1, {c: d, e: [f, []]}], g: {}}, h: null}"

/* The collection is the value of the last key `of` in the text, or, from the
 * list that this is, the item number `item`. BEFORE is before its first key,
 * AFTER is in the list, after the item. */
static const struct row {
    const char *name, *text, *of;
    int item; /* -1: the value itself */
    enum irw_insert_where what;
    const char *fragment;
    const char *result; /* NULL: it is refused */
} rows[] = {
    {"key after the last one", IMAGES, "images", 1, LAST, KEY,
     "images:\n- name: nginx\n- name: busybox\n  newTag: '1'\n"
     "  newName: r.example.com/nginx\nx: 1\n"},
    {"key after the only one", IMAGES, "images", 0, LAST, KEY,
     "images:\n- name: nginx\n  newName: r.example.com/nginx\n"
     "- name: busybox\n  newTag: '1'\nx: 1\n"},
    {"key before the first one", IMAGES, "images", 0, BEFORE, KEY,
     "images:\n- newName: r.example.com/nginx\n  name: nginx\n"
     "- name: busybox\n  newTag: '1'\nx: 1\n"},
    {"entry", IMAGES, "images", -1, LAST, "[{name: a, newTag: \"2\"}]",
     "images:\n- name: nginx\n- name: busybox\n  newTag: '1'\n"
     "- name: 'a'\n  newTag: '2'\nx: 1\n"},
    {"two entries", IMAGES, "images", -1, LAST, "[{newTag: v1}, {newTag: v2}]",
     "images:\n- name: nginx\n- name: busybox\n  newTag: '1'\n"
     "- newTag: 'v1'\n- newTag: 'v2'\nx: 1\n"},
    {"entry in the middle", IMAGES, "images", 0, AFTER, "[{name: a}]",
     "images:\n- name: nginx\n- name: a\n- name: busybox\n  newTag: '1'\n"
     "x: 1\n"},
    {"entry at the end", IMAGES, "images", 1, AFTER, "[{name: a}]",
     "images:\n- name: nginx\n- name: busybox\n  newTag: '1'\n- name: a\n"
     "x: 1\n"},
    {"entry after a comment", "a:\n  - {b: c} # d\n\n  # e\n  - {b: f}\n", "a",
     0, AFTER, "[{b: g}]",
     "a:\n  - {b: c} # d\n  - {b: g}\n\n  # e\n  - {b: f}\n"},
    {"entry between two in brackets", "a: [{b: c}, {b: d}]\n", "a", 0, AFTER,
     "[{b: e}]", "a: [{b: c}, {b: e}, {b: d}]\n"},
    {"entry between lines in brackets", "a: [\n  {b: c},\n  {b: d}\n]\n", "a",
     0, AFTER, "[{b: e}]", "a: [\n  {b: c},\n  {b: e},\n  {b: d}\n]\n"},
    {"two keys", IMAGES, "images", 0, LAST, "{newTag: v1, digest: d}",
     "images:\n- name: nginx\n  newTag: v1\n  digest: d\n"
     "- name: busybox\n  newTag: '1'\nx: 1\n"},
    {"keys in braces", "a: {b: c}\n", "a", -1, LAST, "{d: e, f: 1}",
     "a: {b: c, d: e, f: 1}\n"},
    {"key before one in braces", "a: { b: c, d: e }\n", "a", -1, BEFORE,
     "{f: g}", "a: { f: g, b: c, d: e }\n"},
    {"key in empty braces", "a: {}\n", "a", -1, LAST, "{b: c}", "a: {b: c}\n"},
    {"item in empty brackets", "a: []\n", "a", -1, LAST, "[b]", "a: [b]\n"},
    {"JSON", "{\"a\":{\"b\":\"c\"}}", "a", -1, LAST, "{d: e}",
     "{\"a\":{\"b\":\"c\",\"d\":\"e\"}}"},
    {"JSON over lines", "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n", "a", -1, LAST,
     "{d: {e: 1}}",
     "{\n  \"a\": {\n    \"b\": 1,\n    \"d\": {\"e\": 1}\n  }\n}\n"},
    {"item of words", "a:\n  - b # c\n  # d\ne: f\n", "a", -1, LAST, "[g]",
     "a:\n  - b # c\n  - g\n  # d\ne: f\n"},
    {"words in brackets", "a: [b, c]\n", "a", -1, LAST, "[d, e]",
     "a: [b, c, d, e]\n"},
    {"all sorts, in lines", "x: y\n", "", -1, LAST, DEEP,
     "x: y\na:\n  b:\n    - 1\n    - c: d\n      e:\n        - f\n"
     "        - []\n  g: {}\nh: null\n"},
    {"all sorts, in braces", "{x: y}\n", "", -1, LAST, DEEP,
     "{x: y, a: {b: [1, {c: d, e: [f, []]}], g: {}}, h: null}\n"},
    {"empty items first", "a: [b]\n", "a", -1, LAST, "[[], [{}, c]]",
     "a: [b, [], [{}, c]]\n"},
    {"no final line break", "a:\n- b: c", "a", 0, LAST, "{d: e}",
     "a:\n- b: c\n  d: e"},
    {"CRLF", "a:\r\n- b: c\r\n", "a", -1, LAST, "[{d: {e: f}}]",
     "a:\r\n- b: c\r\n- d:\r\n    e: f\r\n"},
    {"byte order mark", "\xEF\xBB\xBF" "a: b\n", "", -1, LAST, "{c: d}",
     "\xEF\xBB\xBF" "a: b\nc: d\n"},
    {"end of the document", "a: b\n...\n", "", -1, LAST, "{c: d}",
     "a: b\nc: d\n...\n"},
    {"document after it", "a: b\n---\ne: f\n", "", -1, LAST, "{c: d}",
     "a: b\nc: d\n---\ne: f\n"},
    {"after a block scalar", "a: |\n  b\nc: d\n", "", -1, BEFORE, "{e: f}",
     "e: f\na: |\n  b\nc: d\n"},
    {"after a block scalar at the end", "a: |\n  b\n", "", -1, LAST, "{e: f}",
     "a: |\n  b\ne: f\n"},
    {"what needs quotes", "a: b\n", "", -1, LAST,
     "{c: \"1\", d: \"x: y\", e: \"it's\", f: \"\", g: \"a\\nb\"}",
     "a: b\nc: \"1\"\nd: \"x: y\"\ne: \"it's\"\nf: \"\"\ng: \"a\\nb\"\n"},
    {"what needs other quotes", "a: 'b'\n", "", -1, LAST,
     "{c: \"it's\", d: \"a\\nb\", e: 1}",
     "a: 'b'\nc: 'it''s'\nd: \"a\\nb\"\ne: 1\n"},
    {"value for a null", "a: ~\nb: c\n", "a", -1, VALUE, "[{d: e}]",
     "a: {d: e}\nb: c\n"},
    {"value where there is none", "a:\nb: c\n", "a", -1, VALUE, "[[d]]",
     "a:\n  - d\nb: c\n"},
    {"value with a comment", "a: # x\nb: c\n", "a", -1, VALUE, "[{d: [e]}]",
     "a: # x\n  d:\n    - e\nb: c\n"},
    {"after a null", "a:\n- b:\n", "a", -1, LAST, "[{b: c}]", NULL},
    {"after a question mark", "? a\n: b\n", "", -1, BEFORE, "{c: d}", NULL},
    {"pair without braces", "a: [b: c]\n", "a", 0, LAST, "{d: e}", NULL},
    {"bare carriage return", "a: [b]#\rc: d\n", "a", -1, LAST, "[e]",
     "a: [b, e]#\rc: d\n"},
    {"tab after the item", "a:\n- b\t# c\n", "a", -1, LAST, "[d]",
     "a:\n- b\t# c\n- d\n"},
    {"anchor on the list", "a: &x\n- b\nc: *x\n", "a", -1, LAST, "[d]",
     "a: &x\n- b\n- d\nc: *x\n"},
    {"comma at the end", "a: [b, c,]\n", "a", -1, LAST, "[d]",
     "a: [b, c, d,]\n"},
    {"brackets over lines", "a: [\n    b, # c\n    d # e\n  ]\n", "a", -1, LAST,
     "[f]", "a: [\n    b, # c\n    d,\n    f # e\n  ]\n"},
};

/* A text, and what is inserted. */
struct trial {
    struct irw_arena arena;
    struct irw_tree tree, fragment;
    struct irw_insert insert;
    struct irw_text_edit edit;
};

/* The first byte after a byte order mark. */
static size_t
text_start(imgrw_str text)
{
    return irw_starts_with(text, IRW_STR("\xEF\xBB\xBF")) ? 3 : 0;
}

/* The key, and the node that is meant. */
static void
find_place(struct trial *trial, const struct row *row)
{
    const struct irw_tree *tree = &trial->tree;
    struct irw_insert *insert = &trial->insert;
    uint32_t node = 0;

    for (uint32_t i = 0; i < tree->count && row->of[0] != '\0'; i++)
        if (tree->nodes[i].type == IRW_NODE_SCALAR &&
            irw_equal(irw_tree_value(tree, i), irw_str(row->of))) {
            insert->key = i;
            node = tree->nodes[i].next;
        }
    insert->into = row->what == VALUE ? 0 : node;
    for (int item = 0; item <= row->item; item++)
        insert->into = item == 0 ? node + 1 : tree->nodes[insert->into].next;
    insert->child = insert->into;
    if (row->what == AFTER)
        insert->into = node;
    if (row->what == BEFORE || insert->key == 0 ||
        (tree->nodes[insert->into].type == IRW_NODE_MAPPING && row->item >= 0))
        insert->key = insert->into + 1;
}

static enum imgrw_status
plan(struct trial *trial, const struct row *row, struct imgrw_error *error)
{
    imgrw_str text = support_str(row->text);

    assert_int_equal(
        irw_tree_read(&irw_libyaml,
                      (struct irw_extract){text, text_start(text), text.size},
                      20, &trial->arena, &trial->tree, NULL),
        IMGRW_OK);
    assert_int_equal(irw_fragment_read(support_str(row->fragment),
                                       &trial->arena, &trial->fragment, NULL),
                     IMGRW_OK);
    trial->insert.tree = &trial->tree;
    trial->insert.fragment = &trial->fragment;
    trial->insert.model = IRW_NO_NODE;
    find_place(trial, row);
    trial->insert.where = row->what;
    return irw_insert(&trial->insert, &trial->arena, &trial->edit, error);
}

/* Whether a library reads the result as it was meant. */
static bool
proves(struct support_tally *tally, struct trial *trial,
       const struct irw_backend *reader, imgrw_str result)
{
    struct irw_inserted_run run;
    const struct irw_expectation expectation = {
        .edits = &trial->edit,
        .edit_count = 1,
        .runs = &run,
        .same_reader = reader->has_values,
    };
    struct irw_text difference = {0};
    struct irw_tree after = {0};
    bool equal;

    trial->edit.moved = (int64_t)trial->edit.replacement.size -
                        (int64_t)(trial->edit.end - trial->edit.start);
    assert_int_equal(irw_tree_read(reader,
                                   (struct irw_extract){
                                       result, text_start(result), result.size},
                                   20, &trial->arena, &after, NULL),
                     IMGRW_OK);
    equal = irw_tree_compare(&trial->tree, &after, &expectation, &difference);
    support_check(tally, equal, "%s: %.*s", reader->name, (int)difference.size,
                  difference.size > 0 ? difference.data : "");
    irw_text_clear(&difference);
    irw_tree_clear(&after);
    return equal;
}

static void
check_row(struct support_tally *tally, const struct row *row)
{
    struct trial trial = {0};
    struct imgrw_error error = {.message = "success"};
    imgrw_str text = support_str(row->text);
    struct irw_text made = {0};
    enum imgrw_status status = plan(&trial, row, &error);

    support_row(tally, "%s", row->name);
    if (status == IMGRW_OK) {
        irw_text_add(&made, irw_slice(text, 0, trial.edit.start));
        irw_text_add(&made, trial.edit.replacement);
        irw_text_add(&made, irw_slice(text, trial.edit.end, text.size));
    }
    if (!row->result) {
        support_check(tally, status == IMGRW_ERR_EDIT, "status %d: %.*s",
                      status, (int)made.size, made.data);
    } else if (support_check(tally, status == IMGRW_OK, "%s", error.message)) {
        imgrw_str result = {made.data, made.size};

        support_check_str(tally, "text", result, support_str(row->result));
        if (proves(tally, &trial, &irw_libyaml, result) &&
            passes_gate(result))
            proves(tally, &trial, &irw_libfyaml, result);
    }
    irw_text_clear(&made);
    irw_tree_clear(&trial.tree);
    irw_arena_clear(&trial.arena);
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

/* Texts that are inserted at a byte, into the first node, and that are not the
 * fragment, or not where it may be. */
static const struct lie {
    const char *name, *text;
    uint32_t at;
    const char *inserted, *fragment;
    bool equal;
} lies[] = {
    {"pair in its place", "{a: b}", 1, "k: v, ", "{k: v}", true},
    {"pair across two pairs", "{a: b}", 4, "k, v: ", "{k: v}", false},
    {"pair as two items", "[a]", 1, "k, v, ", "{k: v}", false},
    {"items as a pair", "{a: b}", 1, "k: v, ", "[k, v]", false},
    {"number for a string", "a: b\n", 0, "k: 1\n", "{k: \"1\"}", false},
    {"string for a number", "a: b\n", 0, "k: '1'\n", "{k: 1}", false},
    {"item in the one before", "[z]", 1, "[a, b], ", "[[a], b]", false},
    {"item of the one before", "[z]", 1, "[a], b, ", "[[a, b]]", false},
    {"anchor", "[z]", 1, "&x a, ", "[a]", false},
    {"tag", "[z]", 1, "!x a, ", "[a]", false},
    {"more than the fragment", "[z]", 1, "a, b, ", "[a]", false},
    {"less than the fragment", "[z]", 1, "a, ", "[a, z]", false},
};

static void
check_lie(struct support_tally *tally, const struct lie *lie)
{
    struct trial trial = {0};
    struct irw_insertion insertion = {
        .replaces = IRW_NO_NODE, .fragment = &trial.fragment};
    struct irw_text made = {0}, difference = {0};
    struct irw_inserted_run run;
    struct irw_expectation expectation = {.edits = &trial.edit,
                                          .edit_count = 1,
                                          .runs = &run,
                                          .same_reader = true};
    struct irw_tree after = {0};
    imgrw_str text = support_str(lie->text);

    trial.edit = (struct irw_text_edit){
        .of.node = IRW_NO_NODE,
        .start = lie->at,
        .end = lie->at,
        .replacement = support_str(lie->inserted),
        .moved = (int64_t)strlen(lie->inserted),
        .insertion = &insertion,
    };
    irw_text_printf(&made, "%.*s%s%s", (int)lie->at, lie->text, lie->inserted,
                    lie->text + lie->at);
    assert_int_equal(irw_fragment_read(support_str(lie->fragment),
                                       &trial.arena, &trial.fragment, NULL),
                     IMGRW_OK);
    assert_int_equal(irw_tree_read(&irw_libyaml, irw_extract_all(text), 20,
                                   &trial.arena, &trial.tree, NULL),
                     IMGRW_OK);
    assert_int_equal(
        irw_tree_read(&irw_libyaml,
                      irw_extract_all((imgrw_str){made.data, made.size}), 20,
                      &trial.arena, &after, NULL),
        IMGRW_OK);
    support_row(tally, "%s", lie->name);
    support_check(tally,
                  irw_tree_compare(&trial.tree, &after, &expectation,
                                   &difference) == lie->equal,
                  "%.*s", (int)made.size, made.data);
    irw_text_clear(&made);
    irw_text_clear(&difference);
    irw_tree_clear(&after);
    irw_tree_clear(&trial.tree);
    irw_arena_clear(&trial.arena);
}

static void
test_lies(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(lies); i++)
        check_lie(&tally, &lies[i]);
    support_finish(&tally);
}

/* What is no fragment. */
static void
test_fragments(void **state)
{
    static const struct {
        const char *name, *text;
        bool good;
    } fragments[] = {
        {"pair", "{a: b}", true},
        {"item", "[a]", true},
        {"deep item", "[[[{a: b}]]]", true},
        {"nothing", "", false},
        {"scalar", "a", false},
        {"empty list", "[]", false},
        {"empty item first", "[[], a]", true},
        {"empty items alone", "[[], {}]", false},
        {"scalar that is left out", "{: a}", false},
        {"anchor", "{a: &b c}", false},
        {"alias", "[&a b, *a ]", false},
        {"tag", "{a: !b c}", false},
        {"merge key", "{<<: {a: b}}", false},
        {"two documents", "--- {a: b}\n--- {c: d}\n", false},
        {"not YAML", "{a", false},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(fragments); i++) {
        struct irw_arena arena = {0};
        struct irw_tree fragment;
        enum imgrw_status status = irw_fragment_read(
            support_str(fragments[i].text), &arena, &fragment, NULL);

        support_row(&tally, "%s", fragments[i].name);
        support_check(&tally,
                      status == (fragments[i].good ? IMGRW_OK
                                                   : IMGRW_ERR_ARGUMENT),
                      "status %d", status);
        irw_arena_clear(&arena);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_fragments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
