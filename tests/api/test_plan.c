/*
 * Plans as a program sees them: the texts, the edits and what is counted; and
 * what NULL means to each function.
 */
#include "support.h"

#include <imgrewrite/plan.h>

#include <stdlib.h>
#include <string.h>

static const char text[] =
    "kind: Pod\n"
    "spec:\n"
    "  containers:\n"
    "  - image: nginx\n"
    "    args: [--sidecar-image=nginx]\n"
    "---\n"
    "kind: ConfigMap\n"
    "data:\n"
    "  pod: |\n"
    "    kind: Pod\n"
    "    spec:\n"
    "      containers:\n"
    "      - image: nginx\n"
    "  image: docker.io/library/nginx:1\n"
    "---\n"
    "? kind\n"
    ": Pod\n"
    "spec: {containers: [{image: nginx}, {image: quay.io/a}]}\n";

#define NEW "r.example.com/hub/library/nginx"

/* A plan, and what it borrows from. */
struct made {
    struct imgrw_rules *rules;
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan;
};

static enum imgrw_status
make(struct made *made, const char *source, bool rules, unsigned find,
     const struct imgrw_plan_options *options)
{
    const struct imgrw_parse_options parse = {.size = sizeof(parse),
                                              .find = find};

    *made = (struct made){0};
    if (rules) {
        assert_int_equal(imgrw_rules_new(&made->rules, NULL), IMGRW_OK);
        assert_int_equal(imgrw_rules_add_prefix(made->rules, "docker.io",
                                                "r.example.com/hub", NULL),
                         IMGRW_OK);
    }
    assert_int_equal(imgrw_manifest_parse(support_str(source), "a.yaml", &parse,
                                          &made->manifest, NULL),
                     IMGRW_OK);
    return imgrw_plan_new(made->manifest, made->rules, options, &made->plan,
                          NULL);
}

static void
release(struct made *made)
{
    imgrw_plan_free(made->plan);
    imgrw_manifest_free(made->manifest);
    imgrw_rules_free(made->rules);
}

static int
append(const char *data, size_t size, void *user)
{
    assert_true(strlen(user) + size < 2 * sizeof(text));
    strncat(user, data, size);
    return 0;
}

static int
refuse(const char *data, size_t size, void *user)
{
    (void)data;
    (void)size;
    ++*(int *)user;
    return 1;
}

static void
test_counts(void **state)
{
    const struct imgrw_plan_options options = {.size = sizeof(options),
                                               .pull_secret = "regcred"};
    struct made made;

    (void)state;
    assert_int_equal(make(&made, text, true,
                          IMGRW_FIND(IMGRW_CLASS_POD) |
                              IMGRW_FIND(IMGRW_CLASS_CONFIGMAP),
                          &options),
                     IMGRW_OK);
    assert_ptr_equal(imgrw_plan_manifest(made.plan), made.manifest);
    assert_ptr_equal(imgrw_plan_rules(made.plan), made.rules);
    assert_int_equal(imgrw_plan_unselected_count(made.plan, IMGRW_CLASS_ARGS),
                     1);
    assert_int_equal(imgrw_plan_unselected_count(made.plan, IMGRW_CLASS_POD),
                     0);
    assert_int_equal(imgrw_plan_unselected_count(made.plan, IMGRW_CLASS_COUNT),
                     0);
    assert_int_equal(imgrw_plan_pull_secrets_skipped(made.plan), 1);
    assert_int_equal(imgrw_plan_unwitnessed_count(made.plan), 1);
    release(&made);
}

static void
test_edits(void **state)
{
    struct made made;
    const struct imgrw_edit *edit;
    const struct imgrw_decision *decision;

    (void)state;
    assert_int_equal(make(&made, text, true, IMGRW_FIND(IMGRW_CLASS_POD), NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_plan_count(made.plan), 2);
    assert_null(imgrw_plan_edit(made.plan, 2));
    edit = imgrw_plan_edit(made.plan, 0);
    assert_int_equal(edit->at.line, 4);
    assert_int_equal(edit->at.column, 12);
    assert_int_equal(edit->length, strlen("nginx"));
    assert_true(support_equal(edit->replacement, support_str(NEW)));
    assert_int_equal(edit->kind, IMGRW_EDIT_IMAGE);
    decision = imgrw_plan_decision(made.plan, edit->image);
    assert_int_equal(decision->edit, 0);
    assert_int_equal(decision->edit_count, 1);
    assert_int_equal(decision->outcome.result, IMGRW_REWRITTEN);
    assert_int_equal(imgrw_plan_decision(made.plan, 2)->outcome.result,
                     IMGRW_UNMATCHED);
    assert_int_equal(imgrw_plan_decision(made.plan, 2)->edit, SIZE_MAX);
    assert_null(imgrw_plan_decision(made.plan, 3));
    release(&made);
}

static void
test_texts(void **state)
{
    char written[2 * sizeof(text)] = "";
    struct imgrw_error error;
    struct made made;
    int calls = 0;

    (void)state;
    assert_int_equal(make(&made, text, true, IMGRW_FIND(IMGRW_CLASS_POD), NULL),
                     IMGRW_OK);
    assert_true(support_equal(imgrw_plan_source(made.plan), support_str(text)));
    assert_int_equal(imgrw_plan_text(made.plan).size,
                     strlen(text) + 2 * (strlen(NEW) - strlen("nginx")));
    assert_int_equal(imgrw_plan_write(made.plan, append, written, NULL),
                     IMGRW_OK);
    assert_true(
        support_equal(imgrw_plan_text(made.plan), support_str(written)));
    assert_int_equal(imgrw_plan_write(made.plan, refuse, &calls, &error),
                     IMGRW_ERR_STOPPED);
    assert_int_equal(error.status, IMGRW_ERR_STOPPED);
    assert_int_equal(calls, 1);
    release(&made);
    assert_int_equal(make(&made, "", true, IMGRW_FIND_ALL, NULL), IMGRW_OK);
    assert_int_equal(imgrw_plan_write(made.plan, refuse, &calls, NULL),
                     IMGRW_OK);
    assert_int_equal(calls, 1);
    release(&made);
}

/* Without rules everything is found, and nothing has a rule. */
static void
test_no_rules(void **state)
{
    struct made made;

    (void)state;
    assert_int_equal(make(&made, text, false, IMGRW_FIND_DEFAULT, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_manifest_count(made.manifest), 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(imgrw_plan_decision(made.plan, i)->outcome.result,
                         IMGRW_UNMATCHED);
    assert_int_equal(imgrw_plan_count(made.plan), 0);
    assert_null(imgrw_plan_rules(made.plan));
    assert_ptr_equal(imgrw_plan_text(made.plan).data, text);
    release(&made);
}

static void
test_options(void **state)
{
    const struct imgrw_plan_options sizes[] = {
        {.size = 0},
        {.size = sizeof(sizes[0]), .proof = (enum imgrw_proof)7},
        {.size = sizeof(sizes[0]), .pull_secret = "No Name"},
    };
    struct made made;

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(sizes); i++) {
        assert_int_equal(make(&made, text, true, IMGRW_FIND_ALL, &sizes[i]),
                         IMGRW_ERR_ARGUMENT);
        assert_null(made.plan);
        release(&made);
    }
}

static void
test_null(void **state)
{
    struct imgrw_error error;
    struct imgrw_plan *plan = NULL;
    struct made made;
    int calls = 0;

    (void)state;
    assert_int_equal(make(&made, text, true, IMGRW_FIND_ALL, NULL), IMGRW_OK);
    assert_int_equal(imgrw_plan_new(NULL, made.rules, NULL, &plan, &error),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(error.status, IMGRW_ERR_ARGUMENT);
    assert_int_equal(
        imgrw_plan_new(made.manifest, made.rules, NULL, NULL, NULL),
        IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_plan_write(NULL, refuse, &calls, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_plan_write(made.plan, NULL, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(calls, 0);
    assert_int_equal(imgrw_plan_count(NULL), 0);
    assert_null(imgrw_plan_edit(NULL, 0));
    assert_null(imgrw_plan_decision(NULL, 0));
    assert_int_equal(imgrw_plan_text(NULL).size, 0);
    assert_int_equal(imgrw_plan_source(NULL).size, 0);
    assert_null(imgrw_plan_manifest(NULL));
    assert_null(imgrw_plan_rules(NULL));
    assert_int_equal(imgrw_plan_unselected_count(NULL, IMGRW_CLASS_ARGS), 0);
    assert_int_equal(imgrw_plan_pull_secrets_skipped(NULL), 0);
    assert_int_equal(imgrw_plan_unwitnessed_count(NULL), 0);
    imgrw_plan_free(NULL);
    release(&made);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts), cmocka_unit_test(test_edits),
        cmocka_unit_test(test_texts),  cmocka_unit_test(test_no_rules),
        cmocka_unit_test(test_options), cmocka_unit_test(test_null),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
