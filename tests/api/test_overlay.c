/*
 * Overlays by their functions: where they say that something changes, what they
 * refuse, and what they answer to NULL. What kustomize makes of whole overlays
 * is the matter of tests/cli and tests/corpus.
 */
#include "support.h"

#include <imgrewrite/overlay.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIDSTREAM "overlays/midstream/kustomization.yaml"

/* A plan, and all that it borrows from. */
struct planned {
    struct imgrw_rules *rules;
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan;
};

/* What becomes of the images of docker.io in a text; `find`: 0 is default. */
static struct planned
make_plan(const char *text, unsigned find)
{
    const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .find = find,
    };
    struct planned planned;

    assert_int_equal(imgrw_rules_new(&planned.rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_preset(planned.rules,
                                            "full-host:base=m.io", NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_manifest_parse(support_str(text), "in/a.yaml",
                                          &options, &planned.manifest, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_plan_new(planned.manifest, planned.rules, NULL,
                                    &planned.plan, NULL),
                     IMGRW_OK);
    return planned;
}

static void
drop_plan(struct planned *planned)
{
    imgrw_plan_free(planned->plan);
    imgrw_manifest_free(planned->manifest);
    imgrw_rules_free(planned->rules);
}

static struct imgrw_overlay *
new_overlay(const struct imgrw_overlay_options *options)
{
    struct imgrw_overlay *overlay;

    assert_int_equal(imgrw_overlay_new(options, &overlay, NULL), IMGRW_OK);
    return overlay;
}

/* The text of a file of a finished overlay, to be freed. */
static char *
copy_output(const struct imgrw_overlay *overlay, const char *path)
{
    const struct imgrw_output *output;

    for (size_t i = 0; (output = imgrw_overlay_output(overlay, i)); i++)
        if (strcmp(output->path, path) == 0)
            return strndup(output->text.data, output->text.size);
    fail_msg("%s is missing", path);
    return NULL;
}

#define JSON(name) \
    "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"" \
    name "\"}, \"spec\": {\"containers\": [{\"image\": \"nginx\"}]}}"
#define POD "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n"
#define POD_ITEM \
    "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {}}\n"
#define FLUX \
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n" \
    "metadata: {name: k}\n"
#define FOO "apiVersion: foo.io/v1\nkind: Foo\nmetadata: {name: f}\n"

/* One manifest, and a line that the midstream has or does not have. */
static const struct change {
    const char *name, *text;
    unsigned find;
    const char *has, *lacks;
} changes[] = {
    {"container", POD "  containers: [{name: c, image: nginx}]\n", 0,
     "- name: nginx\n  newName: m.io/docker.io/library/nginx\n", "op:"},
    {"ephemeral container",
     POD "  ephemeralContainers: [{name: c, image: nginx}]\n", 0,
     "      path: \"/spec/ephemeralContainers/0/image\"\n", "newName:"},
    {"image volume of a pod",
     POD "  volumes: [{name: v, image: {reference: nginx}}]\n", 0,
     "- name: nginx\n", "op:"},
    {"image volume of a template",
     FOO "spec:\n  template:\n    spec:\n      containers: []\n"
         "      volumes: [{name: v, image: {reference: nginx}}]\n", 0,
     "- name: nginx\n", "op:"},
    {"image volume deeper down",
     FOO "spec:\n  job:\n    template:\n      spec:\n        containers: []\n"
         "        volumes: [{name: v, image: {reference: nginx}}]\n", 0,
     "\"/spec/job/template/spec/volumes/0/image/reference\"\n", "newName:"},
    {"position in a list",
     POD "  containers:\n  - {name: a}\n  - {name: b}\n"
         "  - {name: c, args: [x, --image=q.io/b:1]}\n", 0,
     "      path: \"/spec/containers/2/args/1\"\n", "newName:"},
    {"lists in lists",
     FOO "spec: {x: [[], [1, {ephemeralContainers: [{image: nginx}]}]]}\n", 0,
     "      path: \"/spec/x/1/1/ephemeralContainers/0/image\"\n", "newName:"},
    {"keys with slashes and tildes",
     FOO "spec: {\"a/b~c\": {ephemeralContainers: [{image: nginx}]}}\n", 0,
     "      path: \"/spec/a~1b~0c/ephemeralContainers/0/image\"\n", "newName:"},
    {"empty key", FOO "spec: {\"\": {ephemeralContainers: [{image: nginx}]}}\n",
     0, "      path: \"/spec//ephemeralContainers/0/image\"\n", "newName:"},
    {"item of a list",
     "apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n  apiVersion: v1\n"
     "  metadata: {name: p}\n"
     "  spec: {ephemeralContainers: [{image: nginx}]}\n", 0,
     "      path: \"/spec/ephemeralContainers/0/image\"\n", "items"},
    {"alias of a list",
     FOO "spec:\n  a: {ephemeralContainers: &c [{image: nginx}]}\n"
         "  b: {ephemeralContainers: *c}\n", 0,
     "      path: \"/spec/b/ephemeralContainers/0/image\"\n", "newName:"},
    {"the same name in another namespace",
     POD "  ephemeralContainers: [{image: nginx}]\n---\napiVersion: v1\n"
         "kind: Pod\nmetadata: {name: p, namespace: other}\n", 0,
     "    namespace: default\n", "newName:"},
    {"alias of what is no image",
     "apiVersion: v1\nkind: Pod\nmetadata: {name: &p nginx}\n"
     "spec: {ephemeralContainers: [{image: *p}]}\n", 0,
     "      path: \"/spec/ephemeralContainers/0/image\"\n", "newName:"},
    {"container that is merged in",
     POD "  ephemeralContainers: [&c {image: nginx}, {<<: *c, name: d}]\n", 0,
     "      path: \"/spec/ephemeralContainers/1/image\"\n", "newName:"},
    {"container that is merged in where it is merged in",
     POD "  containers: [{<<: {<<: {image: nginx}}, name: d}]\n", 0,
     "      path: \"/spec/containers/0/image\"\n", "op: add"},
    {"not searched for, and so as it is",
     POD "  containers: [{name: c, image: nginx, args: [--image=q.io/b:1]}]\n",
     IMGRW_FIND(IMGRW_CLASS_ARGS),
     "      path: \"/spec/containers/0/args/0\"\n", "newName:"},
    {"part of an argument",
     POD "  containers: [{args: [--image=q.io/b:1]}]\n", 0,
     "      value: \"--image=m.io/q.io/b:1\"\n", "newName:"},
    {"document in a scalar",
     "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata:\n  p: |\n"
     "    kind: Pod\n    spec: {containers: [{image: nginx}]}\n",
     IMGRW_FIND_ALL,
     "      value: \"kind: Pod\\nspec: {containers: [{image: "
     "m.io/docker.io/library/nginx}]}\\n\"\n", "newName:"},
    {"CustomResourceDefinition",
     "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
     "metadata: {name: d}\nspec: {containers: [{image: nginx}]}\n", 0,
     "images:\n", "newName:"},
    {"new name of an entry", FLUX "spec: {images: [{name: q.io/b}]}\n",
     IMGRW_FIND_ALL,
     "    - op: add\n      path: \"/spec/images/0/newName\"\n"
     "      value: \"m.io/q.io/b\"\n", "op: replace"},
    {"new name in the item of a list",
     "apiVersion: v1\nkind: List\nitems:\n- " POD_ITEM
     "- apiVersion: kustomize.toolkit.fluxcd.io/v1\n  kind: Kustomization\n"
     "  metadata: {name: k}\n  spec: {images: [{name: a}, {name: q.io/b}]}\n",
     IMGRW_FIND_ALL, "      path: \"/spec/images/1/newName\"\n", "items"},
    {"new name in a list that aliases repeat",
     FLUX "spec:\n  images: [&b {name: q.io/b}, {name: a, newName: m.io/a}, "
          "*b]\n", IMGRW_FIND_ALL,
     "      path: \"/spec/images/2/newName\"\n", "/spec/images/1"},
    {"nothing", POD "  containers: []\n", 0, "patches:\n", "- name:"},
};

static void
test_changes(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(changes); i++) {
        struct planned planned = make_plan(changes[i].text, changes[i].find);
        struct imgrw_overlay *overlay = new_overlay(NULL);
        struct imgrw_error error = {.message = "success"};
        char *text;

        support_row(&tally, "%s", changes[i].name);
        support_check(&tally,
                      imgrw_overlay_add(overlay, "a.yaml", planned.plan, 0,
                                        &error) == IMGRW_OK,
                      "add: %s", error.message);
        drop_plan(&planned); /* nothing is borrowed */
        assert_int_equal(imgrw_overlay_finish(overlay, NULL, NULL, &error),
                         IMGRW_OK);
        text = copy_output(overlay, MIDSTREAM);
        support_check(&tally, strstr(text, changes[i].has) != NULL,
                      "%s is not in %s", changes[i].has, text);
        support_check(&tally, strstr(text, changes[i].lacks) == NULL,
                      "%s is in %s", changes[i].lacks, text);
        free(text);
        text = copy_output(overlay, "base/a.yaml");
        support_check(&tally, strcmp(text, changes[i].text) == 0,
                      "the base has %s", text);
        free(text);
        imgrw_overlay_free(overlay);
    }
    support_finish(&tally);
}

/* What is beside a pod whose image changes, and whether kustomize can then
 * apply `images:`; found by trying. */
static const struct {
    const char *name, *text;
    enum imgrw_status status;
} neighbours[] = {
    {"a list for a container", FOO "spec: {containers: [[{image: a}]]}\n",
     IMGRW_ERR_EDIT},
    {"a string for a container", FOO "spec: {containers: [a]}\n",
     IMGRW_ERR_EDIT},
    {"an empty one", FOO "spec: {containers: [{}, \"\"]}\n", IMGRW_ERR_EDIT},
    {"null", FOO "spec: {containers: [{}, null]}\n", IMGRW_OK},
    {"deep down", FOO "x: [{initContainers: &a [1]}]\n", IMGRW_ERR_EDIT},
    {"an alias", FOO "x: &a [1]\ncontainers: *a\n", IMGRW_ERR_EDIT},
    {"a list for an image", FOO "spec: {containers: [{image: [a]}]}\n",
     IMGRW_ERR_EDIT},
    {"a map for an image", FOO "spec: {containers: [{image: {a: b}}]}\n",
     IMGRW_ERR_EDIT},
    {"a list for an image volume's reference",
     FOO "spec: {volumes: [{image: {reference: [a]}}]}\n", IMGRW_ERR_EDIT},
    {"a string for a volume",
     FOO "spec: {template: {spec: {volumes: [a]}}}\n", IMGRW_ERR_EDIT},
    {"a string for a volume elsewhere", FOO "x: {volumes: [a]}\n", IMGRW_OK},
    {"ephemeral containers", FOO "spec: {ephemeralContainers: [a]}\n",
     IMGRW_OK},
    {"no list", FOO "spec: {containers: {a: [b]}}\n", IMGRW_OK},
    {"CustomResourceDefinition",
     "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
     "metadata: {name: d}\nspec: {containers: [a]}\n", IMGRW_OK},
};

static enum imgrw_status
finish_with(const char *text, struct imgrw_error *error)
{
    struct planned planned = make_plan(text, 0);
    struct imgrw_overlay *overlay = new_overlay(NULL);
    enum imgrw_status status =
        imgrw_overlay_add(overlay, "a.yaml", planned.plan, 0, error);

    if (status == IMGRW_OK)
        status = imgrw_overlay_finish(overlay, NULL, NULL, error);
    if (status != IMGRW_OK)
        assert_string_equal(error->at.path, "a.yaml");
    imgrw_overlay_free(overlay);
    drop_plan(&planned);
    error->at.path = NULL;
    return status;
}

/* kustomize drops all but the first value of a stream of JSON. */
static void
test_stream(void **state)
{
    static const struct {
        const char *text;
        enum imgrw_status status;
    } rows[] = {
        {JSON("a"), IMGRW_OK},
        {JSON("a") "\n---\n" JSON("b"), IMGRW_OK},
        {JSON("a") "\n" JSON("b"), IMGRW_ERR_EDIT},
        {"{}" JSON("a"), IMGRW_ERR_EDIT},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_error error = {.message = "success"};

        support_row(&tally, "%s", rows[i].text);
        support_check(&tally, finish_with(rows[i].text, &error) ==
                                  rows[i].status,
                      "%s", error.message);
    }
    support_finish(&tally);
}

/* Pods in a text are given no secret, which is counted where there is one. */
static void
test_skipped(void **state)
{
    static const char text[] =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata:\n"
        "  p: |\n    kind: Pod\n    spec: {containers: [{image: nginx}]}\n";
    const struct imgrw_overlay_options options = {
        .size = sizeof(options),
        .pull_secret = "s",
    };

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct planned planned = make_plan(text, IMGRW_FIND_ALL);
        struct imgrw_overlay *overlay = new_overlay(i == 0 ? NULL : &options);

        assert_int_equal(imgrw_overlay_pull_secrets_skipped(overlay), 0);
        assert_int_equal(imgrw_overlay_add(overlay, "a.yaml", planned.plan, 0,
                                           NULL), IMGRW_OK);
        assert_int_equal(imgrw_overlay_pull_secrets_skipped(overlay), i);
        imgrw_overlay_free(overlay);
        drop_plan(&planned);
    }
    assert_int_equal(imgrw_overlay_pull_secrets_skipped(NULL), 0);
}

/* Without an entry of `images:`, kustomize does not look there. */
static void
test_neighbours(void **state)
{
    struct support_tally tally = {0};
    struct imgrw_error error = {.message = "success"};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(neighbours); i++) {
        char text[512];

        support_row(&tally, "%s", neighbours[i].name);
        support_check(&tally, finish_with(neighbours[i].text, &error) ==
                                  IMGRW_OK,
                      "alone: %s", error.message);
        snprintf(text, sizeof(text),
                 POD "  containers: [{image: nginx}]\n---\n%s",
                 neighbours[i].text);
        support_check(&tally, finish_with(text, &error) == neighbours[i].status,
                      "with a pod: %s", error.message);
        support_check(&tally, neighbours[i].status == IMGRW_OK ||
                                  error.at.line > 0,
                      "no place");
    }
    support_finish(&tally);
}

/* Names of manifests. */
static const struct {
    const char *name;
    enum imgrw_status status;
} names[] = {
    {"a.yaml", IMGRW_OK},
    {"a/b..c/...yaml", IMGRW_OK},
    {"", IMGRW_ERR_ARGUMENT},
    {"/a.yaml", IMGRW_ERR_ARGUMENT},
    {"..", IMGRW_ERR_ARGUMENT},
    {"../a.yaml", IMGRW_ERR_ARGUMENT},
    {"a/../../b.yaml", IMGRW_ERR_ARGUMENT},
    {"a/..", IMGRW_ERR_ARGUMENT},
    {"-", IMGRW_ERR_EDIT},
    {"kustomization.yaml", IMGRW_ERR_EDIT},
    {"Kustomization", IMGRW_ERR_EDIT},
};

static void
test_names(void **state)
{
    struct planned planned = make_plan("kind: Pod\n", 0);
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(names); i++) {
        struct imgrw_overlay *overlay = new_overlay(NULL);
        enum imgrw_status status;

        support_row(&tally, "\"%s\"", names[i].name);
        status = imgrw_overlay_add(overlay, names[i].name, planned.plan, 0,
                                   NULL);
        support_check(&tally, status == names[i].status, "status %d", status);
        if (status == IMGRW_OK)
            status = imgrw_overlay_add(overlay, names[i].name, planned.plan, 0,
                                       NULL);
        support_check(&tally, status != IMGRW_OK, "it is taken twice");
        status = imgrw_overlay_finish(overlay, NULL, NULL, NULL);
        support_check(&tally, status == IMGRW_ERR_ARGUMENT,
                      "a tree that lacks a file is finished");
        imgrw_overlay_free(overlay);
    }
    drop_plan(&planned);
    support_finish(&tally);
}

static const struct {
    const char *name;
    struct imgrw_overlay_options options;
    enum imgrw_status status;
} option_rows[] = {
    {"defaults", {.size = sizeof(struct imgrw_overlay_options)}, IMGRW_OK},
    {"no size", {.downstream = "d"}, IMGRW_ERR_ARGUMENT},
    {"an older caller", {.size = 2 * sizeof(size_t), .downstream = "d"},
     IMGRW_OK},
    {"a folder in a folder",
     {.size = sizeof(struct imgrw_overlay_options), .downstream = "a/b"},
     IMGRW_ERR_ARGUMENT},
    {"the folder above",
     {.size = sizeof(struct imgrw_overlay_options), .downstream = ".."},
     IMGRW_ERR_ARGUMENT},
    {"an empty folder",
     {.size = sizeof(struct imgrw_overlay_options), .downstream = ""},
     IMGRW_ERR_ARGUMENT},
    {"a name that Kubernetes refuses",
     {.size = sizeof(struct imgrw_overlay_options), .pull_secret = "A"},
     IMGRW_ERR_ARGUMENT},
};

static void
test_options(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(option_rows); i++) {
        struct imgrw_overlay *overlay = NULL;
        enum imgrw_status status =
            imgrw_overlay_new(&option_rows[i].options, &overlay, NULL);

        support_row(&tally, "%s", option_rows[i].name);
        support_check(&tally, status == option_rows[i].status, "status %d",
                      status);
        support_check(&tally, (overlay != NULL) == (status == IMGRW_OK),
                      "the overlay");
        imgrw_overlay_free(overlay);
    }
    support_finish(&tally);
}

static void
test_null(void **state)
{
    struct planned planned = make_plan("kind: Pod\n", 0);
    struct imgrw_overlay *overlay = new_overlay(NULL);
    struct imgrw_error error;

    (void)state;
    assert_int_equal(imgrw_overlay_new(NULL, NULL, &error), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_overlay_add(NULL, "a", planned.plan, 0, &error),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_overlay_add(overlay, NULL, planned.plan, 0, &error),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_overlay_add(overlay, "a", NULL, 0, &error),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_overlay_finish(NULL, NULL, NULL, &error),
                     IMGRW_ERR_ARGUMENT);
    assert_null(imgrw_overlay_output(NULL, 0));
    imgrw_overlay_free(NULL);
    imgrw_overlay_free(overlay);
    drop_plan(&planned);
}

static void
take_warning(const struct imgrw_location *at, const char *message, void *user)
{
    assert_non_null(message);
    strncat(user, at->path, 31);
}

/* What is made, in which order and with which permissions. */
static void
test_finish(void **state)
{
    struct planned planned = make_plan(
        POD "  containers: [{image: nginx}]\n", 0);
    struct planned none = make_plan("a: 1\n", 0);
    const struct imgrw_overlay_options options = {
        .size = sizeof(options),
        .downstream = "mine",
        .pull_secret = "s",
        .secret = {"a: b\n", 5},
        .service_accounts = 1,
    };
    static const struct imgrw_output files[] = {
        {.path = "base/a.yaml", .mode = 0600},
        {.path = "base/values.yaml", .mode = 0644},
        {.path = "base/kustomization.yaml", .mode = 0644},
        {.path = MIDSTREAM, .mode = 0644},
        {.path = "overlays/midstream/service-accounts.yaml", .mode = 0644},
        {.path = "overlays/midstream/secret.yaml", .mode = 0600},
        {.path = "overlays/downstreams/mine/kustomization.yaml", .mode = 0644,
         .keep = 1},
    };
    struct imgrw_overlay *overlay = new_overlay(&options);
    char warned[64] = "";

    (void)state;
    assert_int_equal(imgrw_overlay_add(overlay, "a.yaml", planned.plan, 0600,
                                       NULL), IMGRW_OK);
    assert_int_equal(imgrw_overlay_add(overlay, "values.yaml", none.plan, 0,
                                       NULL), IMGRW_OK);
    assert_int_equal(imgrw_overlay_finish(overlay, take_warning, warned, NULL),
                     IMGRW_OK);
    assert_string_equal(warned, "values.yaml");
    for (size_t i = 0; i < SUPPORT_COUNT(files); i++) {
        const struct imgrw_output *output = imgrw_overlay_output(overlay, i);

        assert_non_null(output);
        assert_string_equal(output->path, files[i].path);
        assert_int_equal(output->mode, files[i].mode);
        assert_int_equal(output->keep, files[i].keep);
    }
    assert_null(imgrw_overlay_output(overlay, SUPPORT_COUNT(files)));
    assert_int_equal(imgrw_overlay_finish(overlay, NULL, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_overlay_add(overlay, "b.yaml", planned.plan, 0,
                                       NULL), IMGRW_ERR_ARGUMENT);
    imgrw_overlay_free(overlay);
    drop_plan(&planned);
    drop_plan(&none);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_stream),
        cmocka_unit_test(test_skipped),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_null),
        cmocka_unit_test(test_finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
