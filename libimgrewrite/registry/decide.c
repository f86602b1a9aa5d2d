#include "registry/decide.h"
#include "base/str.h"

#include <string.h>

static const struct {
    imgrw_str name;
    bool is_index;
} types[] = {
    {IMGRW_STR_INIT("application/vnd.oci.image.index.v1+json"), true},
    {IMGRW_STR_INIT("application/vnd.oci.image.manifest.v1+json"), false},
    {IMGRW_STR_INIT(
         "application/vnd.docker.distribution.manifest.list.v2+json"),
     true},
    {IMGRW_STR_INIT("application/vnd.docker.distribution.manifest.v2+json"),
     false},
};

#define TYPES (sizeof(types) / sizeof(types[0]))

/* The number of a media type, whose parameters do not count; TYPES for one that
 * is no manifest's. */
static size_t
find_type(imgrw_str type)
{
    const char *end = type.size > 0 ? memchr(type.data, ';', type.size) : NULL;
    size_t i = 0;

    if (end)
        type.size = (size_t)(end - type.data);
    while (type.size > 0 && type.data[type.size - 1] == ' ')
        type.size--;
    while (i < TYPES && !irw_equal_nocase(type, types[i].name))
        i++;
    return i;
}

imgrw_str
irw_manifest_type(imgrw_str type)
{
    size_t i = find_type(type);

    return i < TYPES ? types[i].name : (imgrw_str){0};
}

bool
irw_is_index_type(imgrw_str type)
{
    size_t i = find_type(type);

    return i < TYPES && types[i].is_index;
}

bool
irw_is_digest(imgrw_str text)
{
    static const imgrw_str sha256 = IMGRW_STR_INIT("sha256:");
    static const imgrw_str sha512 = IMGRW_STR_INIT("sha512:");
    size_t digits;

    if (text.size < sha256.size)
        return false;
    digits = text.size - sha256.size;
    if (!(digits == 64 && memcmp(text.data, sha256.data, sha256.size) == 0) &&
        !(digits == 128 && memcmp(text.data, sha512.data, sha512.size) == 0))
        return false;
    for (size_t i = sha256.size; i < text.size; i++)
        if (!(text.data[i] >= '0' && text.data[i] <= '9') &&
            !(text.data[i] >= 'a' && text.data[i] <= 'f'))
            return false;
    return true;
}

static struct irw_probe_step
end_with(enum irw_verdict verdict)
{
    return (struct irw_probe_step){
        .action = IRW_ACTION_END,
        .verdict = verdict,
    };
}

static struct irw_probe_step
go_on(enum irw_action action)
{
    return (struct irw_probe_step){.action = action};
}

/* Tries again after `wait` milliseconds, or less than 0 for "not", unless that
 * was done `most` times. */
static struct irw_probe_step
retry_or_end(unsigned *retries, unsigned most, long wait,
             enum irw_verdict verdict)
{
    if (wait < 0 || wait > IRW_WAIT_MAX || *retries >= most)
        return end_with(verdict);
    return (struct irw_probe_step){
        .action = IRW_ACTION_RETRY,
        .wait = (unsigned)wait,
        .retries = retries,
    };
}

/* What ended without a response. Only what may be a hiccup is tried again. */
static struct irw_probe_step
decide_ending(struct irw_inquiry *inquiry, enum irw_ending ending)
{
    static const struct {
        enum irw_verdict verdict;
        bool again;
    } endings[] = {
        [IRW_ENDING_NO_HOST] = {IRW_VERDICT_NO_SUCH_HOST, true},
        [IRW_ENDING_NO_CONNECTION] = {IRW_VERDICT_NO_CONNECTION, true},
        [IRW_ENDING_NO_CONNECTION_IN_TIME] = {IRW_VERDICT_TOO_SLOW, false},
        [IRW_ENDING_LOST] = {IRW_VERDICT_CONNECTION_LOST, true},
        [IRW_ENDING_EMPTY] = {IRW_VERDICT_NO_ANSWER, true},
        [IRW_ENDING_PROXY] = {IRW_VERDICT_PROXY, false},
        [IRW_ENDING_TIMEOUT] = {IRW_VERDICT_TOO_SLOW, false},
        [IRW_ENDING_CERTIFICATE] = {IRW_VERDICT_BAD_CERTIFICATE, false},
        [IRW_ENDING_OWN_CERTIFICATE] = {IRW_VERDICT_CLIENT_CERTIFICATE, false},
        [IRW_ENDING_HANDSHAKE] = {IRW_VERDICT_NO_TLS, false},
        [IRW_ENDING_TOO_LARGE] = {IRW_VERDICT_TOO_LARGE, false},
        [IRW_ENDING_NO_HTTP] = {IRW_VERDICT_NO_HTTP, false},
        [IRW_ENDING_INTERNAL] = {IRW_VERDICT_REDIRECT_INTERNAL, false},
        [IRW_ENDING_MEMORY] = {IRW_VERDICT_NONE, false},
    };

    return retry_or_end(&inquiry->lost_retries, 1,
                        endings[ending].again ? IRW_WAIT_DEFAULT : -1,
                        endings[ending].verdict);
}

static struct irw_probe_step
end_found(const struct irw_inquiry *inquiry)
{
    return end_with(inquiry->with_login ? IRW_VERDICT_LOGIN_WORKS
                                        : IRW_VERDICT_OPEN);
}

/* Whether two digests of one algorithm differ. Those of two cannot be
 * compared. */
static bool
contradicts(imgrw_str one, imgrw_str other)
{
    return one.size > 0 && one.size == other.size &&
           !irw_equal(one, other);
}

static struct irw_probe_step
decide_found(const struct irw_inquiry *inquiry,
             const struct irw_response *response)
{
    imgrw_str digest = irw_response_header(response, IRW_HEADER_DIGEST);
    imgrw_str encoding =
        irw_response_header(response, IRW_HEADER_CONTENT_ENCODING);

    if (irw_manifest_type(
            irw_response_header(response, IRW_HEADER_CONTENT_TYPE)).size == 0)
        return end_with(IRW_VERDICT_NO_MANIFEST);
    if (!irw_is_digest(digest))
        digest = (imgrw_str){0};
    if (contradicts(digest, inquiry->wanted))
        return end_with(IRW_VERDICT_OTHER_DIGEST);
    if (inquiry->request == IRW_REQUEST_HEAD)
        return inquiry->resolve || digest.size == 0 ? go_on(IRW_ACTION_GET)
                                                    : end_found(inquiry);
    if (encoding.size > 0 &&
        !irw_equal_nocase(encoding, IMGRW_STR("identity")))
        return end_with(IRW_VERDICT_ENCODED);
    if (contradicts(digest, inquiry->computed))
        return end_with(IRW_VERDICT_FALSE_DIGEST);
    if (contradicts(inquiry->computed, inquiry->wanted))
        return end_with(IRW_VERDICT_OTHER_DIGEST);
    return end_found(inquiry);
}

/* After a challenge that a login was the answer to, or a token. */
static struct irw_probe_step
decide_rejected(const struct irw_inquiry *inquiry,
                const struct irw_response *response)
{
    if (inquiry->stale && response->challenges.bearer)
        return go_on(IRW_ACTION_TOKEN);
    if (!inquiry->with_login)
        return end_with(IRW_VERDICT_WEAK_TOKEN);
    return end_with(inquiry->elsewhere ? IRW_VERDICT_LOGIN_ELSEWHERE
                                       : IRW_VERDICT_LOGIN_REJECTED);
}

static struct irw_probe_step
decide_challenge(const struct irw_inquiry *inquiry,
                 const struct irw_response *response)
{
    const struct irw_challenges *asked = &response->challenges;

    if (inquiry->authorized && inquiry->request != IRW_REQUEST_PING)
        return decide_rejected(inquiry, response);
    if (asked->bearer)
        return asked->realm.size > 0 ? go_on(IRW_ACTION_TOKEN)
                                     : end_with(IRW_VERDICT_NO_REALM);
    if (asked->bearer_is_broken)
        return end_with(IRW_VERDICT_BAD_CHALLENGE);
    if (asked->basic && !inquiry->with_login)
        return end_with(IRW_VERDICT_BASIC);
    if (asked->basic)
        return inquiry->elsewhere ? end_with(IRW_VERDICT_LOGIN_ELSEWHERE)
                                  : go_on(IRW_ACTION_LOGIN);
    if (asked->malformed)
        return end_with(IRW_VERDICT_BAD_CHALLENGE);
    if (asked->other)
        return end_with(IRW_VERDICT_ODD_CHALLENGE);
    return inquiry->pinged ? end_with(IRW_VERDICT_NO_CHALLENGE)
                           : go_on(IRW_ACTION_PING);
}

/* A login that was not sent yet needs a challenge first. */
static struct irw_probe_step
decide_forbidden(const struct irw_inquiry *inquiry)
{
    if (!inquiry->with_login)
        return end_with(IRW_VERDICT_FORBIDDEN);
    if (inquiry->elsewhere)
        return end_with(IRW_VERDICT_LOGIN_ELSEWHERE);
    if (inquiry->authorized)
        return end_with(IRW_VERDICT_LOGIN_REJECTED);
    return inquiry->pinged ? end_with(IRW_VERDICT_NO_CHALLENGE)
                           : go_on(IRW_ACTION_PING);
}

/* Some proxies answer HEAD wrongly, so only GET is believed. */
static struct irw_probe_step
decide_missing(const struct irw_inquiry *inquiry)
{
    if (inquiry->request == IRW_REQUEST_HEAD)
        return go_on(IRW_ACTION_GET);
    return end_with(inquiry->is_unknown_image ? IRW_VERDICT_UNKNOWN_IMAGE
                                              : IRW_VERDICT_NOT_FOUND);
}

static struct irw_probe_step
decide_redirect(const struct irw_inquiry *inquiry,
                const struct irw_response *response)
{
    if (irw_response_header(response, IRW_HEADER_LOCATION).size == 0)
        return end_with(IRW_VERDICT_NO_LOCATION);
    if (inquiry->redirect != IRW_VERDICT_NONE)
        return end_with(inquiry->redirect);
    if (inquiry->redirects >= IRW_REDIRECTS_MAX)
        return end_with(IRW_VERDICT_MANY_REDIRECTS);
    return go_on(IRW_ACTION_FOLLOW);
}

/* A server that is unavailable may say for how long; after another failure it
 * is asked once more in any case. */
static struct irw_probe_step
decide_failure(struct irw_inquiry *inquiry,
               const struct irw_response *response)
{
    long wait = response->status == 503 ? irw_response_retry_after(response)
                                        : -1;

    return retry_or_end(&inquiry->server_retries, 1,
                        wait >= 0 ? wait : IRW_WAIT_DEFAULT,
                        IRW_VERDICT_SERVER_FAILED);
}

static bool
is_redirect(unsigned status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 ||
           status == 308;
}

/* A ping is only for its challenge; whatever else it brings but a failure of
 * the server, there is none. */
static bool
ends_ping(const struct irw_inquiry *inquiry, unsigned status)
{
    return inquiry->request == IRW_REQUEST_PING && status != 401 &&
           status != 429 && status < 500;
}

struct irw_probe_step
irw_decide(struct irw_inquiry *inquiry, const struct irw_response *response)
{
    unsigned status = response->status;

    if (response->ending != IRW_ENDING_RESPONSE)
        return decide_ending(inquiry, response->ending);
    if (ends_ping(inquiry, status))
        return end_with(IRW_VERDICT_NO_CHALLENGE);
    if (status == 200)
        return decide_found(inquiry, response);
    if (status == 401)
        return decide_challenge(inquiry, response);
    if (status == 403)
        return decide_forbidden(inquiry);
    if (status == 404)
        return decide_missing(inquiry);
    if ((status == 405 || status == 501) &&
        inquiry->request == IRW_REQUEST_HEAD)
        return go_on(IRW_ACTION_GET);
    if (status == 429)
        return retry_or_end(&inquiry->rate_retries, IRW_RATE_RETRIES,
                            irw_response_retry_after(response),
                            IRW_VERDICT_TOO_MANY_REQUESTS);
    if (is_redirect(status))
        return decide_redirect(inquiry, response);
    if (status >= 500)
        return decide_failure(inquiry, response);
    return end_with(IRW_VERDICT_ODD_STATUS);
}

struct irw_probe_step
irw_decide_token(struct irw_inquiry *inquiry,
                 const struct irw_response *response)
{
    unsigned status = response->status;

    if (response->ending == IRW_ENDING_INTERNAL)
        return end_with(IRW_VERDICT_REALM_INTERNAL);
    if (response->ending == IRW_ENDING_TOO_LARGE)
        return end_with(IRW_VERDICT_BAD_TOKEN);
    if (response->ending != IRW_ENDING_RESPONSE)
        return decide_ending(inquiry, response->ending);
    if (status == 200)
        return go_on(IRW_ACTION_TOKEN);
    if (status == 401 || status == 403 || status == 404)
        return end_with(inquiry->with_login ? IRW_VERDICT_LOGIN_NO_TOKEN
                                            : IRW_VERDICT_NO_TOKEN);
    if (status == 429)
        return end_with(IRW_VERDICT_TOO_MANY_TOKENS);
    if (status >= 500)
        return end_with(IRW_VERDICT_TOKEN_SERVER_FAILED);
    return end_with(status >= 300 && status < 400
                        ? IRW_VERDICT_TOKEN_REDIRECT
                        : IRW_VERDICT_ODD_TOKEN_STATUS);
}
