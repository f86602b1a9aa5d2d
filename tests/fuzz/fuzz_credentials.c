/*
 * Any bytes as a file of credentials: what a Secret says is what was read, and
 * read again it makes the same Secret.
 */
#include "base/base64.h"
#include "base/text.h"
#include "fuzz.h"
#include "credentials/set.h"
#include "edit/compare.h"
#include "yaml/source.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH 64

static void
hear(const struct imgrw_location *at, const char *message, void *user)
{
    const imgrw_str *text = user;

    fuzz_claim(at->offset <= text->size && message[0] != '\0',
               "a warning at byte %zu: %s", at->offset, message);
}

/* A set that may hold nothing of what fails to be read. */
static struct imgrw_credentials *
read(imgrw_str text, enum imgrw_status *status, struct imgrw_error *error)
{
    struct imgrw_credentials *credentials;

    fuzz_must(imgrw_credentials_new(&credentials, error), error);
    *status = imgrw_credentials_read(credentials, text, NULL, hear, &text,
                                     error);
    fuzz_claim(*status == IMGRW_OK || credentials->list.count == 0,
               "%zu entries of a file that is refused",
               credentials->list.count);
    return credentials;
}

/* The JSON text of a Secret. */
static imgrw_str
decode(imgrw_str secret)
{
    static const char key[] = "\n  .dockerconfigjson: ";
    const char *start = memmem(secret.data, secret.size, key,
                               sizeof(key) - 1);
    imgrw_str data = {0};
    char *json;
    size_t size;

    fuzz_claim(start != NULL, "there is no data");
    data.data = start + sizeof(key) - 1;
    data.size = secret.size - (size_t)(data.data - secret.data);
    data.size = irw_find(data, '\n');
    fuzz_claim(data.size != SIZE_MAX, "the data have no end");
    json = malloc(data.size);
    fuzz_claim(irw_base64_decode(data, json, &size), "the data are no base64");
    return (imgrw_str){json, size};
}

static imgrw_str
make(struct imgrw_credentials *credentials)
{
    struct imgrw_error error;
    imgrw_str secret;

    fuzz_must(imgrw_credentials_secret(credentials, "a", NULL, &secret, &error),
              &error);
    return secret;
}

/* Claims that a text of these credentials, read again, has the same. */
static struct imgrw_credentials *
claim_read(const struct imgrw_credentials *credentials, imgrw_str text)
{
    struct imgrw_credentials *other;
    struct imgrw_error error;
    enum imgrw_status status;

    other = read(text, &status, &error);
    fuzz_must(status, &error);
    fuzz_claim(other->list.count == credentials->list.count,
               "%zu entries of %zu", other->list.count,
               credentials->list.count);
    for (size_t i = 0; i < other->list.count; i++) {
        const struct irw_credential *again = other->list.items[i];
        const struct irw_credential *given = credentials->list.items[i];

        fuzz_claim(fuzz_equal(again->host, given->host), "%s is read as %s",
                   given->host.data, again->host.data);
        fuzz_claim(fuzz_equal(again->pair, given->pair),
                   "%s has another user or password", again->host.data);
    }
    return other;
}

/* Claims that the text is read as the same, with the times of expiry. Only
 * bytes that are not UTF-8 make no text, or very many of them. */
static void
claim_text(struct imgrw_credentials *credentials)
{
    struct imgrw_credentials *other;
    struct imgrw_error error;
    imgrw_str text;
    enum imgrw_status status =
        imgrw_credentials_text(credentials, &text, &error);

    if (status == IMGRW_ERR_ENCODING || status == IMGRW_ERR_LIMIT)
        return;
    fuzz_must(status, &error);
    other = claim_read(credentials, text);
    for (size_t i = 0; i < other->list.count; i++)
        fuzz_claim(other->list.items[i]->expires_at ==
                       credentials->list.items[i]->expires_at,
                   "%s expires at another time",
                   other->list.items[i]->host.data);
    imgrw_credentials_free(other);
}

/* A Secret without when passwords expire. */
static imgrw_str
without_expiry(imgrw_str secret)
{
    static const char key[] = "    imgrewrite/expires-at: ";
    char *start = memmem(secret.data, secret.size, key, sizeof(key) - 1);
    size_t rest, line;

    if (!start)
        return secret;
    rest = secret.size - (size_t)(start - secret.data);
    line = irw_line_end((imgrw_str){start, rest}, 0);
    memmove(start, start + line, rest - line);
    return (imgrw_str){secret.data, secret.size - line};
}

/* Claims that the Secret has the hosts, users and passwords that were read. */
static void
claim_same(struct imgrw_credentials *credentials)
{
    imgrw_str secret = make(credentials), json = decode(secret);
    struct imgrw_credentials *other = claim_read(credentials, json);

    secret = without_expiry(secret);
    fuzz_claim(fuzz_equal(secret, make(other)), "another secret");
    imgrw_credentials_free(other);
    free((char *)(uintptr_t)json.data);
}

/* Claims that what is JSON in ASCII is to libyaml, if it reads it, the same. */
static void
claim_json(imgrw_str text)
{
    const struct irw_expectation same = {0};
    struct irw_arena arena = {0};
    struct irw_tree json = {0}, yaml = {0};
    struct irw_text difference = {0};
    struct irw_source source;

    if (irw_source_open(text, NULL, SIZE_MAX, &source, NULL) == IMGRW_OK &&
        source.ascii &&
        irw_tree_read(&irw_json,
                      (struct irw_extract){text, source.start, text.size},
                      DEPTH, &arena, &json, NULL) == IMGRW_OK &&
        irw_tree_read(&irw_libyaml,
                      (struct irw_extract){text, source.start, text.size},
                      DEPTH, &arena, &yaml, NULL) == IMGRW_OK) {
        fuzz_claim(irw_tree_compare(&yaml, &json, &same, &difference),
                   "JSON is read otherwise: %.*s", (int)difference.size,
                   difference.data);
        for (uint32_t i = 0; i < json.count; i++)
            fuzz_claim(fuzz_equal(irw_tree_value(&json, i),
                                  irw_tree_value(&yaml, i)),
                       "node %u has another value", (unsigned)i);
    }
    irw_text_clear(&difference);
    irw_tree_clear(&json);
    irw_tree_clear(&yaml);
    irw_arena_wipe(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    imgrw_str text = {(const char *)data, size};
    struct imgrw_error error;
    enum imgrw_status status;
    struct imgrw_credentials *credentials = read(text, &status, &error);

    claim_json(text);
    if (status != IMGRW_OK) {
        fuzz_claim_error(&error, status, text);
    } else {
        status = imgrw_credentials_set_password(credentials, NULL,
                                                fuzz_str("later\n"), &error);
        fuzz_must(imgrw_credentials_check_expiry(credentials, 0, &error),
                  &error);
        if (status == IMGRW_OK || !strstr(error.message, "both")) {
            claim_same(credentials);
            claim_text(credentials);
        }
    }
    imgrw_credentials_free(credentials);
    return 0;
}
