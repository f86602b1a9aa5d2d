/*
 * Any bytes as an image reference: what is read can be written, completed,
 * shortened and rewritten without becoming another image. Of one whose end is
 * filled in later, the name moves as it does with another end.
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

/* Whether the mark at byte `at` is that of a port, and not of a tag. */
static bool
is_port(imgrw_str text, size_t at)
{
    size_t end = at + 1;

    while (end < text.size && text.data[end] >= '0' && text.data[end] <= '9')
        end++;
    return end > at + 1 && end < text.size && text.data[end] == '/';
}

/* Where the name ends: at the first mark of a tag or a digest after which no
 * name goes on. */
static size_t
end_of_name(imgrw_str text)
{
    size_t end = 0;

    while (end < text.size &&
           ((text.data[end] != ':' && text.data[end] != '@') ||
            is_port(text, end)))
        end++;
    return end;
}

/* What the rules make of the name with the tag `t`, in `buffer`, less that
 * tag. */
static imgrw_str
move_name(const struct imgrw_rules *rules, imgrw_str name,
          struct imgrw_reference_buffer *buffer)
{
    struct imgrw_reference_buffer input;
    struct imgrw_outcome outcome;
    struct imgrw_error error;

    memcpy(input.bytes, name.data, name.size);
    memcpy(input.bytes + name.size, ":t", 2);
    fuzz_must(imgrw_rules_apply(rules,
                                (imgrw_str){input.bytes, name.size + 2},
                                buffer, &outcome, &error),
              &error);
    outcome.text.size -= 2;
    if (outcome.text.data == input.bytes) {
        memcpy(buffer->bytes, input.bytes, outcome.text.size);
        outcome.text.data = buffer->bytes;
    }
    return outcome.text;
}

/* Claims that what is no reference either is refused, with an error, or has an
 * end that is filled in later: then it has its new name and the same end. */
static void
claim_end_stays(const struct imgrw_rules *rules, imgrw_str text)
{
    struct imgrw_reference_buffer moved_buffer, name_buffer;
    struct imgrw_outcome moved;
    struct imgrw_error error;
    size_t end = end_of_name(text);
    enum imgrw_status status =
        imgrw_rules_apply(rules, text, &moved_buffer, &moved, &error);
    imgrw_str name;

    if (status != IMGRW_OK) {
        fuzz_claim(status == IMGRW_ERR_REFERENCE || status == IMGRW_ERR_RULE,
                   "status %d", (int)status);
        fuzz_claim_error(&error, status, text);
        return;
    }
    fuzz_claim(end < text.size, "nothing is behind the name");
    if (moved.result == IMGRW_UNDECIDED) {
        fuzz_claim(fuzz_equal(moved.text, text), "it moves undecided");
        return;
    }
    name = move_name(rules, (imgrw_str){text.data, end}, &name_buffer);
    fuzz_claim(moved.text.size == name.size + text.size - end &&
                   memcmp(moved.text.data, name.data, name.size) == 0 &&
                   memcmp(moved.text.data + name.size, text.data + end,
                          text.size - end) == 0,
               "%.*s becomes %.*s, and its name %.*s", (int)text.size,
               text.data, (int)moved.text.size, moved.text.data,
               (int)name.size, name.data);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct imgrw_rules *rules;
    imgrw_str text = {(const char *)data, size};
    struct imgrw_reference reference;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_reference_parse(text, &reference, &error);

    if (!rules)
        rules = make_rules();
    if (status != IMGRW_OK) {
        fuzz_claim(status == IMGRW_ERR_REFERENCE, "status %d", (int)status);
        fuzz_claim_error(&error, status, text);
        fuzz_claim(imgrw_reference_parse(text, &reference, NULL) == status,
                   "without an error to fill, it is a reference");
        claim_end_stays(rules, text);
        return 0;
    }
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
