/*
 * What a manifest says of a text beside its images.
 */
#include "support.h"

#include <imgrewrite/manifest.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WARNINGS 4 /* of a row, at most */

#define TEMPLATE_PATCH \
    "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n" \
    "  templatePatch: |\n    {{- if .prod }}\n"
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
     "--- {kind: Pod, spec: {containers: [], containers: [{image: a}]}}\n",
     {TOO_DEEP,
      "duplicate key \"containers\", first on line 4; both are taken for "
      "images",
      "kubectl rejects text after \"---\" on its line"}},
    {"a patch that is no YAML",
     TEMPLATE_PATCH "    spec: {image: [a}\n    {{- end }}\n", 0, 0, "",
     {"this patch is no YAML as it stands, perhaps for its template actions; "
      "its images are not found, so change them by hand"}},
    {"the same without an image",
     TEMPLATE_PATCH "    spec: {sync: [a}\n    {{- end }}\n", 0, 0, "", {NULL}},
    {"a patch that is YAML without its actions",
     TEMPLATE_PATCH "    spec: {image: a}\n    {{- end }}\n", 0, 0, "", {NULL}},
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

/* ---- images and their resources -------------------------------------- */

#define LEVELS 3 /* of a row, at most */
#define KUSTOMIZATION \
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"

/* A text with one image, and the resources around that, the inner one first:
 * line, kind and name. */
static const struct located {
    const char *name, *text;
    unsigned find; /* 0: all */
    const char *image, *field;
    struct {
        uint32_t line;
        const char *kind, *name;
    } resources[LEVELS];
} located[] = {
    {"pod", "\nkind: Pod\nmetadata: {name: a}\n"
     "spec: {containers: [{image: b}]}\n", IMGRW_FIND_DEFAULT,
     "b", "spec/containers/0/image", {{2, "Pod", "a"}}},
    {"image volume", "kind: Pod\nmetadata: {name: a}\n"
     "spec: {volumes: [{image: {reference: b}}]}\n", IMGRW_FIND_DEFAULT,
     "b", "spec/volumes/0/image/reference", {{1, "Pod", "a"}}},
    {"image volume of an unknown kind",
     "kind: Unheard\napiVersion: e.com/v1\n"
     "x:\n  containers: []\n  volumes: [{image: {reference: b}}]\n",
     IMGRW_FIND_DEFAULT, "b", "x/volumes/0/image/reference",
     {{1, "Unheard", ""}}},
    {"items of a list", "kind: List\nitems:\n"
     "- {kind: Pod, metadata: {name: a}, spec: {containers: []}}\n"
     "- {kind: Pod, metadata: {name: b}, spec: {containers: [{image: c}]}}\n",
     0, "c", "items/1/spec/containers/0/image", {{4, "Pod", "b"}}},
    {"in a ConfigMap", "kind: ConfigMap\nmetadata: {name: a}\ndata:\n  b: |\n"
     "    # a pod\n    kind: Pod\n    metadata: {name: c}\n"
     "    spec: {containers: [{image: d}]}\n", 0,
     "d", "data/b/spec/containers/0/image",
     {{6, "Pod", "c"}, {1, "ConfigMap", "a"}}},
    {"in a ConfigMap in a ConfigMap",
     "kind: ConfigMap\nmetadata: {name: a}\ndata:\n  b: |\n"
     "    kind: ConfigMap\n    metadata: {name: c}\n    data:\n      d: |\n"
     "        kind: Pod\n        metadata: {name: e}\n"
     "        spec: {containers: [{image: f}]}\n", 0,
     "f", "data/b/data/d/spec/containers/0/image",
     {{9, "Pod", "e"}, {5, "ConfigMap", "c"}, {1, "ConfigMap", "a"}}},
    {"item of a list in a ConfigMap",
     "kind: ConfigMap\nmetadata: {name: a}\ndata:\n  b: |\n"
     "    - {kind: Pod, metadata: {name: c}, spec: {containers: []}}\n"
     "    - {kind: Pod, metadata: {name: d}, spec: {containers: "
     "[{image: e}]}}\n", 0, "e", "data/b/1/spec/containers/0/image",
     {{6, "Pod", "d"}, {1, "ConfigMap", "a"}}},
    {"spelled with escapes", "kind: ConfigMap\nmetadata: {name: a}\ndata:\n"
     "  b: \"\\x6bind: Pod\\nspec: {containers: [{image: c}]}\\n\"\n", 0,
     "c", "data/b/spec/containers/0/image",
     {{4, "Pod", ""}, {1, "ConfigMap", "a"}}},
    {"values in a ConfigMap",
     "kind: ConfigMap\nmetadata: {name: a}\ndata:\n  b: |\n"
     "    image: c.io/d:1\n", 0, "c.io/d:1", "data/b/image",
     {{5, "", ""}, {1, "ConfigMap", "a"}}},
    {"a file of values", "image: c.io/d:1\n", 0, "c.io/d:1", "image",
     {{1, "", ""}}},
    {"JSON patch", KUSTOMIZATION "patches:\n- patch: |-\n"
     "    - {op: replace, path: /a/containers/0/image, value: b}\n", 0,
     "b", "patches/0/patch/0/value", {{5, "", ""}, {1, "Kustomization", ""}}},
    {"JSON patch of two items", KUSTOMIZATION "patches:\n- patch: |-\n"
     "    - {op: remove, path: /a/image}\n"
     "    - {op: replace, path: /a/containers/0/image, value: b}\n", 0,
     "b", "patches/0/patch/1/value", {{5, "", ""}, {1, "Kustomization", ""}}},
    {"JSON patch by an alias",
     KUSTOMIZATION "patches:\n- patch: |-\n"
     "    - &a {op: test, path: /a/name, value: c}\n    - *a\n"
     "    - {op: add, path: /containers/0/image, value: b}\n", 0,
     "b", "patches/0/patch/2/value", {{5, "", ""}, {1, "Kustomization", ""}}},
};

/* Texts with no image: no JSON patch of one, no image volume. */
static const struct {
    const char *name, *text;
} imageless[] = {
    {"another path", KUSTOMIZATION "patches:\n- patch: |-\n"
     "    - {op: replace, path: /a/images, value: b, image: ''}\n"},
    {"a key that ends alike", KUSTOMIZATION "patches:\n- patch: |-\n"
     "    - {op: replace, path: /a/noimage, value: b, image: ''}\n"},
    {"a resource", KUSTOMIZATION "patches:\n- patch: |-\n"
     "    {kind: A, op: replace, path: /a/image, value: b}\n"},
    {"no operation", KUSTOMIZATION "patches:\n- patch: |-\n"
     "    - {path: /a/image, value: b, image: ''}\n"},
    {"no path", KUSTOMIZATION "patches:\n- patch: |-\n"
     "    - {op: replace, value: b, image: ''}\n"},
    {"no value", KUSTOMIZATION "patches:\n- patch: |-\n"
     "    - {op: replace, path: /a/image, image: ''}\n"},
    {"a value that is a map", KUSTOMIZATION "patches:\n- patch: |-\n"
     "    - {op: replace, path: /a/image, value: {b: c}}\n"},
    {"volume", "kind: Pod\nspec: {volumes: [{csi: {reference: b}}]}\n"},
};

static struct imgrw_manifest *
parse(struct support_tally *tally, const char *text, unsigned find)
{
    const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .find = find == 0 ? IMGRW_FIND_ALL : find,
    };
    struct imgrw_manifest *manifest = NULL;
    struct imgrw_error error = {.message = "success"};

    support_check(tally,
                  imgrw_manifest_parse(support_str(text), NULL, &options,
                                       &manifest, &error) == IMGRW_OK,
                  "%s", error.message);
    return manifest;
}

static void
check_resources(struct support_tally *tally, const struct located *row,
                const struct imgrw_manifest *manifest, size_t number)
{
    for (size_t i = 0; i < LEVELS && row->resources[i].line != 0; i++) {
        const struct imgrw_resource *resource =
            imgrw_manifest_resource(manifest, number);

        if (!support_check(tally, resource, "there are %zu resources", i))
            return;
        support_check_str(tally, "kind", resource->kind,
                          support_str(row->resources[i].kind));
        support_check_str(tally, "name", resource->name,
                          support_str(row->resources[i].name));
        support_check(tally, resource->at.line == row->resources[i].line,
                      "%zu begins on line %u", i, resource->at.line);
        number = resource->outer;
    }
    support_check(tally, number == SIZE_MAX, "one more is around it");
}

static void
test_resources(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(located); i++) {
        const struct located *row = &located[i];
        struct imgrw_manifest *manifest;
        const struct imgrw_image *image;

        support_row(&tally, "%s", row->name);
        manifest = parse(&tally, row->text, row->find);
        image = imgrw_manifest_image(manifest, 0);
        if (support_check(&tally, imgrw_manifest_count(manifest) == 1,
                          "%zu images", imgrw_manifest_count(manifest))) {
            support_check_str(&tally, "image", image->text,
                              support_str(row->image));
            support_check_str(&tally, "field", image->field,
                              support_str(row->field));
            check_resources(&tally, row, manifest, image->resource);
        }
        imgrw_manifest_free(manifest);
    }
    support_finish(&tally);
}

static void
test_imageless(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(imageless); i++) {
        struct imgrw_manifest *manifest;

        support_row(&tally, "%s", imageless[i].name);
        manifest = parse(&tally, imageless[i].text, 0);
        for (size_t k = 0; k < imgrw_manifest_count(manifest); k++)
            support_check(&tally,
                          imgrw_manifest_image(manifest, k)->reason !=
                              IMGRW_REASON_NONE,
                          "an image is found");
        imgrw_manifest_free(manifest);
    }
    support_finish(&tally);
}

/* ---- classes --------------------------------------------------------- */

static void
test_unselected(void **state)
{
    static const char text[] =
        "kind: Pod\nspec:\n  containers:\n  - image: a\n    image: b\n"
        "    args: [--x-image=c.io/d:1]\n"
        "---\nkind: ConfigMap\ndata: {a: c.io/e:1, b: c.io/f:2, c: d}\n";
    struct support_tally tally = {0};
    struct imgrw_manifest *manifest;

    (void)state;
    support_row(&tally, "all but pods");
    manifest = parse(&tally, text, IMGRW_FIND(IMGRW_CLASS_POD));
    assert_int_equal(imgrw_manifest_count(manifest), 2);
    assert_int_equal(
        imgrw_manifest_unselected_count(manifest, IMGRW_CLASS_POD), 0);
    assert_int_equal(
        imgrw_manifest_unselected_count(manifest, IMGRW_CLASS_ARGS), 1);
    assert_int_equal(
        imgrw_manifest_unselected_count(manifest, IMGRW_CLASS_CONFIGMAP), 2);
    imgrw_manifest_free(manifest);
    support_finish(&tally);
}

/* What is found in several ways, as a whole and joined with a tag, counts as
 * often as it is found where its class is asked for. */
static void
test_unselected_once(void **state)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"name and tag", "flannel:\n  image: docker.io/acme/f\n  tag: v1\n"},
        {"a map of parts", "image: {repository: q.io/a, tag: 1}\n"},
        {"two maps",
         "a: {image: {repository: q.io/a, tag: x}}\nb: {image: q.io/b:1}\n"},
        {"a list of lines", "kind: Pod\nmetadata:\n  annotations:\n"
         "    helm.sh/images: |\n      - name: a\n        image: q.io/a:1\n"
         "      - name: b\n        image: q.io/b:1\n"},
        {"documents", "kind: ConfigMap\ndata:\n  a: |\n    kind: Pod\n"
         "    spec: {containers: [{image: a}, {image: b}]}\n  b: q.io/c:1\n"},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_manifest *off, *on;
        size_t count = 0;

        support_row(&tally, "%s", rows[i].name);
        off = parse(&tally, rows[i].text, IMGRW_FIND(IMGRW_CLASS_COMPOSE));
        on = parse(&tally, rows[i].text, IMGRW_FIND_ALL);
        for (int k = 0; k < IMGRW_CLASS_COUNT; k++)
            count += imgrw_manifest_unselected_count(off, (enum imgrw_class)k);
        support_check(&tally, count > 0 && count == imgrw_manifest_count(on),
                      "%zu of %zu images", count, imgrw_manifest_count(on));
        imgrw_manifest_free(off);
        imgrw_manifest_free(on);
    }
    support_finish(&tally);
}

static void
test_class_names(void **state)
{
    unsigned all = 0;

    (void)state;
    for (int i = 0; i < IMGRW_CLASS_COUNT; i++) {
        const char *name = imgrw_class_name((enum imgrw_class)i);

        assert_int_equal(imgrw_find_bits(support_str(name)), IMGRW_FIND(i));
        all |= IMGRW_FIND(i);
    }
    assert_non_null(imgrw_class_name((enum imgrw_class)IMGRW_CLASS_COUNT));
    assert_int_equal(imgrw_find_bits(support_str("all")), all);
    assert_int_equal(imgrw_find_bits(support_str("default")),
                     IMGRW_FIND_DEFAULT);
    assert_int_equal(imgrw_find_bits(support_str("nothing")), 0);
    assert_int_equal(imgrw_find_bits((imgrw_str){0}), 0);
}

static void
test_reason_texts(void **state)
{
    const char *unknown = imgrw_reason_text((enum imgrw_reason)999);

    (void)state;
    assert_string_not_equal(unknown, "");
    for (int i = IMGRW_REASON_NONE; i <= IMGRW_REASON_FILLED_IN; i++) {
        const char *text = imgrw_reason_text((enum imgrw_reason)i);

        assert_string_not_equal(text, unknown);
        for (int k = IMGRW_REASON_NONE; k < i; k++)
            assert_string_not_equal(text,
                                    imgrw_reason_text((enum imgrw_reason)k));
        assert_int_equal(imgrw_reason_names_image((enum imgrw_reason)i),
                         i == IMGRW_REASON_NONE ||
                             i == IMGRW_REASON_FILLED_IN);
    }
}

/* ---- fields ---------------------------------------------------------- */

/* A field is met in whatever document, with whatever content. */
static void
test_fields_met(void **state)
{
    static const struct imgrw_fieldspec fields[] = {
        {.path = "a/image"},
        {.kind = "Widget", .path = "a/image"},
        {.path = "a/b"},
    };
    const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .fields = fields,
        .field_count = SUPPORT_COUNT(fields),
    };
    struct imgrw_manifest *manifest = NULL;

    (void)state;
    assert_int_equal(imgrw_manifest_parse(support_str("x: 1\n---\n"
                                                      "a: {image: }\n"),
                                          NULL, &options, &manifest, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_manifest_field_met(manifest, 0), 1);
    for (size_t i = 1; i <= SUPPORT_COUNT(fields); i++)
        assert_int_equal(imgrw_manifest_field_met(manifest, i), 0);
    assert_int_equal(imgrw_manifest_field_met(NULL, 0), 0);
    imgrw_manifest_free(manifest);
}

/* ---- NULL ------------------------------------------------------------ */

static void
test_null(void **state)
{
    const struct imgrw_parse_options no_fields = {
        .size = sizeof(no_fields),
        .field_count = 1,
    };
    struct imgrw_manifest *manifest = NULL;
    struct imgrw_error error;
    imgrw_str text = support_str("a: b\n"), nothing = {NULL, 1};

    (void)state;
    assert_int_equal(imgrw_manifest_parse(text, NULL, NULL, NULL, &error),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_manifest_parse(nothing, NULL, NULL, &manifest,
                                          &error),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_manifest_parse(text, NULL, &no_fields, &manifest,
                                          &error),
                     IMGRW_ERR_ARGUMENT);
    assert_null(manifest);
    assert_int_equal(imgrw_manifest_parse((imgrw_str){0}, NULL, NULL, &manifest,
                                          NULL),
                     IMGRW_OK);
    imgrw_manifest_free(manifest);
    imgrw_manifest_free(NULL);
    assert_int_equal(imgrw_manifest_count(NULL), 0);
    assert_null(imgrw_manifest_image(NULL, 0));
    assert_int_equal(imgrw_manifest_resource_count(NULL), 0);
    assert_null(imgrw_manifest_resource(NULL, 0));
    assert_int_equal(imgrw_manifest_warning_count(NULL), 0);
    assert_null(imgrw_manifest_warning(NULL, 0));
    assert_int_equal(imgrw_manifest_unselected_count(NULL, IMGRW_CLASS_POD), 0);
}

/* The last warning of a text with too many says how many there are beyond
 * those that are listed. */
static void
check_many(size_t count, size_t listed, const char *last)
{
    struct imgrw_manifest *manifest;
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    assert_non_null(stream);
    for (size_t i = 0; i < count; i++)
        fputs("--- {kind: Pod, a: 1}\n", stream);
    assert_int_equal(fclose(stream), 0);
    assert_int_equal(imgrw_manifest_parse((imgrw_str){text, size}, NULL, NULL,
                                          &manifest, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_manifest_warning_count(manifest), listed);
    assert_string_equal(
        imgrw_manifest_warning(manifest, listed - 1)->message.data, last);
    assert_int_equal(imgrw_manifest_warning(manifest, listed - 1)->at.line,
                     listed);
    imgrw_manifest_free(manifest);
    free(text);
}

static void
test_many_warnings(void **state)
{
    (void)state;
    check_many(100, 100, "kubectl rejects text after \"---\" on its line");
    check_many(101, 101, "from here on there is 1 more warning, which is not "
                         "listed: mend what the others say first");
    check_many(250, 101, "from here on there are 150 more warnings, which are "
                         "not listed: mend what the others say first");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_warnings_last),
        cmocka_unit_test(test_many_warnings),
        cmocka_unit_test(test_resources),
        cmocka_unit_test(test_imageless),
        cmocka_unit_test(test_unselected),
        cmocka_unit_test(test_unselected_once),
        cmocka_unit_test(test_class_names),
        cmocka_unit_test(test_reason_texts),
        cmocka_unit_test(test_fields_met),
        cmocka_unit_test(test_null),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
