/*
 * Where the actions of templates are, and what they may make.
 */
#include "base/str.h"
#include "support.h"
#include "yaml/actions.h"

#include <stdlib.h>
#include <string.h>

/* In the rows, `expected` has a letter under each byte of an action: v for a
 * value, f for flow control, l for lines, in capitals where it is alone on its
 * lines; a dot is text. */
struct row {
    const char *name, *text, *expected;
};

static const struct row rows[] = {
    {"no action", "a: {b: {c: d}}\n", "..............\n"},
    {"a value", "a: {{ .b }}", "...vvvvvvvv"},
    {"two values", "{{ .a }}:{{ .b }}", "vvvvvvvv.vvvvvvvv"},
    {"alone", "  {{ .a }} \n", "..VVVVVVVV.\n"},
    {"two, alone", "{{ .a }} {{ .b }}\n", "VVVVVVVV.VVVVVVVV\n"},
    {"alone with carriage returns", "a\r\n{{ .a }}\r\nb\r\n",
     ".\r\nVVVVVVVV\r\n.\r\n"},
    {"not alone, by what is before", "a {{ .a }} {{ .b }}\n",
     "..vvvvvvvv.vvvvvvvv\n"},
    {"not alone, by what is behind", "{{ .a }} {{ .b }} c\n",
     "vvvvvvvv.vvvvvvvv..\n"},
    {"if and end", "{{ if .a }}b{{ end }}", "fffffffffff.fffffffff"},
    {"dashes", "{{- else -}}", "FFFFFFFFFFFF"},
    {"every word of flow control",
     "{{range .}}{{with .}}{{define \"a\"}}{{block \"a\" .}}{{break}}"
     "{{continue}}",
     "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
     "FFFFFFFFF"},
    {"a word that begins like one", "a{{ ifs }}", ".vvvvvvvvv"},
    {"an assignment", "{{ $a := 1 }}{{ $a = 2 }}", "FFFFFFFFFFFFFFFFFFFFFFFFF"},
    {"a variable", "b {{ $a }}", "..vvvvvvvv"},
    {"a comparison", "b{{ $a == 1}}", ".vvvvvvvvvvvv"},
    {"indentation", "a: {{- x | nindent 4 }}", "...llllllllllllllllllll"},
    {"indentation in parentheses", "a{{ (x | nindent 4) | quote }}",
     ".vvvvvvvvvvvvvvvvvvvvvvvvvvvvv"},
    {"indentation in quotes", "a{{ \"| indent\" }}", ".vvvvvvvvvvvvvvvv"},
    {"a comment", "{{/* }} {{ */}}b", "fffffffffffffff."},
    {"a comment with dashes", "{{- /* \" */ -}}", "FFFFFFFFFFFFFFF"},
    {"an end in quotes", "a{{ \"}}\" }}", ".vvvvvvvvvv"},
    {"an end behind an escape", "a{{ \"\\\"}}\" }}", ".vvvvvvvvvvvv"},
    {"an end in a raw string", "a{{ `}}\n}}` }}", ".vvvvvv\nvvvvvv"},
    {"an end in single quotes", "a{{ '}}' }}", ".vvvvvvvvvv"},
    {"an apostrophe", "a{{ don't }} '", ".vvvvvvvvvvv.."},
    {"a quote that is not closed", "a{{ \" }}\n", ".vvvvvvv\n"},
    {"more lines", "a: {{ b\n  c }} d", "...vvvv\nvvvvvv.."},
    {"no end", "a {{ b", "......"},
    {"no end, behind one", "{{ a }} {{ b", "vvvvvvv....."},
    {"a raw string without an end", "a {{ ` }} {{ b }}", "................."},
    {"empty", "{{}}", "FFFF"},
    {"KOTS", "a: repl{{ ConfigOption \"b\" }}",
     "...vvvvvvvvvvvvvvvvvvvvvvvvvv"},
    {"KOTS, the other way", "a: {{repl ConfigOption \"b\" }}",
     "...vvvvvvvvvvvvvvvvvvvvvvvvvv"},
    {"KOTS, flow control", "repl{{ if .a }}b{{repl end}}",
     "fffffffffffffff.ffffffffffff"},
    {"a word that ends like KOTS's", "arepl{{ .a }}", ".....vvvvvvvv"},
    {"Jinja", "{% if a %}{{ b }}{# {{ c #}{% endif %}",
     "FFFFFFFFFFVVVVVVVFFFFFFFFFFFFFFFFFFFFF"},
    {"a comment of Jinja's, alone", "a: {# b #}", ".........."},
    {"a map of Go's style", "a: {%b: c}", ".........."},
    {"three braces", "a: {{{ b }}}", "...vvvvvvvv."},
};

static char
letter_of(const struct irw_template_action *action)
{
    static const char letters[] = {
        [IRW_ACTION_VALUE] = 'v',
        [IRW_ACTION_FLOW] = 'f',
        [IRW_ACTION_LINES] = 'l',
    };
    char letter = letters[action->kind];

    return (char)(action->is_alone ? letter - ('a' - 'A') : letter);
}

/* Draws what was read below the text. */
static void
draw(imgrw_str text, const irw_action_list *actions, char *drawing)
{
    for (size_t i = 0; i < text.size; i++)
        drawing[i] = strchr("\r\n", text.data[i]) ? text.data[i] : '.';
    for (size_t i = 0; i < actions->count; i++)
        for (size_t at = actions->items[i].start; at < actions->items[i].end;
             at++)
            if (drawing[at] == '.')
                drawing[at] = letter_of(&actions->items[i]);
}

static void
test_actions(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        imgrw_str text = support_str(rows[i].text);
        irw_action_list actions = {0};
        char drawing[256];

        support_row(&tally, "%s", rows[i].name);
        support_check(&tally,
                      irw_actions_read(text, &actions, NULL) == IMGRW_OK,
                      "it fails");
        draw(text, &actions, drawing);
        support_check_str(&tally, "actions", (imgrw_str){drawing, text.size},
                          support_str(rows[i].expected));
        support_check(&tally,
                      actions.count == 0 || irw_may_have_actions(text),
                      "it may have none");
        free(actions.items);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_actions)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
