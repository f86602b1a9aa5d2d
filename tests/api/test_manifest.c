/*
 * What a manifest says of a text beside its images.
 */
#include "support.h"

#include <imgrewrite/manifest.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WARNINGS 4 /* of a row, at most */

#define TOO_DEEP \
    "the document in this value is nested too deep to be searched for images"

/* Texts whose warnings are of pieces without images: all that was read of such
 * a piece is released before the caller sees the warning. `wraps` ConfigMaps
 * are put around the text, each as a string in the next. */
static const struct warned {
    const char *name, *text;
    unsigned wraps;
    uint32_t max_depth;
    const char *after; /* more pieces, which reuse the memory */
    const char *messages[WARNINGS];
} warned[] = {
    {"a document too deep inside others", "image: a/b:1\n", 5, 0, "",
     {TOO_DEEP}},
    {"the same, and images after it", "image: a/b:1\n", 5, 0,
     "---\nkind: Pod\nmetadata: {name: \"\\x61\\x62\\x63\"}\n"
     "spec: {containers: [{image: \"\\x61\\x62\\x63\"}]}\n",
     {TOO_DEEP}},
    {"a document with too many levels", "image: [[[[[[[[[[]]]]]]]]]]\n", 1, 8,
     "", {TOO_DEEP}},
    {"the same inside another", "image: [[[[[[[[[[]]]]]]]]]]\n", 2, 8, "",
     {TOO_DEEP}},
    {"two pieces", "image: a/b:1\n", 5, 0,
     "---\nkind: ConfigMap\ndata:\n  a: \"image: [[[[[[[[[[]]]]]]]]]]\"\n",
     {TOO_DEEP}},
    {"two pieces, both too deep", "image: a/b:1\n", 5, 8,
     "---\nkind: ConfigMap\ndata:\n  a: \"image: [[[[[[[[[[]]]]]]]]]]\"\n",
     {TOO_DEEP, TOO_DEEP}},
    {"a marker with text after it", "image: [[[[[[[[[[]]]]]]]]]]\n", 1, 8,
     "--- {kind: Pod, spec: {containers: [], containers: []}}\n",
     {TOO_DEEP,
      "duplicate key \"containers\", first on line 4; both are taken for "
      "images",
      "kubectl rejects text behind \"---\" on its line"}},
};

/* Writes `text` as a JSON string. */
static void
write_string(FILE *stream, const char *text)
{
    fputc('"', stream);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', stream);
        if (*text == '\n')
            fputs("\\n", stream);
        else
            fputc(*text, stream);
    }
    fputc('"', stream);
}

/* A ConfigMap with `text` as a value; frees `text`. */
static char *
wrap(char *text)
{
    char *wrapped;
    size_t size;
    FILE *stream = open_memstream(&wrapped, &size);

    assert_non_null(stream);
    fputs("kind: ConfigMap\ndata:\n  a: ", stream);
    write_string(stream, text);
    fputc('\n', stream);
    assert_int_equal(fclose(stream), 0);
    free(text);
    return wrapped;
}

static void
check_warnings(struct support_tally *tally, const struct warned *row,
               const struct imgrw_manifest *manifest)
{
    size_t count = 0;

    while (count < WARNINGS && row->messages[count])
        count++;
    if (!support_check(tally, imgrw_manifest_warning_count(manifest) == count,
                       "%zu warnings", imgrw_manifest_warning_count(manifest)))
        return;
    for (size_t i = 0; i < count; i++)
        support_check_str(tally, "message",
                          imgrw_manifest_warning(manifest, i)->message,
                          support_str(row->messages[i]));
    support_check(tally, !imgrw_manifest_warning(manifest, count),
                  "there is a warning after the last");
}

static void
test_warnings_last(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(warned); i++) {
        const struct imgrw_parse_options options = {
            .size = sizeof(options),
            .max_depth = warned[i].max_depth,
            .find = IMGRW_FIND_ALL,
        };
        struct imgrw_manifest *manifest;
        struct imgrw_error error = {.message = "success"};
        char *text = strdup(warned[i].text), *whole;

        for (unsigned k = 0; k < warned[i].wraps; k++)
            text = wrap(text);
        assert_true(asprintf(&whole, "%s%s", text, warned[i].after) >= 0);
        support_row(&tally, "%s", warned[i].name);
        if (support_check(&tally,
                          imgrw_manifest_parse(support_str(whole), NULL,
                                               &options, &manifest,
                                               &error) == IMGRW_OK,
                          "%s", error.message)) {
            check_warnings(&tally, &warned[i], manifest);
            imgrw_manifest_free(manifest);
        }
        free(whole);
        free(text);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_warnings_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
