/*
 * Streams: their parts, put together, are what the whole text becomes, and say
 * where they are in it; whatever is wrong ends them behind the last good part.
 */
#include "support.h"

#include <imgrewrite/files.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POD(image) \
    "kind: Pod\nspec:\n  containers:\n  - image: " image "\n"
#define NEW "r.example.com/hub/library/nginx"
#define PLACES 4096 /* bytes for all images of a text */

/* A text that is fed to a run, and what comes out. */
struct feeding {
    imgrw_str text;
    size_t at, step; /* bytes that were read, and are read at once */
    size_t stop_at;  /* the part that stops it, from 1; 0: none */
    size_t fail_at;  /* the byte that cannot be read; 0: all can */
    char *out;
    size_t size, parts, done; /* bytes of the text that are done */
    char places[PLACES]; /* each image with its place */
    enum imgrw_file_status last;
};

static long
feed(char *data, size_t size, void *user)
{
    struct feeding *feeding = user;
    size_t left = feeding->text.size - feeding->at;
    size_t got = feeding->step < left ? feeding->step : left;

    if (feeding->fail_at > 0 && feeding->at >= feeding->fail_at) {
        errno = EIO;
        return -1;
    }
    got = got < size ? got : size;
    memcpy(data, feeding->text.data + feeding->at, got);
    feeding->at += got;
    return (long)got;
}

/* Notes the images of a manifest, with all that says where they are. */
static void
note_images(const struct imgrw_manifest *manifest,
            const struct imgrw_plan *plan, char *places)
{
    size_t used = strlen(places);

    for (size_t i = 0; i < imgrw_manifest_count(manifest); i++) {
        const struct imgrw_image *image = imgrw_manifest_image(manifest, i);
        const struct imgrw_decision *decision = imgrw_plan_decision(plan, i);
        const struct imgrw_edit *edit = imgrw_plan_edit(plan, decision->edit);

        used += (size_t)snprintf(
            places + used, PLACES - used, "%.*s %zu:%u:%u %zu, edited %zu\n",
            (int)image->text.size, image->text.data, image->at.offset,
            (unsigned)image->at.line, (unsigned)image->at.column,
            image->document, edit ? edit->at.offset : 0);
        assert_true(used < PLACES);
    }
}

static int
take(const struct imgrw_file *part, void *user)
{
    struct feeding *feeding = user;
    imgrw_str text = part->plan ? imgrw_plan_text(part->plan) : part->text;

    feeding->out = realloc(feeding->out, feeding->size + text.size + 1);
    assert_non_null(feeding->out);
    memcpy(feeding->out + feeding->size, text.data, text.size);
    feeding->size += text.size;
    feeding->done += part->text.size;
    feeding->last = part->status;
    if (part->plan)
        note_images(part->manifest, part->plan, feeding->places);
    return ++feeding->parts == feeding->stop_at;
}

static struct imgrw_rules *
make_rules(void)
{
    struct imgrw_rules *rules;

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(
        imgrw_rules_add_prefix(rules, "docker.io", "r.example.com/hub", NULL),
        IMGRW_OK);
    assert_int_equal(
        imgrw_rules_add_prefix(rules, "quay.io", "r.example.com/hub", NULL),
        IMGRW_OK);
    return rules;
}

/* Feeds the text to a run with these options. */
static enum imgrw_status
run_stream(struct feeding *feeding, const struct imgrw_run_options *options,
           struct imgrw_run_summary *summary, struct imgrw_error *error)
{
    const struct imgrw_stream stream = {
        .size = sizeof(stream),
        .path = "in",
        .read = feed,
        .take = take,
        .user = feeding,
    };
    struct imgrw_rules *rules = make_rules();
    struct imgrw_run *run;
    enum imgrw_status status;

    assert_int_equal(imgrw_run_new(rules, options, &run, error), IMGRW_OK);
    status = imgrw_run_stream(run, &stream, error);
    if (summary)
        *summary = *imgrw_run_summary(run);
    imgrw_run_free(run);
    imgrw_rules_free(rules);
    return status;
}

/* ---- the same as the whole ------------------------------------------- */

struct whole {
    const char *name, *text;
};

static const struct whole wholes[] = {
    {"nothing", ""},
    {"blanks", "\n\n"},
    {"a document", POD("nginx")},
    {"two", POD("nginx") "---\n" POD("redis:1")},
    {"several in one piece", "a\n...\n" "---\n" POD("nginx") "...\n---\n"
                             POD("nginx")},
    {"a mark, CRLF", "\xEF\xBB\xBF---\r\nimage: a\r\n---\r\n" POD("nginx")},
    {"letters of two bytes", "# \xC3\xA4\xC3\xB6\n" POD("nginx") "---\n# \xC3"
                             "\xA4\n" POD("nginx")},
    {"aliases", "kind: Pod\nspec: {containers: [&a {image: nginx}, *a]}\n---\n"
                POD("&a nginx")},
    {"JSON, value by value",
     "{\"kind\": \"Pod\", \"spec\": {\"containers\": [{\"image\": \"nginx\"}]}}"
     "\n{\"kind\": \"Pod\", \"spec\": {\"containers\": [{\"image\": \"a\"}]}}"},
    {"a list", "kind: List\nitems:\n- kind: Pod\n  spec: {containers: [{image: "
               "nginx}]}\n---\n" POD("nginx")},
    {"a document in another", "kind: ConfigMap\ndata:\n  a: |\n    kind: Pod\n"
                              "    spec: {containers: [{image: nginx}]}\n---\n"
                              POD("nginx")},
    {"a directive", "%YAML 1.1\n---\n" POD("nginx") "...\n---\n"
                    POD("nginx")},
};

/* Checks that a stream gives what a plan of the whole text does. */
static void
check_whole(struct support_tally *tally, imgrw_str text, size_t step)
{
    struct feeding feeding = {.text = text, .step = step};
    const struct imgrw_run_options options = {.size = sizeof(options)};
    struct imgrw_rules *rules = make_rules();
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan;
    char places[PLACES] = "";

    assert_int_equal(imgrw_manifest_parse(text, "in", NULL, &manifest, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_plan_new(manifest, rules, NULL, &plan, NULL),
                     IMGRW_OK);
    note_images(manifest, plan, places);
    support_check(tally,
                  run_stream(&feeding, &options, NULL, NULL) == IMGRW_OK,
                  "it fails");
    support_check_str(tally, "places", support_str(feeding.places),
                      support_str(places));
    support_check_str(tally, "text", (imgrw_str){feeding.out, feeding.size},
                      imgrw_plan_text(plan));
    support_check(tally, feeding.done == text.size, "bytes are missing");
    free(feeding.out);
    imgrw_plan_free(plan);
    imgrw_manifest_free(manifest);
    imgrw_rules_free(rules);
}

static void
test_wholes(void **state)
{
    struct support_tally tally = {0};
    static const size_t steps[] = {1, 2, 7, 64, SIZE_MAX};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(wholes); i++)
        for (size_t k = 0; k < SUPPORT_COUNT(steps); k++) {
            support_row(&tally, "%s, %zu bytes at a time", wholes[i].name,
                        steps[k]);
            check_whole(&tally, support_str(wholes[i].text), steps[k]);
        }
    support_finish(&tally);
}

/* ---- what ends a stream ---------------------------------------------- */

struct ending {
    const char *name, *text;
    struct feeding how;
    bool skips; /* skip_unparsable */
    size_t most; /* max_bytes */
    enum imgrw_status status;
    const char *good; /* what comes out before */
    uint32_t line;    /* where it fails; 0: nowhere */
};

static const struct ending endings[] = {
    {"no YAML", POD("nginx") "---\n" POD("a") "---\na: [\n---\n" POD("b"),
     {.step = SIZE_MAX}, false, 0, IMGRW_ERR_SYNTAX,
     POD(NEW) "---\n" POD("r.example.com/hub/library/a"), 12},
    {"the same, byte by byte", POD("nginx") "---\na: [\n---\n" POD("b"),
     {.step = 1}, false, 0, IMGRW_ERR_SYNTAX, POD(NEW), 7},
    {"no YAML, skipped", POD("nginx") "---\na: [\n---\n" POD("nginx"),
     {.step = SIZE_MAX}, true, 0, IMGRW_OK,
     POD(NEW) "---\na: [\n---\n" POD(NEW), 0},
    {"no UTF-8", POD("nginx") "---\n\xFF\n---\n" POD("b"),
     {.step = SIZE_MAX}, false, 0, IMGRW_ERR_ENCODING, POD(NEW), 6},
    {"a document that is too long",
     "a: 1\n---\na: 12345678901234567890123\n---\nb: 1\n", {.step = 8}, false,
     20, IMGRW_ERR_LIMIT, "a: 1\n", 2},
    {"documents that are too long together",
     "a: 1\n---\na: 2\n---\na: 3\n---\na: 4\n", {.step = SIZE_MAX}, false, 12,
     IMGRW_OK, "a: 1\n---\na: 2\n---\na: 3\n---\na: 4\n", 0},
    {"a collision", POD("a/b") "---\n" POD("quay.io/a/b") "---\n" POD("c"),
     {.step = SIZE_MAX}, false, 0, IMGRW_ERR_RULE,
     POD("r.example.com/hub/a/b"), 9},
    {"a collision of parts", POD("a/b") "---\n" POD("quay.io/a/b"),
     {.step = 10}, false, 0, IMGRW_ERR_RULE, POD("r.example.com/hub/a/b"), 9},
    {"a part that stops it", POD("nginx") "---\n" POD("b"),
     {.step = 10, .stop_at = 1}, false, 0, IMGRW_ERR_STOPPED, POD(NEW), 0},
    {"what cannot be read", POD("nginx") "---\n" POD("b"),
     {.step = 50, .fail_at = 60}, false, 0, IMGRW_ERR_IO, POD(NEW), 0},
};

static void
test_endings(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(endings); i++) {
        const struct ending *row = &endings[i];
        struct feeding feeding = row->how;
        const struct imgrw_parse_options parse = {
            .size = sizeof(parse), .max_bytes = row->most};
        const struct imgrw_run_options options = {
            .size = sizeof(options),
            .skip_unparsable = row->skips,
            .parse = &parse,
        };
        struct imgrw_run_summary summary;
        struct imgrw_error error = {0};
        enum imgrw_status status;

        feeding.text = support_str(row->text);
        support_row(&tally, "%s", row->name);
        status = run_stream(&feeding, &options, &summary, &error);
        support_check(&tally, status == row->status, "status %d: %s", status,
                      error.message);
        support_check(&tally, error.at.line == row->line, "line %u",
                      (unsigned)error.at.line);
        support_check_str(&tally, "text",
                          (imgrw_str){feeding.out, feeding.size},
                          support_str(row->good));
        support_check(&tally, summary.files == 1, "%zu files", summary.files);
        support_check(&tally, summary.skipped == row->skips, "%zu skipped",
                      summary.skipped);
        free(feeding.out);
    }
    support_finish(&tally);
}

/* Entries for images of a document follow them, as in a run over its file. */
static void
test_entries(void **state)
{
#define RELEASE(image, entries) \
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n" \
    "  values: {image: '" image "'}\n  postRenderers:\n" \
    "  - kustomize:\n      images:\n      - name: nginx\n" \
    "        newTag: '2'\n" entries "---\n"
    static const char after[] = RELEASE(
        NEW ":1", "      - name: '" NEW "'\n        newTag: '2'\n");
    struct feeding feeding = {
        .text = support_str(RELEASE("nginx:1", "") POD("nginx")),
        .step = SIZE_MAX,
    };
    const struct imgrw_run_options options = {.size = sizeof(options)};

    (void)state;
    assert_int_equal(run_stream(&feeding, &options, NULL, NULL), IMGRW_OK);
    assert_int_equal(feeding.size, strlen(after) + strlen(POD(NEW)));
    assert_memory_equal(feeding.out, after, strlen(after));
    free(feeding.out);
}

/* What is there is handed on before more is asked for. */
static void
test_prompt(void **state)
{
    struct feeding feeding = {
        .text = support_str(POD("nginx") "---\n" POD("a") "---\n" POD("b")),
        .step = sizeof(POD("nginx") "---\n"),
        .stop_at = 1,
    };
    const struct imgrw_run_options options = {.size = sizeof(options)};

    (void)state;
    assert_int_equal(run_stream(&feeding, &options, NULL, NULL),
                     IMGRW_ERR_STOPPED);
    assert_int_equal(feeding.at, feeding.step);
    free(feeding.out);
}

/* ---- what it cannot be called with ----------------------------------- */

static void
test_arguments(void **state)
{
    static const struct imgrw_stream unset;
    const struct imgrw_stream stream = {
        .size = sizeof(stream), .read = feed, .take = take};
    const struct imgrw_stream deaf = {.size = sizeof(deaf), .read = feed};
    const struct imgrw_stream blind = {.size = sizeof(blind), .take = take};
    const struct imgrw_run_options going = {
        .size = sizeof(going), .keep_going = 1};
    const struct imgrw_run_options plain = {.size = sizeof(plain)};
    struct imgrw_run *run;

    (void)state;
    assert_int_equal(imgrw_run_stream(NULL, &stream, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_run_new(NULL, &plain, &run, NULL), IMGRW_OK);
    assert_int_equal(imgrw_run_stream(run, NULL, NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_run_stream(run, &unset, NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_run_stream(run, &deaf, NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_run_stream(run, &blind, NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_run_add(run, "-", NULL), IMGRW_OK);
    assert_int_equal(imgrw_run_stream(run, &stream, NULL),
                     IMGRW_ERR_ARGUMENT);
    imgrw_run_free(run);
    assert_int_equal(imgrw_run_new(NULL, &going, &run, NULL), IMGRW_OK);
    assert_int_equal(imgrw_run_stream(run, &stream, NULL),
                     IMGRW_ERR_ARGUMENT);
    imgrw_run_free(run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wholes),
        cmocka_unit_test(test_endings),
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_prompt),
        cmocka_unit_test(test_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
