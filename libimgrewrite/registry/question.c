#include "registry/question.h"
#include "base/str.h"
#include "registry/ecr.h"
#include "base/error.h"
#include "registry/manifest_answer.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Takes the bytes over as a string; NULL when memory is out. */
static char *
take_string(struct irw_bytes *bytes)
{
    char *string = bytes->failed ? NULL : bytes->data;

    if (bytes->failed)
        irw_bytes_clear(bytes);
    *bytes = (struct irw_bytes){0};
    return string;
}

/* Copies the parts of a full reference. */
static bool
copy_parts(struct irw_question *question, const struct imgrw_reference *full)
{
    struct irw_bytes host = {0}, path = {0};

    irw_registry_host(full, &host);
    irw_manifest_path(full, &path);
    for (size_t i = 0; i < host.size; i++)
        host.data[i] = irw_lower(host.data[i]);
    question->host = take_string(&host);
    question->path = take_string(&path);
    question->registry = irw_bytes_copy(full->registry);
    question->repository = irw_bytes_copy(full->repository);
    question->digest = irw_bytes_copy(full->digest);
    return question->host && question->path && question->registry &&
           question->repository && question->digest;
}

/* Whether a registry can be at the host. */
static enum imgrw_status
check_host(const char *host, struct imgrw_error *error)
{
    static const struct irw_insecure none;
    struct irw_host trial = {.next = NULL};

    switch (irw_host_init(&trial, host, &none)) {
    case IRW_URL_MEMORY:
        return irw_fail_memory(error);
    case IRW_URL_ODD:
        return irw_fail(error, IMGRW_ERR_REFERENCE, IRW_NO_LOCATION,
                        "no registry can be at \"%.100s\"", host);
    default:
        return IMGRW_OK;
    }
}

enum imgrw_status
irw_question_init(struct irw_question *question, imgrw_str reference,
                  struct imgrw_error *error)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference full;
    enum imgrw_status status = imgrw_reference_parse(reference, &full, error);

    *question = (struct irw_question){.index = 0};
    irw_finding_clear(&question->job.finding);
    irw_finding_clear(&question->anonymous);
    if (status == IMGRW_OK)
        status = imgrw_reference_normalize(&full, &buffer, &full, error);
    if (status != IMGRW_OK)
        return status;
    question->text = irw_bytes_copy(reference);
    if (!question->text || !copy_parts(question, &full))
        return irw_fail_memory(error);
    question->job.repository = question->repository;
    question->job.path = question->path;
    question->job.wanted = imgrw_str_from(question->digest);
    question->answer.reference = imgrw_str_from(question->text);
    question->answer.reason = irw_verdict_reason(IRW_VERDICT_NONE);
    question->answer.rate_remaining = -1;
    return check_host(question->host, error);
}

void
irw_question_clear(struct irw_question *question)
{
    free(question->text);
    free(question->registry);
    free(question->host);
    free(question->repository);
    free(question->path);
    free(question->digest);
    free(question->reason);
    irw_finding_clear(&question->job.finding);
    irw_finding_clear(&question->anonymous);
}

int
irw_question_compare(const void *one, const void *other)
{
    const struct irw_question *a = *(struct irw_question *const *)one;
    const struct irw_question *b = *(struct irw_question *const *)other;
    int order = strcmp(a->host, b->host);

    if (order == 0)
        order = strcmp(a->path, b->path);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

bool
irw_question_is_same(const struct irw_question *one,
                     const struct irw_question *other)
{
    return strcmp(one->host, other->host) == 0 &&
           strcmp(one->path, other->path) == 0;
}

bool
irw_question_set_reason(struct irw_question *question, const char *reason)
{
    free(question->reason);
    question->reason = irw_bytes_copy(imgrw_str_from(reason));
    return question->reason;
}

static const char *
reason_of(const struct irw_question *question)
{
    return question->reason
               ? question->reason
               : irw_verdict_reason(question->job.finding.verdict);
}

/* Adds to the reason; false when memory is out. */
static bool
add_reason(struct irw_question *question, const char *more, const char *end)
{
    struct irw_bytes reason = {0};

    irw_bytes_add_text(&reason, reason_of(question));
    irw_bytes_add_text(&reason, more);
    irw_bytes_add_text(&reason, end);
    free(question->reason);
    question->reason = take_string(&reason);
    return question->reason;
}

/* Adds until when the login is good. */
static bool
add_expiry(struct irw_question *question)
{
    time_t seconds = (time_t)question->expires_at;
    struct tm parts;
    char text[32];

    if (!gmtime_r(&seconds, &parts) ||
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return true;
    return add_reason(question,
                      question->ecr ? ", a password of ECR that expires at "
                                    : ", a password that expires at ",
                      text);
}

bool
irw_question_explain(struct irw_question *question)
{
    enum imgrw_registry_outcome outcome =
        irw_verdict_outcome(question->job.finding.verdict);
    struct irw_ecr_host ecr;
    const char *doubt;
    const char *trouble = question->job.host->certificates.trouble;

    if (outcome == IMGRW_REGISTRY_PUBLIC)
        return true;
    if (question->job.finding.verdict == IRW_VERDICT_CERTIFICATES)
        return irw_question_set_reason(question, trouble);
    if ((outcome == IMGRW_REGISTRY_PULLABLE ||
         outcome == IMGRW_REGISTRY_BAD_CREDENTIALS) &&
        question->expires_at > 0 && !add_expiry(question))
        return false;
    if (outcome == IMGRW_REGISTRY_PULLABLE)
        return true;
    if (!question->was_anonymous &&
        irw_host_may_want_certificate(question->job.host,
                                      question->job.finding.verdict))
        return add_reason(question, "; ", "the client certificate for it is "
                          "shown only with logins, which --auth uses");
    irw_ecr_parse(imgrw_str_from(question->host), &ecr);
    doubt = irw_ecr_doubt(&ecr);
    return !doubt || add_reason(question, "; ", doubt);
}

/* The verdict of the first of two passes. What a registry has told only who
 * shows a certificate, nobody else is told. */
static enum irw_verdict
anonymous_of(const struct irw_question *question)
{
    enum irw_verdict before = question->anonymous.verdict;
    enum imgrw_registry_outcome outcome = irw_verdict_outcome(before);

    return imgrw_registry_outcome_is_fact(outcome) ||
                   outcome == IMGRW_REGISTRY_RATE_LIMITED ||
                   !imgrw_registry_outcome_is_fact(irw_verdict_outcome(
                       question->job.finding.verdict))
               ? before
               : IRW_VERDICT_WANTS_CERTIFICATE;
}

/* The login with which an image can be pulled; without a registry there is
 * none. */
static struct imgrw_login
login_of(const struct irw_question *asked)
{
    if (!asked->login || irw_verdict_outcome(asked->job.finding.verdict) !=
                             IMGRW_REGISTRY_PULLABLE)
        return (struct imgrw_login){.registry = NULL};
    return (struct imgrw_login){
        .registry = asked->host,
        .username = asked->login->user,
        .password = asked->login->password,
        .identity_token = asked->login->identity_token,
        .expires_at = asked->expires_at,
    };
}

void
irw_question_answer(struct irw_question *question)
{
    const struct irw_question *asked = question->same;
    const struct irw_finding *found = &asked->job.finding;
    enum irw_verdict anonymous = asked->was_anonymous
                                     ? anonymous_of(asked)
                                     : found->verdict;

    question->answer = (struct imgrw_answer){
        .reference = imgrw_str_from(question->text),
        .outcome = irw_verdict_outcome(found->verdict),
        .anonymous = irw_verdict_outcome(anonymous),
        .reason = reason_of(asked),
        .login = asked->login ? asked->login->source : NULL,
        .http_status = found->http_status,
        .digest = imgrw_str_from(found->digest),
        .digest_is_proved = found->is_proved,
        .media_type = found->media_type,
        .platforms = found->platforms,
        .platform_count = found->platform_count,
        .rate_remaining = found->remaining,
        .login_expires_at = asked->expires_at,
        .login_failed = asked->login_failed,
    };
    question->given = login_of(asked);
}
