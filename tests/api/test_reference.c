/*
 * References through the public API: the tables of fixtures/references, limits
 * of length, and formatting into buffers of every size.
 */
#include "support.h"

#include <imgrewrite/reference.h>

#include <stdlib.h>
#include <string.h>

static struct support_table
read_table(const char *name)
{
    return support_table_read(support_fixtures(), name);
}

/* Parses what a table calls a reference. */
static bool
parse(struct support_tally *tally, imgrw_str text,
      struct imgrw_reference *reference)
{
    struct imgrw_error error = {.message = "success"};
    enum imgrw_status status =
        imgrw_reference_parse(text, reference, &error);

    return support_check(tally, status == IMGRW_OK, "not parsed: %s",
                         error.message);
}

static void
check_text(struct support_tally *tally, const char *what,
           const struct imgrw_reference *reference, imgrw_str expected)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_error error = {.message = "success"};
    imgrw_str text;
    enum imgrw_status status =
        imgrw_reference_format(reference, &buffer, &text, &error);

    if (support_check(tally, status == IMGRW_OK, "%s not formatted: %s", what,
                      error.message))
        support_check_str(tally, what, text, expected);
}

/* Each part of a reference borrows from the text. */
static void
check_borrowed(struct support_tally *tally, imgrw_str part, imgrw_str text)
{
    support_check(tally,
                  part.size == 0 || (part.data >= text.data &&
                                     part.data + part.size <=
                                         text.data + text.size),
                  "\"%.*s\" is not of the text", (int)part.size, part.data);
}

static void
test_parts(void **state)
{
    struct support_table table = read_table("references/parts.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        char **columns = table.lines[i].columns;
        imgrw_str text = support_json_column(columns[1]);
        struct imgrw_reference got;

        support_row(&tally, "%s", columns[0]);
        if (!parse(&tally, text, &got))
            continue;
        support_check_str(&tally, "registry", got.registry,
                          support_str(columns[2]));
        support_check_str(&tally, "repository", got.repository,
                          support_str(columns[3]));
        support_check_str(&tally, "tag", got.tag, support_str(columns[4]));
        support_check_str(&tally, "digest", got.digest,
                          support_str(columns[5]));
        check_borrowed(&tally, got.registry, text);
        check_borrowed(&tally, got.repository, text);
        check_borrowed(&tally, got.tag, text);
        check_borrowed(&tally, got.digest, text);
        check_text(&tally, "round trip", &got, text);
    }
    support_table_free(&table);
    support_finish(&tally);
}

/* Whether each character of `text` is whole and none is a control character. */
static bool
is_printable(const char *text)
{
    size_t missing = 0; /* bytes of the current character */

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool continues = (c & 0xC0) == 0x80;

        if (continues != (missing > 0) || c < 0x20 || c == 0x7F)
            return false;
        missing = continues ? missing - 1
                  : c < 0xC0 ? 0
                  : c < 0xE0 ? 1
                  : c < 0xF0 ? 2
                             : 3;
    }
    return missing == 0;
}

/* What the caller of a failing parse finds: the place, a sentence, and no
 * result. */
static void
check_failure(struct support_tally *tally, imgrw_str text, size_t offset,
              size_t column)
{
    struct imgrw_reference untouched = {.tag = {"as it was", 9}};
    struct imgrw_error error = {0};
    enum imgrw_status status = imgrw_reference_parse(text, &untouched, &error);

    if (!support_check(tally, status == IMGRW_ERR_REFERENCE, "status %d: %s",
                       status, error.message))
        return;
    support_check(tally, error.status == status, "error.status is %d",
                  error.status);
    support_check(tally, error.at.offset == offset,
                  "offset: expected %zu, got %zu: %s", offset, error.at.offset,
                  error.message);
    support_check(tally, error.at.line == 1 && error.at.column == column,
                  "expected 1:%zu, got %u:%u", column, error.at.line,
                  error.at.column);
    support_check(tally, error.message[0] != '\0' &&
                             is_printable(error.message),
                  "message \"%s\"", error.message);
    support_check_str(tally, "result", untouched.tag, support_str("as it was"));
    support_check(tally,
                  imgrw_reference_parse(text, &untouched, NULL) == status,
                  "another status without an error to fill");
}

static void
test_errors(void **state)
{
    struct support_table table = read_table("references/errors.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        char **columns = table.lines[i].columns;

        support_row(&tally, "%s", columns[0]);
        check_failure(&tally, support_json_column(columns[1]),
                      strtoul(columns[2], NULL, 10),
                      strtoul(columns[3], NULL, 10));
    }
    support_table_free(&table);
    support_finish(&tally);
}

/* A text that ends without a NUL after it: what reads on is caught by the
 * sanitizer. */
static void
test_no_nul_behind(void **state)
{
    static const char *const texts[] = {
        "n", "nginx", "nginx:", "nginx:1", "nginx@", "nginx@sha256",
        "nginx@sha256:", "a/", "quay.io/", "localhost", "host:", "[", "[::1]",
        "[::1]:", "a_", "a__", "a-",
    };

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(texts); i++) {
        size_t size = strlen(texts[i]);
        char *text = malloc(size);
        struct imgrw_reference reference;

        assert_non_null(text);
        memcpy(text, texts[i], size);
        (void)!imgrw_reference_parse((imgrw_str){text, size}, &reference, NULL);
        free(text);
    }
    assert_int_equal(imgrw_reference_parse((imgrw_str){NULL, 0},
                                           &(struct imgrw_reference){0}, NULL),
                     IMGRW_ERR_REFERENCE);
}

static void
normalize(const struct imgrw_reference *reference,
          struct imgrw_reference_buffer *buffer, struct imgrw_reference *full)
{
    assert_int_equal(imgrw_reference_normalize(reference, buffer, full, NULL),
                     IMGRW_OK);
}

static void
test_names(void **state)
{
    struct support_table table = read_table("references/names.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        char **columns = table.lines[i].columns;
        struct imgrw_reference_buffer buffer;
        struct imgrw_reference written, full, shortest;

        support_row(&tally, "%s", columns[0]);
        if (!parse(&tally, support_str(columns[1]), &written))
            continue;
        normalize(&written, &buffer, &full);
        imgrw_reference_shorten(&full, &shortest);
        check_text(&tally, "full name", &full, support_str(columns[2]));
        check_text(&tally, "short name", &shortest, support_str(columns[3]));
        support_check(&tally, imgrw_reference_equal(&written, &full),
                      "the full name is another image");

        normalize(&written, &buffer, &written);
        check_text(&tally, "in place", &written, support_str(columns[2]));
        imgrw_reference_shorten(&written, &written);
        check_text(&tally, "short in place", &written,
                   support_str(columns[3]));
    }
    support_table_free(&table);
    support_finish(&tally);
}

static void
test_equal(void **state)
{
    struct support_table table = read_table("references/equal.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        char **columns = table.lines[i].columns;
        bool same = strcmp(columns[3], "same") == 0;
        struct imgrw_reference one, other;

        support_row(&tally, "%s", columns[0]);
        if (!parse(&tally, support_str(columns[1]), &one) ||
            !parse(&tally, support_str(columns[2]), &other))
            continue;
        support_check(&tally, !!imgrw_reference_equal(&one, &other) == same,
                      "not %s", columns[3]);
        support_check(&tally, !!imgrw_reference_equal(&other, &one) == same,
                      "not %s the other way round", columns[3]);
        support_check(&tally, imgrw_reference_equal(&one, &one),
                      "not equal to itself");
    }
    support_table_free(&table);
    support_finish(&tally);
}

/* `head`, `count` times "a", and `tail`; the caller frees it. */
static imgrw_str
stretch(const char *head, size_t count, const char *tail)
{
    size_t before = strlen(head), after = strlen(tail);
    char *text = malloc(before + count + after + 1);

    assert_non_null(text);
    memcpy(text, head, before);
    memset(text + before, 'a', count);
    memcpy(text + before + count, tail, after + 1);
    return (imgrw_str){text, before + count + after};
}

/* 255 for a repository, with "library/" where that is implied; 128 for a tag;
 * no more than fits in IMGRW_REFERENCE_MAX for the whole. */
static void
test_lengths(void **state)
{
    static const struct {
        const char *name, *head;
        size_t count;
        const char *tail;
        bool valid;
    } rows[] = {
        {"official repository of 247", "", 247, ":1", true},
        {"official repository of 248", "", 248, ":1", false},
        {"official with its library, 255", "library/", 247, "", true},
        {"official with its library, 256", "library/", 248, "", false},
        {"official with its host, 247", "docker.io/", 247, "", true},
        {"official with its host, 248", "docker.io/", 248, "", false},
        {"official by its old name, 248", "index.docker.io/", 248, "", false},
        {"namespace, 255", "b/", 253, "", true},
        {"namespace, 256", "b/", 254, "", false},
        {"another registry, 255", "quay.io/", 255, ":1", true},
        {"another registry, 256", "quay.io/", 256, ":1", false},
        {"many components, 255", "quay.io/b/c/d/", 249, "", true},
        {"many components, 256", "quay.io/b/c/d/", 250, "", false},
        {"repository of 100000", "quay.io/", 100000, "", false},
        {"tag of 128", "nginx:", 128, "", true},
        {"tag of 129", "nginx:", 129, "", false},
        {"tag of 100000", "nginx:", 100000, "", false},
        {"host for a whole of 1023", "b.", 1013, ".c/nginx", true},
        {"host for a whole of 1025", "b.", 1015, ".c/nginx", false},
        {"host of 100000", "b.", 100000, ".c/nginx", false},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        imgrw_str text =
            stretch(rows[i].head, rows[i].count, rows[i].tail);
        struct imgrw_reference reference;
        struct imgrw_error error = {.message = "success"};
        enum imgrw_status status =
            imgrw_reference_parse(text, &reference, &error);

        support_row(&tally, "%s", rows[i].name);
        support_check(&tally, (status == IMGRW_OK) == rows[i].valid,
                      "status %d: %s", status, error.message);
        if (status == IMGRW_OK)
            check_text(&tally, "round trip", &reference, text);
        free((char *)text.data);
    }
    support_finish(&tally);
}

/* The first character that a tag is too long for is the 129th. */
static void
test_place_of_long_tag(void **state)
{
    imgrw_str text = stretch("nginx:", 129, "");
    struct imgrw_reference reference;
    struct imgrw_error error;

    (void)state;
    assert_int_equal(imgrw_reference_parse(text, &reference, &error),
                     IMGRW_ERR_REFERENCE);
    assert_int_equal(error.at.offset, 6 + 128);
    assert_int_equal(error.at.column, 6 + 128 + 1);
    free((char *)text.data);
}

/* The longest text that fits in a buffer, and one more byte. */
static void
test_format_sizes(void **state)
{
    static char repository[IMGRW_REFERENCE_MAX];
    static const imgrw_str tag = {"1", 1};
    struct imgrw_reference reference = {
        .registry = {"quay.io", 7},
        .repository = {repository, IMGRW_REFERENCE_MAX - 1 - 8 - 2},
        .tag = tag,
    };
    struct imgrw_reference_buffer *buffer = malloc(sizeof(*buffer));
    imgrw_str text = {"as it was", 9};

    (void)state;
    assert_non_null(buffer);
    memset(repository, 'a', sizeof(repository));
    reference.repository.size++;
    assert_int_equal(imgrw_reference_format(&reference, buffer, &text, NULL),
                     IMGRW_ERR_LIMIT);
    reference.tag.size = 0;
    reference.digest = tag;
    assert_int_equal(imgrw_reference_format(&reference, buffer, &text, NULL),
                     IMGRW_ERR_LIMIT);
    assert_true(support_equal(text, support_str("as it was")));
    reference.repository.size--;
    assert_int_equal(imgrw_reference_format(&reference, buffer, &text, NULL),
                     IMGRW_OK);
    assert_true(text.data == buffer->bytes);
    assert_int_equal(text.size, IMGRW_REFERENCE_MAX - 1);
    assert_int_equal(buffer->bytes[text.size], '\0');
    free(buffer);
}

/* What callers pass that no reference is. */
static void
test_arguments(void **state)
{
    static char zeros[2 * IMGRW_REFERENCE_MAX];
    const struct imgrw_reference nothing = {{0}, {0}, {0}, {0}};
    const struct imgrw_reference nameless = {
        .registry = {"quay.io", 7}, .tag = {"1", 1}};
    const struct imgrw_reference nginx = {.repository = {"nginx", 5}};
    const struct imgrw_reference long_name = {.repository = {zeros, 1020}};
    const struct imgrw_reference long_host = {
        .registry = {zeros, sizeof(zeros)}, .repository = {"nginx", 5}};
    const struct {
        const char *name;
        const struct imgrw_reference *reference;
        enum imgrw_status normalized, formatted;
    } rows[] = {
        {"NULL", NULL, IMGRW_ERR_ARGUMENT, IMGRW_ERR_ARGUMENT},
        {"nothing", &nothing, IMGRW_ERR_ARGUMENT, IMGRW_ERR_ARGUMENT},
        {"no repository", &nameless, IMGRW_ERR_ARGUMENT, IMGRW_ERR_ARGUMENT},
        {"a name", &nginx, IMGRW_OK, IMGRW_OK},
        {"room but for library/", &long_name, IMGRW_ERR_LIMIT, IMGRW_OK},
        {"a host without end", &long_host, IMGRW_ERR_LIMIT, IMGRW_ERR_LIMIT},
    };
    struct support_tally tally = {0};
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference full;
    imgrw_str text;

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        enum imgrw_status normalized = imgrw_reference_normalize(
            rows[i].reference, &buffer, &full, NULL);
        enum imgrw_status formatted = imgrw_reference_format(
            rows[i].reference, &buffer, &text, NULL);

        support_row(&tally, "%s", rows[i].name);
        support_check(&tally, normalized == rows[i].normalized,
                      "normalised: %d", normalized);
        support_check(&tally, formatted == rows[i].formatted, "formatted: %d",
                      formatted);
        support_check(&tally,
                      imgrw_reference_equal(rows[i].reference, &nginx) ==
                          (rows[i].reference == &nginx),
                      "equal");
    }
    support_finish(&tally);
    assert_int_equal(imgrw_reference_parse(support_str("a"), NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_reference_normalize(&nginx, NULL, &full, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_reference_normalize(&nginx, &buffer, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_reference_format(&nginx, NULL, &text, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_reference_format(&nginx, &buffer, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_reference_equal(&nginx, NULL), 0);
    imgrw_reference_shorten(NULL, &full);
    imgrw_reference_shorten(&nginx, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_no_nul_behind),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_place_of_long_tag),
        cmocka_unit_test(test_format_sizes),
        cmocka_unit_test(test_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
