/*
 * A text that several threads divide. They run in that of the test, whose
 * allocations fail. The linker puts the functions here in the place of the real
 * ones (--wrap).
 */
#include "allocator.h"
#include "hub_rules.h"
#include "scenario.h"

#include <imgrewrite/rewrite.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DOCUMENTS 2
#define COMMENT ((size_t)260 << 10) /* so that each may be divided off */

static size_t started; /* threads */

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*work)(void *), void *user);
int __wrap_pthread_join(pthread_t thread, void **result);

int
__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                      void *(*work)(void *), void *user)
{
    (void)attributes;
    *thread = pthread_self();
    started++;
    work(user);
    return 0;
}

int
__wrap_pthread_join(pthread_t thread, void **result)
{
    (void)thread;
    (void)result;
    return 0;
}

/* Several large documents, each of which is `document` and a long comment. The
 * caller frees them. */
static imgrw_str
make_text(const char *document)
{
    char *text;
    size_t size;
    FILE *stream;

    allocator_excuse(1);
    stream = open_memstream(&text, &size);
    assert_non_null(stream);
    for (size_t i = 0; i < DOCUMENTS; i++)
        fprintf(stream, "---\n%s#%*s\n", document, (int)COMMENT, "x");
    assert_int_equal(fclose(stream), 0);
    allocator_excuse(-1);
    return (imgrw_str){text, size};
}

static enum imgrw_status
rewrite(imgrw_str text, const struct imgrw_rules *rules)
{
    const struct imgrw_parse_options parse = {.size = sizeof(parse),
                                              .jobs = 2};
    const struct imgrw_plan_options how = {.size = sizeof(how), .jobs = 2};
    const struct imgrw_rewrite_options options = {
        .size = sizeof(options), .parse = &parse, .plan = &how};
    struct imgrw_plan *plan = NULL;
    enum imgrw_status status;

    started = 0;
    status = imgrw_rewrite(text, rules, &options, &plan, NULL);
    if (status == IMGRW_OK) /* for the parsing, and for either library */
        assert_int_equal(started, 3);
    imgrw_plan_free(plan);
    return status;
}

static enum imgrw_status
use_text(const char *text)
{
    imgrw_str whole = make_text(text);
    struct imgrw_rules *rules;
    enum imgrw_status status = hub_rules_new(&rules);

    if (status == IMGRW_OK) {
        status = rewrite(whole, rules);
        imgrw_rules_free(rules);
    }
    free((char *)whole.data);
    return status;
}

static void
memory_runs_out(void **state)
{
    (void)state;
    scenario_run(use_text, "kind: Pod\nspec: {containers: [{image: nginx}]}\n",
                 IMGRW_OK);
}

static void
memory_runs_out_before_an_error(void **state)
{
    (void)state;
    scenario_run(use_text, "a: *b\n", IMGRW_ERR_SYNTAX);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_runs_out),
        cmocka_unit_test(memory_runs_out_before_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
