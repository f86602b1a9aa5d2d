/*
 * Any bytes as a manifest: what is planned is proved, changes nothing but the
 * edits, and reads as decided; diff and report tell it as it is.
 */
#include "fuzz.h"
#include "json.h"
#include "patch.h"

#include <imgrewrite/report.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LARGEST_INPUT 65536
#define SETS 2
#define SECRET "pull-1.example"

/* How the bytes are read: as pods alone, or with every class of places. What is
 * found by its looks in the latter may look like nothing when a rule gives it a
 * bare name, so that there only the first set of rules settles. */
static const struct imgrw_fieldspec fields[] = {
    {NULL, NULL, "Widget", "spec/*/image"},
    {"example.com", "v1", NULL, "spec/images[]"},
};
static const struct reading {
    struct imgrw_parse_options options;
    int settled_sets;
} readings[] = {
    {{.size = sizeof(struct imgrw_parse_options),
      .find = IMGRW_FIND(IMGRW_CLASS_POD)},
     SETS},
    {{.size = sizeof(struct imgrw_parse_options),
      .find = IMGRW_FIND_ALL,
      .fields = fields,
      .field_count = 2},
     1},
};

/* What a writer collects. */
struct output {
    char *data;
    size_t size;
};

static int
collect(const char *data, size_t size, void *user)
{
    struct output *output = user;

    output->data = realloc(output->data, output->size + size);
    memcpy(output->data + output->size, data, size);
    output->size += size;
    return 0;
}

/* Every registry moves, one to where references begin like a list. */
static void
add_prefixes(struct imgrw_rules *rules)
{
    static const char *const prefixes[][2] = {
        {"docker.io", "mirror.example/hub"},
        {"quay.io", "[2001:db8::1]:5000/quay"},
        {"registry.k8s.io", "localhost:5000"},
    };
    struct imgrw_error error;

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        fuzz_must(imgrw_rules_add_prefix(rules, prefixes[i][0], prefixes[i][1],
                                         &error),
                  &error);
    fuzz_must(imgrw_rules_add_exclude(rules, "quay.io/keep", &error), &error);
}

/* What the first set has moved moves on. */
static void
add_second_prefixes(struct imgrw_rules *rules)
{
    static const char *const prefixes[] = {"mirror.example", "localhost:5000",
                                           "[2001:db8::1]:5000"};
    struct imgrw_error error;

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        fuzz_must(imgrw_rules_add_prefix(rules, prefixes[i], "second.example/x",
                                         &error),
                  &error);
}

/* Results that are no strings unless they are quoted. */
static void
add_look_alikes(struct imgrw_rules *rules)
{
    static const char *const images[] = {
        "busybox=5",        "redis=null",         "nginx=2001-01-01",
        "httpd=12:30",      "alpine=true",        "memcached=0x1f",
        "postgres=1e3",     "quay.io/a=y",        "mysql=[::1]:5/x",
        "debian=debian:*@*", "registry.k8s.io/pause:3.9=pause:3.10",
    };
    struct imgrw_error error;

    for (size_t i = 0; i < sizeof(images) / sizeof(images[0]); i++)
        if (imgrw_rules_add_image(rules, images[i], &error) != IMGRW_OK)
            fuzz_claim(error.status == IMGRW_ERR_RULE, "%s", error.message);
}

static void
make_rules(struct imgrw_rules **sets)
{
    struct imgrw_error error;

    for (int i = 0; i <= SETS; i++)
        fuzz_must(imgrw_rules_new(&sets[i], &error), &error);
    add_prefixes(sets[0]);
    add_look_alikes(sets[1]);
    add_second_prefixes(sets[SETS]);
    fuzz_must(imgrw_rules_check(sets[0], NULL, NULL, &error), &error);
}

static void
claim_images(const struct imgrw_manifest *manifest, imgrw_str text)
{
    size_t count = imgrw_manifest_count(manifest), before = 0;

    for (size_t i = 0; i < count; i++) {
        const struct imgrw_image *image = imgrw_manifest_image(manifest, i);

        fuzz_claim(image->at.offset >= before &&
                       image->length <= text.size - image->at.offset,
                   "image %zu lies outside of the text or before another", i);
        fuzz_claim(image->at.line > 0 && image->at.column > 0 &&
                       image->field.size > 0,
                   "image %zu has no line or no field", i);
        before = image->at.offset;
    }
    fuzz_claim(!imgrw_manifest_image(manifest, count), "one image too many");
}

/* What is only possible is a reference, and is no image. */
static void
claim_possible(const struct imgrw_manifest *manifest, imgrw_str text)
{
    const struct imgrw_image *image;
    size_t before = 0;

    for (size_t i = 0; (image = imgrw_manifest_possible(manifest, i)); i++) {
        fuzz_claim(image->at.offset < text.size &&
                       image->length <= text.size - image->at.offset,
                   "possible image %zu lies outside of the text", i);
        fuzz_claim(image->at.line > 0 && image->field.data,
                   "possible image %zu has no line or no field", i);
        fuzz_claim(image->document > before ||
                       (image->document == before &&
                        imgrw_reason_names_image(image->reason) &&
                        image->reference.repository.size > 0),
                   "possible image %zu is out of order or no reference", i);
        before = image->document;
    }
    fuzz_claim(imgrw_manifest_possible_count(manifest) <= text.size / 5,
               "there are more possible images than there is room for");
}

/* Claims that images become what was decided for them, and that what is added
 * beside replaces nothing, or a null. */
static void
claim_edit(const struct imgrw_plan *plan, size_t index)
{
    const struct imgrw_edit *edit = imgrw_plan_edit(plan, index);
    const struct imgrw_decision *decision =
        imgrw_plan_decision(plan, edit->image);
    const char *old = imgrw_plan_source(plan).data + edit->at.offset;

    fuzz_claim(decision->outcome.result == IMGRW_REWRITTEN,
               "edit %zu is of no rewritten image", index);
    if (edit->kind == IMGRW_EDIT_IMAGE)
        return;
    fuzz_claim(decision->insertion <= index,
               "the image does not know of insertion %zu", index);
    fuzz_claim(memmem(edit->replacement.data, edit->replacement.size, SECRET,
                      strlen(SECRET)),
               "edit %zu adds no secret", index);
    fuzz_claim(edit->length == 0 || (edit->length == 1 && *old == '~') ||
                   (edit->length == 4 && strncasecmp(old, "null", 4) == 0),
               "insertion %zu replaces something", index);
}

/* Claims that the texts differ where the edits are and nowhere else. */
static void
claim_edits(const struct imgrw_plan *plan)
{
    imgrw_str before = imgrw_plan_source(plan), after = imgrw_plan_text(plan);
    size_t count = imgrw_plan_count(plan), from = 0, to = 0;

    for (size_t i = 0; i <= count; i++) {
        const struct imgrw_edit *edit = imgrw_plan_edit(plan, i);
        size_t end = edit ? edit->at.offset : before.size;

        fuzz_claim(end >= from && after.size - to >= end - from &&
                       memcmp(before.data + from, after.data + to,
                              end - from) == 0,
                   "the text before edit %zu has changed", i);
        to += end - from;
        from = end;
        if (!edit)
            break;
        claim_edit(plan, i);
        fuzz_claim(after.size - to >= edit->replacement.size &&
                       memcmp(after.data + to, edit->replacement.data,
                              edit->replacement.size) == 0,
                   "edit %zu is not in the text", i);
        to += edit->replacement.size;
        from += edit->length;
    }
    fuzz_claim(from == before.size && to == after.size, "the ends differ");
}

/* Whether what is read is the image that was decided without its last
 * component, and maybe without what follows that: in values, a `name` beside a
 * repository of one component is a part of the image, and would be a label
 * beside one that a rule has made longer. */
static bool
lacks_name(const struct imgrw_image *new, imgrw_str decided)
{
    const char *slash =
        decided.size > 0 ? memrchr(decided.data, '/', decided.size) : NULL;
    size_t kept = slash ? (size_t)(slash - decided.data) : 0, end = kept;

    while (end < decided.size && decided.data[end] != ':' &&
           decided.data[end] != '@')
        end++;
    return slash && new->text.size >= kept &&
           memcmp(new->text.data, decided.data, kept) == 0 &&
           (new->text.size == kept ||
            fuzz_equal((imgrw_str){new->text.data + kept,
                                   new->text.size - kept},
                       (imgrw_str){decided.data + end, decided.size - end}));
}

/* Whether the image has become what was decided. A map of parts may spell a
 * registry that the reference leaves out. */
static bool
reads_as_decided(const struct imgrw_image *old, const struct imgrw_image *new,
                 const struct imgrw_decision *decision)
{
    struct imgrw_reference reference;

    if (decision->obstacle.size > 0)
        return fuzz_equal(new->text, old->text);
    if (fuzz_equal(new->text, decision->outcome.text) ||
        lacks_name(new, decision->outcome.text))
        return true;
    return imgrw_reference_parse(decision->outcome.text, &reference, NULL) ==
               IMGRW_OK &&
           imgrw_reason_names_image(new->reason) &&
           imgrw_reference_equal(&reference, &new->reference);
}

/* Whether the reason is the old one. In a field that the user named, a registry
 * with a path is read as an image, which it may be. */
static bool
has_reason(const struct imgrw_image *old, const struct imgrw_image *new,
           const struct imgrw_decision *decision)
{
    return new->reason == old->reason ||
           lacks_name(new, decision->outcome.text) ||
           (old->reason == IMGRW_REASON_BASE &&
            new->reason == IMGRW_REASON_NONE && decision->edit != SIZE_MAX);
}

/* Claims that the images of `after` are those of the plan's manifest, with the
 * texts that were decided. */
static void
claim_decisions(const struct imgrw_plan *plan,
                const struct imgrw_manifest *after)
{
    const struct imgrw_manifest *before = imgrw_plan_manifest(plan);
    size_t count = imgrw_manifest_count(before);

    fuzz_claim(imgrw_manifest_count(after) == count, "%zu images became %zu",
               count, imgrw_manifest_count(after));
    for (size_t i = 0; i < count; i++) {
        const struct imgrw_decision *decision = imgrw_plan_decision(plan, i);
        const struct imgrw_image *old = imgrw_manifest_image(before, i);
        const struct imgrw_image *new = imgrw_manifest_image(after, i);

        fuzz_claim(reads_as_decided(old, new, decision), "image %zu reads %.*s",
                   i, (int)new->text.size, new->text.data);
        fuzz_claim(has_reason(old, new, decision) &&
                       fuzz_equal(new->field, old->field) &&
                       fuzz_equal(new->kind, old->kind) &&
                       fuzz_equal(new->name, old->name) &&
                       new->document == old->document,
                   "image %zu is another one", i);
        fuzz_claim((decision->outcome.result == IMGRW_REWRITTEN &&
                    decision->obstacle.size == 0) ==
                       (decision->edit != SIZE_MAX),
                   "image %zu has no edit, or one too many", i);
    }
}

/* Claims that the new text, planned for again, stays as it is. */
static void
claim_settled(const struct imgrw_plan *plan, const struct imgrw_rules *rules,
              const struct imgrw_parse_options *options,
              const struct imgrw_plan_options *plan_options)
{
    imgrw_str text = imgrw_plan_text(plan);
    struct imgrw_manifest *manifest;
    struct imgrw_plan *again;
    struct imgrw_error error;

    fuzz_must(imgrw_manifest_parse(text, NULL, options, &manifest, &error),
              &error);
    claim_images(manifest, text);
    claim_decisions(plan, manifest);
    fuzz_must(imgrw_plan_new(manifest, rules, plan_options, &again, &error),
              &error);
    fuzz_claim(imgrw_plan_count(again) == 0, "the second plan has %zu edits",
               imgrw_plan_count(again));
    imgrw_plan_free(again);
    imgrw_manifest_free(manifest);
}

/* Claims that whoever has got the secret gets none again when the images are
 * rewritten once more, by the last set of rules. */
static void
claim_listed(const struct imgrw_plan *plan, const struct imgrw_rules *rules,
             const struct imgrw_parse_options *options,
             const struct imgrw_plan_options *plan_options)
{
    struct imgrw_manifest *manifest;
    struct imgrw_plan *again;
    struct imgrw_error error;

    fuzz_must(imgrw_manifest_parse(imgrw_plan_text(plan), NULL, options,
                                   &manifest, &error),
              &error);
    if (imgrw_plan_new(manifest, rules, plan_options, &again, &error) ==
        IMGRW_OK) {
        for (size_t i = 0; i < imgrw_plan_count(again); i++) {
            const struct imgrw_edit *edit = imgrw_plan_edit(again, i);

            fuzz_claim(edit->kind == IMGRW_EDIT_IMAGE ||
                           imgrw_plan_decision(plan, edit->image)
                                   ->outcome.result != IMGRW_REWRITTEN,
                       "image %zu gets its secret twice", edit->image);
        }
        imgrw_plan_free(again);
    } else {
        fuzz_claim(error.status == IMGRW_ERR_EDIT, "status %d: %s",
                   (int)error.status, error.message);
    }
    imgrw_manifest_free(manifest);
}

static void
claim_diff(const struct imgrw_plan *plan)
{
    struct output diff = {0};
    struct imgrw_error error;

    fuzz_must(imgrw_diff_write(plan, "/dir/a b\".yaml", collect, &diff, &error),
              &error);
    fuzz_claim_patch((imgrw_str){diff.data, diff.size}, imgrw_plan_source(plan),
                     imgrw_plan_text(plan));
    free(diff.data);
}

/* A report of one file, or of what failed in it. */
static void
claim_report(const struct imgrw_rules *rules, const struct imgrw_plan *plan,
             const struct imgrw_error *failure)
{
    struct output json = {0};
    struct imgrw_report *report;
    struct imgrw_error error;

    fuzz_must(imgrw_report_new(rules, collect, &json, &report, &error), &error);
    fuzz_must(imgrw_report_add(report, "a\"\xFF.yaml",
                               failure ? IMGRW_FILE_ERROR
                                       : IMGRW_FILE_REWRITTEN,
                               plan, failure, &error),
              &error);
    fuzz_must(imgrw_report_finish(report, &error), &error);
    imgrw_report_free(report);
    fuzz_claim_json((imgrw_str){json.data, json.size});
    free(json.data);
}

/* A report of the images alone. */
static void
claim_list(const struct imgrw_manifest *manifest)
{
    struct output json = {0};
    struct imgrw_list_report *report;
    struct imgrw_error error;

    fuzz_must(imgrw_list_report_new(collect, &json, &report, &error), &error);
    fuzz_must(imgrw_list_report_add(report, manifest, &error), &error);
    fuzz_must(imgrw_list_report_finish(report, &error), &error);
    imgrw_list_report_free(report);
    fuzz_claim_json((imgrw_str){json.data, json.size});
    free(json.data);
}

/* Plans with one set of rules, and maybe with a secret. */
static void
run_plan(const struct imgrw_manifest *manifest, struct imgrw_rules *const *sets,
         imgrw_str text, const struct reading *reading, int set,
         const char *secret)
{
    const struct imgrw_rules *rules = sets[set];
    const struct imgrw_plan_options options = {
        .size = sizeof(options),
        .proof = IMGRW_PROOF_FULL,
        .pull_secret = secret,
    };
    struct imgrw_plan *plan;
    struct imgrw_error error;
    enum imgrw_status status =
        imgrw_plan_new(manifest, rules, &options, &plan, &error);

    if (status != IMGRW_OK) {
        fuzz_claim(status == IMGRW_ERR_EDIT || status == IMGRW_ERR_RULE,
                   "status %d: %s", (int)status, error.message);
        fuzz_claim_error(&error, status, text);
        claim_report(rules, NULL, &error);
        return;
    }
    claim_edits(plan);
    if (set < reading->settled_sets)
        claim_settled(plan, rules, &reading->options, &options);
    if (secret)
        claim_listed(plan, sets[SETS], &reading->options, &options);
    claim_diff(plan);
    claim_report(rules, plan, NULL);
    imgrw_plan_free(plan);
}

static void
run_reading(const struct reading *reading, struct imgrw_rules *const *sets,
            imgrw_str text)
{
    struct imgrw_manifest *manifest;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_manifest_parse(
        text, "a.yaml", &reading->options, &manifest, &error);

    if (status != IMGRW_OK) {
        fuzz_claim_error(&error, status, text);
        claim_report(sets[0], NULL, &error);
        return;
    }
    claim_images(manifest, text);
    claim_possible(manifest, text);
    claim_list(manifest);
    for (int i = 0; i < SETS; i++)
        run_plan(manifest, sets, text, reading, i, NULL);
    run_plan(manifest, sets, text, reading, 0, SECRET);
    imgrw_manifest_free(manifest);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct imgrw_rules *sets[SETS + 1];
    imgrw_str text = {(const char *)data, size};

    if (size > LARGEST_INPUT)
        return 0;
    if (!sets[0])
        make_rules(sets);
    for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++)
        run_reading(&readings[i], sets, text);
    return 0;
}
