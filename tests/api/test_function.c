/*
 * imgrw_function_new: a list of resources and its configuration.
 */
#include "support.h"

#include <imgrewrite/imgrewrite.h>

#include <stdio.h>
#include <string.h>

#define HEAD "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n"
#define POD(image) \
    "items:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: web\n" \
    "    annotations:\n      internal.config.kubernetes.io/path: a/b.yaml\n" \
    "      internal.config.kubernetes.io/index: '2'\n  spec:\n" \
    "    containers:\n    - image: " image "\n"
#define CONFIG(rest) "functionConfig: {" rest "}\n"
#define RULES(rest) \
    CONFIG("apiVersion: imgrewrite/v1, kind: RewriteRules, " rest)
#define HUB "registries: [{prefix: docker.io, location: m.io/hub}]"

/* Configurations, and what becomes of an image with them alone. */
static const struct config_row {
    const char *name, *config, *image, *expected;
} config_rows[] = {
    {"RewriteRules", RULES(HUB), "nginx", "m.io/hub/library/nginx"},
    {"with metadata", RULES("metadata: {name: a, annotations: {b: c}}, " HUB),
     "nginx", "m.io/hub/library/nginx"},
    {"ConfigMap, prefix.FROM",
     CONFIG("apiVersion: v1, kind: ConfigMap, metadata: {name: a}, "
            "data: {prefix.docker.io: m.io/hub}"),
     "nginx:1", "m.io/hub/library/nginx:1"},
    {"ConfigMap, a path in the key",
     CONFIG("apiVersion: v1, kind: ConfigMap, "
            "data: {prefix.quay.io/acme: m.io/acme}"),
     "quay.io/acme/web:1", "m.io/acme/web:1"},
    {"ConfigMap, prefix",
     CONFIG("apiVersion: v1, kind: ConfigMap, "
            "data: {prefix: \"quay.io=m.io/q\\ndocker.io=m.io/hub\\n\"}"),
     "nginx", "m.io/hub/library/nginx"},
    {"ConfigMap, image.NAME",
     CONFIG("apiVersion: v1, kind: ConfigMap, "
            "data: {image.nginx: \"m.io/nginx:2\"}"),
     "nginx:1", "m.io/nginx:2"},
    {"ConfigMap, image",
     CONFIG("apiVersion: v1, kind: ConfigMap, data: {image: nginx=m.io/n}"),
     "nginx:1", "m.io/n:1"},
    {"ConfigMap, preset",
     CONFIG("apiVersion: v1, kind: ConfigMap, "
            "data: {preset: \"harbor:host=m.io,project=hub\"}"),
     "nginx:1", "m.io/hub/library/nginx:1"},
    {"ConfigMap, exclude",
     CONFIG("apiVersion: v1, kind: ConfigMap, data: {prefix.docker.io: m.io, "
            "exclude: docker.io/library}"),
     "nginx", "nginx"},
    {"ConfigMap of set-image",
     CONFIG("apiVersion: v1, kind: ConfigMap, "
            "data: {name: nginx, newName: m.io/n, newTag: \"2\"}"),
     "nginx:1", "m.io/n:2"},
    {"SetImage",
     CONFIG("apiVersion: fn.kpt.dev/v1alpha1, kind: SetImage, "
            "metadata: {name: a}, image: {name: nginx, newName: bitnami/nginx, "
            "newTag: 1.21.4}"),
     "nginx:1", "bitnami/nginx:1.21.4"},
    {"ImageTagTransformer",
     CONFIG("apiVersion: builtin, kind: ImageTagTransformer, "
            "metadata: {name: a}, imageTag: {name: nginx, newTag: v2}"),
     "nginx:1", "nginx:v2"},
    {"a mirror set",
     CONFIG("apiVersion: config.openshift.io/v1, kind: ImageTagMirrorSet, "
            "metadata: {name: a}, spec: {imageTagMirrors: [{source: docker.io, "
            "mirrors: [m.io/hub]}]}"),
     "nginx:1", "m.io/hub/library/nginx:1"},
};

/* The image of the first item of a new text. */
static imgrw_str
find_image(imgrw_str text)
{
    const char *at = memmem(text.data, text.size, "- image: ", 9);

    assert_non_null(at);
    at += 9;
    return (imgrw_str){at, strcspn(at, "\n")};
}

static void
configurations_have_rules(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(config_rows); i++) {
        const struct config_row *row = &config_rows[i];
        struct imgrw_function *function = NULL;
        struct imgrw_rules *rules;
        struct imgrw_error error = {.message = ""};
        char text[2000];

        support_row(&tally, "%s", row->name);
        snprintf(text, sizeof(text), HEAD POD("%s") "%s", row->image,
                 row->config);
        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        if (support_check(&tally,
                          imgrw_function_new(rules, support_str(text), NULL,
                                             &function, &error) == IMGRW_OK,
                          "%s", error.message))
            support_check_str(&tally, "the image",
                              find_image(imgrw_function_text(function)),
                              support_str(row->expected));
        imgrw_function_free(function);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

/* Lists that are refused, where, and a part of the message. */
static const struct refused_row {
    const char *name, *text;
    enum imgrw_status status;
    uint32_t line;
    const char *word;
} refused_rows[] = {
    {"nothing", "", IMGRW_ERR_INPUT, 1, "nothing in it"},
    {"comments", "# a\n---\n", IMGRW_ERR_INPUT, 1, "nothing in it"},
    {"another kind", "apiVersion: v1\nkind: Pod\n", IMGRW_ERR_INPUT, 2,
     "imgrewrite rewrite -"},
    {"no kind", "items: []\n", IMGRW_ERR_INPUT, 1, "kind ResourceList"},
    {"another version", "apiVersion: v1\nkind: ResourceList\nitems: []\n",
     IMGRW_ERR_INPUT, 1, "config.kubernetes.io/v1"},
    {"two documents", HEAD "items: []\n---\n" HEAD "items: []\n",
     IMGRW_ERR_INPUT, 5, "second document"},
    {"no items", HEAD RULES(HUB), IMGRW_ERR_INPUT, 1, "has no items"},
    {"items that are no list", HEAD "items: {}\n", IMGRW_ERR_INPUT, 3,
     "has to be a list"},
    {"items twice", HEAD "items: []\nitems: []\n", IMGRW_ERR_INPUT, 4,
     "\"items\" twice"},
    {"kind twice", HEAD "kind: ResourceList\nitems: []\n", IMGRW_ERR_INPUT, 3,
     "\"kind\" twice"},
    {"results twice", HEAD "items: []\nresults: []\nresults: []\n",
     IMGRW_ERR_INPUT, 5, "\"results\" twice"},
    {"a merge key", HEAD "items: []\n<<: {a: b}\n", IMGRW_ERR_INPUT, 4, "<<"},
    {"no YAML", HEAD "items: [\n", IMGRW_ERR_SYNTAX, 4, ""},
    {"no rules", HEAD "items: []\n", IMGRW_ERR_RULE, 1, "there is no rule"},
    {"a null for rules", HEAD "items: []\nfunctionConfig: null\n",
     IMGRW_ERR_RULE, 4, "there is no rule"},
    {"an exclude alone", HEAD "items: []\n" RULES("exclude: [quay.io]"),
     IMGRW_ERR_RULE, 4, "there is no rule"},
    {"an unknown kind",
     HEAD "items: []\n" CONFIG("apiVersion: a.b/v1, kind: Widget"),
     IMGRW_ERR_RULE, 4, "expected kind RewriteRules"},
    {"a text for rules", HEAD "items: []\nfunctionConfig: a\n", IMGRW_ERR_RULE,
     4, "expected kind RewriteRules"},
    {"an unknown key of rules", HEAD "items: []\n" RULES("imagess: []"),
     IMGRW_ERR_RULE, 4, "did you mean images"},
    {"an unknown key of data",
     HEAD "items: []\n"
          CONFIG("apiVersion: v1, kind: ConfigMap, data: {prefx: a=b}"),
     IMGRW_ERR_RULE, 4, "did you mean prefix"},
    {"data that is no mapping",
     HEAD "items: []\n" CONFIG("apiVersion: v1, kind: ConfigMap, data: [a]"),
     IMGRW_ERR_RULE, 4, "data has to be a mapping"},
    {"a prefix without a place",
     HEAD "items: []\n"
          CONFIG("apiVersion: v1, kind: ConfigMap, data: {prefix: docker.io}"),
     IMGRW_ERR_RULE, 4, "FROM=TO"},
    {"an empty value",
     HEAD "items: []\n"
          CONFIG("apiVersion: v1, kind: ConfigMap, data: {prefix.a.io: null}"),
     IMGRW_ERR_RULE, 4, "is empty"},
    {"set-image without a name",
     HEAD "items: []\n"
          CONFIG("apiVersion: v1, kind: ConfigMap, data: {newTag: v1}"),
     IMGRW_ERR_RULE, 4, "need \"name\""},
    {"SetImage without an image",
     HEAD "items: []\n" CONFIG("apiVersion: fn.kpt.dev/v1, kind: SetImage"),
     IMGRW_ERR_RULE, 4, "needs \"image\""},
    {"a class that is none",
     HEAD "items: []\n"
          CONFIG("apiVersion: v1, kind: ConfigMap, data: {find: pods}"),
     IMGRW_ERR_RULE, 4, "no class of places"},
    {"a write that is none",
     HEAD "items: []\n"
          CONFIG("apiVersion: v1, kind: ConfigMap, data: {write: tag}"),
     IMGRW_ERR_RULE, 4, "both or registry"},
};

static void
what_is_no_list_is_refused(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(refused_rows); i++) {
        const struct refused_row *row = &refused_rows[i];
        struct imgrw_function *function = NULL;
        struct imgrw_rules *rules;
        struct imgrw_error error = {.message = ""};
        enum imgrw_status status;

        support_row(&tally, "%s", row->name);
        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        status = imgrw_function_new(rules, support_str(row->text), NULL,
                                    &function, &error);
        support_check(&tally, status == row->status && !function,
                      "status %d: %s", status, error.message);
        support_check(&tally, error.at.line == row->line, "line %u",
                      (unsigned)error.at.line);
        support_check(&tally, strstr(error.message, row->word) != NULL, "%s",
                      error.message);
        imgrw_function_free(function);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

static void
results_say_what_became_of_images(void **state)
{
    static const char text[] = HEAD POD("nginx") RULES(HUB);
    static const char results[] =
        "results:\n- message: \"nginx -> m.io/hub/library/nginx\"\n"
        "  severity: info\n  resourceRef:\n    apiVersion: v1\n    kind: Pod\n"
        "    name: web\n  field:\n    path: \"spec.containers[0].image\"\n"
        "    currentValue: nginx\n    proposedValue: m.io/hub/library/nginx\n"
        "  file:\n    path: a/b.yaml\n    index: 2\n"
        "  tags:\n    rule: \"prefix docker.io\"\n";
    const struct imgrw_list_result *result;
    struct imgrw_function *function;
    struct imgrw_rules *rules;
    imgrw_str got;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_function_new(rules, support_str(text), NULL,
                                        &function, NULL), IMGRW_OK);
    assert_int_equal(imgrw_function_result_count(function), 1);
    assert_null(imgrw_function_result(function, 1));
    result = imgrw_function_result(function, 0);
    assert_int_equal(result->severity, IMGRW_SEVERITY_INFO);
    assert_true(support_equal(result->field,
                              support_str("spec.containers[0].image")));
    assert_true(support_equal(result->path, support_str("a/b.yaml")));
    assert_int_equal(result->index, 2);
    assert_int_equal(result->at.line, 13);
    got = imgrw_function_text(function);
    assert_true(got.size > strlen(results));
    got = (imgrw_str){got.data + got.size - strlen(results), strlen(results)};
    assert_true(support_equal(got, support_str(results)));
    assert_int_equal(imgrw_run_summary(imgrw_function_run(function))->edits, 1);
    imgrw_function_free(function);
    imgrw_rules_free(rules);
}

static void
options_are_checked(void **state)
{
    static const char text[] = HEAD "items: []\n" RULES(HUB);
    const struct imgrw_run_options in_place = {
        .size = sizeof(in_place), .mode = IMGRW_RUN_IN_PLACE};
    const struct imgrw_function_options wrong = {.size = sizeof(wrong),
                                                 .run = &in_place};
    struct imgrw_function *function;
    struct imgrw_rules *rules;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_function_new(rules, support_str(text), &wrong,
                                        &function, NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_function_new(NULL, support_str(text), NULL,
                                        &function, NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_function_new(rules, support_str(text), NULL, NULL,
                                        NULL), IMGRW_ERR_ARGUMENT);
    imgrw_rules_free(rules);
    assert_int_equal(imgrw_function_text(NULL).size, 0);
    assert_int_equal(imgrw_function_result_count(NULL), 0);
    assert_null(imgrw_function_result(NULL, 0));
    assert_null(imgrw_function_run(NULL));
    imgrw_function_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(configurations_have_rules),
        cmocka_unit_test(what_is_no_list_is_refused),
        cmocka_unit_test(results_say_what_became_of_images),
        cmocka_unit_test(options_are_checked),
    };

    return cmocka_run_group_tests_name("function", tests, NULL, NULL);
}
