#include "scenario.h"
#include "allocator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ROUNDS_MAX 100000

/* Runs `scenario` once with `plan`; returns how many allocations it made. */
static size_t
run_once(scenario_fn *scenario, const char *text, struct allocator_plan plan,
         enum imgrw_status *status)
{
    long live = allocator_live();
    size_t count;

    allocator_arm(plan);
    *status = scenario(text);
    count = allocator_disarm();
    if (allocator_live() != live)
        fail_msg("%ld blocks are lost when allocation %zu fails%s",
                 allocator_live() - live, plan.first,
                 plan.all ? " and all behind it" : "");
    return count;
}

void
scenario_run(scenario_fn *scenario, const char *text,
             enum imgrw_status expected)
{
    enum imgrw_status status;

    (void)scenario(text); /* what is made once and for all is made now */
    run_once(scenario, text, (struct allocator_plan){0}, &status);
    assert_int_equal(status, expected);
    for (int all = 0; all < 2; all++) {
        struct allocator_plan plan = {.first = 1, .all = all};

        while (run_once(scenario, text, plan, &status) >= plan.first) {
            assert_true(plan.first < ROUNDS_MAX);
            if ((all && plan.first == 1) || status != expected)
                assert_int_equal(status, IMGRW_ERR_MEMORY);
            plan.first++;
        }
        assert_int_equal(status, expected);
        assert_true(plan.first > 1);
    }
}
