/*
 * What is decided without asking anybody, from any bytes: which credentials are
 * for an image, which hosts are Amazon's, and what follows a response.
 *
 * The first two lines are a key of credentials and an image's place, as
 * HOST/REPOSITORY; the third is what has come of an inquiry, a letter each; the
 * rest is the head of a response.
 */
#include "base/str.h"
#include "fuzz.h"
#include "registry/decide.h"
#include "registry/ecr.h"
#include "registry/login_key.h"

#include <stdlib.h>
#include <string.h>

#define LARGEST_INPUT ((size_t)1 << 14)

/* Takes the next line, without its line break. */
static imgrw_str
take_line(imgrw_str *text)
{
    imgrw_str line;

    irw_cut(*text, '\n', &line, text);
    return line;
}

static bool
lies_in(imgrw_str part, imgrw_str whole)
{
    return part.size == 0 || (part.data >= whole.data &&
                              part.data + part.size <= whole.data + whole.size);
}

/* A key that fits has the host in it, or is Docker Hub's; the full name of a
 * repository fits best. */
static void
claim_key(imgrw_str key, const struct irw_login_place *place)
{
    size_t fit = irw_login_key_fit(key, false, place);
    char *own = malloc(place->host.size + 1 + place->repository.size);
    imgrw_str whole = {own, place->host.size + 1 + place->repository.size};

    fuzz_claim(own, "memory is out");
    memcpy(own, place->host.data, place->host.size);
    own[place->host.size] = '/';
    memcpy(own + place->host.size + 1, place->repository.data,
           place->repository.size);
    fuzz_claim(fit == 0 || irw_equal(place->host, IRW_STR("docker.io")) ||
                   memmem(key.data, key.size, place->host.data,
                          place->host.size),
               "a key fits that is for another registry");
    fuzz_claim(fit <= irw_login_key_fit(whole, false, place),
               "a key fits better than the repository");
    free(own);
}

static void
claim_ecr(imgrw_str host)
{
    struct irw_ecr_host ecr;
    enum irw_ecr_kind kind = irw_ecr_parse(host, &ecr);

    fuzz_claim(kind == ecr.kind, "two kinds");
    if (kind == IRW_ECR_NONE)
        return;
    fuzz_claim(ecr.partition, "a registry of Amazon's in no partition");
    fuzz_claim(lies_in(ecr.account, host), "the account is not of the host");
    for (size_t i = 0; i < ecr.account.size; i++)
        fuzz_claim(irw_is_digit(ecr.account.data[i]), "an account of letters");
    fuzz_claim((kind == IRW_ECR_PRIVATE) <= (ecr.account.size == 12),
               "an account of %zu digits", ecr.account.size);
    fuzz_claim((irw_ecr_doubt(&ecr) != NULL) ==
                   (kind == IRW_ECR_MISNUMBERED),
               "a doubt that is none");
}

/* What has come of the inquiry so far. */
static struct irw_inquiry
read_inquiry(imgrw_str letters)
{
    struct irw_inquiry inquiry = {.request = IRW_REQUEST_HEAD};

    for (size_t i = 0; i < letters.size; i++) {
        char c = letters.data[i];

        if (c >= '0' && c <= '3')
            inquiry.request = (enum irw_request)(c - '0');
        inquiry.resolve |= c == 'r';
        inquiry.with_login |= c == 'l';
        inquiry.authorized |= c == 'a';
        inquiry.stale |= c == 's';
        inquiry.elsewhere |= c == 'e';
        inquiry.pinged |= c == 'p';
        inquiry.redirects += c == 'R';
        inquiry.rate_retries += c == 'T';
        inquiry.server_retries += c == 'S';
        inquiry.lost_retries += c == 'L';
        inquiry.is_unknown_image |= c == 'u';
    }
    return inquiry;
}

/* What ends has a verdict, unless memory is out; what goes on comes to an end;
 * and a login goes to nobody but the registry that asks for it. */
static void
claim_step(const struct irw_inquiry *inquiry, const struct irw_probe_step *step,
           const struct irw_response *response)
{
    switch (step->action) {
    case IRW_ACTION_END:
        fuzz_claim(step->verdict != IRW_VERDICT_NONE ||
                       response->ending == IRW_ENDING_MEMORY,
                   "an end without a verdict");
        break;
    case IRW_ACTION_LOGIN:
        fuzz_claim(inquiry->with_login && !inquiry->elsewhere &&
                       response->challenges.basic && response->status == 401,
                   "a login that nobody may see");
        break;
    case IRW_ACTION_TOKEN:
        fuzz_claim(response->status == 401 && response->challenges.bearer,
                   "a token that nobody wants");
        fuzz_claim(!inquiry->authorized || inquiry->stale ||
                       inquiry->request == IRW_REQUEST_PING,
                   "another token, and no end of it");
        break;
    case IRW_ACTION_FOLLOW:
        fuzz_claim(inquiry->redirects < IRW_REDIRECTS_MAX,
                   "redirects without end");
        break;
    case IRW_ACTION_GET:
        fuzz_claim(inquiry->request == IRW_REQUEST_HEAD, "GET after GET");
        break;
    case IRW_ACTION_PING:
        fuzz_claim(!inquiry->pinged, "pings without end");
        break;
    default:
        fuzz_claim(step->retries && step->wait <= IRW_WAIT_MAX &&
                       *step->retries < IRW_RATE_RETRIES,
                   "retries without end");
    }
}

/* Reads the head of a response; how it ended is its first byte. */
static void
read_response(imgrw_str text, struct irw_response *response)
{
    if (text.size > 0 && text.data[0] >= 'A' &&
        text.data[0] <= 'A' + (int)IRW_ENDING_MEMORY)
        response->ending = (enum irw_ending)(text.data[0] - 'A');
    take_line(&text);
    while (text.size > 0)
        irw_response_add_line(response, take_line(&text));
    irw_response_finish(response);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    imgrw_str text = {(const char *)data, size};
    struct irw_response response = {.status = 0};
    struct irw_inquiry inquiry, token;
    struct irw_login_place place;
    struct irw_probe_step step;
    imgrw_str key, line;

    if (size > LARGEST_INPUT)
        return 0;
    key = take_line(&text);
    line = take_line(&text);
    irw_cut(line, '/', &place.host, &place.repository);
    if (place.host.size > 0 && place.repository.size > 0)
        claim_key(key, &place);
    claim_ecr(place.host);
    token = inquiry = read_inquiry(take_line(&text));
    read_response(text, &response);
    if (inquiry.request == IRW_REQUEST_TOKEN) {
        step = irw_decide_token(&token, &response);
        fuzz_claim(step.action != IRW_ACTION_END ||
                       step.verdict != IRW_VERDICT_NONE ||
                       response.ending == IRW_ENDING_MEMORY,
                   "an end without a verdict");
    } else {
        step = irw_decide(&inquiry, &response);
        claim_step(&inquiry, &step, &response);
    }
    irw_response_clear(&response);
    return 0;
}
