/*
 * Masks of templates: what libyaml reads in place of each action.
 */
#include "base/str.h"
#include "support.h"
#include "yaml/mask.h"

/* `mask` NULL: there is none, for the text is no template, or, where the text
 * has actions, cannot be read whatever they are. */
struct row {
    const char *name, *text, *mask;
};

static const struct row rows[] = {
    {"a value", "a: {{ .b }}\n", "a: $(xxxxx)\n"},
    {"a value among others", "a: \"b:{{ .c }}\"\n", "a: \"b:$(xxxxx)\"\n"},
    {"a value in a list", "- {{ .b }}\n", "- $(xxxxx)\n"},
    {"a value in a list between brackets", "[{{ .b }}, c]\n",
     "[$(xxxxx), c]\n"},
    {"a key", "{{ .a }}: b\n", "$(xxxxx): b\n"},
    {"flow control", "{{ if .a }}\nb: c\n{{ end }}\n",
     "           \nb: c\n         \n"},
    {"flow control in a line", "a: {{ if .a }}b{{ end }}\n",
     "a:            b         \n"},
    {"lines alone", "a:\n  {{ toYaml .b }}\nc: d\n",
     "a:\n                 \nc: d\n"},
    {"lines behind a key", "a: {{- b | nindent 4 }}\n    c: d\n",
     "a:                     \n    c: d\n"},
    {"tabs beside it", "a: b\n\t{{ end }}\t\nc: d\n",
     "a: b\n           \nc: d\n"},
    {"more lines", "a: {{ b\n  c }}\n", "a: $(xx\n  xxx)\n"},
    {"carriage returns", "{{ if .a }}\r\nb: c\r\n{{ end }}\r\n",
     "           \r\nb: c\r\n         \r\n"},
    {"the first text of a block", "a: |\n  {{ if .b }}\n  c\n  {{ end }}\n",
     "a: |\n  $(xxxxxxxx)\n  c\n           \n"},
    {"the same to the left of it", "a: |\n{{ if .bcd }}\n  c\n{{ end }}\n",
     "a: |\n  xxxxxxxxxxx\n  c\n         \n"},
    {"the same, longer", "a: |\n  {{- if .b }}\n c\n",
     "a: |\n xxxxxxxxxxxxx\n c\n"},
    {"a key in one line", "{{ if .a }}b: c{{ end }}\nd: e\n",
     "$(xxxxxxxx)b: c         \nd: e\n"},
    {"letters of more than one byte", "a: {{ \"\xC3\xA9\" }}\n",
     "a: $(xxxxxxx)\n"},
    {"no action", "a: b\n", NULL},
    {"braces that are YAML", "a: {b: {c: d}}\n", NULL},
    {"what no mask makes YAML", "a: {{ .b }}\nc: [\n", NULL},
};

static void
test_masks(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        const struct row *row = &rows[i];
        imgrw_str text = support_str(row->text);
        struct irw_arena arena = {0};
        const struct irw_mask *mask;
        bool fails = !row->mask && irw_may_have_actions(text);

        support_row(&tally, "%s", row->name);
        support_check(&tally,
                      irw_mask_make(text, 0, &arena, &mask, NULL) ==
                          (fails ? IMGRW_ERR_SYNTAX : IMGRW_OK),
                      "another status");
        support_check_str(&tally, "mask", mask ? mask->text : (imgrw_str){0},
                          support_str(row->mask));
        irw_arena_clear(&arena);
    }
    support_finish(&tally);
}

/* The bytes before what is read stay. */
static void
test_start(void **state)
{
    struct irw_arena arena = {0};
    const struct irw_mask *mask;

    (void)state;
    assert_int_equal(irw_mask_make(support_str("\t{{ if .a }}\nb: c\n"), 1,
                                   &arena, &mask, NULL),
                     IMGRW_OK);
    assert_true(support_equal(mask->text,
                              support_str("\t           \nb: c\n")));
    irw_arena_clear(&arena);
}

/* How far reading went with the best mask is where the error is. */
static void
test_error(void **state)
{
    struct irw_arena arena = {0};
    const struct irw_mask *mask;
    struct imgrw_error error;

    (void)state;
    assert_int_equal(irw_mask_make(support_str("a: {{ .b }}\nc: ]\n"), 0,
                                   &arena, &mask, &error),
                     IMGRW_ERR_SYNTAX);
    assert_int_equal(error.at.offset, 15);
    irw_arena_clear(&arena);
}

/* An action that is whole comes back, and of another what is not there. */
static void
test_lift(void **state)
{
    imgrw_str text = support_str("a{{ b }}c{{ d }}e{{ f\n  g }}h");
    const struct irw_template_action actions[] = {
        {.start = 1, .end = 8},
        {.start = 9, .end = 16},
        {.start = 17, .end = 28},
    };
    const struct irw_mask mask = {support_str("a$(xxxx)c$(xxxx)e$(xx\n  xxx)h"),
                                  actions, SUPPORT_COUNT(actions)};
    char all[] = "a$(xxxx)c$(xxxx)e$(xx\n  xxx)h", part[] = "xxx)c$(xx",
         line[] = "xxx)h";

    (void)state;
    irw_mask_lift(&mask, text, 0, text.size, all);
    assert_string_equal(all, text.data);
    irw_mask_lift(&mask, text, 4, 13, part);
    assert_string_equal(part, "    c{{ d");
    irw_mask_lift(&mask, text, 24, 29, line);
    assert_string_equal(line, "g }}h");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_masks),
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_error),
        cmocka_unit_test(test_lift),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
