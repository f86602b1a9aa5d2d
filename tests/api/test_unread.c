/*
 * Which documents are passed over: those in which a strict reading finds
 * nothing, by a look at their bytes. Every row is read strictly as well, and
 * has to say the same. That is what makes a document one that has to be read:
 * `finds` says it has something. Where in doubt, more is read than has to be.
 */
#include "support.h"

#include <imgrewrite/manifest.h>

#include <string.h>

#define SERVICE "apiVersion: v1\nkind: Service\n"
#define CRD \
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
#define RULE "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\n"
#define WIDGET "apiVersion: example.com/v1\nkind: Widget\n"
#define CONFIG_MAP "apiVersion: v1\nkind: ConfigMap\ndata:\n"
#define LIST "apiVersion: v1\nitems:\n"
#define POD "spec: {containers: [{image: a}]}\n"
#define ANNOTATION "sidecar.istio.io/proxyImage"

/* What becomes of a text. */
enum reading { UNREAD, READ, FINDS };

static const struct row {
    const char *name, *text;
    enum reading reading;
    const char *path; /* NULL: file.yaml */
} rows[] = {
    /* what begins as a resource */
    {"a resource", SERVICE "spec: {ports: [{port: 80}]}\n", UNREAD, NULL},
    {"a resource of an unknown kind", WIDGET "spec: {a: b}\n", UNREAD, NULL},
    {"the kind first", "kind: Service\napiVersion: v1\n", UNREAD, NULL},
    {"a marker, comments and empty lines",
     "---  # one\n\n  # two\n" SERVICE, UNREAD, NULL},
    {"line ends of Windows",
     "---\r\napiVersion: v1\r\nkind: Service\r\nspec:\r\n  a: b\r\n", UNREAD,
     NULL},
    {"comments on the lines", "apiVersion: v1 # a\nkind: Service # b\n",
     UNREAD, NULL},
    {"an apiVersion alone", "apiVersion: v1\nmetadata: {name: a}\n", UNREAD,
     NULL},
    {"a kind alone", "kind: Service\nmetadata: {name: a}\n", READ, NULL},
    {"neither", "a: b\n", READ, NULL},
    {"text on the marker's line", "--- !!map\n" SERVICE, READ, NULL},
    {"a directive", "%YAML 1.1\n---\n" SERVICE, READ, NULL},
    {"a kind that another one replaces", SERVICE "a: b\nkind: Widget\n", READ,
     NULL},
    {"the same with a tag", CRD POD "!!str kind: Pod\n", FINDS, NULL},
    {"the same in quotes", CRD POD "\"kind\" : Pod\n", FINDS, NULL},
    {"a kind that goes on",
     "apiVersion: v1\nkind: Service\n  and more\nspec: {a: b}\n", UNREAD, NULL},
    {"a kind at the margin of a list", LIST "- a: b\nkind: ServiceList\n",
     UNREAD, NULL},
    {"a description of a chart",
     "apiVersion: v2\nname: a\nversion: 1\nannotations:\n"
     "  images: |\n    - image: a/b:1\n", FINDS, "Chart.yaml"},
    {"a file of a tool, by its name", "apiVersion: v1\na: b\n", READ,
     "dir/kustomization.yaml"},
    {"the same of a known kind", SERVICE, UNREAD, "kustomization.yaml"},
    {"what regsync copies",
     "apiVersion: v1\nsync:\n- {source: a/b:1, target: c}\n", FINDS, NULL},
    {"a compose file by its keys",
     "apiVersion: v1\nservices: {a: {image: b}}\n", FINDS, NULL},

    /* kinds with places */
    {"a pod", "apiVersion: v1\nkind: Pod\n" POD, FINDS, NULL},
    {"a pod in a list",
     LIST "- apiVersion: v1\n  kind: Pod\n  " POD "kind: List\n", FINDS, NULL},
    {"a list of pods without their kind",
     "apiVersion: v1\nkind: PodList\nitems:\n- " POD, FINDS, NULL},
    {"a kind after a quoted key", LIST "- {apiVersion: v1, \"kind\":\"Pod\"}\n",
     READ, NULL},
    {"a kind of another group", "apiVersion: a.b/v1\nkind: Prometheus\n",
     UNREAD, NULL},
    {"a resource in a resource",
     WIDGET "spec: {a: {apiVersion: apps/v1, kind: Deployment, spec: "
            "{template: {spec: {volumes: [{image: {reference: a}}]}}}}}\n",
     FINDS, NULL},
    {"a schema of a kind", CRD "spec: {names: {kind: Prometheus}}\n", UNREAD,
     NULL},
    {"a kind with a tag", WIDGET "spec: {kind: !!str Pod}\n", READ, NULL},
    {"a kind on the next line", WIDGET "spec:\n  kind:\n    Pod\n", READ, NULL},
    {"a kind that is a mapping", CRD "spec:\n  kind:\n    type: string\n",
     UNREAD, NULL},

    /* pods */
    {"containers of an unknown kind", WIDGET POD, FINDS, NULL},
    {"init containers", WIDGET "a: {initContainers: [{image: a}]}\n", FINDS,
     NULL},
    {"a property of that name", CRD "spec:\n  containers:\n    type: array\n",
     UNREAD, NULL},
    {"the same in braces", CRD "spec: {containers: {type: array}}\n", UNREAD,
     NULL},
    {"a template's containers", WIDGET "a:\n  containers: {{ x }}\n", READ,
     NULL},
    {"a list at the depth of its key",
     WIDGET "spec:\n  containers:\n  - image: a\n", FINDS, NULL},
    {"containers with a tag", WIDGET "a: {containers: !!seq [{image: a}]}\n",
     FINDS, NULL},

    /* JSON */
    {"a resource in JSON", "{\"apiVersion\": \"v1\", \"kind\": \"Service\"}\n",
     UNREAD, NULL},
    {"a pod in JSON",
     "---\n{\"kind\": \"Pod\", \"spec\": {\"containers\":[{\"image\":\"a\"}]}}",
     FINDS, NULL},
    {"what is no JSON", "{\"a\": \"b\",}\n", READ, NULL},
    {"a dashboard",
     "{\"op\": \"=\", \"repeat\": null, \"a\": [{\"name\": \"b\", \"value\": "
     "\"$c\"}], \"url\": \"?a=1&b=2\"}\n", UNREAD, NULL},
    {"a JSON patch in a file",
     "[{\"op\": \"add\", \"path\": \"/spec/image\", \"value\": \"a/b:1\"}]\n",
     FINDS, NULL},
    {"values", "{\"a\": {\"repository\": \"q.io/a\", \"tag\": \"1\"}}\n", FINDS,
     NULL},
    {"values with a registry",
     "{\"global\": {\"imageRegistry\": \"q.io\"}}\n", FINDS, NULL},
    {"the same of Rancher",
     "{\"global\": {\"cattle\": {\"systemDefaultRegistry\": \"q.io\"}}}\n",
     FINDS, NULL},
    {"the same of Istio", "{\"global\": {\"hub\": \"q.io/a\"}}\n", FINDS, NULL},
    {"a registry that is a map", "{\"repo\": {\"registry\": {}}}\n", UNREAD,
     NULL},
    {"values with arguments",
     "{\"args\": [\"--acme-http01-solver-image=a\"]}\n", FINDS, NULL},
    {"values with a variable",
     "{\"env\": [{\"name\": \"WEB_IMAGE\", \"value\": \"${X}\"}]}\n", FINDS,
     NULL},
    {"a document in a string",
     "{\"a\": \"{\\\"image\\\": \\\"q.io/a/b:1\\\"}\"}\n", FINDS, NULL},
    {"an operation in a string",
     "{\"a\": \"[{\\\"op\\\": \\\"add\\\", \\\"path\\\": "
     "\\\"/spec/image\\\", \\\"value\\\": \\\"q.io/a/b:1\\\"}]\"}\n", FINDS,
     NULL},
    {"a list of JSON", "[{\"a\": \"b\"}, 1, \"c\"]\n", UNREAD, NULL},
    {"a stream of it", "{\"a\": 1}{\"b\": 2}\n", UNREAD, NULL},

    /* ways to write a key */
    {"an explicit key", WIDGET "spec:\n  ? containers\n  : - image: a\n",
     FINDS, NULL},
    {"one in braces", WIDGET "spec: {? containers : [{image: a}]}\n", FINDS,
     NULL},
    {"a question", CRD "d: is it so? yes\ne: a[?(@.b)] or (c) ? d : e\n",
     UNREAD, NULL},
    {"an escaped letter", WIDGET "spec: {\"\\x63ontainers\": [{image: a}]}\n",
     FINDS, NULL},
    {"the same of 16 bits",
     WIDGET "spec: {\"\\u0063ontainers\": [{image: a}]}\n", FINDS, NULL},
    {"escapes of HTML", SERVICE "a: \"\\u003cb\\u003e \\u0026 c\"\n", UNREAD,
     NULL},
    {"an alias", WIDGET "a: &c containers\nspec: {*c : [{image: a}]}\n", FINDS,
     NULL},
    {"an ampersand", SERVICE "a: b & c && d, x?a=1&b=2, ${c}&d\n", UNREAD,
     NULL},
    {"an anchor by an escape of HTML",
     CONFIG_MAP "  a: \"{\\u0026c image: \\\"quay.io/a/b:1\\\"}\"\n", FINDS,
     NULL},
    {"a lone carriage return", "apiVersion: v1\rkind: Pod\r" POD, FINDS, NULL},
    {"the same after a head", WIDGET "a: b\rspec: {containers: [{image: a}]}\n",
     FINDS, NULL},
    {"NEL", WIDGET "a: b\xC2\x85spec: {containers: [{image: a}]}\n", FINDS,
     NULL},
    {"LS", WIDGET "a: b\xE2\x80\xA8spec: {containers: [{image: a}]}\n", FINDS,
     NULL},
    {"other characters", SERVICE "a: \xE2\x80\x9C\xC3\xA4\xE2\x80\x9D\n",
     UNREAD, NULL},
    {"a colon on the next line", WIDGET "a: {kind\n: b}\n", READ, NULL},

    /* annotations */
    {"an image in an annotation",
     SERVICE "metadata: {annotations: {" ANNOTATION ": a}}\n", FINDS, NULL},
    {"the same of a schema",
     CRD "metadata: {annotations: {" ANNOTATION ": a}}\n", READ, NULL},
    {"one that says nothing",
     SERVICE "metadata: {annotations: {" ANNOTATION "}}\n", UNREAD, NULL},
    {"one with an escaped slash",
     SERVICE "metadata:\n  annotations:\n"
             "    \"sidecar.istio.io\\/proxyImage\": a\n", FINDS, NULL},
    {"a document in one",
     SERVICE "metadata:\n  annotations:\n    alm-examples: |\n"
             "      [{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": "
             "{\"containers\": [{\"image\": \"a\"}]}}]\n", FINDS, NULL},
    {"one of the updater",
     SERVICE "metadata:\n  annotations:\n"
             "    argocd-image-updater.argoproj.io/image-list: a=b/c\n", FINDS,
     NULL},
    {"other annotations",
     SERVICE "metadata: {annotations: {example.com/image: a}}\n", UNREAD, NULL},

    /* patches */
    {"a JSON patch", WIDGET "a: [{op: add, path: /spec/image, value: a/b:1}]\n",
     FINDS, NULL},
    {"one without a word", WIDGET "a: [{op, path: /, spec: {package: a}}]\n",
     UNREAD, NULL},
    {"one without a path", WIDGET "a: [{op: a, path, spec: {package: a}}]\n",
     UNREAD, NULL},
    {"one without any", WIDGET "a: [{op: a, spec: {package: a}}]\n", UNREAD,
     NULL},

    /* texts */
    {"a text without images", CONFIG_MAP "  a: |\n    b: c\n", UNREAD, NULL},
    {"a document", CONFIG_MAP "  a: |\n    image: quay.io/a/b:1\n", FINDS,
     NULL},
    {"one in JSON", CONFIG_MAP "  a: \"{\\\"image\\\": \\\"a/b:1\\\"}\"\n",
     FINDS, NULL},
    {"one in JSON in JSON",
     CONFIG_MAP "  a: \"{\\\"b\\\": \\\"image: q.io/a/b:1\\\\nc: d\\\"}\"\n",
     FINDS, NULL},
    {"one that is folded",
     CONFIG_MAP "  a: >\n    image:\n    quay.io/a/b:1\n", FINDS, NULL},
    {"a word on two lines",
     CONFIG_MAP "  a: \"ima\\\n    ge: quay.io/a/b:1\"\n", FINDS, NULL},
    {"a script with long lines", CONFIG_MAP "  a: |\n    b \\\n      c\n",
     UNREAD, NULL},
    {"a tab's escape before a colon",
     CONFIG_MAP "  a: \"{\\\"image\\\"\\t: \\\"q.io/a/b:1\\\"}\"\n", FINDS,
     NULL},
    {"a variable", CONFIG_MAP "  WEB_IMG: ${X}\n", FINDS, NULL},
    {"an operation", CONFIG_MAP "  a: '[{\"op\": \"add\", \"path\": \"/spec/"
                                "image\", \"value\": \"a/b:1\"}]'\n",
     FINDS, NULL},
    {"a hub", CONFIG_MAP "  a: \"global:\\n  hub: quay.io/a\\n\"\n", FINDS,
     NULL},
    {"texts in a list",
     LIST "- apiVersion: v1\n  kind: ConfigMap\n  data:\n    a: |\n      {\n"
          "        \"title\": \"b\"\n      }\nkind: ConfigMapList\n", UNREAD,
     NULL},

    /* possible images */
    {"a possible image", SERVICE "a:\n  value: quay.io/a/b:1\n", FINDS, NULL},
    {"one with a digest that is filled in",
     WIDGET "a: quay.io/a/b@$(DIGEST)\n", FINDS, NULL},
    {"one with a digest that is in part", WIDGET "a: quay.io/a/b@+x{{ .d }}\n",
     FINDS, NULL},
    {"one with a name that is",
     WIDGET "a: 'quay.io/$(A):1'\nb: 'quay.io/{{ .x }}:{{ .y }}'\n", READ,
     NULL},
    {"one with an escaped slash", WIDGET "a: \"quay.io\\/a\\/b:1\"\n", FINDS,
     NULL},
    {"one with escaped brackets",
     WIDGET "a: \"quay.io/a/b:\\u003cTAG\\u003e\"\n"
            "b: \"quay.io/\\u003cNAME\\u003e:1\"\n", FINDS, NULL},
    {"one in a script", CONFIG_MAP "  a: |\n    run quay.io/a/b:1\n", FINDS,
     NULL},
    {"one in a schema", CRD "d: such as quay.io/a/b:1\n", UNREAD, NULL},
    {"one in a rule", RULE "d: such as quay.io/a/b:1\n", UNREAD, NULL},
    {"URLs and queries",
     SERVICE "a: http://b.c:80/d/e, x/y: 1, a:b:c[5m:1m], {{ a }}:{{ b }}\n",
     UNREAD, NULL},

    /* templates */
    {"a template of Helm's",
     SERVICE "metadata: {name: '{{ .Values.name }}'}\n", READ, NULL},
    {"one of Prometheus", RULE "a: '{{ $labels.a }}: {{ $value }}'\n", UNREAD,
     NULL},
};

/* Reads a row's text, and counts what is found: all, or of some classes. */
static struct imgrw_manifest *
read_row(struct support_tally *tally, const struct row *row, unsigned find,
         int strict)
{
    const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .find = find,
        .strict = strict,
    };
    struct imgrw_manifest *manifest = NULL;
    struct imgrw_error error = {.message = "success"};
    enum imgrw_status status =
        imgrw_manifest_parse(support_str(row->text),
                             row->path ? row->path : "file.yaml", &options,
                             &manifest, &error);

    /* what is no YAML is only read where it might hold something */
    support_check(tally, status == IMGRW_OK || status == IMGRW_ERR_SYNTAX,
                  "%s", error.message);
    return manifest;
}

static size_t
count_found(const struct imgrw_manifest *manifest)
{
    size_t count = imgrw_manifest_count(manifest) +
                   imgrw_manifest_possible_count(manifest);

    for (int i = 0; i < IMGRW_CLASS_COUNT; i++)
        count += imgrw_manifest_unselected_count(manifest, (enum imgrw_class)i);
    return count;
}

static void
check_row(struct support_tally *tally, const struct row *row, unsigned find)
{
    struct imgrw_manifest *strict = read_row(tally, row, find, 1);
    struct imgrw_manifest *skimmed = read_row(tally, row, find, 0);
    size_t unread = imgrw_manifest_unread(skimmed);
    bool all = find == IMGRW_FIND_ALL;

    support_check(tally, unread == (row->reading == UNREAD
                                        ? strlen(row->text) : 0),
                  "%zu bytes are passed over", unread);
    support_check(tally, imgrw_manifest_unread(strict) == 0,
                  "strictly, some are passed over");
    support_check(tally, count_found(strict) == count_found(skimmed),
                  "strictly, %zu are found", count_found(strict));
    support_check(tally, !all || (count_found(strict) > 0) ==
                                     (row->reading == FINDS),
                  "%zu are found", count_found(strict));
    imgrw_manifest_free(strict);
    imgrw_manifest_free(skimmed);
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        support_row(&tally, "%s", rows[i].name);
        check_row(&tally, &rows[i], IMGRW_FIND_ALL);
        check_row(&tally, &rows[i], IMGRW_FIND_DEFAULT);
    }
    support_finish(&tally);
}

/* Documents are numbered as if all were read, and warned of. */
static void
test_numbers(void **state)
{
    static const char text[] =
        SERVICE "---\n" SERVICE "--- # a\n# b\napiVersion: v1\nkind: Pod\n" POD
        "--- \n" WIDGET "---\nkind: Pod\napiVersion: v1\n" POD;
    static const size_t documents[] = {2, 4};
    const struct row row = {"", text, FINDS, NULL};
    struct support_tally tally = {0};
    struct imgrw_manifest *manifest;

    (void)state;
    support_row(&tally, "documents");
    manifest = read_row(&tally, &row, IMGRW_FIND_DEFAULT, 0);
    assert_int_equal(imgrw_manifest_unread(manifest),
                     2 * strlen("---\n" SERVICE) + strlen(WIDGET) + 1);
    assert_int_equal(imgrw_manifest_count(manifest), 2);
    for (size_t i = 0; i < SUPPORT_COUNT(documents); i++)
        assert_int_equal(imgrw_manifest_image(manifest, i)->document,
                         documents[i]);
    assert_int_equal(imgrw_manifest_unread(NULL), 0);
    imgrw_manifest_free(manifest);
    support_finish(&tally);
}

/* With fields of the user's own, all is read. */
static void
test_fields(void **state)
{
    static const struct imgrw_fieldspec field = {.kind = "Service",
                                                 .path = "spec/a"};
    const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .fields = &field,
        .field_count = 1,
    };
    struct imgrw_manifest *manifest;
    struct imgrw_error error;

    (void)state;
    assert_int_equal(
        imgrw_manifest_parse(support_str(SERVICE "spec: {a: {b: c}}\n"), NULL,
                             &options, &manifest, &error),
        IMGRW_OK);
    assert_int_equal(imgrw_manifest_unread(manifest), 0);
    assert_int_equal(imgrw_manifest_field_met(manifest, 0), 1);
    imgrw_manifest_free(manifest);
}

/* What is broken is told of only by who reads it. */
static void
test_broken(void **state)
{
    static const struct row broken = {"", SERVICE "spec: [\n", UNREAD, NULL};
    struct support_tally tally = {0};
    struct imgrw_manifest *manifest;

    (void)state;
    support_row(&tally, "broken");
    manifest = read_row(&tally, &broken, IMGRW_FIND_ALL, 0);
    assert_int_equal(imgrw_manifest_unread(manifest), strlen(broken.text));
    imgrw_manifest_free(manifest);
    assert_null(read_row(&tally, &broken, IMGRW_FIND_ALL, 1));
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_broken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
