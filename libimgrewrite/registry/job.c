#include "registry/job.h"
#include "registry/clock.h"
#include "registry/login.h"
#include "registry/manifest_answer.h"
#include "registry/sha256.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A job under way. */
struct irw_asking {
    struct irw_asking *next; /* of those that wait until they are due */
    struct irw_job *job;
    struct irw_asker *asker;
    struct irw_inquiry inquiry;
    struct irw_web_origin origin, target; /* of the URL; of a redirect */
    char *url, *other_url; /* of the manifest; of a ping or a redirect */
    struct irw_bytes authorization, realm;
    struct irw_errand errand;
    struct irw_token_waiter waiter;
    bool is_remembered; /* the token is for the challenge of the host */
    char computed[IRW_DIGEST_MAX];
    long long due; /* of a retry, by irw_clock_now */
};

static void
fail(struct irw_asking *ask)
{
    ask->asker->failed = true;
}

void
irw_finding_clear(struct irw_finding *finding)
{
    irw_platforms_free(finding->platforms, finding->platform_count);
    *finding = (struct irw_finding){.remaining = -1};
}

void
irw_job_clear(struct irw_job *job)
{
    struct irw_asking *ask = job->asking;

    job->asking = NULL;
    if (!ask)
        return;
    irw_exchange_clear(&ask->errand.exchange);
    irw_bytes_wipe(&ask->authorization);
    irw_bytes_clear(&ask->realm);
    free(ask->url);
    free(ask->other_url);
    free(ask);
}

/* Ends a job, of which nothing but the finding is left. */
static void
finish(struct irw_asking *ask, enum irw_verdict verdict)
{
    struct irw_asker *asker = ask->asker;
    struct irw_job *job = ask->job;

    /* with logins, and none for this image */
    if (asker->login && verdict == IRW_VERDICT_OPEN)
        verdict = IRW_VERDICT_CERTIFICATE_WORKS;
    job->finding.verdict = verdict;
    if (!asker->login && !ask->inquiry.elsewhere)
        irw_host_stop(job->host, verdict);
    irw_job_clear(job);
    asker->ended(job, asker->user);
}

/* The login for a job. None goes to where a redirect leads. */
static const struct irw_login *
login_of(const struct irw_asking *ask)
{
    const struct irw_asker *asker = ask->asker;

    return asker->login && !ask->inquiry.elsewhere
               ? asker->login(ask->job, asker->user)
               : NULL;
}

/* Sets `*url` to that of a path at the job's origin. */
static bool
set_url(const struct irw_asking *ask, const char *path, char **url)
{
    struct irw_bytes text = {0};

    irw_bytes_add_text(&text, ask->origin.text);
    irw_bytes_add_text(&text, path);
    free(*url);
    *url = text.failed ? NULL : text.data;
    if (text.failed)
        irw_bytes_clear(&text);
    return *url;
}

/* Makes the request that the inquiry says. */
static void
send_request(struct irw_asking *ask)
{
    struct irw_exchange *exchange = &ask->errand.exchange;
    struct irw_inquiry *inquiry = &ask->inquiry;
    bool is_head = inquiry->request == IRW_REQUEST_HEAD;
    bool is_ping = inquiry->request == IRW_REQUEST_PING;

    irw_exchange_clear(exchange);
    exchange->method = is_head ? IRW_METHOD_HEAD : IRW_METHOD_GET;
    exchange->url = is_ping ? ask->other_url : ask->url;
    exchange->origin = &ask->origin;
    exchange->accept = is_ping ? NULL : IRW_ACCEPT;
    exchange->authorization =
        inquiry->authorized ? ask->authorization.data : NULL;
    exchange->body_max = IRW_MANIFEST_MAX;
    exchange->certificates = &ask->job->host->certificates;
    exchange->is_identified = ask->asker->login && !inquiry->elsewhere;
    exchange->is_bound = inquiry->elsewhere;
    exchange->bound = ask->job->host->reach;
    ask->errand.gate = irw_transport_gate(ask->asker->transport, &ask->origin);
    if (!ask->errand.gate)
        fail(ask);
    else
        irw_transport_submit(ask->asker->transport, &ask->errand);
}

/* Asks for the manifest, with what authorizes it now. */
static void
ask_manifest(struct irw_asking *ask)
{
    struct irw_inquiry *inquiry = &ask->inquiry;

    if (inquiry->request == IRW_REQUEST_PING)
        inquiry->request = inquiry->resolve ? IRW_REQUEST_GET
                                            : IRW_REQUEST_HEAD;
    send_request(ask);
}

/* A function for the token cache. A token that the remembered challenge does
 * not get may not be needed: not every image has to be asked for with one. */
static void
take_token(struct irw_token_waiter *waiter, const char *token,
           enum irw_verdict verdict, void *user)
{
    struct irw_asking *ask = user;

    if (!token && !ask->is_remembered) {
        ask->job->finding.http_status = waiter->http_status;
        finish(ask, verdict);
        return;
    }
    if (token) {
        irw_bytes_wipe(&ask->authorization);
        irw_bytes_add_text(&ask->authorization, "Bearer ");
        irw_bytes_add_text(&ask->authorization, token);
        if (ask->authorization.failed) {
            fail(ask);
            return;
        }
    }
    ask->is_remembered &= token != NULL;
    ask->inquiry.authorized = token;
    ask_manifest(ask);
}

/* Gets a token by way of the cache. Only a registry that hands out tokens
 * itself is shown a certificate for one. */
static bool
get_from_cache(struct irw_asking *ask, struct irw_token_request *request)
{
    request->is_identified =
        ask->asker->login && !ask->inquiry.elsewhere &&
        irw_web_origin_equal(request->realm, request->challenger);
    return irw_token_cache_get(ask->asker->tokens, request, &ask->waiter);
}

/* Gets a token from the realm, once that has been judged. */
static void
get_token(struct irw_asking *ask, imgrw_str realm, imgrw_str service)
{
    const struct irw_login *login = login_of(ask);
    struct irw_namer namer = {
        .is_https = ask->origin.is_https,
        .reach = ask->job->host->reach,
        .with_login = login,
        .insecure = ask->asker->insecure,
    };
    struct irw_web_origin origin;
    struct irw_token_request request = {
        .wish = {.service = service,
                 .repository = imgrw_str_from(ask->job->repository)},
        .challenger = &ask->origin,
        .realm = &origin,
        .bound = ask->job->host->reach,
        .login = login,
        .certificates = &ask->job->host->certificates,
    };
    enum irw_verdict verdict;

    irw_bytes_clear(&ask->realm);
    irw_bytes_add(&ask->realm, realm);
    request.wish.realm = (imgrw_str){ask->realm.data, ask->realm.size};
    ask->waiter = (struct irw_token_waiter){.take = take_token, .user = ask};
    if (ask->realm.failed ||
        irw_judge_realm(&namer, ask->realm.data, &origin, &verdict) !=
            IRW_URL_FINE)
        fail(ask);
    else if (verdict != IRW_VERDICT_NONE)
        finish(ask, verdict);
    else if (!get_from_cache(ask, &request))
        fail(ask);
}

/* Asks with user name and password. */
static void
ask_with_login(struct irw_asking *ask)
{
    const struct irw_login *login = login_of(ask);

    irw_bytes_wipe(&ask->authorization);
    irw_basic_value(imgrw_str_from(login->user),
                    imgrw_str_from(login->password), &ask->authorization);
    ask->inquiry.authorized = true;
    if (ask->authorization.failed)
        fail(ask);
    else
        ask_manifest(ask);
}

/* Goes where a redirect leads. To another origin nothing goes along that was
 * for this one. */
static void
follow(struct irw_asking *ask)
{
    struct irw_inquiry *inquiry = &ask->inquiry;

    inquiry->redirects++;
    if (!irw_web_origin_equal(&ask->target, &ask->origin)) {
        inquiry->elsewhere = true;
        inquiry->authorized = inquiry->pinged = false;
        ask->is_remembered = false;
        irw_bytes_wipe(&ask->authorization);
    }
    free(ask->url);
    ask->url = ask->other_url;
    ask->other_url = NULL;
    ask->origin = ask->target;
    send_request(ask);
}

/* Finds out where a redirect leads, and whether that may be asked. */
static bool
judge_redirect(struct irw_asking *ask, const struct irw_response *response)
{
    struct irw_namer namer = {
        .is_https = ask->origin.is_https,
        .reach = ask->job->host->reach,
        .insecure = ask->asker->insecure,
    };
    imgrw_str location = irw_response_header(response, IRW_HEADER_LOCATION);
    enum irw_url_status status;

    ask->inquiry.redirect = IRW_VERDICT_NONE;
    if (location.size == 0)
        return true;
    free(ask->other_url);
    ask->other_url = NULL;
    status = irw_url_join(ask->url, location.data, &ask->other_url);
    if (status == IRW_URL_FINE)
        status = irw_judge_redirect(&namer, ask->other_url, &ask->target,
                                    &ask->inquiry.redirect);
    else if (status == IRW_URL_ODD)
        ask->inquiry.redirect = IRW_VERDICT_REDIRECT_URL;
    return status != IRW_URL_MEMORY;
}

/* The digest of a body, which is a manifest. */
static void
compute_digest(struct irw_asking *ask, const struct irw_bytes *body)
{
    uint8_t digest[IRW_SHA256_SIZE];
    char hex[2 * IRW_SHA256_SIZE + 1];

    irw_sha256(body->data, body->size, digest);
    irw_sha256_hex(digest, hex);
    snprintf(ask->computed, sizeof(ask->computed), "sha256:%s", hex);
    ask->inquiry.computed = imgrw_str_from(ask->computed);
}

/* Takes from a response what the decision depends on. */
static bool
read_response(struct irw_asking *ask, const struct irw_response *response)
{
    struct irw_inquiry *inquiry = &ask->inquiry;
    const struct irw_bytes *body = &response->body;
    bool has_body = inquiry->request == IRW_REQUEST_GET;

    inquiry->computed = (imgrw_str){0};
    if (has_body && response->status == 200)
        compute_digest(ask, body);
    inquiry->is_unknown_image =
        has_body && response->status == 404 &&
        irw_error_is_unknown((imgrw_str){body->data, body->size});
    inquiry->stale =
        ask->is_remembered && inquiry->authorized &&
        irw_host_contradicts(ask->job->host, &response->challenges);
    return judge_redirect(ask, response);
}

/* Keeps what a response says of the image, once it is known to be it. */
static bool
keep_manifest(struct irw_asking *ask, const struct irw_response *response)
{
    struct irw_finding *finding = &ask->job->finding;
    imgrw_str type = irw_response_header(response, IRW_HEADER_CONTENT_TYPE);
    imgrw_str digest = irw_response_header(response, IRW_HEADER_DIGEST);
    const struct irw_bytes *body = &response->body;

    finding->media_type = irw_manifest_type(type);
    finding->is_proved = ask->inquiry.computed.size > 0;
    if (finding->is_proved)
        digest = ask->inquiry.computed;
    if (irw_is_digest(digest))
        snprintf(finding->digest, sizeof(finding->digest), "%.*s",
                 (int)digest.size, digest.data);
    if (!finding->is_proved || !irw_is_index_type(type))
        return true;
    irw_platforms_free(finding->platforms, finding->platform_count);
    return irw_platforms_read((imgrw_str){body->data, body->size},
                              &finding->platforms, &finding->platform_count);
}

static void
wait_to_retry(struct irw_asking *ask, const struct irw_probe_step *step)
{
    (*step->retries)++;
    ask->due = irw_clock_now() + step->wait;
    ask->next = ask->asker->retrying;
    ask->asker->retrying = ask;
}

static void
ping(struct irw_asking *ask)
{
    ask->inquiry.request = IRW_REQUEST_PING;
    ask->inquiry.pinged = true;
    ask->inquiry.authorized = false;
    if (set_url(ask, "/v2/", &ask->other_url))
        send_request(ask);
    else
        fail(ask);
}

static void
take_step(struct irw_asking *ask, const struct irw_probe_step *step,
          const struct irw_response *response)
{
    const struct irw_challenges *asked = &response->challenges;
    bool is_found = step->verdict == IRW_VERDICT_OPEN ||
                    step->verdict == IRW_VERDICT_LOGIN_WORKS;

    switch (step->action) {
    case IRW_ACTION_END:
        if (is_found && !keep_manifest(ask, response))
            fail(ask);
        else
            finish(ask, step->verdict);
        break;
    case IRW_ACTION_GET:
        ask->inquiry.request = IRW_REQUEST_GET;
        send_request(ask);
        break;
    case IRW_ACTION_PING:
        ping(ask);
        break;
    case IRW_ACTION_TOKEN:
        ask->is_remembered = false;
        get_token(ask, asked->realm, asked->service);
        break;
    case IRW_ACTION_LOGIN:
        ask_with_login(ask);
        break;
    case IRW_ACTION_FOLLOW:
        follow(ask);
        break;
    case IRW_ACTION_RETRY:
        wait_to_retry(ask, step);
        break;
    }
}

/* Asks by http where https is not spoken. */
static void
fall_back(struct irw_asking *ask)
{
    ask->origin = ask->job->host->origin;
    if (set_url(ask, ask->job->path, &ask->url))
        send_request(ask);
    else
        fail(ask);
}

/* Called with each response of the registry, or of who it redirects to. */
static void
take_response(struct irw_errand *errand, void *user)
{
    struct irw_asking *ask = user;
    const struct irw_response *response = &errand->exchange.response;
    bool is_own = !ask->inquiry.elsewhere;
    long remaining = irw_response_remaining(response);
    struct irw_probe_step step;

    if (is_own && irw_host_fall_back(ask->job->host, response->ending)) {
        fall_back(ask);
        return;
    }
    ask->job->finding.http_status = response->status;
    if (remaining >= 0)
        ask->job->finding.remaining = remaining;
    if (response->ending == IRW_ENDING_MEMORY ||
        (is_own && response->ending == IRW_ENDING_RESPONSE &&
         !irw_host_learn(ask->job->host, response, errand->exchange.reach)) ||
        !read_response(ask, response)) {
        fail(ask);
        return;
    }
    step = irw_decide(&ask->inquiry, response);
    take_step(ask, &step, response);
}

bool
irw_job_begin(struct irw_job *job, struct irw_asker *asker)
{
    struct irw_host *host = job->host;
    struct irw_asking *ask = calloc(1, sizeof(*ask));

    job->asking = ask;
    if (!ask)
        return false;
    ask->job = job;
    ask->asker = asker;
    ask->origin = host->origin;
    ask->errand = (struct irw_errand){.done = take_response, .user = ask};
    ask->inquiry = (struct irw_inquiry){
        .request = asker->resolve ? IRW_REQUEST_GET : IRW_REQUEST_HEAD,
        .resolve = asker->resolve,
        .with_login = login_of(ask),
        .wanted = job->wanted,
    };
    ask->is_remembered = host->has_challenge;
    if (!set_url(ask, job->path, &ask->url))
        return false;
    if (host->has_challenge)
        get_token(ask, (imgrw_str){host->realm.data, host->realm.size},
                  (imgrw_str){host->service.data, host->service.size});
    else if (ask->inquiry.with_login && host->wants_basic)
        ask_with_login(ask);
    else
        send_request(ask);
    return true;
}

void
irw_job_wake(struct irw_asker *asker, long long now)
{
    struct irw_asking *ask = asker->retrying;

    asker->retrying = NULL;
    while (ask) {
        struct irw_asking *next = ask->next;

        if (ask->due <= now) {
            send_request(ask);
        } else {
            ask->next = asker->retrying;
            asker->retrying = ask;
        }
        ask = next;
    }
}
