#include "base/threads.h"

#include <pthread.h>

#define MOST_THREADS 256
#define SMALLEST_SHARE ((size_t)128 << 10) /* of a text, in bytes */

/* A piece that has a thread of its own. */
struct piece {
    pthread_t thread;
    irw_thread_fn *work;
    size_t number;
    void *user;
};

/* The pthread way of doing a piece. */
static void *
work_in_thread(void *user)
{
    const struct piece *piece = user;

    piece->work(piece->number, piece->user);
    return NULL;
}

void
irw_in_threads(size_t count, irw_thread_fn *work, void *user)
{
    struct piece pieces[MOST_THREADS];
    size_t started = 0;

    while (started < MOST_THREADS && started + 1 < count) {
        struct piece *piece = &pieces[started];

        *piece = (struct piece){
            .work = work, .number = started + 1, .user = user};
        if (pthread_create(&piece->thread, NULL, work_in_thread, piece) != 0)
            break;
        started++;
    }
    if (count > 0)
        work(0, user);
    for (size_t i = started + 1; i < count; i++)
        work(i, user);
    for (size_t i = 0; i < started; i++)
        pthread_join(pieces[i].thread, NULL);
}

size_t
irw_thread_count(size_t bytes, unsigned jobs)
{
    size_t worthwhile = bytes / SMALLEST_SHARE;

    if (jobs == 0 || worthwhile == 0)
        return 1;
    return worthwhile < jobs ? worthwhile : jobs;
}
