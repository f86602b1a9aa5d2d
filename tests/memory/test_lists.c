/*
 * Functions over lists of resources while every allocation fails in turn.
 */
#include "callbacks.h"
#include "scenario.h"

#include <imgrewrite/function.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* A list, with all that is said of it. */
static enum imgrw_status
use_list(const char *text)
{
    const struct imgrw_function_options options = {
        .size = sizeof(options),
        .warn = hear,
    };
    struct imgrw_function *function = NULL;
    struct imgrw_rules *rules;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_rules_new(&rules, &error);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_function_new(rules, imgrw_str_from(text), &options,
                                &function, &error);
    imgrw_function_free(function);
    imgrw_rules_free(rules);
    return status;
}

#define HEAD "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n"
#define HUB \
    "functionConfig: {apiVersion: v1, kind: ConfigMap, data: {" \
    "prefix.docker.io: m.io/hub, image: a=b c=d, find: 'pod,configmap', " \
    "write: both, name: x, newTag: v2}}\n"
#define POD \
    "- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: web\n" \
    "    annotations:\n      internal.config.kubernetes.io/path: a/b.yaml\n" \
    "      config.kubernetes.io/index: '2'\n  spec:\n" \
    "    containers:\n    - image: nginx\n    - image: quay.io/a\n" \
    "    - image: ${IMAGE}\n"

static const struct use {
    const char *name, *text;
    enum imgrw_status expected;
} uses[] = {
    {"results at the end", HEAD "items:\n" POD HUB, IMGRW_OK},
    {"before a block scalar",
     HEAD "items:\n" POD "functionConfig:\n  apiVersion: imgrewrite/v1\n"
          "  kind: RewriteRules\n  registries: [{prefix: docker.io, location: "
          "m.io}]\n  metadata:\n    name: |\n      a\n", IMGRW_OK},
    {"results that are there", HEAD HUB "items:\n" POD "results:\n- message: a",
     IMGRW_OK},
    {"results that are null", HEAD HUB "items:\n" POD "results: ~\n",
     IMGRW_OK},
    {"results that are none", HEAD HUB "items:\n" POD "results: a\n",
     IMGRW_OK},
    {"JSON",
     "{\"apiVersion\": \"config.kubernetes.io/v1\", \"kind\": \"ResourceList\","
     "\"items\": [{\"kind\": \"List\", \"items\": [{\"kind\": \"Pod\", "
     "\"spec\": {\"containers\": [{\"image\": \"nginx\"}]}}]}], "
     "\"functionConfig\": {\"apiVersion\": \"fn.kpt.dev/v1\", \"kind\": "
     "\"SetImage\", \"image\": {\"name\": \"nginx\", \"newTag\": \"v2\"}, "
     "\"additionalImageFields\": [{\"path\": \"spec/x\"}]}}", IMGRW_OK},
    {"a warning", HEAD HUB "items:\n" POD "    - image: redis\n"
                       "      image: busybox\n", IMGRW_OK},
    {"no list", "kind: Pod\n", IMGRW_ERR_INPUT},
    {"no YAML", "a: [\n", IMGRW_ERR_SYNTAX},
    {"no rules", HEAD "items: []\n", IMGRW_ERR_RULE},
    {"an unknown kind", HEAD "items: []\nfunctionConfig: {kind: A}\n",
     IMGRW_ERR_RULE},
};

#define USES (sizeof(uses) / sizeof(uses[0]))

static void
test_use(void **state)
{
    const struct use *use = *state;

    scenario_run(use_list, use->text, use->expected);
}

int
main(void)
{
    struct CMUnitTest tests[USES];

    for (size_t i = 0; i < USES; i++)
        tests[i] = (struct CMUnitTest){
            .name = uses[i].name,
            .test_func = test_use,
            .initial_state = (void *)&uses[i],
        };
    return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
