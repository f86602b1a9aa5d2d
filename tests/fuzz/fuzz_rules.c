/*
 * Any bytes as a rules file: what is wrong with it is said with its place, and
 * what is taken gives references, comes to rest where the check says so, and
 * can be explained.
 */
#include "fuzz.h"

#include <imgrewrite/manifest.h>
#include <imgrewrite/rules_file.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH "rules.yaml"
#define RULES_TRIED 16 /* whose own images are tried */

#define DIGEST \
    "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char *const images[] = {
    "nginx",
    "nginx:1.25",
    "nginx:1.25" DIGEST,
    "bitnami/redis" DIGEST,
    "docker.io/acme/api:1",
    "quay.io/prometheus/prometheus:v2.50",
    "registry.k8s.io/pause:3.9",
    "eu.gcr.io/acme/tool",
    "localhost:5000/a:1",
    "[2001:db8::1]:5000/a/b",
    "mirror.example.com/hub/library/nginx:1.25",
    "proxy.replicated.com/proxy/app/quay.io/a/b:1",
    "registry.replicated.com/app/api:1",
};

/* The text that warnings are about, and whether one came. */
struct hearing {
    imgrw_str text;
    bool warned;
};

static void
take_warning(const struct imgrw_location *at, const char *message, void *user)
{
    struct hearing *hearing = user;

    fuzz_claim(message[0] != '\0', "a warning without words");
    fuzz_claim(!strpbrk(message, "\r\n"), "a warning of two lines: %s",
               message);
    /* what is said of the whole set has no place */
    fuzz_claim(at->path ? at->line > 0 && strcmp(at->path, PATH) == 0
                        : at->line == 0 && at->offset == 0,
               "a warning of no place: %s", message);
    fuzz_claim(at->offset <= hearing->text.size, "a warning of byte %zu of %zu",
               at->offset, hearing->text.size);
    hearing->warned = true;
}

/* Claims that a failure to read the text says what it was, and where. */
static void
claim_failure(const struct imgrw_error *error, enum imgrw_status status,
              imgrw_str text)
{
    fuzz_claim(status == IMGRW_ERR_RULE || status == IMGRW_ERR_SYNTAX ||
                   status == IMGRW_ERR_ENCODING || status == IMGRW_ERR_LIMIT,
               "status %d: %s", (int)status, error->message);
    fuzz_claim_error(error, status, text);
    fuzz_claim(error->at.line > 0 && error->at.column > 0,
               "an error of no line: %s", error->message);
    fuzz_claim(error->at.path && strcmp(error->at.path, PATH) == 0,
               "an error of no file: %s", error->message);
}

/* Reads the text twice, once with nobody to hear of it; both have to agree. */
static struct imgrw_rules *
read_text(imgrw_str text, enum imgrw_status *status)
{
    struct hearing hearing = {.text = text};
    struct imgrw_rules *rules, *silent;
    struct imgrw_error error = {0};

    fuzz_must(imgrw_rules_new(&rules, &error), &error);
    fuzz_must(imgrw_rules_new(&silent, &error), &error);
    *status = imgrw_rules_read(rules, text, PATH, take_warning, &hearing,
                               &error);
    if (*status != IMGRW_OK)
        claim_failure(&error, *status, text);
    fuzz_claim(imgrw_rules_read(silent, text, NULL, NULL, NULL, NULL) ==
                   *status,
               "another status when nobody hears");
    fuzz_claim(imgrw_rules_count(silent) == imgrw_rules_count(rules),
               "other rules when nobody hears");
    imgrw_rules_free(silent);
    return rules;
}

static void
claim_places(const struct imgrw_rules *rules, imgrw_str text)
{
    for (size_t i = 0; i < imgrw_rules_count(rules); i++) {
        struct imgrw_location at = imgrw_rules_location(rules, i);

        fuzz_claim(at.line > 0 && at.column > 0 && at.offset <= text.size,
                   "rule \"%s\" is at %u:%u", imgrw_rules_name(rules, i),
                   (unsigned)at.line, (unsigned)at.column);
        fuzz_claim(at.path && strcmp(at.path, PATH) == 0,
                   "rule \"%s\" is in no file", imgrw_rules_name(rules, i));
    }
}

/* Claims that a sentence of any size ends where it has to. */
static void
claim_sentence(const struct imgrw_rules *rules, imgrw_str image,
               const struct imgrw_outcome *outcome)
{
    static const size_t sizes[] = {1, 2, 40, 2000};

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char *buffer = malloc(sizes[i]);

        memset(buffer, 'x', sizes[i]);
        imgrw_rules_explain(rules, image, outcome, buffer, sizes[i]);
        fuzz_claim(strnlen(buffer, sizes[i]) < sizes[i], "no end of %zu bytes",
                   sizes[i]);
        fuzz_claim(i == 0 || buffer[0] != '\0', "an explanation without words");
        free(buffer);
    }
}

static void
claim_outcome(const struct imgrw_rules *rules, imgrw_str image,
              const struct imgrw_outcome *outcome)
{
    struct imgrw_reference reference;
    struct imgrw_error error;

    fuzz_must(imgrw_reference_parse(outcome->text, &reference, &error), &error);
    fuzz_claim((outcome->result == IMGRW_REWRITTEN) ==
                   !fuzz_equal(outcome->text, image),
               "result %d for what is %.*s", (int)outcome->result,
               (int)outcome->text.size, outcome->text.data);
    fuzz_claim((outcome->result == IMGRW_UNMATCHED) ==
                   (outcome->rule_count == 0),
               "result %d by %zu rules", (int)outcome->result,
               outcome->rule_count);
    fuzz_claim(outcome->rule_count <= IMGRW_RULES_PER_IMAGE, "%zu rules",
               outcome->rule_count);
    for (size_t i = 0; i < outcome->rule_count; i++)
        fuzz_claim(outcome->rules[i] < imgrw_rules_count(rules),
                   "there is no rule %zu", outcome->rules[i]);
    claim_sentence(rules, image, outcome);
}

/* Applies the set to one image; where it `rests`, to the result as well. */
static void
claim_image(const struct imgrw_rules *rules, imgrw_str image, bool rests)
{
    struct imgrw_reference_buffer *buffers[2] = {malloc(sizeof(*buffers[0])),
                                                 malloc(sizeof(*buffers[0]))};
    struct imgrw_outcome once, twice;
    struct imgrw_error error = {0};
    enum imgrw_status status =
        imgrw_rules_apply(rules, image, buffers[0], &once, &error);

    if (status == IMGRW_OK) {
        claim_outcome(rules, image, &once);
    } else {
        fuzz_claim(status == IMGRW_ERR_RULE, "status %d", (int)status);
        fuzz_claim_error(&error, status, image);
    }
    if (status == IMGRW_OK && rests) {
        fuzz_must(imgrw_rules_apply(rules, once.text, buffers[1], &twice,
                                    &error),
                  &error);
        fuzz_claim(fuzz_equal(once.text, twice.text),
                   "%.*s becomes %.*s, then %.*s", (int)image.size, image.data,
                   (int)once.text.size, once.text.data, (int)twice.text.size,
                   twice.text.data);
    }
    free(buffers[0]);
    free(buffers[1]);
}

/* Tries what the rule's name says that it is about, and what lies below. */
static void
claim_own_images(const struct imgrw_rules *rules, size_t rule, bool rests)
{
    static const char *const tails[] = {"", ":1", DIGEST, "/x", ("/x" DIGEST),
                                        "/library/x:1"};
    const char *name = imgrw_rules_name(rules, rule);
    const char *what = strchr(name, ' ');
    struct imgrw_reference reference;
    char text[4 * IMGRW_REFERENCE_MAX];
    int size;

    fuzz_claim(what != NULL, "a rule called \"%s\"", name);
    for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
        imgrw_str image = {text, 0};
        bool any = what[1] == '*'; /* some host below the domain */

        size = snprintf(text, sizeof(text), "%s%s%s", any ? "any" : "",
                        what + 1 + any, tails[i]);
        if (size < 0 || (size_t)size >= sizeof(text))
            continue;
        image.size = (size_t)size;
        if (imgrw_reference_parse(image, &reference, NULL) == IMGRW_OK)
            claim_image(rules, image, rests);
    }
}

/* Whether all rules of the set promise to leave their own results alone. */
static bool
comes_to_rest(const struct imgrw_rules *rules, imgrw_str text)
{
    struct hearing hearing = {.text = text};
    struct imgrw_error error = {0};
    enum imgrw_status status =
        imgrw_rules_check(rules, take_warning, &hearing, &error);

    if (status != IMGRW_OK) {
        fuzz_claim(status == IMGRW_ERR_RULE, "status %d", (int)status);
        fuzz_claim_error(&error, status, text);
        fuzz_claim(error.at.line > 0, "no place of: %s", error.message);
        return false;
    }
    for (size_t i = 0; i < imgrw_rules_count(rules); i++)
        if (strncmp(imgrw_rules_name(rules, i), "image ", 6) == 0)
            return false;
    return true;
}

/* Claims that a manifest can be read with what the text says of places. */
static void
claim_fields(const struct imgrw_rules *rules)
{
    static const char manifest[] = "kind: Widget\nspec: {a: [{image: b}]}\n";
    struct imgrw_parse_options options = {.size = sizeof(options)};
    struct imgrw_manifest *parsed;
    struct imgrw_error error;

    options.find = imgrw_rules_find(rules);
    options.fields = imgrw_rules_fields(rules, &options.field_count);
    fuzz_claim((options.find & ~(unsigned)IMGRW_FIND_ALL) == 0,
               "unknown classes");
    for (size_t i = 0; i < options.field_count; i++)
        fuzz_claim(options.fields[i].path && options.fields[i].path[0] != '\0',
                   "a field without a path");
    fuzz_must(imgrw_manifest_parse(fuzz_str(manifest), "a.yaml", &options,
                                   &parsed, &error),
              &error);
    imgrw_manifest_free(parsed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    imgrw_str text = {(const char *)data, size};
    enum imgrw_status status;
    struct imgrw_rules *rules = read_text(text, &status);
    size_t count = imgrw_rules_count(rules);
    bool rests = false;

    if (status == IMGRW_OK) {
        claim_places(rules, text);
        claim_fields(rules);
        rests = comes_to_rest(rules, text);
    }
    for (size_t i = 0; i < sizeof(images) / sizeof(images[0]); i++)
        claim_image(rules, fuzz_str(images[i]), rests);
    for (size_t i = 0; i < count && i < RULES_TRIED; i++)
        claim_own_images(rules, i, rests);
    imgrw_rules_free(rules);
    return 0;
}
