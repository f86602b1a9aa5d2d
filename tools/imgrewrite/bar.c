/*
 * The bar that shows how far a run has come, on standard error. It stands in a
 * line of its own and is gone before anything else is said.
 */
#include "command.h"

#include <time.h>
#include <unistd.h>

#define FIRST_AFTER 500 /* milliseconds */
#define NEXT_AFTER  100
#define WIDTH       20

static struct {
    long long due; /* when it is drawn next, in milliseconds */
    bool off, shown;
} bar;

static long long
now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

void
set_bar(enum when when)
{
    bool terminal = isatty(STDERR_FILENO);

    bar.off = when == WHEN_NEVER || (when == WHEN_AUTO && !terminal);
    bar.due = when == WHEN_ALWAYS ? 0 : now() + FIRST_AFTER;
}

void
clear_bar(void)
{
    if (bar.shown)
        fputs("\r\033[K", stderr);
    bar.shown = false;
}

void
show_bar(size_t done, size_t total, const char *what)
{
    static const char full[WIDTH + 1] = "####################";
    static const char empty[WIDTH + 1] = "....................";
    int filled = total == 0 ? WIDTH : (int)(done * WIDTH / total);
    long long time = bar.off ? 0 : now();

    if (bar.off || time < bar.due)
        return;
    bar.due = time + NEXT_AFTER;
    bar.shown = true;
    fprintf(stderr, "\rimgrewrite: [%.*s%.*s] %zu of %zu %s\033[K", filled,
            full, WIDTH - filled, empty, done, total, what);
    fflush(stderr);
}

void
draw_bar(const struct imgrw_progress *progress)
{
    show_bar(progress->done, progress->total,
             progress->phase == IMGRW_PHASE_WRITE ? "files written"
                                                  : "files read");
}
