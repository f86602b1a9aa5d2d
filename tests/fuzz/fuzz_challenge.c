/*
 * Any bytes as what a hostile registry sends: the value of WWW-Authenticate, a
 * realm, a Location, the body of a token server. What is read from a challenge
 * lies in its line and can be written and read again; what is let through to be
 * asked is what libcurl would ask.
 */
#include "fuzz.h"
#include "registry/challenge.h"
#include "registry/manifest_answer.h"
#include "registry/origin.h"
#include "registry/token.h"

#include <stdlib.h>
#include <string.h>

static void
claim_inside(imgrw_str part, const char *line, size_t size)
{
    fuzz_claim(part.size == 0 ||
                   (part.data >= line && part.data + part.size <= line + size),
               "a part lies outside of the line");
    for (size_t i = 0; i < part.size; i++)
        fuzz_claim(part.data[i] == '\t' ||
                       ((unsigned char)part.data[i] >= 0x20 &&
                        part.data[i] != 0x7F),
                   "a part has a control character");
}

static void
add_quoted(struct irw_bytes *line, const char *name, imgrw_str value)
{
    irw_bytes_add_text(line, name);
    irw_bytes_add_text(line, "=\"");
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] == '"' || value.data[i] == '\\')
            irw_bytes_add_text(line, "\\");
        irw_bytes_add(line, (imgrw_str){value.data + i, 1});
    }
    irw_bytes_add_text(line, "\"");
}

/* Claims that a challenge, written by the book, says the same again. */
static void
claim_again(const struct irw_challenges *challenges)
{
    struct irw_challenges again = {0};
    struct irw_bytes line = {0};

    irw_bytes_add_text(&line, "Negotiate a==, Bearer ");
    add_quoted(&line, "realm", challenges->realm);
    irw_bytes_add_text(&line, ", ");
    add_quoted(&line, "service", challenges->service);
    if (line.size <= IRW_CHALLENGE_MAX) {
        irw_challenges_add(&again, line.data, line.size);
        fuzz_claim(again.bearer && again.other && !again.malformed,
                   "a challenge by the book is not read");
        fuzz_claim(fuzz_equal(again.realm, challenges->realm) &&
                       fuzz_equal(again.service, challenges->service),
                   "a challenge is read otherwise");
    }
    irw_bytes_clear(&line);
}

static void
claim_challenge(const uint8_t *data, size_t size)
{
    struct irw_challenges challenges = {0};
    char *line = malloc(size + (size == 0));

    if (size > 0)
        memcpy(line, data, size);
    irw_challenges_add(&challenges, line, size);
    claim_inside(challenges.realm, line, size);
    claim_inside(challenges.service, line, size);
    fuzz_claim(!challenges.bearer_is_broken || challenges.malformed,
               "what is broken is not malformed");
    fuzz_claim(challenges.bearer ||
                   challenges.realm.size + challenges.service.size == 0,
               "a realm of no Bearer");
    if (challenges.bearer)
        claim_again(&challenges);
    free(line);
}

/* Claims that an origin is its own, and that the judges keep their rules. */
static void
claim_origin(const struct irw_namer *namer, const char *url)
{
    struct irw_web_origin origin, again;
    enum irw_verdict realm, redirect;

    if (irw_web_origin_of(url, &origin) != IRW_URL_FINE)
        return;
    fuzz_claim(irw_web_origin_of(origin.text, &again) == IRW_URL_FINE &&
                   irw_web_origin_equal(&origin, &again) &&
                   origin.reach == again.reach,
               "%s has the origin %s", url, origin.text);
    irw_judge_realm(namer, url, &again, &realm);
    irw_judge_redirect(namer, url, &again, &redirect);
    if (namer->is_https && !origin.is_https)
        fuzz_claim(realm != IRW_VERDICT_NONE && redirect != IRW_VERDICT_NONE,
                   "%s gives up encryption", url);
    if (origin.is_address && origin.reach > namer->reach)
        fuzz_claim(realm != IRW_VERDICT_NONE && redirect != IRW_VERDICT_NONE,
                   "%s is too internal", url);
    fuzz_claim(!strpbrk(origin.text, "@%\\ \t\r\n"), "%s", origin.text);
}

/* Claims that where a Location leads is judged by what libcurl makes of it. */
static void
claim_join(const char *location)
{
    struct irw_web_origin origin;
    char *url, *again;

    if (irw_url_join("https://host:1/v2/a/b", location, &url) != IRW_URL_FINE)
        return;
    fuzz_claim(!strchr(url, '#'), "%s has a fragment", url);
    if (irw_web_origin_of(url, &origin) == IRW_URL_FINE) {
        fuzz_claim(irw_url_join("https://host:1/", url, &again) ==
                       IRW_URL_FINE, "%s leads nowhere", url);
        free(again);
    }
    free(url);
}

static void
claim_bodies(imgrw_str body)
{
    struct imgrw_registry_platform *platforms;
    struct irw_bytes token = {0};
    unsigned seconds = 0;
    size_t count;

    if (irw_token_read(body, &token, &seconds) == IRW_VERDICT_NONE)
        fuzz_claim(token.size > 0 && seconds >= 60, "a token of nothing");
    for (size_t i = 0; i < token.size; i++)
        fuzz_claim(token.data[i] > 0x20 && token.data[i] < 0x7F,
                   "a token with controls");
    irw_bytes_wipe(&token);
    irw_error_is_unknown(body);
    if (irw_platforms_read(body, &platforms, &count))
        irw_platforms_free(platforms, count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct irw_insecure none;
    static const struct irw_namer namers[] = {
        {.is_https = true, .insecure = &none},
        {.reach = IRW_REACH_LOOPBACK, .insecure = &none},
        {.reach = IRW_REACH_PRIVATE, .with_login = true, .insecure = &none},
    };
    char *text = malloc(size + 1);

    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    claim_challenge(data, size);
    for (size_t i = 0; i < sizeof(namers) / sizeof(namers[0]); i++)
        claim_origin(&namers[i], text);
    claim_join(text);
    claim_bodies((imgrw_str){text, size});
    free(text);
    return 0;
}
