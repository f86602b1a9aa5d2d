/*
 * Texts before any YAML library sees them: what is UTF-8, where a byte lies,
 * and where the pieces end.
 */
#include "base/text.h"
#include "base/utf8.h"
#include "events.h"
#include "support.h"
#include "yaml/source.h"

#include <stdlib.h>
#include <string.h>

#define FINE SIZE_MAX /* in place of the offset of an error */

/* Where irw_source_open finds the first fault; FINE: nowhere. */
static size_t
find_fault(imgrw_str text, enum imgrw_status *status)
{
    struct irw_source source;
    struct imgrw_error error = {0};

    *status = irw_source_open(text, NULL, SIZE_MAX, &source, &error);
    return *status == IMGRW_OK ? FINE : error.at.offset;
}

/* ---- UTF-8 ----------------------------------------------------------- */

struct sequence {
    const char *name, *bytes;
    size_t fault;
};

static const struct sequence sequences[] = {
    {"ASCII", "az~", FINE},
    {"two bytes, first", "\xC2\x80", FINE},
    {"two bytes, last", "\xDF\xBF", FINE},
    {"three bytes, first", "\xE0\xA0\x80", FINE},
    {"three bytes, last", "\xEF\xBF\xBF", FINE},
    {"before the surrogates", "\xED\x9F\xBF", FINE},
    {"after the surrogates", "\xEE\x80\x80", FINE},
    {"four bytes, first", "\xF0\x90\x80\x80", FINE},
    {"four bytes, last", "\xF4\x8F\xBF\xBF", FINE},
    {"mixed", "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z", FINE},
    {"continuation alone", "a\x80", 1},
    {"last continuation alone", "\xBF", 0},
    {"overlong NUL", "\xC0\x80", 0},
    {"overlong slash", "a\xC0\xAF", 1},
    {"overlong, two bytes", "\xC1\xBF", 0},
    {"overlong, three bytes", "\xE0\x9F\xBF", 0},
    {"overlong, four bytes", "\xF0\x8F\xBF\xBF", 0},
    {"first surrogate", "\xED\xA0\x80", 0},
    {"last surrogate", "\xED\xBF\xBF", 0},
    {"pair of surrogates", "\xED\xA0\xBD\xED\xB8\x80", 0},
    {"over U+10FFFF", "\xF4\x90\x80\x80", 0},
    {"F5", "\xF5\x80\x80\x80", 0},
    {"five bytes", "\xF8\x88\x80\x80\x80", 0},
    {"FE after text", "ab\xFE", 2},
    {"FF after text", "ab\xFF", 2},
    {"two bytes, cut", "ab\xC3", 2},
    {"three bytes, cut", "ab\xE2\x82", 2},
    {"four bytes, cut", "ab\xF0\x9F\x98", 2},
    {"two bytes, broken", "\xC3z", 0},
    {"three bytes, broken", "\xE2\x82z", 0},
    {"four bytes, broken", "\xF0\x9F\x98z", 0},
    {"new start inside", "\xE2\xC3\xA4", 0},
    {"second of two", "\xC3\xA4\xC3", 2},
};

/* The same at the start of a text only. */
static const struct sequence beginnings[] = {
    {"byte order mark", "\xEF\xBB\xBF" "a", FINE},
    {"two byte order marks", "\xEF\xBB\xBF\xEF\xBB\xBF", 3},
    {"byte order mark inside", "a\n\xEF\xBB\xBF", 2},
    {"little-endian", "\xFF\xFE" "a", 0},
    {"big-endian", "\xFE\xFF" "a", 0},
};

static void
check_sequence(struct support_tally *tally, const struct sequence *sequence,
               size_t before)
{
    char text[128];
    enum imgrw_status status;
    size_t size = strlen(sequence->bytes), fault;
    size_t expected =
        sequence->fault == FINE ? FINE : sequence->fault + before;

    memset(text, 'a', before);
    memcpy(text + before, sequence->bytes, size);
    support_row(tally, "%s after %zu", sequence->name, before);
    fault = find_fault((imgrw_str){text, before + size}, &status);
    support_check(tally, fault == expected, "at %zu, expected %zu", fault,
                  expected);
    support_check(tally,
                  status == (fault == FINE ? IMGRW_OK : IMGRW_ERR_ENCODING),
                  "status %d", status);
}

/* Every row at every distance from the start, for most bytes are looked at many
 * at a time. */
static void
test_utf8(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(sequences); i++)
        for (size_t before = 0; before < 70; before++)
            check_sequence(&tally, &sequences[i], before);
    for (size_t i = 0; i < SUPPORT_COUNT(beginnings); i++)
        check_sequence(&tally, &beginnings[i], 0);
    support_finish(&tally);
}

/* A NUL is found wherever it is. */
static void
test_nul(void **state)
{
    (void)state;
    for (size_t size = 1; size < 100; size++)
        for (size_t at = 0; at < size; at++) {
            char text[100];
            enum imgrw_status status;

            memset(text, 'a', size);
            text[at] = '\0';
            assert_int_equal(find_fault((imgrw_str){text, size}, &status), at);
            assert_int_equal(status, IMGRW_ERR_ENCODING);
        }
}

static size_t
encode(uint32_t c, char *to)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xC0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xE0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3F));
        to[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3F));
    to[2] = (char)(0x80 | (c >> 6 & 0x3F));
    to[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* Every character there could be, and those there could not. */
static void
test_all_characters(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x140000; c++) {
        char bytes[4];
        size_t size = encode(c, bytes);
        bool valid = (c < 0xD800 || c > 0xDFFF) && c <= 0x10FFFF;

        assert_int_equal(irw_utf8_size(bytes, size), valid ? size : 0);
        for (size_t cut = 1; cut < size; cut++)
            assert_int_equal(irw_utf8_size(bytes, cut), 0);
    }
}

/* ---- what is known of a text ----------------------------------------- */

static void
test_open(void **state)
{
    static const struct {
        const char *name, *text;
        size_t start;
        bool ascii, directives;
    } rows[] = {
        {"empty", "", 0, true, false},
        {"ASCII", "a: b\n", 0, true, false},
        {"more", "a: \xC3\xA4\n", 0, false, false},
        {"byte order mark", "\xEF\xBB\xBF" "a: b\n", 3, true, false},
        {"only a byte order mark", "\xEF\xBB\xBF", 3, true, false},
        {"directive", "%YAML 1.1\n---\n", 0, true, true},
        {"directive after mark", "\xEF\xBB\xBF%YAML 1.1\n", 3, true, true},
        {"directive later", "a\n...\n%TAG ! x\n---\n", 0, true, true},
        {"after CR", "a\r%", 0, true, true},
        {"after NEL", "a\xC2\x85%", 0, false, true},
        {"after LS", "a\xE2\x80\xA8%", 0, false, true},
        {"after PS", "a\xE2\x80\xA9%", 0, false, true},
        {"percent inside", "a: 5%\nb: %c\n %d\n", 0, true, false},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct irw_source source;
        imgrw_str text = support_str(rows[i].text);

        support_row(&tally, "%s", rows[i].name);
        support_check(&tally,
                      irw_source_open(text, "p", text.size, &source, NULL) ==
                          IMGRW_OK,
                      "it is refused");
        support_check(&tally, source.start == rows[i].start, "start %zu",
                      source.start);
        support_check(&tally, source.ascii == rows[i].ascii, "ascii %d",
                      source.ascii);
        support_check(&tally, source.directives == rows[i].directives,
                      "directives %d", source.directives);
    }
    support_finish(&tally);
}

/* ---- lines and columns ----------------------------------------------- */

static const struct {
    const char *name, *text;
    size_t offset;
    uint32_t line, column;
} places[] = {
    {"start", "ab\ncd\n", 0, 1, 1},
    {"inside", "ab\ncd\n", 1, 1, 2},
    {"the line feed", "ab\ncd\n", 2, 1, 3},
    {"second line", "ab\ncd\n", 3, 2, 1},
    {"end of the text", "ab\ncd\n", 6, 3, 1},
    {"beyond the end", "ab\ncd\n", 99, 3, 1},
    {"end without line feed", "ab\ncd", 5, 2, 3},
    {"CR", "ab\r\ncd\r\n", 2, 1, 3},
    {"LF after CR", "ab\r\ncd\r\n", 3, 1, 4},
    {"after CRLF", "ab\r\ncd\r\n", 4, 2, 1},
    {"second CRLF", "ab\r\ncd\r\n", 8, 3, 1},
    {"bare CR", "ab\rcd", 4, 1, 5},
    {"after two bytes", "\xC3\xA4" "b", 2, 1, 2},
    {"after three bytes", "\xE2\x82\xAC" "b", 3, 1, 2},
    {"after four bytes", "\xF0\x9F\x98\x80" "b", 4, 1, 2},
    {"second line, wide", "\xC3\xA4\n\xF0\x9F\x98\x80\xC3\xA4" "b", 9, 2, 3},
    {"after a byte order mark", "\xEF\xBB\xBF" "ab\ncd", 3, 1, 1},
    {"later after it", "\xEF\xBB\xBF" "ab\ncd", 4, 1, 2},
    {"second line after it", "\xEF\xBB\xBF" "ab\ncd", 7, 2, 2},
    {"at the mark itself", "\xEF\xBB\xBF" "ab\ncd", 0, 1, 1},
    {"empty lines", "\n\n\n", 2, 3, 1},
    {"empty text", "", 0, 1, 1},
};

static void
check_location(struct support_tally *tally, size_t row,
               struct imgrw_location at, const struct irw_source *source)
{
    size_t offset = places[row].offset < source->text.size ? places[row].offset
                                                           : source->text.size;

    support_check(tally,
                  at.line == places[row].line &&
                      at.column == places[row].column,
                  "at %u:%u, expected %u:%u", at.line, at.column,
                  places[row].line, places[row].column);
    support_check(tally, at.offset == offset, "offset %zu", at.offset);
    support_check(tally, at.path == source->path, "another path");
}

/* Each place by itself, and after each other place of the same text. */
static void
test_locate(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(places); i++) {
        imgrw_str text = support_str(places[i].text);
        struct irw_source source;

        assert_int_equal(irw_source_open(text, "p", 100, &source, NULL), 0);
        support_row(&tally, "%s", places[i].name);
        for (size_t first = 0; first <= text.size; first++) {
            struct irw_line_cursor cursor = {0}, fresh = {0};

            check_location(
                &tally, i,
                irw_source_locate(&source, &fresh, places[i].offset), &source);
            (void)irw_source_locate(&source, &cursor, first);
            check_location(
                &tally, i,
                irw_source_locate(&source, &cursor, places[i].offset), &source);
        }
    }
    support_finish(&tally);
}

static void
test_explain(void **state)
{
    imgrw_str text = support_str("a:\n\xC3\xA4x");
    struct irw_source source;
    struct imgrw_error error = {.status = IMGRW_ERR_SYNTAX, .at.offset = 5};

    (void)state;
    assert_int_equal(irw_source_open(text, "p", text.size, &source, NULL), 0);
    assert_int_equal(irw_source_explain(&source, IMGRW_ERR_SYNTAX, NULL),
                     IMGRW_ERR_SYNTAX);
    assert_int_equal(irw_source_explain(&source, IMGRW_ERR_SYNTAX, &error),
                     IMGRW_ERR_SYNTAX);
    assert_int_equal(error.at.line, 2);
    assert_int_equal(error.at.column, 2);
    assert_string_equal(error.at.path, "p");
    assert_int_equal(irw_source_explain(&source, IMGRW_OK, NULL), IMGRW_OK);
}

/* ---- pieces ---------------------------------------------------------- */

static const struct {
    const char *name, *text, *pieces; /* "|" stands between pieces */
} splits[] = {
    {"nothing", "", ""},
    {"one", "a: b\n", "a: b\n"},
    {"two", "a\n---\nb\n", "a\n|---\nb\n"},
    {"marker first", "---\na\n---\nb\n", "---\na\n|---\nb\n"},
    {"marker last", "a\n---", "a\n|---"},
    {"markers only", "---\n---\n---", "---\n|---\n|---"},
    {"text after it", "a\n--- b\n---\tc\n", "a\n|--- b\n|---\tc\n"},
    {"CRLF", "a\r\n---\r\nb\r\n", "a\r\n|---\r\nb\r\n"},
    {"CR after it", "a\n---\rb", "a\n|---\rb"},
    {"no blank after it", "a\n---b\n", "a\n---b\n"},
    {"four dashes", "a\n----\nb\n", "a\n----\nb\n"},
    {"comment glued", "a\n---#\nb\n", "a\n---#\nb\n"},
    {"indented", "a: |\n  ---\n ---\nb\n", "a: |\n  ---\n ---\nb\n"},
    {"two dashes", "a\n--\nb", "a\n--\nb"},
    {"end marker", "a\n...\n---\nb", "a\n...\n|---\nb"},
    {"no split at an end marker", "a\n...\n", "a\n...\n"},
    {"bare CR before", "a\r---\rb", "a\r---\rb"},
    {"after a byte order mark", "\xEF\xBB\xBF---\na\n---\nb",
     "---\na\n|---\nb"},
    {"directives", "%YAML 1.1\n---\na\n---\nb", "%YAML 1.1\n---\na\n---\nb"},
    {"directives later", "a\n---\nb\n...\n%TAG ! x\n---\nc",
     "a\n---\nb\n...\n%TAG ! x\n---\nc"},
    {"wide", "\xC3\xA4\n---\n\xC3\xA4\n", "\xC3\xA4\n|---\n\xC3\xA4\n"},
    {"JSON", "{\"a\": 1}\n{\"b\": 2}\n", "{\"a\": 1}\n|{\"b\": 2}\n"},
    {"JSON without blanks", "{}{}[][[]]{}", "{}|{}|[]|[[]]|{}"},
    {"JSON with blanks", " \t\r\n{}\r\n \t[]  ", " \t\r\n{}\r\n \t|[]  "},
    {"JSON after a byte order mark", "\xEF\xBB\xBF{}\n{}", "{}\n|{}"},
    {"JSON, then YAML", "{}{}\n---\na: b\n---\n{}",
     "{}|{}\n|---\na: b\n|---\n{}"},
    {"JSON after a marker is YAML", "---\n{}{}", "---\n{}{}"},
    {"one value of JSON", "[1, {\"a\": \"}{\"}]\n", "[1, {\"a\": \"}{\"}]\n"},
    {"brackets in strings", "{\"a]}\\\"}\": \"{\\\\\"}{}",
     "{\"a]}\\\"}\": \"{\\\\\"}|{}"},
    {"words and numbers", "[true, false, null, -1.5e+3, 0]{}",
     "[true, false, null, -1.5e+3, 0]|{}"},
    {"brackets in single quotes", "{a: '}{'}", "{a: '}{'}"},
    {"brackets in a comment", "{ # }{\n}", "{ # }{\n}"},
    {"words of YAML", "{a: b}{}", "{a: b}{}"},
    {"a word that only begins so", "[truest]{}", "[truest]{}"},
    {"a template", "{{- if .a }}{ }", "{{- if .a }}{ }"},
    {"no value after it", "{}: a", "{}: a"},
    {"a scalar after it", "{}\n1", "{}\n1"},
    {"a line break in a string", "{\"a\n\"}{}", "{\"a\n\"}{}"},
    {"an open string", "{\"a", "{\"a"},
    {"an escape at the end", "{\"a\\", "{\"a\\"},
    {"an open list", "[[]{}", "[[]{}"},
    {"closed once too often", "{}}{}", "{}}{}"},
    {"directives and JSON", "{}{}\n%", "{}{}\n%"},
};

/* Where two pieces meet, and whether that is within a stream of JSON. */
static void
test_streams(void **state)
{
    static const struct {
        const char *text;
        size_t offset;
        bool within;
    } rows[] = {
        {"{}{}", 0, false},       {"{}{}", 2, true},
        {"{}{}", 4, false},       {"\xEF\xBB\xBF{}{}", 3, false},
        {"\xEF\xBB\xBF{}{}", 5, true}, {"{}\n---\n{}", 3, false},
        {"a\n---", 2, false},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct irw_source source;

        support_row(&tally, "\"%s\", %zu", rows[i].text, rows[i].offset);
        assert_int_equal(irw_source_open(support_str(rows[i].text), NULL, 100,
                                         &source, NULL), 0);
        support_check(&tally,
                      irw_source_is_within_stream(&source, rows[i].offset) ==
                          rows[i].within,
                      "expected %d", rows[i].within);
    }
    support_finish(&tally);
}

static void
test_pieces(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(splits); i++) {
        imgrw_str text = support_str(splits[i].text);
        struct irw_source source;
        struct irw_text pieces = {0};

        assert_int_equal(irw_source_open(text, NULL, 100, &source, NULL), 0);
        support_row(&tally, "%s", splits[i].name);
        for (size_t start = source.start, end; start < text.size; start = end) {
            end = irw_source_piece_end(&source, start);
            assert_true(end > start && end <= text.size);
            irw_text_printf(&pieces, "%s%.*s", pieces.size > 0 ? "|" : "",
                            (int)(end - start), text.data + start);
        }
        support_check_str(&tally, "pieces",
                          (imgrw_str){pieces.data, pieces.size},
                          support_str(splits[i].pieces));
        irw_text_clear(&pieces);
    }
    support_finish(&tally);
}

/* libyaml reads the pieces as it reads the whole. */
static void
test_pieces_read_alike(void **state)
{
    static const char *const texts[] = {
        "a: b\n---\nc: d\n",
        "--- a\n--- 'b'\n---\n- c\n",
        "a: |\n  b\n---\nc: >+\n  d\n\n---\n",
        "---\n---\n---\n",
        "&a b\n---\n&a c\n...\n---\n- &b d\n- *b\n",
        "# a\n---\n# b\n---\nc\n# d\n",
        "a: 'b\n  ---\n  c'\n---\nd: [e,\n ---]\n",
        "a\n...\n---\nb\n...\n# c\n---\nd",
        "a: b\r\n---\r\nc: |\r\n  d\r\n---\r\n",
        "\xC3\xA4: \xE2\x82\xAC\n---\n\xF0\x9F\x98\x80: a\n",
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(texts); i++) {
        imgrw_str text = support_str(texts[i]);
        struct irw_source source;
        struct irw_text whole = {0}, parts = {0};

        assert_int_equal(irw_source_open(text, NULL, 100, &source, NULL), 0);
        support_row(&tally, "text %zu", i);
        assert_int_equal(
            events_read(&irw_libyaml, text, 0, text.size, 0, &whole, NULL), 0);
        for (size_t start = 0, end; start < text.size; start = end) {
            end = irw_source_piece_end(&source, start);
            assert_int_equal(
                events_read(&irw_libyaml, text, start, end, 0, &parts, NULL),
                0);
        }
        support_check_str(&tally, "events", (imgrw_str){parts.data, parts.size},
                          (imgrw_str){whole.data, whole.size});
        irw_text_clear(&whole);
        irw_text_clear(&parts);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_all_characters),
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_locate),
        cmocka_unit_test(test_explain),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_streams),
        cmocka_unit_test(test_pieces_read_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
