#include "registry/registry.h"
#include "registry/clock.h"
#include "base/error.h"
#include "registry/logins.h"
#include "registry/options.h"
#include "registry/question.h"

#include <stdlib.h>
#include <string.h>

struct imgrw_registry_client {
    struct irw_settings settings;
    struct irw_question **questions;
    size_t count, capacity;
    struct irw_host *hosts;
    long long deadline; /* by irw_clock_now; 0: none */
    struct imgrw_registry_progress progress;
    struct irw_logins *logins; /* NULL: none were read */
    struct irw_ecr_logins ecr; /* made of those that are access keys */
    irw_login_find *find;
    void *find_user;
    bool is_run;
};

enum imgrw_status
imgrw_registry_new(const struct imgrw_registry_options *options,
                   struct imgrw_registry_client **client,
                   struct imgrw_error *error)
{
    struct imgrw_registry_client *made;
    enum imgrw_status status;

    if (!client)
        return irw_fail_null(error, "client");
    made = calloc(1, sizeof(*made));
    if (!made)
        return irw_fail_memory(error);
    status = irw_settings_copy(options, &made->settings, error);
    if (status == IMGRW_OK)
        *client = made;
    else
        imgrw_registry_free(made);
    return status;
}

static void
free_question(struct irw_question *question)
{
    irw_question_clear(question);
    free(question);
}

void
imgrw_registry_free(struct imgrw_registry_client *client)
{
    if (!client)
        return;
    for (size_t i = 0; i < client->count; i++)
        free_question(client->questions[i]);
    free(client->questions);
    while (client->hosts) {
        struct irw_host *next = client->hosts->next;

        irw_host_clear(client->hosts);
        free(client->hosts);
        client->hosts = next;
    }
    irw_ecr_logins_clear(&client->ecr);
    irw_logins_free(client->logins);
    irw_settings_clear(&client->settings);
    free(client);
}

/* Makes room for one more question. */
static bool
reserve(struct imgrw_registry_client *client)
{
    size_t capacity = client->capacity > 0 ? client->capacity * 2 : 64;
    struct irw_question **questions;

    if (client->count < client->capacity)
        return true;
    questions = reallocarray(client->questions, capacity,
                             sizeof(struct irw_question *));
    if (!questions)
        return false;
    client->questions = questions;
    client->capacity = capacity;
    return true;
}

/* Fails where there are no questions, or these are answered. */
static enum imgrw_status
check_open(const struct imgrw_registry_client *client,
           struct imgrw_error *error)
{
    if (!client)
        return irw_fail_null(error, "client");
    if (client->is_run)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "these questions were asked already");
    return IMGRW_OK;
}

enum imgrw_status
imgrw_registry_add(struct imgrw_registry_client *client, imgrw_str reference,
                   struct imgrw_error *error)
{
    struct irw_question *question;
    enum imgrw_status status = check_open(client, error);

    if (status != IMGRW_OK)
        return status;
    question = reserve(client) ? malloc(sizeof(*question)) : NULL;
    if (!question)
        return irw_fail_memory(error);
    status = irw_question_init(question, reference, error);
    if (status != IMGRW_OK) {
        free_question(question);
        return status;
    }
    question->index = client->count;
    client->questions[client->count++] = question;
    return IMGRW_OK;
}

/* Adds the host that a question names. */
static enum imgrw_status
add_host(struct imgrw_registry_client *client,
         const struct irw_question *question, struct imgrw_error *error)
{
    struct irw_host *host = calloc(1, sizeof(*host));
    const struct irw_certificate_places places =
        irw_settings_certificates(&client->settings);

    if (!host)
        return irw_fail_memory(error);
    host->next = client->hosts;
    client->hosts = host;
    /* the name is not odd, or the question would not be there */
    if (irw_host_init(host, question->host, &client->settings.insecure) !=
            IRW_URL_FINE ||
        !irw_host_read_certificates(host, question->host, &places))
        return irw_fail_memory(error);
    return IMGRW_OK;
}

/* Finds, in an order of their own, which questions ask for the same, and adds
 * the hosts. */
static enum imgrw_status
sort_out(struct imgrw_registry_client *client, struct irw_question **sorted,
         struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    qsort(sorted, client->count, sizeof(*sorted), irw_question_compare);
    for (size_t i = 0; i < client->count && status == IMGRW_OK; i++) {
        struct irw_question *before = i > 0 ? sorted[i - 1] : NULL;

        sorted[i]->same = before && irw_question_is_same(before, sorted[i])
                              ? before->same
                              : sorted[i];
        if (!before || strcmp(before->host, sorted[i]->host) != 0)
            status = add_host(client, sorted[i], error);
        sorted[i]->job.host = client->hosts;
    }
    return status;
}

/* Puts each question, of several of the same the first one, into the queue of
 * its host. */
static enum imgrw_status
prepare(struct imgrw_registry_client *client, struct imgrw_error *error)
{
    struct irw_question **sorted =
        reallocarray(NULL, client->count + 1, sizeof(*sorted));
    enum imgrw_status status;

    if (!sorted)
        return irw_fail_memory(error);
    if (client->count > 0)
        memcpy(sorted, client->questions, client->count * sizeof(*sorted));
    status = sort_out(client, sorted, error);
    free(sorted);
    for (size_t i = 0; i < client->count && status == IMGRW_OK; i++) {
        struct irw_question *question = client->questions[i];

        if (question->same != question)
            continue;
        irw_pass_enqueue(&question->job);
        client->progress.total++;
    }
    return status;
}

static const struct irw_question *
question_of(const struct irw_job *job)
{
    return (const struct irw_question *)((const char *)job -
                                         offsetof(struct irw_question, job));
}

/* Tells the caller of progress; a function for passes. */
static bool
tell_progress(const struct irw_job *job, void *user)
{
    struct imgrw_registry_client *client = user;
    const struct imgrw_registry_options *given = &client->settings.given;

    if (job) {
        client->progress.done++;
        client->progress.reference = imgrw_str_from(question_of(job)->text);
    }
    return !given->progress ||
           given->progress(&client->progress, given->user) == 0;
}

static const struct irw_login *
find_login(const struct irw_job *job, void *user)
{
    (void)user;
    return question_of(job)->login;
}

static enum imgrw_status
fail_stopped(struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_STOPPED, IRW_NO_LOCATION,
                    "stopped by the caller");
}

/* Makes a pass over what is in the queues. */
static enum imgrw_status
run_pass(struct imgrw_registry_client *client, bool with_logins,
         struct imgrw_error *error)
{
    struct irw_pass pass = {
        .transport = irw_settings_transport(&client->settings),
        .insecure = &client->settings.insecure,
        .resolve = client->settings.given.resolve,
        .deadline = client->deadline,
        .hosts = client->hosts,
        .login = with_logins ? find_login : NULL,
        .done = tell_progress,
        .user = client,
    };
    enum imgrw_status status = irw_pass_run(&pass);

    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(error);
    return status == IMGRW_OK ? status : fail_stopped(error);
}

/* Whether a client certificate may tell more about the image. */
static bool
wants_certificate(const struct irw_question *question)
{
    return irw_host_may_want_certificate(question->job.host,
                                         question->job.finding.verdict);
}

/* Whether a login may tell more about the image. */
static bool
wants_login(const struct irw_question *question)
{
    enum imgrw_registry_outcome outcome =
        irw_verdict_outcome(question->job.finding.verdict);

    return question->same == question &&
           (outcome == IMGRW_REGISTRY_DENIED ||
            outcome == IMGRW_REGISTRY_RATE_LIMITED ||
            wants_certificate(question));
}

/* Finds the login for an image, or a reason why there is none. */
static enum imgrw_status
look_for_login(struct imgrw_registry_client *client,
               struct irw_question *question, struct imgrw_error *error)
{
    struct imgrw_error trouble = {.message = ""};
    enum imgrw_status status = client->find(
        client->find_user, imgrw_str_from(question->registry),
        imgrw_str_from(question->repository), &question->login, &trouble);

    if (status == IMGRW_OK)
        return status;
    question->login = NULL;
    question->login_failed = true;
    if (status != IMGRW_ERR_MEMORY)
        irw_question_set_reason(question, trouble.message);
    return question->reason ? IMGRW_OK : irw_fail_memory(error);
}

/* Puts an image into its queue, to be asked for once more. */
static void
enqueue_again(struct imgrw_registry_client *client,
              struct irw_question *question)
{
    question->job.finding = (struct irw_finding){.remaining = -1};
    irw_pass_enqueue(&question->job);
    client->progress.total++;
}

/* Puts into the queues what is asked for once more, with a login, and has a
 * login made of each that is an access key. */
static enum imgrw_status
prepare_logins(struct imgrw_registry_client *client,
               struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < client->count && status == IMGRW_OK; i++) {
        struct irw_question *question = client->questions[i];

        if (!wants_login(question))
            continue;
        status = look_for_login(client, question, error);
        if (status != IMGRW_OK || question->reason ||
            (!question->login && !wants_certificate(question)))
            continue;
        question->was_anonymous = true;
        question->expires_at =
            question->login ? question->login->expires_at : 0;
        question->anonymous = question->job.finding;
        if (!question->login ||
            !irw_ecr_wants_key(question->host, question->login)) {
            enqueue_again(client, question);
            continue;
        }
        question->ecr = irw_ecr_logins_add(&client->ecr, question->host,
                                           question->login);
        if (!question->ecr)
            status = irw_fail_memory(error);
    }
    return status;
}

static bool
may_go_on(void *user)
{
    return tell_progress(NULL, user);
}

/* Takes over what became of an access key. */
static bool
take_grant(struct imgrw_registry_client *client, struct irw_question *question)
{
    struct irw_ecr_grant grant = irw_ecr_login_grant(question->ecr);

    if (grant.login) {
        question->login = grant.login;
        question->expires_at = grant.expires_at;
        enqueue_again(client, question);
        return true;
    }
    question->job.finding = (struct irw_finding){
        .verdict = grant.verdict,
        .http_status = grant.http_status,
        .remaining = -1,
    };
    return irw_question_set_reason(question, grant.reason);
}

/* Asks ECR for the logins that it makes of access keys. */
static enum imgrw_status
get_ecr_logins(struct imgrw_registry_client *client, struct imgrw_error *error)
{
    struct irw_ecr_logins_options options = {
        .transport = irw_settings_transport(&client->settings),
        .endpoint = client->settings.ecr_endpoint,
        .deadline = client->deadline,
        .go_on = may_go_on,
        .user = client,
    };
    enum imgrw_status status = irw_ecr_logins_get(&client->ecr, &options);

    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(error);
    for (size_t i = 0; i < client->count; i++)
        if (client->questions[i]->ecr &&
            !take_grant(client, client->questions[i]))
            return irw_fail_memory(error);
    return status == IMGRW_OK ? status : fail_stopped(error);
}

static enum imgrw_status
ask(struct imgrw_registry_client *client, struct imgrw_error *error)
{
    enum imgrw_status status = run_pass(client, false, error);

    if (status != IMGRW_OK || !client->find)
        return status;
    status = prepare_logins(client, error);
    if (status == IMGRW_OK)
        status = get_ecr_logins(client, error);
    return status == IMGRW_OK ? run_pass(client, true, error) : status;
}

enum imgrw_status
imgrw_registry_run(struct imgrw_registry_client *client,
                   struct imgrw_error *error)
{
    enum imgrw_status status = check_open(client, error);
    unsigned deadline;

    if (status != IMGRW_OK)
        return status;
    client->is_run = true;
    deadline = client->settings.given.deadline;
    client->deadline = deadline > 0 ? irw_clock_now() + deadline : 0;
    status = prepare(client, error);
    if (status == IMGRW_OK)
        status = ask(client, error);
    for (size_t i = 0; i < client->count && status == IMGRW_OK; i++)
        if (client->questions[i]->same == client->questions[i] &&
            !irw_question_explain(client->questions[i]))
            status = irw_fail_memory(error);
    for (size_t i = 0; i < client->count; i++)
        if (client->questions[i]->same)
            irw_question_answer(client->questions[i]);
    return status;
}

size_t
imgrw_registry_count(const struct imgrw_registry_client *client)
{
    return client ? client->count : 0;
}

const struct imgrw_answer *
imgrw_registry_answer(const struct imgrw_registry_client *client,
                      size_t index)
{
    return index < imgrw_registry_count(client)
               ? &client->questions[index]->answer
               : NULL;
}

const struct imgrw_login *
imgrw_registry_login(const struct imgrw_registry_client *client, size_t index)
{
    return index < imgrw_registry_count(client) &&
                   client->questions[index]->given.registry
               ? &client->questions[index]->given
               : NULL;
}

/* An irw_login_find. */
static enum imgrw_status
find_in_files(void *user, imgrw_str host, imgrw_str repository,
              const struct irw_login **login, struct imgrw_error *error)
{
    return irw_logins_find(user, host, repository, login, error);
}

enum imgrw_status
imgrw_registry_use_logins(struct imgrw_registry_client *client,
                          const struct imgrw_login_places *places,
                          struct imgrw_error *error)
{
    struct imgrw_login_places given = {.size = 0};
    struct irw_logins *logins = NULL;
    struct irw_logins_options options;
    enum imgrw_status status = check_open(client, error);

    if (status == IMGRW_OK)
        status = irw_options_copy(places, &given, sizeof(given), error);
    if (status != IMGRW_OK)
        return status;
    options = (struct irw_logins_options){
        .file = given.file,
        .xdg_runtime_dir = given.xdg_runtime_dir,
        .user_id = given.user_id,
        .xdg_config_home = given.xdg_config_home,
        .docker_auth_config = given.docker_auth_config,
        .docker_config = given.docker_config,
        .home = given.home,
        .milliseconds = (int)given.helper_timeout,
        .warn = given.warn,
        .user = given.user,
    };
    status = irw_logins_new(&options, &logins, error);
    if (status != IMGRW_OK)
        return status;
    irw_logins_free(client->logins);
    client->logins = logins;
    irw_registry_set_logins(client, find_in_files, logins);
    return IMGRW_OK;
}

void
irw_registry_set_logins(struct imgrw_registry_client *client,
                        irw_login_find *find, void *user)
{
    client->find = find;
    client->find_user = user;
}
