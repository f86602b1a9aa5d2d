#include "registry/ecr_login.h"
#include "registry/clock.h"
#include "registry/decide.h"
#include "registry/ecr.h"
#include "registry/ecr_answer.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TURN_MAX 100 /* milliseconds between two questions to the caller */

enum login_state { NEW, FETCHING, WAITING_TO_RETRY, DONE };

struct irw_ecr_login {
    struct irw_ecr_login *next;
    const char *host;
    const struct irw_login *key;
    enum login_state state;
    struct irw_ecr_request request;
    struct irw_web_origin origin; /* of its URL */
    struct irw_errand errand;
    struct irw_inquiry inquiry;
    long long due; /* of a retry */
    struct irw_ecr_token token;
    struct irw_bytes reason;
    enum irw_verdict verdict;
    unsigned http_status;
    bool failed; /* memory ran out */
};

bool
irw_ecr_wants_key(const char *host, const struct irw_login *login)
{
    struct irw_ecr_host ecr;

    return irw_ecr_parse(imgrw_str_from(host), &ecr) != IRW_ECR_NONE &&
           login->user[0] != '\0' && login->password[0] != '\0' &&
           strcmp(login->user, "AWS") != 0;
}

struct irw_ecr_login *
irw_ecr_logins_add(struct irw_ecr_logins *logins, const char *host,
                   const struct irw_login *key)
{
    struct irw_ecr_login *login = logins->first;

    while (login && (login->key != key || strcmp(login->host, host) != 0))
        login = login->next;
    if (login)
        return login;
    login = calloc(1, sizeof(*login));
    if (!login)
        return NULL;
    login->host = host;
    login->key = key;
    login->next = logins->first;
    logins->first = login;
    return login;
}

/* Ends without a login. The reason has two parts. */
static void
refuse(struct irw_ecr_login *login, enum irw_verdict verdict,
       const char *about, const char *sentence)
{
    login->state = DONE;
    login->verdict = verdict;
    irw_bytes_clear(&login->reason);
    irw_bytes_add_text(&login->reason, about);
    irw_bytes_add_text(&login->reason, sentence);
    login->failed |= login->reason.failed;
}

#define NO_PASSWORD "ECR gives no password for the access key: "
#define NOT_ASKED   "ECR cannot be asked for a password: "

/* Says of the login where the access key is from. */
static bool
set_source(struct irw_ecr_login *login)
{
    struct irw_login *made = login->token.login;

    free(made->source);
    made->source = irw_bytes_copy(imgrw_str_from(login->key->source));
    return made->source;
}

/* Ends with what was answered. */
static void
take_password(struct irw_ecr_login *login, imgrw_str body)
{
    struct imgrw_error error;
    enum imgrw_status status =
        irw_ecr_answer_read(body, &login->token, &error);

    login->state = DONE;
    if (status == IMGRW_OK)
        login->failed |= !set_source(login);
    else if (status == IMGRW_ERR_MEMORY)
        login->failed = true;
    else
        refuse(login, IRW_VERDICT_BAD_TOKEN, NO_PASSWORD, error.message);
}

/* Ends because ECR refuses, or because something else than it answers, which
 * says nothing about the key. */
static void
take_refusal(struct irw_ecr_login *login, const struct irw_response *response,
             enum irw_verdict verdict)
{
    const struct irw_bytes *body = &response->body;
    enum irw_verdict named = IRW_VERDICT_NONE;
    const char *sentence =
        irw_ecr_answer_explain((imgrw_str){body->data, body->size}, &named);

    if (named != IRW_VERDICT_NONE) {
        refuse(login, named, NO_PASSWORD, sentence);
        return;
    }
    if (verdict == IRW_VERDICT_NO_TOKEN)
        verdict = IRW_VERDICT_ODD_TOKEN_STATUS;
    refuse(login, verdict, NO_PASSWORD, sentence);
    irw_bytes_add_text(&login->reason, "; look at --ecr-endpoint and proxies");
    login->failed |= login->reason.failed;
}

/* Ends because there is no answer. */
static void
take_ending(struct irw_ecr_login *login, enum irw_verdict verdict)
{
    /* what may help a registry does not help here */
    const char *sentence = verdict == IRW_VERDICT_NO_TLS
                               ? "TLS cannot be agreed upon"
                               : irw_verdict_reason(verdict);

    refuse(login, verdict, NOT_ASKED, sentence);
    irw_bytes_add_text(&login->reason, "; this is about ");
    irw_bytes_add_text(&login->reason, login->request.url);
    irw_bytes_add_text(&login->reason,
                       ", and --ecr-endpoint names another place");
    login->failed |= login->reason.failed;
}

static void
take_answer(struct irw_errand *errand, void *user)
{
    struct irw_ecr_login *login = user;
    const struct irw_response *response = &errand->exchange.response;
    struct irw_probe_step step = irw_decide_token(&login->inquiry, response);

    if (response->ending == IRW_ENDING_MEMORY) {
        login->failed = true;
        return;
    }
    login->http_status = response->status;
    if (step.action == IRW_ACTION_RETRY) {
        (*step.retries)++;
        login->state = WAITING_TO_RETRY;
        login->due = irw_clock_now() + step.wait;
        return;
    }
    if (step.action == IRW_ACTION_TOKEN)
        take_password(login, (imgrw_str){response->body.data,
                                         response->body.size});
    else if (response->ending == IRW_ENDING_RESPONSE)
        take_refusal(login, response, step.verdict);
    else
        take_ending(login, step.verdict);
    irw_exchange_clear(&errand->exchange);
    irw_ecr_request_clear(&login->request);
}

/* Makes the request of this moment, signed; false when there is none. */
static bool
make_request(struct irw_ecr_login *login, const char *endpoint)
{
    const struct irw_ecr_keys keys = {
        .access_key = imgrw_str_from(login->key->user),
        .secret_key = imgrw_str_from(login->key->password),
        .session_token = imgrw_str_from(login->key->identity_token),
    };
    const char *fault = irw_ecr_keys_fault(&keys);
    struct irw_ecr_host ecr;
    struct imgrw_error error;
    enum imgrw_status status;

    if (fault) {
        refuse(login, IRW_VERDICT_ACCESS_KEY, "", fault);
        return false;
    }
    irw_ecr_parse(imgrw_str_from(login->host), &ecr);
    irw_ecr_request_clear(&login->request);
    status = irw_ecr_request_make(&ecr, &keys, endpoint, (int64_t)time(NULL),
                                  &login->request, &error);
    if (status == IMGRW_ERR_ARGUMENT)
        refuse(login, IRW_VERDICT_ODD_TOKEN_STATUS, NOT_ASKED, error.message);
    else if (status != IMGRW_OK ||
             irw_web_origin_of(login->request.url, &login->origin) !=
                 IRW_URL_FINE)
        login->failed = true;
    return status == IMGRW_OK && !login->failed;
}

/* Sends the request. */
static void
submit(struct irw_ecr_login *login, struct irw_transport *transport,
       const struct irw_ecr_logins_options *options)
{
    struct irw_exchange *exchange = &login->errand.exchange;

    irw_exchange_clear(exchange);
    if (!make_request(login, options->endpoint))
        return;
    login->inquiry.request = IRW_REQUEST_TOKEN;
    exchange->method = IRW_METHOD_POST;
    exchange->url = login->request.url;
    exchange->origin = &login->origin;
    exchange->lines = (const char *const *)login->request.headers;
    exchange->form = login->request.body;
    exchange->body_max = IRW_ECR_ANSWER_BYTES;
    login->errand.done = take_answer;
    login->errand.user = login;
    login->errand.gate = irw_transport_gate(transport, &login->origin);
    login->state = FETCHING;
    if (login->errand.gate)
        irw_transport_submit(transport, &login->errand);
    else
        login->failed = true;
}

/* Sends what is due, and says how much is not done. */
static size_t
send_due(struct irw_ecr_logins *logins, struct irw_transport *transport,
         const struct irw_ecr_logins_options *options, bool *failed)
{
    long long now = irw_clock_now();
    size_t open = 0;

    for (struct irw_ecr_login *login = logins->first; login;
         login = login->next) {
        if (login->state == NEW ||
            (login->state == WAITING_TO_RETRY && login->due <= now))
            submit(login, transport, options);
        open += login->state != DONE;
        *failed |= login->failed;
    }
    return open;
}

/* Ends what is not done. */
static void
cut(struct irw_ecr_logins *logins, enum irw_verdict verdict)
{
    for (struct irw_ecr_login *login = logins->first; login;
         login = login->next) {
        irw_exchange_clear(&login->errand.exchange);
        irw_ecr_request_clear(&login->request);
        if (login->state == DONE)
            continue;
        login->state = DONE;
        login->verdict = verdict;
    }
}

enum imgrw_status
irw_ecr_logins_get(struct irw_ecr_logins *logins,
                   const struct irw_ecr_logins_options *options)
{
    struct irw_transport *transport;
    enum irw_verdict verdict = IRW_VERDICT_NONE;
    bool failed;

    if (!logins->first)
        return IMGRW_OK;
    transport = irw_transport_new(&options->transport);
    failed = !transport;
    while (!failed && verdict == IRW_VERDICT_NONE) {
        long long left = options->deadline > 0
                             ? options->deadline - irw_clock_now()
                             : TURN_MAX;

        if (send_due(logins, transport, options, &failed) == 0 || failed)
            break;
        failed = !irw_transport_turn(
            transport, left < 0 ? 0 : left < TURN_MAX ? (int)left : TURN_MAX);
        if (!options->go_on(options->user))
            verdict = IRW_VERDICT_STOPPED;
        else if (left <= 0)
            verdict = IRW_VERDICT_DEADLINE;
    }
    irw_transport_free(transport);
    cut(logins, verdict);
    if (failed)
        return IMGRW_ERR_MEMORY;
    return verdict == IRW_VERDICT_STOPPED ? IMGRW_ERR_STOPPED : IMGRW_OK;
}

struct irw_ecr_grant
irw_ecr_login_grant(const struct irw_ecr_login *login)
{
    return (struct irw_ecr_grant){
        .login = login->token.login,
        .verdict = login->verdict,
        .reason = login->reason.size > 0 ? login->reason.data
                                         : irw_verdict_reason(login->verdict),
        .http_status = login->http_status,
        .expires_at = login->token.expires_at,
    };
}

void
irw_ecr_logins_clear(struct irw_ecr_logins *logins)
{
    while (logins->first) {
        struct irw_ecr_login *login = logins->first;

        logins->first = login->next;
        irw_exchange_clear(&login->errand.exchange);
        irw_ecr_request_clear(&login->request);
        irw_login_free(login->token.login);
        irw_bytes_clear(&login->reason);
        free(login);
    }
}
