/*
 * What is done while a run goes on: drawing its bar, and ending it when
 * somebody wants to, so that no temporary file stays.
 */
#include "command.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

/* The signal that asked for it. Any thread may be the one to be interrupted. */
static atomic_int stop_signal;

static void
note_signal(int signal)
{
    atomic_store(&stop_signal, signal);
}

/* An imgrw_progress_fn. */
static int
follow_run(const struct imgrw_progress *progress, void *user)
{
    (void)user;
    draw_bar(progress);
    return atomic_load(&stop_signal);
}

void
watch_runs(struct settings *settings)
{
    set_bar(settings->quiet ? WHEN_NEVER : settings->progress);
    settings->run.progress = follow_run;
}

void
catch_signals(void)
{
    struct sigaction action = {.sa_handler = note_signal,
                               .sa_flags = (int)SA_RESETHAND};
    struct sigaction before;

    for (size_t i = 0; i < SIGNALS; i++)
        if (sigaction(signals[i], NULL, &before) == 0 &&
            before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
}

bool
was_stopped(void)
{
    return atomic_load(&stop_signal) != 0;
}

bool
wait_for_input(int file)
{
    struct pollfd input = {.fd = file, .events = POLLIN};
    sigset_t stops, before;
    int ready = 0;

    sigemptyset(&stops);
    for (size_t i = 0; i < SIGNALS; i++)
        sigaddset(&stops, signals[i]);
    /* one that comes before the wait begins must end it as well */
    pthread_sigmask(SIG_BLOCK, &stops, &before);
    while (!was_stopped() && ready <= 0) {
        ready = ppoll(&input, 1, NULL, &before);
        if (ready < 0 && errno != EINTR)
            break;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return !was_stopped();
}

void
raise_signal(void)
{
    int signal = atomic_load(&stop_signal);

    if (signal != 0)
        raise(signal); /* its own action is in place again */
}
