#include "registry/pass.h"
#include "registry/clock.h"

#include <stddef.h>

#define TURN_MAX 100 /* milliseconds */

/* So many images may have begun for each request in flight: those that wait for
 * a token or for a retry do not keep others from being asked for. */
#define OPEN_PER_REQUEST 4

/* A pass under way. */
struct pass_run {
    const struct irw_pass *pass;
    struct irw_asker asker;
    struct irw_job *open; /* those that have begun, a list */
    size_t open_count;
    bool stopped;
};

void
irw_pass_enqueue(struct irw_job *job)
{
    job->next = NULL;
    *job->host->end = job;
    job->host->end = &job->next;
}

static void
tell(struct pass_run *run, const struct irw_job *job)
{
    run->stopped |= !run->pass->done(job, run->pass->user);
}

/* Called when an open job has its verdict. */
static void
end_job(struct irw_job *job, void *user)
{
    struct pass_run *run = user;
    struct irw_job **at = &run->open;

    while (*at != job)
        at = &(*at)->next;
    *at = job->next;
    run->open_count--;
    job->host->running--;
    tell(run, job);
}

/* Finds the login of a job, for the asker. */
static const struct irw_login *
find_login(const struct irw_job *job, void *user)
{
    const struct irw_pass *pass = ((struct pass_run *)user)->pass;

    return pass->login(job, pass->user);
}

static struct irw_job *
take_from_queue(struct irw_host *host)
{
    struct irw_job *job = host->first;

    host->first = job->next;
    if (!host->first)
        host->end = &host->first;
    return job;
}

/* Ends what waits for a host that is not asked any more. */
static void
end_queue(struct pass_run *run, struct irw_host *host, enum irw_verdict verdict)
{
    while (host->first) {
        struct irw_job *job = take_from_queue(host);

        job->finding.verdict = verdict;
        tell(run, job);
    }
}

/* Whether one more image of a host may be asked for now. Where it is not known
 * whether the host speaks https or http, the first one finds out. Where the
 * challenge is known, it is the token server that is asked first, so the host
 * need not have room yet. */
static bool
may_begin(struct pass_run *run, struct irw_host *host)
{
    unsigned in_flight = run->pass->transport.in_flight;
    struct irw_transport *transport = run->asker.transport;

    if (!host->first || run->asker.failed || run->stopped ||
        run->open_count >= (size_t)in_flight * OPEN_PER_REQUEST ||
        host->running >= (host->may_be_http ? 1 : in_flight))
        return false;
    if (!host->gate)
        host->gate = irw_transport_gate(transport, &host->origin);
    run->asker.failed |= !host->gate;
    return host->gate && (host->has_challenge ||
                          irw_transport_has_room(transport, host->gate));
}

static void
begin(struct pass_run *run, struct irw_host *host)
{
    struct irw_job *job = take_from_queue(host);

    job->next = run->open;
    run->open = job;
    run->open_count++;
    host->running++;
    run->asker.failed |= !irw_job_begin(job, &run->asker);
}

/* Begins with as many images as may be, one of each host after the other. */
static void
begin_jobs(struct pass_run *run)
{
    bool any;

    do {
        any = false;
        for (struct irw_host *host = run->pass->hosts; host;
             host = host->next) {
            if (host->stopped != IRW_VERDICT_NONE && !run->pass->login)
                end_queue(run, host, host->stopped);
            if (!may_begin(run, host))
                continue;
            begin(run, host);
            any = true;
        }
    } while (any);
}

static bool
has_queue(const struct pass_run *run)
{
    for (struct irw_host *host = run->pass->hosts; host; host = host->next)
        if (host->first)
            return true;
    return false;
}

/* Asks until all is known, or until there is a reason to stop, which is
 * returned: IRW_VERDICT_NONE: there is none. */
static enum irw_verdict
ask(struct pass_run *run)
{
    struct irw_asker *asker = &run->asker;
    long long deadline = run->pass->deadline, now, wait;

    while (!asker->failed && !run->stopped) {
        now = irw_clock_now();
        if (deadline > 0 && now >= deadline)
            return IRW_VERDICT_DEADLINE;
        irw_job_wake(asker, now);
        irw_token_cache_wake(asker->tokens, now);
        begin_jobs(run);
        if (run->open_count == 0 && !has_queue(run))
            break;
        wait = deadline > 0 && deadline - now < TURN_MAX ? deadline - now
                                                         : TURN_MAX;
        asker->failed |= !irw_transport_turn(asker->transport, (int)wait) ||
                         irw_token_cache_has_failed(asker->tokens);
        tell(run, NULL);
    }
    return run->stopped ? IRW_VERDICT_STOPPED : IRW_VERDICT_NONE;
}

/* Ends all that is not done. The transport is freed first, so that nothing is
 * called any more. */
static void
cut(struct pass_run *run, enum irw_verdict verdict)
{
    irw_transport_free(run->asker.transport);
    for (struct irw_host *host = run->pass->hosts; host; host = host->next) {
        end_queue(run, host, verdict);
        host->gate = NULL;
    }
    while (run->open) {
        struct irw_job *job = run->open;

        run->open = job->next;
        job->host->running--;
        job->finding.verdict = verdict;
        irw_job_clear(job);
        tell(run, job);
    }
    irw_token_cache_free(run->asker.tokens);
}

enum imgrw_status
irw_pass_run(const struct irw_pass *pass)
{
    struct pass_run run = {
        .pass = pass,
        .asker = {
            .transport = irw_transport_new(&pass->transport),
            .insecure = pass->insecure,
            .resolve = pass->resolve,
            .login = pass->login ? find_login : NULL,
            .ended = end_job,
            .user = &run,
        },
    };
    enum irw_verdict verdict = IRW_VERDICT_NONE;
    bool stopped;

    if (run.asker.transport)
        run.asker.tokens = irw_token_cache_new(run.asker.transport);
    run.asker.failed = !run.asker.tokens;
    if (!run.asker.failed)
        verdict = ask(&run);
    stopped = run.stopped;
    cut(&run, verdict);
    if (run.asker.failed)
        return IMGRW_ERR_MEMORY;
    return stopped ? IMGRW_ERR_STOPPED : IMGRW_OK;
}
