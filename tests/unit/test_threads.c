/*
 * Work that is divided: every piece is done once, also where no thread can be
 * had. The linker puts the function here in the place of the real one (--wrap).
 */
#include "base/threads.h"
#include "support.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#define PIECES 300

static unsigned most;    /* threads that can be had */
static unsigned started; /* that were */

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*work)(void *), void *user);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*work)(void *), void *user);

int
__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                      void *(*work)(void *), void *user)
{
    if (started == most)
        return EAGAIN;
    started++;
    return __real_pthread_create(thread, attributes, work, user);
}

struct pieces {
    atomic_uint done[PIECES]; /* how often each was */
    pthread_t caller;
    bool first_is_callers;
};

static void
do_piece(size_t number, void *user)
{
    struct pieces *pieces = user;

    atomic_fetch_add(&pieces->done[number], 1);
    if (number == 0)
        pieces->first_is_callers = pthread_equal(pthread_self(),
                                                 pieces->caller);
}

static void
every_piece_is_done_once(void **state)
{
    static const unsigned counts[] = {0, 1, 2, 3, 8, PIECES};
    static const unsigned limits[] = {0, 1, 2, 1000};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(counts); i++)
        for (size_t k = 0; k < SUPPORT_COUNT(limits); k++) {
            struct pieces pieces = {.caller = pthread_self()};

            most = limits[k];
            started = 0;
            irw_in_threads(counts[i], do_piece, &pieces);
            for (unsigned n = 0; n < PIECES; n++)
                assert_int_equal(atomic_load(&pieces.done[n]), n < counts[i]);
            assert_int_equal(pieces.first_is_callers, counts[i] > 0);
            assert_true(started == 0 || started < counts[i]);
            if (counts[i] > 1)
                assert_int_equal(started > 0, most > 0);
        }
}

static void
small_texts_are_not_divided(void **state)
{
    static const struct {
        size_t bytes;
        unsigned jobs;
        size_t threads;
    } cases[] = {
        {0, 0, 1}, {0, 8, 1}, {1 << 17, 8, 1}, {1 << 18, 1, 1},
        {1 << 18, 0, 1}, {1 << 18, 8, 2}, {1 << 20, 2, 2}, {1 << 20, 8, 8},
        {1 << 24, 8, 8},
    };

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(cases); i++)
        assert_int_equal(irw_thread_count(cases[i].bytes, cases[i].jobs),
                         cases[i].threads);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_piece_is_done_once),
        cmocka_unit_test(small_texts_are_not_divided),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
