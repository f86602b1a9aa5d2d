/*
 * Texts that are made here because they are large: the limits, and that nothing
 * within them takes the stack, or time without end.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "apiVersion: v1\nkind: Pod\nmetadata:\n  name: large\n"
#define ITEMS 20000
#define CHAIN 100000 /* anchors, each of which is an alias of the one before */

/* A text in the making. */
struct made {
    char *data;
    size_t size;
    FILE *stream;
};

static FILE *
made_open(struct made *made)
{
    made->stream = open_memstream(&made->data, &made->size);
    assert_non_null(made->stream);
    return made->stream;
}

static imgrw_str
made_close(struct made *made)
{
    assert_int_equal(fclose(made->stream), 0);
    return (imgrw_str){made->data, made->size};
}

static enum imgrw_status
parse(imgrw_str text, const struct imgrw_parse_options *options,
      struct imgrw_error *error)
{
    struct imgrw_manifest *manifest = NULL;
    enum imgrw_status status =
        imgrw_manifest_parse(text, NULL, options, &manifest, error);

    imgrw_manifest_free(manifest);
    return status;
}

/* ---- options --------------------------------------------------------- */

static void
test_depth(void **state)
{
    static const struct {
        const char *name;
        uint32_t max_depth, depth;
        enum imgrw_status status;
    } rows[] = {
        {"the default", 0, 256, IMGRW_OK},
        {"over the default", 0, 257, IMGRW_ERR_LIMIT},
        {"less", 3, 3, IMGRW_OK},
        {"over less", 3, 4, IMGRW_ERR_LIMIT},
        {"one", 1, 1, IMGRW_OK},
        {"the most", 1000, 1000, IMGRW_OK},
        {"over the most", 1000, 1001, IMGRW_ERR_LIMIT},
        {"too much to ask for", 1001, 1, IMGRW_ERR_ARGUMENT},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        const struct imgrw_parse_options options = {
            .size = sizeof(options),
            .max_depth = rows[i].max_depth,
        };
        char text[2 * 1001];
        size_t depth = rows[i].depth;
        enum imgrw_status status;

        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        support_row(&tally, "%s", rows[i].name);
        status = parse((imgrw_str){text, 2 * depth}, &options, NULL);
        support_check(&tally, status == rows[i].status, "status %d", status);
    }
    support_finish(&tally);
}

static void
test_bytes(void **state)
{
    static const struct {
        const char *name;
        size_t max_bytes, size;
        enum imgrw_status status;
    } rows[] = {
        {"exactly", 10, 10, IMGRW_OK},
        {"one more", 10, 11, IMGRW_ERR_LIMIT},
        {"nothing", 10, 0, IMGRW_OK},
        {"over the default", 0, ((size_t)64 << 20) + 1, IMGRW_ERR_LIMIT},
        {"over another", (size_t)64 << 20, ((size_t)64 << 20) + 1,
         IMGRW_ERR_LIMIT},
        {"the most", (size_t)1 << 30, 10, IMGRW_OK},
        {"too much to ask for", ((size_t)1 << 30) + 1, 10, IMGRW_ERR_ARGUMENT},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        const struct imgrw_parse_options options = {
            .size = sizeof(options),
            .max_bytes = rows[i].max_bytes,
        };
        char *text = malloc(rows[i].size + 1);
        enum imgrw_status status;

        assert_non_null(text);
        memset(text, '\n', rows[i].size + 1);
        support_row(&tally, "%s", rows[i].name);
        status = parse((imgrw_str){text, rows[i].size}, &options, NULL);
        support_check(&tally, status == rows[i].status, "status %d", status);
        free(text);
    }
    support_finish(&tally);
}

/* Structs of older and of newer callers. */
static void
test_sizes(void **state)
{
    struct {
        struct imgrw_parse_options options;
        size_t unknown;
    } newer = {.options = {.size = sizeof(newer), .max_depth = 1}};
    struct imgrw_parse_options older = {
        .size = offsetof(struct imgrw_parse_options, max_depth),
        .max_depth = 1, /* what it does not know of does not count */
    };
    const struct imgrw_parse_options none = {0};
    imgrw_str nested = support_str("[[]]");

    (void)state;
    assert_int_equal(parse(nested, NULL, NULL), IMGRW_OK);
    assert_int_equal(parse(nested, &older, NULL), IMGRW_OK);
    assert_int_equal(parse(nested, &newer.options, NULL), IMGRW_ERR_LIMIT);
    newer.unknown = 1;
    assert_int_equal(parse(nested, &newer.options, NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(parse(nested, &none, NULL), IMGRW_ERR_ARGUMENT);
}

/* ---- chains ---------------------------------------------------------- */

/* A chain of anchors and a pod after it: the first value, what stands before
 * and after the alias in the others, and the same in the pod. */
static const struct chain {
    const char *name, *first, *before, *after, *pod_before, *pod_behind;
    unsigned count;
    enum imgrw_status status;
} chains[] = {
#define MERGED "containers: [{<<: ", ", name: a, image: nginx}]"
#define BESIDE "containers: [{image: nginx}], other: ", ""
    {"merges", "{a: b}", "{<<: ", "}", MERGED, CHAIN, IMGRW_ERR_LIMIT},
    {"merges beside", "{a: b}", "{<<: ", "}", BESIDE, CHAIN, IMGRW_ERR_LIMIT},
    {"merge lists", "{a: b}", "{<<: [", "]}", MERGED, CHAIN, IMGRW_ERR_LIMIT},
    {"merged pods", "{a: b}", "{<<: ", "}", "<<: ",
     ", containers: [{image: nginx}]", CHAIN, IMGRW_ERR_LIMIT},
    {"lists", "[a]", "[", "]", BESIDE, CHAIN, IMGRW_ERR_LIMIT},
    {"maps", "{a: b}", "{a: ", "}", BESIDE, CHAIN, IMGRW_ERR_LIMIT},
    {"no images", "[]", "[", "]", "containers: ", "", CHAIN, IMGRW_OK},
    {"key", "a", "{? ", " : b}", BESIDE, 2, IMGRW_OK},
    {"a few merges", "{a: b}", "{<<: ", "}", MERGED, 50, IMGRW_OK},
    {"a few lists", "[a]", "[", "]", BESIDE, 50, IMGRW_OK},
    {"a few maps", "{a: b}", "{a: ", "}", BESIDE, 50, IMGRW_OK},
};

static imgrw_str
make_chain(struct made *made, const struct chain *chain)
{
    FILE *stream = made_open(made);

    fprintf(stream, HEAD "chain:\n  - &a0 %s\n", chain->first);
    for (unsigned i = 1; i < chain->count; i++)
        fprintf(stream, "  - &a%u %s*a%u%s\n", i, chain->before, i - 1,
                chain->after);
    fprintf(stream, "spec: {%s*a%u %s}\n", chain->pod_before, chain->count - 1,
            chain->pod_behind);
    return made_close(made);
}

static void
test_chains(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(chains); i++) {
        struct made made;
        struct imgrw_error error = {.message = "success"};
        imgrw_str text = make_chain(&made, &chains[i]);
        enum imgrw_status status = parse(text, NULL, &error);

        support_row(&tally, "%s", chains[i].name);
        support_check(&tally, status == chains[i].status, "status %d: %s",
                      status, error.message);
        free(made.data);
    }
    support_finish(&tally);
}

/* Lists of resources in lists, each of which holds the one before it thirty
 * times. */
static void
test_lists(void **state)
{
    struct made made;
    FILE *stream = made_open(&made);

    (void)state;
    fputs("lists:\n  - &a0 {kind: List, items: []}\n", stream);
    for (unsigned i = 1; i < 8; i++) {
        fprintf(stream, "  - &a%u {kind: List, items: [", i);
        for (unsigned k = 0; k < 30; k++)
            fprintf(stream, "%s*a%u ", k > 0 ? "," : "", i - 1);
        fputs("]}\n", stream);
    }
    fputs("kind: List\nitems: [*a7 ]\n", stream);
    assert_int_equal(parse(made_close(&made), NULL, NULL), IMGRW_ERR_LIMIT);
    free(made.data);
}

/* Every level of nesting that is allowed, inside every alias that is. */
static void
test_deepest(void **state)
{
    const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .max_depth = 1000,
    };
    struct made made;
    FILE *stream = made_open(&made);
    enum imgrw_status status;

    (void)state;
    fputs("apiVersion: example.com/v1\nkind: Widget\nchain:\n  - &a0 []\n",
          stream);
    for (unsigned i = 1; i < 20; i++) {
        fprintf(stream, "  - &a%u ", i);
        for (unsigned k = 0; k < 450; k++)
            fputs("[{a: ", stream);
        fprintf(stream, "*a%u", i - 1);
        for (unsigned k = 0; k < 450; k++)
            fputs("}]", stream);
        fputc('\n', stream);
    }
    fputs("spec: {containers: [{image: nginx}], deep: *a19}\n", stream);
    status = parse(made_close(&made), &options, NULL);
    assert_int_equal(status, IMGRW_ERR_LIMIT);
    free(made.data);
}

/* ---- plans ----------------------------------------------------------- */

struct planned {
    struct imgrw_rules *rules;
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan;
};

static struct planned
plan(imgrw_str text, const char *pull_secret)
{
    struct imgrw_plan_options options = {
        .size = sizeof(options),
        .proof = IMGRW_PROOF_FULL,
        .pull_secret = pull_secret,
    };
    struct planned planned = {0};

    assert_int_equal(imgrw_rules_new(&planned.rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_prefix(planned.rules, "docker.io",
                                            "h.example.com/hub", NULL),
                     IMGRW_OK);
    assert_int_equal(
        imgrw_manifest_parse(text, NULL, NULL, &planned.manifest, NULL),
        IMGRW_OK);
    assert_int_equal(imgrw_plan_new(planned.manifest, planned.rules, &options,
                                    &planned.plan, NULL),
                     IMGRW_OK);
    return planned;
}

static void
planned_free(struct planned *planned)
{
    imgrw_plan_free(planned->plan);
    imgrw_manifest_free(planned->manifest);
    imgrw_rules_free(planned->rules);
}

/* Pods with an image, each; `image` may be changed. */
static imgrw_str
make_documents(struct made *made, const char *image, unsigned count)
{
    FILE *stream = made_open(made);

    for (unsigned i = 0; i < count; i++)
        fprintf(stream,
                "---\n" HEAD "  labels: {number: \"%u\", ü: ö}\n"
                "spec: {containers: [{image: %s}]}\n",
                i, image);
    return made_close(made);
}

static void
test_many_documents(void **state)
{
    struct made made, expected_made;
    imgrw_str text = make_documents(&made, "nginx:1", 5000);
    imgrw_str expected = make_documents(
        &expected_made, "h.example.com/hub/library/nginx:1", 5000);
    struct planned planned = plan(text, NULL);
    imgrw_str result = imgrw_plan_text(planned.plan);
    const struct imgrw_image *last =
        imgrw_manifest_image(planned.manifest, 4999);

    (void)state;
    assert_int_equal(imgrw_plan_count(planned.plan), 5000);
    assert_int_equal(result.size, expected.size);
    assert_memory_equal(result.data, expected.data, expected.size);
    assert_int_equal(imgrw_plan_unwitnessed_count(planned.plan), 0);
    assert_int_equal(last->document, 4999);
    assert_int_equal(last->at.line, 5000 * 7);
    planned_free(&planned);
    free(made.data);
    free(expected_made.data);
}

/* libfyaml takes too much memory for lines of more than 1 MB. */
static void
test_long_line(void **state)
{
    static const struct {
        const char *name;
        size_t letters, single_proofs;
    } rows[] = {
        {"long", 900000, 0},
        {"too long for libfyaml", 1100000, 1},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct made made;
        FILE *stream = made_open(&made);
        struct planned planned;

        fputs(HEAD "spec: {containers: [{a: ", stream);
        for (size_t k = 0; k < rows[i].letters; k++)
            fputc('a', stream);
        fputs(", image: nginx}]}\n", stream);
        planned = plan(made_close(&made), NULL);
        support_row(&tally, "%s", rows[i].name);
        support_check(&tally, imgrw_plan_count(planned.plan) == 1, "%zu edits",
                      imgrw_plan_count(planned.plan));
        support_check(&tally,
                      imgrw_plan_unwitnessed_count(planned.plan) ==
                          rows[i].single_proofs,
                      "%zu proofs by libyaml alone",
                      imgrw_plan_unwitnessed_count(planned.plan));
        planned_free(&planned);
        free(made.data);
    }
    support_finish(&tally);
}

/* A list as long as a cluster's, in which an alias stands somewhere: what has
 * no merge key costs nothing. */
static void
test_many_items(void **state)
{
    struct made made;
    FILE *stream = made_open(&made);
    struct planned planned;
    imgrw_str text;

    (void)state;
    fputs("kind: List\nmetadata: {a: &a b, c: *a}\nitems:\n", stream);
    for (int i = 0; i < ITEMS; i++)
        fprintf(stream, "- kind: Deployment\n  metadata: {name: a%d}\n"
                        "  spec:\n    template:\n      metadata: {labels: "
                        "{app: a%d, tier: b}}\n      spec:\n"
                        "        containers:\n        - name: a\n"
                        "          image: nginx\n", i, i);
    text = made_close(&made);
    planned = plan(text, "regcred");
    assert_int_equal(imgrw_plan_count(planned.plan), 2 * ITEMS);
    planned_free(&planned);
    free(made.data);
}

/* A map of values with the parts of very many images beside each other, and
 * with such maps between them. */
static void
test_many_beside(void **state)
{
    static const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .find = IMGRW_FIND_ALL,
    };
    struct imgrw_manifest *manifest = NULL;
    struct made made;
    FILE *stream = made_open(&made);
    const struct imgrw_image *last;

    (void)state;
    for (int i = ITEMS; i > 0; i--)
        fprintf(stream, "n%dImage: acme/n%d\nm%d: {aImage: acme/m, "
                        "aImageTag: v1}\n", i, i, i);
    for (int i = 1; i <= ITEMS; i++)
        fprintf(stream, "n%dImageTag: v%d\n", i, i);
    assert_int_equal(imgrw_manifest_parse(made_close(&made), NULL, &options,
                                          &manifest, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_manifest_count(manifest), 2 * ITEMS);
    last = imgrw_manifest_image(manifest, 2 * ITEMS - 2);
    assert_int_equal(last->text.size, strlen("acme/n1:v1"));
    assert_memory_equal(last->text.data, "acme/n1:v1", last->text.size);
    imgrw_manifest_free(manifest);
    free(made.data);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_chains),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_deepest),
        cmocka_unit_test(test_many_documents),
        cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_many_items),
        cmocka_unit_test(test_many_beside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
