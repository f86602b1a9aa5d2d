/*
 * Both YAML libraries against the contract of yaml/event.h: the same events,
 * the same styles, the same bytes.
 */
#include "events.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

struct row {
    const char *name, *text, *events;
};

static const struct row plain[] = {
    {"map", "a: b", "+doc +map :0(a) :3(b) -map -doc"},
    {"sequence", "- a\n- b\n", "+doc +seq :2(a) :6(b) -seq -doc"},
    {"scalar", "a", "+doc :0(a) -doc"},
    {"blanks around", "  a  :   b   \n",
     "+doc +map :2(a) :9(b) -map -doc"},
    {"comment after it", "a: b # c\n", "+doc +map :0(a) :3(b) -map -doc"},
    {"hash inside", "a: b#c\n", "+doc +map :0(a) :3(b#c) -map -doc"},
    {"colon inside", "a: b:c\n", "+doc +map :0(a) :3(b:c) -map -doc"},
    {"blanks inside", "a: b  c\n", "+doc +map :0(a) :3(b  c) -map -doc"},
    {"next line", "a:\n  b\n", "+doc +map :0(a) :5(b) -map -doc"},
    {"two lines", "a: b\n  c\nd: e\n",
     "+doc +map :0(a) :3(b\n  c) :9(d) :12(e) -map -doc"},
    {"empty line inside", "a: b\n\n  c\n",
     "+doc +map :0(a) :3(b\n\n  c) -map -doc"},
    {"CRLF", "a: b\r\nc: d\r\n",
     "+doc +map :0(a) :3(b) :6(c) :9(d) -map -doc"},
    {"tab after colon", "a:\tb\n", "+doc +map :0(a) :3(b) -map -doc"},
    {"tab after value", "a: b\t\n", "+doc +map :0(a) :3(b) -map -doc"},
    {"two bytes a character", "ä: ö\nü: x\n",
     "+doc +map :0(ä) :4(ö) :7(ü) :11(x) -map -doc"},
    {"four bytes a character", "😀: x😀\ny: 😀z",
     "+doc +map :0(😀) :6(x😀) :12(y) :15(😀z) -map -doc"},
    {"percent", "a: 100%\n", "+doc +map :0(a) :3(100%) -map -doc"},
};

static const struct row quoted[] = {
    {"single", "a: 'b'\n", "+doc +map :0(a) '3('b') -map -doc"},
    {"double", "a: \"b\"\n", "+doc +map :0(a) \"3(\"b\") -map -doc"},
    {"empty single", "a: ''\n", "+doc +map :0(a) '3('') -map -doc"},
    {"empty double", "a: \"\"\n", "+doc +map :0(a) \"3(\"\") -map -doc"},
    {"as keys", "'a': b\n\"c\": d\n",
     "+doc +map '0('a') :5(b) \"7(\"c\") :12(d) -map -doc"},
    {"quote in single", "'it''s'", "+doc '0('it''s') -doc"},
    {"four quotes", "a: 'a '''' b'\n",
     "+doc +map :0(a) '3('a '''' b') -map -doc"},
    {"escapes", "a: \"\\x41\\\"\\\\\"\n",
     "+doc +map :0(a) \"3(\"\\x41\\\"\\\\\") -map -doc"},
    {"continuation", "a: \"b\\\n  c\"\n",
     "+doc +map :0(a) \"3(\"b\\\n  c\") -map -doc"},
    {"two lines", "a: 'b\n  c'\nd: e\n",
     "+doc +map :0(a) '3('b\n  c') :11(d) :14(e) -map -doc"},
    {"two lines, CRLF", "a: \"b\r\n  c\"\r\n",
     "+doc +map :0(a) \"3(\"b\r\n  c\") -map -doc"},
    {"comment after it", "a: 'b' # c\n", "+doc +map :0(a) '3('b') -map -doc"},
    {"after wide characters", "a: ['ä', \"😀\", 'b']\n",
     "+doc +map :0(a) +seq[ '4('ä') \"10(\"😀\") '18('b') -seq -map -doc"},
};

static const struct row block[] = {
    {"literal", "a: |\n  b\nc: d\n",
     "+doc +map :0(a) |3(|\n  b\n) :9(c) :12(d) -map -doc"},
    {"folded", "a: >\n  b\nc: d\n",
     "+doc +map :0(a) >3(>\n  b\n) :9(c) :12(d) -map -doc"},
    {"strip", "a: |-\n  b\n", "+doc +map :0(a) |3(|-\n  b\n) -map -doc"},
    {"keep", "a: >+\n  b\n\n", "+doc +map :0(a) >3(>+\n  b\n\n) -map -doc"},
    {"indicator", "a: |2-\n   b\n",
     "+doc +map :0(a) |3(|2-\n   b\n) -map -doc"},
    {"indicator after it", "a: >-2\n  b\n",
     "+doc +map :0(a) >3(>-2\n  b\n) -map -doc"},
    {"header comment", "a: |- # c | d\n  b\n",
     "+doc +map :0(a) |3(|- # c | d\n  b\n) -map -doc"},
    {"no final line break", "a: |\n  b",
     "+doc +map :0(a) |3(|\n  b) -map -doc"},
    {"empty lines after it", "a: |-\n  b\n\n\nc: d\n",
     "+doc +map :0(a) |3(|-\n  b\n\n\n) :12(c) :15(d) -map -doc"},
    {"blanks on an empty line", "a: |-\n  b\n \nc: d\n",
     "+doc +map :0(a) |3(|-\n  b\n \n) :12(c) :15(d) -map -doc"},
    {"indented next", "- a: |\n    b\n  c: d\n- e\n",
     "+doc +seq +map :2(a) |5(|\n    b\n) :15(c) :18(d) -map :22(e) -seq -doc"},
    {"comment after it", "a: |\n  b\n# c\nd: e\n",
     "+doc +map :0(a) |3(|\n  b\n) :13(d) :16(e) -map -doc"},
    {"several lines", "a: |\n  b\n   c\n\n  d\n",
     "+doc +map :0(a) |3(|\n  b\n   c\n\n  d\n) -map -doc"},
    {"CRLF", "a: |-\r\n  b\r\nc: d\r\n",
     "+doc +map :0(a) |3(|-\r\n  b\r\n) :12(c) :15(d) -map -doc"},
    {"indicators inside", "a: |\n  |\n  > b\n  c: |-\nd: e\n",
     "+doc +map :0(a) |3(|\n  |\n  > b\n  c: |-\n) :23(d) :26(e) -map -doc"},
    {"in a sequence", "- |\n a\n- >\n b\n",
     "+doc +seq |2(|\n a\n) >9(>\n b\n) -seq -doc"},
    {"next document", "a: |\n  b\n---\nc\n",
     "+doc +map :0(a) |3(|\n  b\n) -map -doc +doc :13(c) -doc"},
    {"no content", "a: |\nb: c\n",
     "+doc +map :0(a) |3(|\n) :5(b) :8(c) -map -doc"},
    {"wide characters", "ä: |-\n  ö\nü: ä\n",
     "+doc +map :0(ä) |4(|-\n  ö\n) :12(ü) :16(ä) -map -doc"},
    {"pipe in the key", "'|': |\n  a\n",
     "+doc +map '0('|') |5(|\n  a\n) -map -doc"},
};

static const struct row properties[] = {
    {"anchor", "a: &x b\n", "+doc +map :0(a) &x :6(b) -map -doc"},
    {"tag", "a: !!str b\n", "+doc +map :0(a) ! :9(b) -map -doc"},
    {"local tag", "a: !x 'b'\n", "+doc +map :0(a) ! '6('b') -map -doc"},
    {"both", "a: &x !!str b\n", "+doc +map :0(a) &x ! :12(b) -map -doc"},
    {"both, the other way", "a: !!str &x \"b\"\n",
     "+doc +map :0(a) &x ! \"12(\"b\") -map -doc"},
    {"before a block scalar", "a: &x !!str |-\n  b\n",
     "+doc +map :0(a) &x ! |12(|-\n  b\n) -map -doc"},
    {"on the line before", "a: &x\n  b\n",
     "+doc +map :0(a) &x :8(b) -map -doc"},
    {"comment between", "a: !!str # !c &d\n  b\n",
     "+doc +map :0(a) ! :19(b) -map -doc"},
    {"many blanks", "a: &x   b\n", "+doc +map :0(a) &x :8(b) -map -doc"},
    {"of a map", "a: &x\n  b: c\n",
     "+doc +map :0(a) &x +map :8(b) :11(c) -map -map -doc"},
    {"of a flow map", "a: &x {b: c}\n",
     "+doc +map :0(a) &x +map{ :7(b) :10(c) -map -map -doc"},
    {"of a sequence", "a: !!seq\n- b\n",
     "+doc +map :0(a) ! +seq :11(b) -seq -map -doc"},
    {"of a key", "&x a: b\n", "+doc +map &x :3(a) :6(b) -map -doc"},
    {"of nothing", "a: &x\nb: !!str\n",
     "+doc +map :0(a) &x :() :6(b) ! :() -map -doc"},
    {"long names", "a: &x-1_Y b\n", "+doc +map :0(a) &x-1_Y :10(b) -map -doc"},
    {"alias", "- &x a\n- *x\n", "+doc +seq &x :5(a) *9(*x) -seq -doc"},
    {"alias in flow", "[&x a, *x, *x ]",
     "+doc +seq[ &x :4(a) *7(*x) *11(*x) -seq -doc"},
    {"alias as key", "- &x a\n- *x : b\n",
     "+doc +seq &x :5(a) +map *9(*x) :14(b) -map -seq -doc"},
    {"merge", "- &x {a: b}\n- <<: *x\n",
     "+doc +seq &x +map{ :6(a) :9(b) -map +map :14(<<) *18(*x) -map -seq -doc"},
    {"wide characters", "ä: &x ö\nü: *x\n",
     "+doc +map :0(ä) &x :7(ö) :10(ü) *14(*x) -map -doc"},
};

static const struct row empty[] = {
    {"values", "a:\nb: \nc:", "+doc +map :0(a) :() :3(b) :() :7(c) :() "
                              "-map -doc"},
    {"comment after it", "a: # c\nb: d\n",
     "+doc +map :0(a) :() :7(b) :10(d) -map -doc"},
    {"items", "-\n- a\n-\n", "+doc +seq :() :4(a) :() -seq -doc"},
    {"in flow", "{a: , b, c: }",
     "+doc +map{ :1(a) :() :6(b) :() :9(c) :() -map -doc"},
    {"flow collections", "[{}, []]",
     "+doc +seq[ +map{ -map +seq[ -seq -seq -doc"},
    {"nothing", "", ""},
    {"only comments", "# a\n\n# b\n", ""},
    {"a marker", "---\n", "+doc :() -doc"},
    {"two markers", "---\n---\n", "+doc :() -doc +doc :() -doc"},
};

static const struct row flow[] = {
    {"JSON", "{\"a\":\"b\",\"c\":[1,true,null]}",
     "+doc +map{ \"1(\"a\") \"5(\"b\") \"9(\"c\") +seq[ :14(1) :16(true) "
     ":21(null) -seq -map -doc"},
    {"lines", "{\n  a: b,\n  c: [\n    d\n  ]\n}\n",
     "+doc +map{ :4(a) :7(b) :12(c) +seq[ :21(d) -seq -map -doc"},
    {"closed at the left", "a: [\n  b\n]\n",
     "+doc +map :0(a) +seq[ :7(b) -seq -map -doc"},
    {"comma after it", "[a, b, ]", "+doc +seq[ :1(a) :4(b) -seq -doc"},
    {"pairs", "[a: b]", "+doc +seq[ +map{ :1(a) :4(b) -map -seq -doc"},
    {"tabs", "{\"a\":\t\"b\",\t\"c\":\t1}",
     "+doc +map{ \"1(\"a\") \"6(\"b\") \"11(\"c\") :16(1) -map -doc"},
    {"comments", "[a, # b\n # c\n d]", "+doc +seq[ :1(a) :14(d) -seq -doc"},
    {"colons", "{a: b:c, d: 'e:f'}",
     "+doc +map{ :1(a) :4(b:c) :9(d) '12('e:f') -map -doc"},
};

static const struct row documents[] = {
    {"two", "a\n---\nb\n", "+doc :0(a) -doc +doc :6(b) -doc"},
    {"marker first", "---\na: b\n", "+doc +map :4(a) :7(b) -map -doc"},
    {"on the marker's line", "--- a\n--- {b: c}\n",
     "+doc :4(a) -doc +doc +map{ :11(b) :14(c) -map -doc"},
    {"comment after the marker", "--- # a\nb\n", "+doc :8(b) -doc"},
    {"end marker", "a\n...\n---\nb\n...\n",
     "+doc :0(a) -doc +doc :10(b) -doc"},
    {"marker in the text", "a: '---'\nb: x---\n",
     "+doc +map :0(a) '3('---') :9(b) :12(x---) -map -doc"},
    {"no-indent sequence", "a:\n- b\n- c\nd: e\n",
     "+doc +map :0(a) +seq :5(b) :9(c) -seq :11(d) :14(e) -map -doc"},
    {"nested", "a:\n  - b:\n    - - c\n  -   d: e\n",
     "+doc +map :0(a) +seq +map :7(b) +seq +seq :18(c) -seq -seq -map "
     "+map :26(d) :29(e) -map -seq -map -doc"},
};

/* Reads a row after `before`, as a part of a larger text. */
static void
check_part(struct support_tally *tally, const struct irw_backend *backend,
           const struct row *row, const char *before, const char *after)
{
    struct irw_text text = {0}, notation = {0};
    struct imgrw_error error = {.message = "success"};
    size_t start = strlen(before), end = start + strlen(row->text);
    imgrw_str events;

    irw_text_printf(&text, "%s%s%s", before, row->text, after);
    support_row(tally, "%s, %s after \"%s\"", row->name, backend->name,
                before);
    support_check(tally,
                  events_read(backend, (imgrw_str){text.data, text.size}, start,
                              end, start, &notation, &error) == IMGRW_OK,
                  "at byte %zu: %s", error.at.offset, error.message);
    events = (imgrw_str){notation.data, notation.size};
    support_check_str(tally, "events", events, support_str(row->events));
    irw_text_clear(&notation);
    irw_text_clear(&text);
}

static void
check_rows(const struct row *rows, size_t count)
{
    struct support_tally tally = {0};

    for (size_t i = 0; i < count; i++) {
        check_part(&tally, &irw_libyaml, &rows[i], "", "");
        check_part(&tally, &irw_libfyaml, &rows[i], "", "");
        check_part(&tally, &irw_libyaml, &rows[i], "ä: 😀\n", "---\nb: |");
        check_part(&tally, &irw_libfyaml, &rows[i], "ä: 😀\n", "---\nb: |");
    }
    support_finish(&tally);
}

#define TEST(rows) \
    static void test_##rows(void **state) \
    { \
        (void)state; \
        check_rows(rows, SUPPORT_COUNT(rows)); \
    }

TEST(plain)
TEST(quoted)
TEST(block)
TEST(properties)
TEST(empty)
TEST(flow)
TEST(documents)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_quoted),
        cmocka_unit_test(test_block),
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_flow),
        cmocka_unit_test(test_documents),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
