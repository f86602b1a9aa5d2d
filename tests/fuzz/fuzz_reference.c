/*
 * Any bytes as an image reference: what is read can be written, completed,
 * shortened and rewritten without becoming another image.
 */
#include "fuzz.h"

#include <imgrewrite/rules.h>

#include <stdlib.h>
#include <string.h>


/* Prefix rules whose results no rule speaks of: a second pass is idle. */
static struct imgrw_rules *
make_rules(void)
{
    static const char *const prefixes[][2] = {
        {"docker.io", "mirror.example/hub"},
        {"docker.io/library/redis", "[2001:db8::1]:5000"},
        {"quay.io", "[2001:db8::1]:5000/quay"},
        {"*.gcr.io", "mirror.example:443/gcr"},
        {"registry.k8s.io/kube-proxy", "mirror.example"},
        {"ghcr.io/acme:v1", "localhost:5000/acme"},
    };
    struct imgrw_rules *rules;
    struct imgrw_error error;

    fuzz_must(imgrw_rules_new(&rules, &error), &error);
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        fuzz_must(imgrw_rules_add_prefix(rules, prefixes[i][0], prefixes[i][1],
                                         &error),
                  &error);
    fuzz_must(imgrw_rules_add_exclude(rules, "quay.io/keep", &error), &error);
    fuzz_must(imgrw_rules_check(rules, NULL, NULL, &error), &error);
    return rules;
}

static void
claim_inside(imgrw_str part, imgrw_str text)
{
    fuzz_claim(part.size == 0 ||
                   (part.data >= text.data &&
                    part.data + part.size <= text.data + text.size),
               "a part lies outside of the text");
}

static bool
same_parts(const struct imgrw_reference *one,
           const struct imgrw_reference *other)
{
    return fuzz_equal(one->registry, other->registry) &&
           fuzz_equal(one->repository, other->repository) &&
           fuzz_equal(one->tag, other->tag) &&
           fuzz_equal(one->digest, other->digest);
}

/* Claims that `reference`, written and read, is still the image `same`. */
static void
claim_same_image(const struct imgrw_reference *reference,
                 const struct imgrw_reference *same, const char *what)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference again;
    struct imgrw_error error;
    imgrw_str text;

    fuzz_must(imgrw_reference_format(reference, &buffer, &text, &error),
              &error);
    fuzz_must(imgrw_reference_parse(text, &again, &error), &error);
    fuzz_claim(same_parts(reference, &again), "%s: %s is read otherwise", what,
               text.data);
    fuzz_claim(imgrw_reference_equal(&again, same), "%s: %s is another image",
               what, text.data);
}

/* Claims that the parts make the text again. */
static void
claim_format(const struct imgrw_reference *reference, imgrw_str text)
{
    struct imgrw_reference_buffer *buffer = malloc(sizeof(*buffer));
    struct imgrw_error error;
    imgrw_str written;

    fuzz_must(imgrw_reference_format(reference, buffer, &written, &error),
              &error);
    fuzz_claim(fuzz_equal(written, text), "written as %s", buffer->bytes);
    free(buffer);
}

static void
claim_names(const struct imgrw_reference *reference)
{
    struct imgrw_reference_buffer *buffers[2] = {malloc(sizeof(*buffers[0])),
                                                 malloc(sizeof(*buffers[0]))};
    struct imgrw_reference full, twice, shortest;
    struct imgrw_error error;

    fuzz_must(imgrw_reference_normalize(reference, buffers[0], &full, &error),
              &error);
    fuzz_must(imgrw_reference_normalize(&full, buffers[1], &twice, &error),
              &error);
    fuzz_claim(same_parts(&full, &twice), "the full name has a full name");
    fuzz_claim(fuzz_equal(full.tag, reference->tag) &&
                   fuzz_equal(full.digest, reference->digest),
               "the full name has another tag or digest");
    claim_same_image(&full, reference, "full name");
    imgrw_reference_shorten(&full, &shortest);
    claim_same_image(&shortest, reference, "short name");
    free(buffers[0]);
    free(buffers[1]);
}

/* Claims that rules give references, and nothing more the second time. */
static void
claim_rules(const struct imgrw_rules *rules, imgrw_str text)
{
    struct imgrw_reference_buffer *buffers[2] = {malloc(sizeof(*buffers[0])),
                                                 malloc(sizeof(*buffers[0]))};
    struct imgrw_outcome once, twice;
    struct imgrw_reference reference;
    struct imgrw_error error;
    enum imgrw_status status =
        imgrw_rules_apply(rules, text, buffers[0], &once, &error);

    if (status != IMGRW_OK) {
        fuzz_claim(status == IMGRW_ERR_RULE, "status %d", (int)status);
        fuzz_claim_error(&error, status, text);
    } else {
        fuzz_must(imgrw_reference_parse(once.text, &reference, &error), &error);
        fuzz_claim((once.result == IMGRW_REWRITTEN) ==
                       !fuzz_equal(once.text, text),
                   "result %d for what is %.*s", (int)once.result,
                   (int)once.text.size, once.text.data);
        fuzz_must(imgrw_rules_apply(rules, once.text, buffers[1], &twice,
                                    &error),
                  &error);
        fuzz_claim(fuzz_equal(once.text, twice.text), "twice gives %.*s",
                   (int)twice.text.size, twice.text.data);
    }
    free(buffers[0]);
    free(buffers[1]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct imgrw_rules *rules;
    imgrw_str text = {(const char *)data, size};
    struct imgrw_reference reference;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_reference_parse(text, &reference, &error);

    if (status != IMGRW_OK) {
        fuzz_claim(status == IMGRW_ERR_REFERENCE, "status %d", (int)status);
        fuzz_claim_error(&error, status, text);
        fuzz_claim(imgrw_reference_parse(text, &reference, NULL) == status,
                   "without an error to fill, it is a reference");
        return 0;
    }
    if (!rules)
        rules = make_rules();
    fuzz_claim(reference.repository.size > 0, "there is no repository");
    claim_inside(reference.registry, text);
    claim_inside(reference.repository, text);
    claim_inside(reference.tag, text);
    claim_inside(reference.digest, text);
    claim_format(&reference, text);
    claim_names(&reference);
    claim_rules(rules, text);
    return 0;
}
