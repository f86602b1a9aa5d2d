/*
 * Any bytes as a stream, some of them at a time: what comes out is what the
 * whole text becomes, and it ends where that fails.
 */
#include "fuzz.h"

#include <imgrewrite/files.h>
#include <imgrewrite/rewrite.h>

#include <stdlib.h>
#include <string.h>

/* A text that is fed to a run, and what has come out. */
struct feeding {
    imgrw_str text;
    size_t at, step;
    char *out;
    size_t size, capacity, done, images;
};

static long
feed(char *data, size_t size, void *user)
{
    struct feeding *feeding = user;
    size_t left = feeding->text.size - feeding->at;
    size_t got = feeding->step < left ? feeding->step : left;

    got = got < size ? got : size;
    memcpy(data, feeding->text.data + feeding->at, got);
    feeding->at += got;
    return (long)got;
}

static int
take(const struct imgrw_file *part, void *user)
{
    struct feeding *feeding = user;
    imgrw_str text = imgrw_plan_text(part->plan);

    fuzz_claim(fuzz_equal(part->text,
                          (imgrw_str){feeding->text.data + feeding->done,
                                      part->text.size}),
               "a part that is not the next bytes");
    feeding->done += part->text.size;
    feeding->images += imgrw_manifest_count(part->manifest);
    if (feeding->size + text.size > feeding->capacity) {
        feeding->capacity = 2 * (feeding->size + text.size);
        feeding->out = realloc(feeding->out, feeding->capacity);
        fuzz_claim(feeding->out != NULL, "no memory");
    }
    if (text.size > 0)
        memcpy(feeding->out + feeding->size, text.data, text.size);
    feeding->size += text.size;
    return 0;
}

/* Claims that the stream ended as the whole text did, with the same text. In
 * entries of a run more follows than in those of a text alone. */
static void
compare(const struct feeding *feeding, enum imgrw_status status,
        const struct imgrw_rules *rules)
{
    struct imgrw_plan *plan = NULL;
    struct imgrw_error error;
    enum imgrw_status whole =
        imgrw_rewrite(feeding->text, rules, NULL, &plan, &error);
    imgrw_str text = imgrw_plan_text(plan);

    if (whole == IMGRW_OK && status == IMGRW_OK) {
        fuzz_claim(feeding->done == feeding->text.size, "bytes are missing");
        fuzz_claim(fuzz_equal(text, (imgrw_str){feeding->out, feeding->size}),
                   "another text");
        fuzz_claim(feeding->images ==
                       imgrw_manifest_count(imgrw_plan_manifest(plan)),
                   "other images");
    }
    fuzz_claim((whole == IMGRW_OK) == (status == IMGRW_OK),
               "the stream ended with %d, and not %d", (int)status, (int)whole);
    imgrw_plan_free(plan);
}

/* Whether some line may begin with a directive, which joins all of the whole
 * text, and less of a stream. */
static bool
may_have_directives(imgrw_str text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '%' &&
            (i == 0 || strchr("\r\n\x85\xA8\xA9\xBF", text.data[i - 1])))
            return true;
    return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct feeding feeding = {
        .text = {(const char *)data, size},
        .step = size > 0 ? 1 + data[size - 1] % 64u : 1,
    };
    const struct imgrw_stream stream = {
        .size = sizeof(stream), .read = feed, .take = take, .user = &feeding};
    const struct imgrw_run_options options = {
        .size = sizeof(options), .jobs = 1, .allow_collisions = 1};
    struct imgrw_rules *rules;
    struct imgrw_run *run;
    struct imgrw_error error;
    enum imgrw_status status;

    fuzz_must(imgrw_rules_new(&rules, &error), &error);
    fuzz_must(imgrw_rules_add_prefix(rules, "docker.io", "r.example.com/hub",
                                     &error),
              &error);
    fuzz_must(imgrw_run_new(rules, &options, &run, &error), &error);
    status = imgrw_run_stream(run, &stream, &error);
    if (!may_have_directives(feeding.text) &&
        !(size > 0 && memmem(data, size, "toolkit.fluxcd.io", 17)))
        compare(&feeding, status, rules);
    imgrw_run_free(run);
    imgrw_rules_free(rules);
    free(feeding.out);
    return 0;
}
