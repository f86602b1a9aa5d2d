/*
 * Pull secrets: the pairs of fixtures/pull-secrets, byte for byte; what is
 * refused, where and with which words; what counts as a name.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "regcred"

static const struct fixture_run start = {
    .name = "a.yaml",
    .find.options = {.size = sizeof(start.find.options),
                     .find = IMGRW_FIND_ALL},
};

static enum imgrw_status
run_plan(struct fixture_run *run, imgrw_str text, const char *secret)
{
    run->secret = secret;
    return fixture_run_try(run, text);
}

static bool
run_must_plan(struct fixture_run *run, imgrw_str text, const char *secret)
{
    run->secret = secret;
    return fixture_run_parse(run, text) && fixture_run_plan(run);
}

static size_t
count_insertions(const struct imgrw_plan *plan)
{
    size_t count = 0;

    for (size_t i = 0; i < imgrw_plan_count(plan); i++)
        count += imgrw_plan_edit(plan, i)->kind == IMGRW_EDIT_PULL_SECRET;
    return count;
}

/* Each insertion is one that its image tells of, and replaces nothing or a
 * null; the others are as many as the images tell of. */
static void
check_edits(struct fixture_run *run)
{
    size_t told = 0;

    for (size_t i = 0; i < imgrw_manifest_count(run->manifest); i++)
        told += imgrw_plan_decision(run->plan, i)->insertion_count;
    support_check(run->tally, told == count_insertions(run->plan),
                  "%zu insertions, and images tell of %zu",
                  count_insertions(run->plan), told);
    for (size_t i = 0; i < imgrw_plan_count(run->plan); i++) {
        const struct imgrw_edit *edit = imgrw_plan_edit(run->plan, i);
        const struct imgrw_decision *decision =
            imgrw_plan_decision(run->plan, edit->image);

        if (edit->kind == IMGRW_EDIT_IMAGE)
            continue;
        support_check(run->tally, decision->insertion <= i,
                      "its image does not know of edit %zu", i);
        support_check(run->tally,
                      decision->outcome.result == IMGRW_REWRITTEN &&
                          (edit->length == 0 || edit->length == 1 ||
                           edit->length == 4),
                      "edit %zu replaces %zu bytes", i, edit->length);
    }
}

/* The new text with what was before each insertion put back, malloc'ed. */
static imgrw_str
take_insertions_out(const struct imgrw_plan *plan)
{
    imgrw_str before = imgrw_plan_source(plan), after = imgrw_plan_text(plan);
    char *text = malloc(before.size + after.size + 1), *end = text;
    size_t from = 0, to = 0;

    for (size_t i = 0; i < imgrw_plan_count(plan); i++) {
        const struct imgrw_edit *edit = imgrw_plan_edit(plan, i);
        size_t same = edit->at.offset - from;

        end = mempcpy(end, after.data + to, same);
        to += same;
        if (edit->kind == IMGRW_EDIT_IMAGE)
            end = mempcpy(end, after.data + to, edit->replacement.size);
        else
            end = mempcpy(end, before.data + edit->at.offset, edit->length);
        to += edit->replacement.size;
        from = edit->at.offset + edit->length;
    }
    end = mempcpy(end, after.data + to, after.size - to);
    return (imgrw_str){text, (size_t)(end - text)};
}

/* Without the insertions the text is the one that the rules alone make. */
static void
check_without(struct fixture_run *run, imgrw_str source)
{
    imgrw_str without = take_insertions_out(run->plan);

    fixture_run_reset(run);
    if (run_must_plan(run, source, NULL))
        support_check_str(run->tally, "without insertions", without,
                          imgrw_plan_text(run->plan));
    free((char *)without.data);
}

/* Another run with the same rules finds nothing to do, and one with rules that
 * move the images on finds the secret in its place. */
static void
check_again(struct fixture_run *run, imgrw_str expected,
            struct imgrw_rules *more)
{
    struct imgrw_rules *rules = run->rules;

    if (run_must_plan(run, expected, SECRET))
        support_check(run->tally, imgrw_plan_count(run->plan) == 0,
                      "%zu edits", imgrw_plan_count(run->plan));
    fixture_run_reset(run);
    run->rules = more;
    if (run_must_plan(run, expected, SECRET))
        support_check(run->tally,
                      imgrw_plan_count(run->plan) > 0 &&
                          count_insertions(run->plan) == 0,
                      "%zu insertions", count_insertions(run->plan));
    fixture_run_reset(run);
    run->rules = rules;
}

static struct imgrw_rules *
more_rules(void)
{
    struct imgrw_rules *rules;

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_prefix(rules, "r.example.com",
                                            "s.example.com", NULL),
                     IMGRW_OK);
    return rules;
}

static void
check_pair(struct fixture_run *run, const char *folder, const char *name,
           struct imgrw_rules *more)
{
    imgrw_str source = fixture_read(folder, name, ".in.yaml");
    imgrw_str expected = fixture_read(folder, name, ".out.yaml");

    support_row(run->tally, "%s", name);
    if (run_must_plan(run, source, SECRET)) {
        support_check_str(run->tally, "text", imgrw_plan_text(run->plan),
                          expected);
        check_edits(run);
        check_without(run, source);
    }
    fixture_run_reset(run);
    support_row(run->tally, "%s, a second time", name);
    check_again(run, expected, more);
    free((char *)source.data);
    free((char *)expected.data);
}

static void
test_pairs(void **state)
{
    char *folder = fixture_folder("pull-secrets");
    char **names = fixture_names(folder, ".in.yaml");
    struct imgrw_rules *more = more_rules();
    struct support_tally tally = {0};
    struct fixture_run run = start;

    (void)state;
    run.tally = &tally;
    run.rules = fixture_rules(&tally, folder, "default");
    for (size_t i = 0; names[i]; i++)
        check_pair(&run, folder, names[i], more);
    assert_int_equal(fixture_count(folder, ".out.yaml"),
                     fixture_count(folder, ".in.yaml"));
    imgrw_rules_free(run.rules);
    imgrw_rules_free(more);
    fixture_names_free(names);
    free(folder);
    support_finish(&tally);
}

#define POD "kind: Pod\nspec:\n"
#define NGINX "  containers: [{image: nginx}]\n"

/* What is refused: where, and words of the message. */
static const struct refusal {
    const char *name, *text;
    unsigned line, column;
    const char *words[2];
} refusals[] = {
    {"text for the list", POD "  imagePullSecrets: old\n" NGINX, 3, 3,
     {"regcred", "no list"}},
    {"mapping for the list", POD "  imagePullSecrets: {name: old}\n" NGINX, 3,
     3, {"no list"}},
    {"empty text for the list", POD "  imagePullSecrets: ''\n" NGINX, 3, 3,
     {"no list"}},
    {"tag of the list", POD "  imagePullSecrets: !set [{name: a}]\n" NGINX, 3,
     3, {"tag"}},
    {"tag of a null", POD "  imagePullSecrets: !!null\n" NGINX, 3, 3, {"tag"}},
    {"anchor of a null", POD "  imagePullSecrets: &a ~\n" NGINX, 3, 3,
     {"anchor"}},
    {"null through an alias",
     POD "  a: &a ~\n  imagePullSecrets: *a\n" NGINX, 4, 3,
     {"line 3", "another key"}},
    {"null through an alias, of pods alone",
     "kind: List\nitems:\n- kind: Pod\n  spec:\n    imagePullSecrets: &a ~\n"
     "    containers: [{image: nginx}]\n- kind: Pod\n  spec:\n"
     "    imagePullSecrets: *a\n    containers: [{image: nginx}]\n",
     5, 5, {"no list"}},
    {"names for entries", POD "  imagePullSecrets: [old]\n" NGINX, 3, 3,
     {"no mapping"}},
    {"names after dashes", POD "  imagePullSecrets:\n  - old\n" NGINX, 3, 3,
     {"no mapping"}},
    {"entry without braces", POD "  imagePullSecrets: [name: old]\n" NGINX, 3,
     3, {"unusual"}},
    {"entry that ends with nothing",
     POD "  imagePullSecrets:\n  - name:\n" NGINX, 3, 3, {"unusual"}},
    {"entry that ends with an open text",
     POD NGINX "  imagePullSecrets:\n  - name: |\n      old", 4, 3,
     {"unusual"}},
    {"list after a question mark",
     POD "  ? imagePullSecrets\n  : - name: old\n" NGINX, 3, 5, {"unusual"}},
    {"no colon", "kind: Pod\nspec: {imagePullSecrets, containers: [{image: "
                 "nginx}]}\n",
     2, 8, {"left out", "write `[]`"}},
    {"null that is left out in braces",
     "kind: Pod\nspec: {containers: [{image: nginx}], imagePullSecrets: }\n",
     2, 38, {"left out", "write `[]`"}},
    {"question mark", POD "  ? containers\n  : [{image: nginx}]\n", 3, 3,
     {"\"?\""}},
    {"question mark in braces",
     "kind: Pod\nspec: {? containers : [{image: nginx}]}\n", 2, 7,
     {"unusual"}},
    {"no braces", "kind: A\na: [containers: [{image: nginx}]]\n", 2, 5,
     {"braces"}},
    {"two lists",
     POD "  imagePullSecrets: []\n  imagePullSecrets: []\n" NGINX, 4, 3,
     {"twice"}},
    {"bare carriage return",
     POD "  imagePullSecrets:\n  - name: old #\r  hostname: a\n" NGINX, 3, 3,
     {"unusual"}},
    {"list by merge key alone",
     "a: &a {imagePullSecrets: [{name: old}]}\n" POD "  <<: *a\n" NGINX, 4, 3,
     {"`<<`", "write its list out"}},
    {"pod spec that merges another",
     "kind: List\nitems:\n- kind: Pod\n  spec: &a\n"
     "    imagePullSecrets: [{name: old}]\n    containers: []\n"
     "- kind: Pod\n  spec:\n    <<: *a\n    containers: [{image: nginx}]\n",
     9, 5, {"`<<`", "write its list out"}},
    {"list of a pod spec that merges another",
     "kind: List\nitems:\n- kind: Pod\n  spec: &a\n"
     "    containers: [{image: quay.io/a}]\n"
     "- kind: Pod\n  spec:\n    <<: *a\n    imagePullSecrets: []\n"
     "    containers: [{image: nginx}]\n",
     8, 5, {"`<<`", "write its list out"}},
    {"containers through a merge key",
     POD "  <<: {containers: [{image: nginx}]}\n  hostNetwork: true\n", 3, 3,
     {"`<<`", "write its list out"}},
    {"pod spec that is merged, in a list of such",
     "a: &a {hostNetwork: true}\nkind: List\nitems:\n- kind: Pod\n"
     "  spec: &b\n    containers: [{image: nginx}]\n- kind: Pod\n"
     "  spec:\n    <<: [*a , *b ]\n    containers: []\n",
     5, 9, {"line 9", "in both places"}},
    {"list of a pod spec that is merged",
     "kind: List\nitems:\n- kind: Pod\n  spec: &b\n"
     "    imagePullSecrets: &l []\n    containers: [{image: nginx}]\n"
     "- kind: Pod\n  spec:\n    <<: *b\n    containers: []\n",
     5, 5, {"line 9", "in both places"}},
    {"list before a merge key that has one",
     "a: &a {imagePullSecrets: [{name: old}]}\n" POD
     "  imagePullSecrets: []\n  <<: *a\n" NGINX, 4, 3,
     {"write its list out", "after that"}},
    {"list of a service account",
     "kind: List\nitems:\n- kind: ServiceAccount\n"
     "  imagePullSecrets: &a [{name: old}]\n- kind: Pod\n  spec:\n"
     "    imagePullSecrets: *a\n    containers: [{image: nginx}]\n",
     7, 5, {"line 4", "no image there is rewritten"}},
    {"list that merges into a service account",
     "kind: List\nitems:\n- kind: Pod\n  spec: &a\n"
     "    imagePullSecrets: [{name: old}]\n    containers: [{image: nginx}]\n"
     "- kind: ServiceAccount\n  <<: *a\n  containers: []\n",
     5, 5, {"line 8", "in both places"}},
    {"list of a pod with images of others",
     "kind: List\nitems:\n- kind: Pod\n  spec:\n"
     "    imagePullSecrets: &a [{name: old}]\n"
     "    containers: [{image: quay.io/a}]\n- kind: Pod\n  spec:\n"
     "    imagePullSecrets: *a\n    containers: [{image: nginx}]\n",
     9, 5, {"line 5", "no image there is rewritten"}},
    {"list under another key",
     POD "  imagePullSecrets: &a [{name: old}]\n  other: *a\n" NGINX, 3, 3,
     {"line 4", "another key"}},
    {"list anchored under another key",
     POD "  other: &a\n  - name: old\n  imagePullSecrets: *a\n" NGINX, 5, 3,
     {"line 3", "another key"}},
    {"spec merged where no image is rewritten",
     "kind: List\nitems:\n- kind: Pod\n  spec: &a\n"
     "    containers: [{image: nginx}]\n- kind: Pod\n  spec:\n"
     "    <<: *a\n    containers: [{image: quay.io/a}]\n",
     4, 9, {"line 8", "in both places"}},
    {"spec merged after another list",
     "kind: List\nitems:\n- kind: Pod\n  spec: &a\n"
     "    containers: [{image: nginx}]\n- kind: Pod\n  spec:\n"
     "    imagePullSecrets: []\n    <<: *a\n"
     "    containers: [{image: quay.io/a}]\n",
     4, 9, {"line 9", "in both places"}},
    {"new list that would come before another",
     "kind: List\nitems:\n- kind: Pod\n  spec: &a\n"
     "    containers: [{image: nginx}]\n- kind: Pod\n  spec:\n"
     "    <<: [*a , {imagePullSecrets: [{name: b}]}]\n", 8, 5,
     {"write its list out"}},
};

static void
check_refusal(struct fixture_run *run, const struct refusal *row)
{
    enum imgrw_status status =
        run_plan(run, support_str(row->text), SECRET);

    support_row(run->tally, "%s", row->name);
    support_check(run->tally, status == IMGRW_ERR_EDIT, "status %d: %s", status,
                  run->error.message);
    support_check(run->tally,
                  run->error.at.line == row->line &&
                      run->error.at.column == row->column,
                  "at %u:%u: %s", run->error.at.line, run->error.at.column,
                  run->error.message);
    for (size_t i = 0; i < 2 && row->words[i]; i++)
        support_check(run->tally, strstr(run->error.message, row->words[i]),
                      "not \"%s\" but: %s", row->words[i], run->error.message);
    fixture_run_reset(run);
    if (run_must_plan(run, support_str(row->text), NULL))
        support_check(run->tally, imgrw_plan_count(run->plan) > 0,
                      "no edit without a secret");
    fixture_run_reset(run);
}

static void
test_refusals(void **state)
{
    char *folder = fixture_folder("pull-secrets");
    struct support_tally tally = {0};
    struct fixture_run run = start;

    (void)state;
    run.tally = &tally;
    run.rules = fixture_rules(&tally, folder, "default");
    for (size_t i = 0; i < SUPPORT_COUNT(refusals); i++)
        check_refusal(&run, &refusals[i]);
    imgrw_rules_free(run.rules);
    free(folder);
    support_finish(&tally);
}

/* Names as RFC 1123 has them for hosts, in lower case and up to 253 letters;
 * those that are something else than a string in YAML get quotes. */
static const struct name {
    const char *name;
    bool good;
    const char *written;
} names[] = {
    {"a", true, "a"},
    {"regcred-2.example.com", true, "regcred-2.example.com"},
    {"a.b-c.0", true, "a.b-c.0"},
    {"a--b", true, "a--b"},
    {"123", true, "\"123\""},
    {"1.5", true, "\"1.5\""},
    {"1e3", true, "\"1e3\""},
    {"0x1f", true, "\"0x1f\""},
    {"2001-01-01", true, "\"2001-01-01\""},
    {"true", true, "\"true\""},
    {"y", true, "\"y\""},
    {"null", true, "\"null\""},
    {"", false, NULL},
    {"A", false, NULL},
    {"a_b", false, NULL},
    {"a b", false, NULL},
    {"a\n", false, NULL},
    {"-a", false, NULL},
    {"a-", false, NULL},
    {".a", false, NULL},
    {"a.", false, NULL},
    {"a..b", false, NULL},
    {"a.-b", false, NULL},
    {"a-.b", false, NULL},
    {"a/b", false, NULL},
    {"\xC3\xA4", false, NULL},
};

static void
check_name(struct fixture_run *run, const char *name, bool good,
           const char *written)
{
    enum imgrw_status status =
        run_plan(run, support_str(POD NGINX), name);
    char expected[300];

    support_row(run->tally, "\"%s\"", name);
    support_check(run->tally,
                  status == (good ? IMGRW_OK : IMGRW_ERR_ARGUMENT),
                  "status %d: %s", status, run->error.message);
    if (run->plan) {
        snprintf(expected, sizeof(expected),
                 "[{name: %s}]\n  containers: ", written);
        support_check(run->tally,
                      memmem(imgrw_plan_text(run->plan).data,
                             imgrw_plan_text(run->plan).size, expected,
                             strlen(expected)),
                      "written as %.*s", (int)imgrw_plan_text(run->plan).size,
                      imgrw_plan_text(run->plan).data);
    }
    fixture_run_reset(run);
}

static void
test_names(void **state)
{
    char *folder = fixture_folder("pull-secrets"), longest[255];
    struct support_tally tally = {0};
    struct fixture_run run = start;

    (void)state;
    run.tally = &tally;
    run.rules = fixture_rules(&tally, folder, "default");
    for (size_t i = 0; i < SUPPORT_COUNT(names); i++)
        check_name(&run, names[i].name, names[i].good, names[i].written);
    memset(longest, 'a', sizeof(longest));
    longest[254] = '\0';
    check_name(&run, longest, false, NULL);
    longest[253] = '\0';
    check_name(&run, longest, true, longest);
    imgrw_rules_free(run.rules);
    free(folder);
    support_finish(&tally);
}

/* Pods in texts and in patches are left alone, and that is told. */
static void
test_misses(void **state)
{
    static const char text[] =
        "- {op: add, path: /spec/containers/0/image, value: nginx}\n"
        "- {op: add, path: /spec/containers/-, value: {image: nginx}}\n"
        "- {op: add, path: /spec/containers/0/env/0/value,\n"
        "   value: docker.io/a/b:1}\n"
        "---\nkind: Kustomization\napiVersion: kustomize.config.k8s.io/v1\n"
        "patches:\n- patch: |\n"
        "    - {op: add, path: /spec/containers/0/image, value: nginx}\n"
        "- patch: |\n"
        "    kind: Pod\n    spec: {containers: [{image: nginx}]}\n"
        "---\n"
        "kind: ConfigMap\ndata:\n"
        "  a: |\n    kind: Pod\n    spec:\n      containers:\n"
        "      - image: nginx\n      - image: quay.io/a\n"
        "  b: |\n    kind: Pod\n    ---\n    kind: Pod\n    spec:\n"
        "      volumes: [{image: {reference: docker.io/a/b}}]\n"
        "  c: docker.io/library/nginx:1\n";
    char *folder = fixture_folder("pull-secrets");
    struct support_tally tally = {0};
    struct fixture_run run = start;

    (void)state;
    run.tally = &tally;
    run.rules = fixture_rules(&tally, folder, "default");
    support_row(&tally, "with a secret");
    if (run_must_plan(&run, support_str(text), SECRET)) {
        support_check(&tally, imgrw_plan_count(run.plan) > 0 &&
                                  count_insertions(run.plan) == 0,
                      "%zu insertions", count_insertions(run.plan));
        support_check(&tally, imgrw_plan_pull_secrets_skipped(run.plan) == 6,
                      "%zu misses", imgrw_plan_pull_secrets_skipped(run.plan));
    }
    fixture_run_reset(&run);
    support_row(&tally, "without one");
    if (run_must_plan(&run, support_str(text), NULL))
        support_check(&tally, imgrw_plan_pull_secrets_skipped(run.plan) == 0,
                      "%zu misses", imgrw_plan_pull_secrets_skipped(run.plan));
    fixture_run_reset(&run);
    imgrw_rules_free(run.rules);
    free(folder);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_misses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
