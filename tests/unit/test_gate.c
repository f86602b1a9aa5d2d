/*
 * The gate before libfyaml: what it holds back, what it lets pass, and that
 * nothing hostile gets through it. Some of that needs IMGREWRITE_TEST_DATA.
 */
#include "yaml/gate.h"
#include "child.h"
#include "passes.h"
#include "support.h"
#include "yaml/source.h"
#include "yaml/tree.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS 5 /* of processor time, for one text */

/* ---- bytes ------------------------------------------------------------ */

struct row {
    const char *name, *text;
};

static const struct row passing[] = {
    {"nothing", ""},
    {"a manifest", "kind: Pod\nspec:\n  containers: [{image: 'a:1'}]\n"},
    {"JSON", "{\"a\": [1, true, null, \"b\\n\"]}"},
    {"CRLF", "a: b\r\nc: d\r\n"},
    {"tabs inside", "a:\tb\t# c\n"},
    {"tab deeper than its map", "a:\n  - b: \"c\n    d\te\"\n"},
    {"wide characters", "\xC3\xA4: \xE2\x82\xAC \xF0\x9F\x98\x80\n"},
    {"neighbours of NEL", "\xC2\x84\xC2\x86"},
    {"neighbours of LS and PS", "\xE2\x80\xA7\xE2\x80\xAA"},
    {"neighbours of the byte order mark", "\xEF\xBB\xBE\xEF\xBC\x80"},
    {"anchor and alias", "a: &a b\nc: *a\n"},
    {"anchors in flow", "[&a b, *a, {c: *a}, *a ]"},
    {"anchor of a map", "a: &a-B_1\n  b: c\nd: {<<: *a-B_1}\n"},
    {"alias as key", "*a : b\n"},
    {"tags", "a: !!str b\nc: !local d\ne: !!binary f\n"},
    {"percent inside", "a: 5%\nb: %c\n"},
    {"question inside", "a: http://b?c\nd: e?\n"},
    {"asterisk inside", "a: \"*\"\nb: '*.c'\nd: e*f\n"},
    {"ampersand inside", "a: b&c\nd: \"& e\"\n"},
    {"exclamation mark inside", "a: b!\nc: d!e\n"},
    {"documents", "---\na\n---\nb\n...\n"},
    {"a schedule", "a: \"*/5 * * * *\"\nb: '* 1 & 2'\n"},
    {"marks in a script", "a: |\n  b && c != d # e\n  - *f ? g\n"},
    {"marks in folded lines", "a: >-\n  & b\n  * c | d\n"},
    {"marks in plain text", "a: b && c ! d\ne: f * g | h\n"},
    {"marks in comments", "# a && *b: ! c | >\nd: e # - ? *f &g\n"},
    {"marks in lines of quotes", "a: 'b\n  - c\n\n  *d'\n"},
    {"quotes and hashes", "a: b'#c\nd: \"e'#f\"\n"},
};

static const struct row held[] = {
    {"byte order mark", "\xEF\xBB\xBF" "a: b"},
    {"byte order mark inside", "a: b\xEF\xBB\xBF"},
    {"NEL", "a: b\xC2\x85"},
    {"LS", "a: 'b\xE2\x80\xA8'"},
    {"PS", "# a\xE2\x80\xA9"},
    {"bare CR", "a: b\rc: d"},
    {"CR at the end", "a: b\r"},
    {"two CR", "a: b\r\r\n"},
    {"NUL", "a: b\n"}, /* its line feed becomes one */
    {"directive", "%YAML 1.1\n---\n"},
    {"percent first on a line", "a: 'b\n%c'\n"},
    {"tab first", "\ta"},
    {"tab first on a line", "{a:\n\tb}\n"},
    {"tab after the spaces of a line", "{a:\n \tb}\n"},
    {"tab in a line of quotes", "a: \"b\n  \tc\"\n"},
    {"tab after a dash in quotes", "a: \"b\n- \tc\"\n"},
    {"tab after a word in quotes", "a:\n  - b: \"c\n  d\te\"\n"},
    {"tab a column deeper", "a:\n  - b: \"c\n   d\te\"\n"},
    {"question mark first", "? a\n: b\n"},
    {"question mark, indented", "  ? a\n"},
    {"question mark after dash", "- ? a\n"},
    {"question mark in a list", "[? a : b]"},
    {"question mark in a map", "{? a : b}"},
    {"question mark after comma", "{a: b,? c : d}"},
    {"question mark after colon", "{\"a\":? b}"},
    {"question mark in front of text", "{?a: b}"},
    {"question mark after tab", "-\t? a\n"},
    {"two question marks", "?? a\n"},
    {"anchor and colon", "&a: b\n"},
    {"alias and colon", "- &a b\n- *a: c\n"},
    {"anchor with a dot", "&a.b c\n"},
    {"anchor with a wide character", "&\xC3\xA4 c\n"},
    {"anchor and bracket", "[&a[b]]"},
    {"anchor without a name", "& a\n"},
    {"alias without a name", "[*]"},
    {"alias and quote", "[*a\"b\"]"},
    {"alias after colon", "{\"a\":*b?}"},
    {"verbatim tag", "!<tag:yaml.org,2002:str> a\n"},
    {"tag with a handle", "!a!b c\n"},
    {"tag and comma", "[!a,b]"},
    {"tag with an escape", "!a%20b c\n"},
    {"tag with a colon", "!a:b c\n"},
    {"tag and brace", "{a: !b}"},
    {"non-specific tag", "! a\n"},
    {"two exclamation marks", "!! a\n"},
    {"three exclamation marks", "!!!a b\n"},
    {"tag after a bracket", "[!<a> b]"},
    {"comment glued to quotes", "a: 'b'#c\n"},
    {"comment glued to a bracket", "[a]#b\n"},
    {"comment glued to a header", "a: |#b\n c\n"},
    {"dash alone in flow", "[-]"},
    {"alias first on a line of plain text", "a: b\n  * c\n"},
    {"question mark in plain text", "a: b ? c\n"},
    {"comment after a header that is glued", "a: |-#b\n c\n"},
    {"tab first on a line of a script", "a: |\n \tb\n"},
};

static void
check_rows(const struct row *rows, size_t count, bool passes)
{
    struct support_tally tally = {0};

    for (size_t i = 0; i < count; i++) {
        char text[100];
        imgrw_str str = support_str(rows[i].text);

        memcpy(text, str.data, str.size);
        if (strcmp(rows[i].name, "NUL") == 0)
            text[str.size - 1] = '\0';
        support_row(&tally, "%s", rows[i].name);
        support_check(&tally,
                      passes_gate((imgrw_str){text, str.size}) == passes,
                      passes ? "it is held back" : "it passes");
    }
    support_finish(&tally);
}

static void
test_passing(void **state)
{
    (void)state;
    check_rows(passing, SUPPORT_COUNT(passing), true);
}

static void
test_held(void **state)
{
    (void)state;
    check_rows(held, SUPPORT_COUNT(held), false);
}

/* Lines of up to 1 MB, and blanks in runs that are not much longer than people
 * write them. */
static void
test_long(void **state)
{
    size_t size = 3000000;
    char *text = malloc(size);

    (void)state;
    assert_non_null(text);
    memset(text, 'a', size);
    assert_true(passes_gate((imgrw_str){text, 900000}));
    assert_false(passes_gate((imgrw_str){text, 1100000}));
    assert_false(passes_gate((imgrw_str){text, size}));
    for (size_t i = 0; i < size; i += 900000)
        text[i] = '\n';
    assert_true(passes_gate((imgrw_str){text, size}));
    text[900000] = 'a';
    assert_false(passes_gate((imgrw_str){text, size}));
    memset(text, ' ', 100000);
    assert_true(passes_gate((imgrw_str){text, 200}));
    assert_false(passes_gate((imgrw_str){text, 10000}));
    memset(text, '\n', 100000);
    assert_true(passes_gate((imgrw_str){text, 200}));
    assert_false(passes_gate((imgrw_str){text, 10000}));
    free(text);
}

/* ---- hostile texts ---------------------------------------------------- */

/* Goes the way of every text, up to libfyaml. A refusal is as good as a
 * result. */
static int
read_as_library(void *user)
{
    imgrw_str text = *(imgrw_str *)user;
    struct irw_source source;
    struct irw_extract extract;
    struct irw_arena arena = {0};
    struct irw_tree tree = {0}, witness = {0};
    enum imgrw_status status =
        irw_source_open(text, NULL, text.size, &source, NULL);

    extract = (struct irw_extract){text, source.start, text.size};
    if (status == IMGRW_OK)
        status = irw_tree_read(&irw_libyaml, extract, 256, &arena, &tree, NULL);
    if (status == IMGRW_OK && irw_gate_passes(extract, &tree))
        status = irw_tree_read(&irw_libfyaml, extract, 256, &arena, &witness,
                               NULL);
    irw_tree_clear(&tree);
    irw_tree_clear(&witness);
    irw_arena_clear(&arena);
    return status == IMGRW_ERR_MEMORY;
}

static void
check_hostile(struct support_tally *tally, imgrw_str text)
{
    char how[100];
    bool ok = child_run(read_as_library, &text, SECONDS, how, sizeof(how));

    support_check(tally, ok, "%s", how);
}

/* Texts that are larger than interesting. */
static const struct repeated {
    const char *name, *before, *filler, *after;
    size_t count;
    const char *more; /* as often, after all that */
} repeated[] = {
    {"percent signs", "", "%", "", 100000, ""},
    {"blank lines in a block scalar", "a: |\n", "\n", "  b\n", 100000, ""},
    {"blank lines after a block scalar", "a: |\n  b\n", "\n", "c: d\n",
     100000, ""},
    {"brackets", "", "[", "", 100000, ""},
    {"brackets and braces", "", "[{a: ", "", 50000, ""},
    {"brackets, within the limit", "", "[", "", 256, ""},
    {"dashes", "", "- ", "a", 100000, ""},
    {"question marks", "", "? ", "a", 100000, ""},
    {"tag directives", "", "%TAG !a! b\n", "--- a\n", 50000, ""},
    {"lines of a plain scalar", "a: b\n", "  c\n", "", 100000, ""},
    {"quotes in quotes", "a: '", "''", "'\n", 100000, ""},
    {"escapes", "a: \"", "\\n", "\"\n", 100000, ""},
    {"anchors", "", "- &a b\n", "", 100000, ""},
    {"aliases", "- &a b\n", "- *a\n", "", 100000, ""},
    {"tags", "", "- !a b\n", "", 100000, ""},
    {"equal keys", "", "a: b\n", "", 100000, ""},
    {"documents", "", "--- a\n", "", 100000, ""},
    {"comments", "[a,\n", "# b\n", "c]\n", 100000, ""},
    {"blanks", "a:", " ", "b\n", 100000, ""},
    {"blanks in quotes", "a: '", " ", "'\n", 100000, ""},
    {"blanks after a dash", "-", " ", "a\n", 100000, ""},
    {"blanks after a colon in flow", "{a:", " ", "b}\n", 100000, ""},
    {"lines after a colon in flow", "{a:", "\n", " b}\n", 100000, ""},
    {"blanks after a tag", "!a", " ", "b\n", 100000, ""},
    {"blanks after a bracket", "[{a: b}", " ", ",c]\n", 100000, ""},
    {"bars after blanks", "a:\n", " ", "b", 300000, " |"},
    {"dashes after blanks", "a:\n", " ", "b", 300000, " -"},
    {"hashes after digits", "a: |", "1", "#", 300000, "1#"},
    {"bars on lines", "a: |\n", "\n", "", 100000, " |\n"},
    {"dashes and comments", "", "-\n# a\n", "", 100000, "\n"},
};

/* The text that a row stands for; the caller frees `data`. */
static imgrw_str
make_repeated(const struct repeated *row)
{
    size_t each = strlen(row->filler) + strlen(row->more);
    size_t size = strlen(row->before) + each * row->count + strlen(row->after);
    char *text = malloc(size + 1), *at = text;

    assert_non_null(text);
    at = stpcpy(at, row->before);
    for (size_t i = 0; i < row->count; i++)
        at = stpcpy(at, row->filler);
    at = stpcpy(at, row->after);
    for (size_t i = 0; i < row->count; i++)
        at = stpcpy(at, row->more);
    return (imgrw_str){text, size};
}

static void
test_repeated(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(repeated); i++) {
        imgrw_str text = make_repeated(&repeated[i]);

        support_row(&tally, "%s", repeated[i].name);
        check_hostile(&tally, text);
        free((char *)text.data);
    }
    support_finish(&tally);
}

static void
test_vectors(void **state)
{
    struct support_tally tally = {0};
    struct dirent **entries;
    char *folder;
    int count;

    (void)state;
    if (!support_data())
        skip();
    folder = support_path(support_data(), "vectors/hostile-yaml");
    count = scandir(folder, &entries, NULL, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        char *path = support_path(folder, entries[i]->d_name);

        if (entries[i]->d_type != DT_DIR) {
            imgrw_str text = support_read_file(path);

            support_row(&tally, "%s", entries[i]->d_name);
            check_hostile(&tally, text);
            free((char *)text.data);
        }
        free(path);
        free(entries[i]);
    }
    free(entries);
    free(folder);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_passing),  cmocka_unit_test(test_held),
        cmocka_unit_test(test_long),     cmocka_unit_test(test_repeated),
        cmocka_unit_test(test_vectors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
