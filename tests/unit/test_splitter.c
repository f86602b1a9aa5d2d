/*
 * Pieces of a text that comes in bit by bit: they are those of the whole text,
 * whatever the bits are.
 */
#include "support.h"
#include "yaml/source.h"
#include "yaml/splitter.h"

#include <stdio.h>
#include <string.h>

/* Pieces are marked in the rows: "|" stands where one begins. */
struct cut {
    const char *name, *text;
    bool joins; /* a directive joins pieces of the whole text, too */
};

static const struct cut cuts[] = {
    {"nothing", "", false},
    {"a document", "a: b\n", false},
    {"no line break", "a: b", false},
    {"two documents", "a: b\n|---\nc: d\n", false},
    {"a marker first", "---\na: b\n|---\nc: d\n", false},
    {"markers alone", "---\n|---\n|---\n", false},
    {"a marker at the end", "a: b\n|---", false},
    {"what follows a marker", "a\n|--- b\n|---\tc\n---d\n --- e\n", false},
    {"carriage returns", "a: b\r\n|---\r\nc: d\r\n", false},
    {"in a block scalar", "a: |\n  b\n|---\nc\n", false},
    {"a byte order mark", "\xEF\xBB\xBF" "a: b\n|---\nc: d\n", false},
    {"a mark before a marker", "\xEF\xBB\xBF---\na: b\n|---\nc: d\n", false},
    {"an end of a document", "a: b\n...\nc: d\n|---\ne: f\n", false},
    {"JSON", "{\"a\": 1}\n", false},
    {"a stream of JSON", "{\"a\": 1}\n|{\"b\": [2]}\n|[3]\n", false},
    {"JSON on one line", "{}|{}|[]|[\"]\"]", false},
    {"strings of JSON", "{\"a}{\\\"\": \"\\\\\"} |{\"b\": \"{\"}", false},
    {"JSON and markers", "{}\n|---\n{}\n{}\n", false},
    {"JSON behind a mark", "\xEF\xBB\xBF{}\n|{}\n", false},
    {"JSON over lines", "\n {\n\"a\":\n[1,\n2]}\n\n|{\n}\n", false},
    {"what is no JSON", "{a: b}\n{c: d}\n", false},
    {"what is no more JSON", "{}\n|{}\nx: {}\n{}\n|---\n{}\n", false},
    {"JSON that is not closed", "{\"a\": {}\n{}\n|---\n{}\n", false},
    {"JSON after a comment", "# {}\n{}\n{}\n", false},
    {"a scalar before JSON", "a\n{}\n{}\n", false},
    {"a directive", "%YAML 1.1\n---\na: b\n---\nc: d\n", true},
    {"a directive, and an end", "%YAML 1.1\n---\na\n...\n|---\nb\n|---\nc\n",
     true},
    {"a directive later", "a\n|---\nb\n%x\n---\nc\n... \n|---\nd\n", true},
    {"two directives", "%a b\n%c d\n---\ne\n...\n%f g\n---\nh\n", true},
    {"a percent sign in a line", "a %\n %b\n|---\nc\n", false},
};

/* Takes the bars out of a row; they stand in `starts`. */
static size_t
take_bars(const char *row, char *text, size_t *starts)
{
    size_t count = 0, size = 0;

    for (; *row; row++) {
        if (*row == '|' && row[1] != '\n')
            starts[count++] = size;
        else
            text[size++] = *row;
    }
    text[size] = '\0';
    return count;
}

/* Cuts the text, of which `step` more bytes come at a time. */
static size_t
cut_text(imgrw_str text, size_t step, size_t *starts)
{
    struct irw_splitter splitter = {0};
    size_t count = 0, from = 0, size = 0;

    for (bool ended = false; !ended; ended = size == text.size) {
        size_t next;

        size = size + step < text.size ? size + step : text.size;
        while ((next = irw_splitter_next(
                    &splitter, (imgrw_str){text.data + from, size - from},
                    size == text.size)) > 0)
            starts[count++] = from += next;
    }
    return count;
}

/* What stands at the places, for a message. */
static void
check_starts(struct support_tally *tally, const char *what, const size_t *got,
             size_t got_count, const size_t *wanted, size_t count)
{
    if (!support_check(tally, got_count == count, "%s: %zu pieces, not %zu",
                       what, got_count + 1, count + 1))
        return;
    for (size_t i = 0; i < count; i++)
        support_check(tally, got[i] == wanted[i],
                      "%s: piece %zu begins at %zu, not %zu", what, i + 1,
                      got[i], wanted[i]);
}

static void
test_cuts(void **state)
{
    struct support_tally tally = {0};
    size_t wanted[16], starts[16];
    char text[128], what[32];

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(cuts); i++) {
        size_t count = take_bars(cuts[i].text, text, wanted);
        imgrw_str whole = support_str(text);

        support_row(&tally, "%s", cuts[i].name);
        for (size_t step = 1; step <= whole.size + 1; step++) {
            size_t found = cut_text(whole, step, starts);

            snprintf(what, sizeof(what), "%zu bytes at a time", step);
            check_starts(&tally, what, starts, found, wanted, count);
        }
    }
    support_finish(&tally);
}

/* The whole text has the same pieces, where no directive joins all of it. */
static void
test_same_as_whole(void **state)
{
    struct support_tally tally = {0};
    size_t wanted[16], starts[16];
    char text[128];

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(cuts); i++) {
        size_t count = take_bars(cuts[i].text, text, wanted), found = 0;
        struct irw_source source;

        support_row(&tally, "%s", cuts[i].name);
        assert_int_equal(irw_source_open(support_str(text), NULL, SIZE_MAX,
                                         &source, NULL),
                         IMGRW_OK);
        support_check(&tally, source.directives == cuts[i].joins, "directives");
        for (size_t at = source.start; !cuts[i].joins;) {
            at = irw_source_piece_end(&source, at);
            if (at == source.text.size)
                break;
            starts[found++] = at;
        }
        if (!cuts[i].joins)
            check_starts(&tally, "whole", starts, found, wanted, count);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_same_as_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
