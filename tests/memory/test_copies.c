/*
 * A list of what to copy where.
 */
#include "callbacks.h"
#include "hub_rules.h"
#include "scenario.h"

#include <imgrewrite/report.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DIGEST \
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define IMAGE(text) "  - {image: '" text "'}\n"

static enum imgrw_status
list_copies(const struct imgrw_plan *plan)
{
    size_t count = imgrw_manifest_count(imgrw_plan_manifest(plan));
    struct imgrw_copy_list *list;
    enum imgrw_copy_result result;
    enum imgrw_status status = imgrw_copy_list_new(&list, NULL);

    if (status != IMGRW_OK)
        return status;
    for (size_t i = 0; i < count && status == IMGRW_OK; i++)
        status = imgrw_copy_list_add(list, plan, i, &result, NULL);
    for (int format = IMGRW_COPY_MAPPING;
         format <= IMGRW_COPY_REGSYNC && status == IMGRW_OK; format++)
        status = imgrw_copy_list_write(list, (enum imgrw_copy_format)format,
                                       discard, NULL, NULL);
    imgrw_copy_list_free(list);
    return status;
}

/* Adds references, and leaves the first copy out. */
static enum imgrw_status
list_references(const struct imgrw_rules *rules)
{
    static const char *const references[] = {
        "nginx:1@" DIGEST, "nginx@" DIGEST, "nginx:1", "nginx:${TAG}",
    };
    struct imgrw_copy_list *list;
    enum imgrw_copy_result result;
    enum imgrw_status status = imgrw_copy_list_new(&list, NULL);

    if (status != IMGRW_OK)
        return status;
    for (size_t i = 0; i < 4 && status == IMGRW_OK; i++)
        status = imgrw_copy_list_add_reference(
            list, rules, imgrw_str_from(references[i]), NULL, &result, NULL);
    if (status == IMGRW_OK) {
        assert_int_equal(imgrw_copy_list_count(list), 2);
        status = imgrw_copy_list_leave_out(list, 0, NULL);
    }
    for (size_t i = 0; imgrw_copy_list_item(list, i); i++)
        assert_true(i < imgrw_copy_list_count(list));
    imgrw_copy_list_free(list);
    return status;
}

static enum imgrw_status
with_rules(const char *text, const struct imgrw_rules *rules)
{
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan;
    enum imgrw_status status = imgrw_manifest_parse(
        imgrw_str_from(text), "a.yaml", NULL, &manifest, NULL);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_plan_new(manifest, rules, NULL, &plan, NULL);
    if (status == IMGRW_OK) {
        status = list_copies(plan);
        imgrw_plan_free(plan);
    }
    imgrw_manifest_free(manifest);
    return status;
}

static enum imgrw_status
use_copies(const char *text)
{
    struct imgrw_rules *rules;
    enum imgrw_status status = hub_rules_new(&rules);

    if (status != IMGRW_OK)
        return status;
    status = with_rules(text, rules);
    if (status == IMGRW_OK)
        status = list_references(rules);
    imgrw_rules_free(rules);
    return status;
}

static void
memory_runs_out(void **state)
{
    (void)state;
    scenario_run(use_copies,
                 "kind: Pod\nspec:\n  containers:\n" IMAGE("nginx:1")
                     IMAGE("nginx@" DIGEST) IMAGE("nginx:1@" DIGEST)
                         IMAGE("nginx") IMAGE("nginx:2@" DIGEST),
                 IMGRW_OK);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
