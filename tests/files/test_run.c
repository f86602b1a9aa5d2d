/*
 * imgrw_files_run: which files its callback sees, in which order and as what;
 * how it is stopped; what it leaves on disk and in the summary.
 */
#include "trial.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BAD "a: [\n"
#define NONE "# no image\n"

/* Three files to edit and one without an image. */
static void
write_good_files(const struct trial *trial)
{
    trial_write(trial, "b.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "c.json", TRIAL_POD("quay.io/x"));
    trial_write(trial, "d.yml", NONE);
}

static void
calls_come_in_order(void **state)
{
    static const struct trial_expected expected[] = {
        {"a.yaml", IMGRW_FILE_REWRITTEN},
        {"b.yaml", IMGRW_FILE_REWRITTEN},
        {"c.json", IMGRW_FILE_UNCHANGED},
        {"d.yml", IMGRW_FILE_UNCHANGED},
    };
    static const unsigned jobs[] = {0, 1, 2, 8, 100000};
    struct trial *trial = *state;

    write_good_files(trial);
    for (size_t i = 0; i < SUPPORT_COUNT(jobs); i++) {
        trial->options.jobs = jobs[i];
        assert_int_equal(trial_run(trial), IMGRW_OK);
        trial_check_calls(trial, expected, SUPPORT_COUNT(expected));
    }
}

static void
paths_come_in_the_order_given(void **state)
{
    struct trial *trial = *state;
    char *paths[3];

    write_good_files(trial);
    paths[0] = support_path(trial->folder, "c.json");
    paths[1] = support_path(trial->folder, "a.yaml");
    paths[2] = trial->folder;
    for (size_t i = 0; i < 2; i++) {
        const char *const turned[] = {paths[1 - i], paths[i], paths[2]};
        struct imgrw_files_summary summary;

        assert_int_equal(imgrw_files_run(turned, 3, trial->rules, NULL, NULL,
                                         NULL, &summary, NULL),
                         IMGRW_OK);
        assert_int_equal(summary.files, 4);
    }
    free(paths[0]);
    free(paths[1]);
}

/* By then everything has been written. */
static void
calls_come_after_writing(void **state)
{
    struct trial *trial = *state;

    write_good_files(trial);
    trial->options.mode = IMGRW_FILES_IN_PLACE;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_int_equal(trial->call_count, 4);
    assert_true(trial->calls[0].is_new);
    assert_true(trial->calls[1].is_new);
    assert_false(trial->calls[2].is_new);
}

static void
calls_show_what_there_is(void **state)
{
    struct trial *trial = *state;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "b.yaml", BAD);
    trial_write(trial, "c.yaml", TRIAL_POD("!image nginx"));
    assert_int_equal(trial_run(trial), IMGRW_ERR_SYNTAX);
    assert_int_equal(trial->call_count, 3);
    assert_true(trial->calls[0].has_plan && trial->calls[0].has_manifest);
    assert_int_equal(trial->calls[0].edits, 1);
    assert_int_equal(trial->calls[0].failure, IMGRW_OK);
    assert_false(trial->calls[1].has_plan || trial->calls[1].has_manifest);
    assert_int_equal(trial->calls[1].failure, IMGRW_ERR_SYNTAX);
    assert_false(trial->calls[2].has_plan);
    assert_int_equal(trial->calls[2].failure, IMGRW_ERR_EDIT);
}

static void
failing_run_says_planned(void **state)
{
    static const struct trial_expected stopped[] = {
        {"a.yaml", IMGRW_FILE_PLANNED},
        {"b.yaml", IMGRW_FILE_ERROR},
        {"c.yaml", IMGRW_FILE_UNCHANGED},
    };
    static const struct trial_expected going[] = {
        {"a.yaml", IMGRW_FILE_REWRITTEN},
        {"b.yaml", IMGRW_FILE_ERROR},
        {"c.yaml", IMGRW_FILE_UNCHANGED},
    };
    struct trial *trial = *state;
    struct stat before;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "b.yaml", BAD);
    trial_write(trial, "c.yaml", TRIAL_POD("quay.io/x"));
    before = trial_stat(trial, "a.yaml");
    trial->options.mode = IMGRW_FILES_IN_PLACE;
    assert_int_equal(trial_run(trial), IMGRW_ERR_SYNTAX);
    trial_check_calls(trial, stopped, SUPPORT_COUNT(stopped));
    assert_true(trial_is_untouched(trial, "a.yaml", &before));
    assert_false(trial->summary.written);

    trial->options.keep_going = 1;
    assert_int_equal(trial_run(trial), IMGRW_ERR_SYNTAX);
    trial_check_calls(trial, going, SUPPORT_COUNT(going));
    assert_true(trial_holds(trial, "a.yaml", TRIAL_POD(TRIAL_NEW)));
    assert_true(trial->summary.written);
}

static void
first_error_is_that_of_the_run(void **state)
{
    struct trial *trial = *state;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "b.yaml", TRIAL_POD("!image nginx"));
    trial_write(trial, "c.yaml", BAD);
    trial->options.jobs = 4;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(trial_run(trial), IMGRW_ERR_EDIT);
        assert_int_equal(trial->error.status, IMGRW_ERR_EDIT);
        assert_non_null(strstr(trial->error.message, "b.yaml:4:"));
        assert_int_equal(trial->summary.errors, 2);
    }
}

static void
skipping_is_no_failure(void **state)
{
    static const struct trial_expected expected[] = {
        {"a.yaml", IMGRW_FILE_REWRITTEN},
        {"b.yaml", IMGRW_FILE_SKIPPED},
    };
    struct trial *trial = *state;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "b.yaml", BAD);
    trial->options.skip_unparsable = 1;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    trial_check_calls(trial, expected, SUPPORT_COUNT(expected));
    assert_int_equal(trial->calls[1].failure, IMGRW_ERR_SYNTAX);
    assert_int_equal(trial->summary.skipped, 1);
    assert_int_equal(trial->summary.errors, 0);
}

static void
callback_stops_the_run(void **state)
{
    struct trial *trial = *state;

    write_good_files(trial);
    for (size_t stop = 1; stop <= 4; stop++) {
        trial->stop_at = stop;
        assert_int_equal(trial_run(trial), IMGRW_ERR_STOPPED);
        assert_int_equal(trial->error.status, IMGRW_ERR_STOPPED);
        assert_true(trial->error.message[0] != '\0');
        assert_int_equal(trial->call_count, stop);
        assert_int_equal(trial->summary.files, 4);
    }
}

/* The callback only reports, so stopping it takes nothing back. */
static void
stopping_comes_too_late_to_undo(void **state)
{
    struct trial *trial = *state;

    write_good_files(trial);
    trial->stop_at = 1;
    trial->options.mode = IMGRW_FILES_IN_PLACE;
    assert_int_equal(trial_run(trial), IMGRW_ERR_STOPPED);
    assert_true(trial_holds(trial, "a.yaml", TRIAL_POD(TRIAL_NEW)));
    assert_true(trial_holds(trial, "b.yaml", TRIAL_POD(TRIAL_NEW)));
}

static void
planning_touches_nothing(void **state)
{
    static const char *const names[] = {"a.yaml", "b.yaml", "c.json", "d.yml"};
    struct trial *trial = *state;
    struct stat before[SUPPORT_COUNT(names)];

    write_good_files(trial);
    for (size_t i = 0; i < SUPPORT_COUNT(names); i++)
        before[i] = trial_stat(trial, names[i]);
    trial->options.out_dir = trial->out;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_int_equal(trial->summary.edits, 2);
    for (size_t i = 0; i < SUPPORT_COUNT(names); i++)
        assert_true(trial_is_untouched(trial, names[i], &before[i]));
    assert_int_not_equal(access(trial->out, F_OK), 0);
}

static void
files_without_an_edit_stay(void **state)
{
    struct trial *trial = *state;
    struct stat other, none;

    write_good_files(trial);
    other = trial_stat(trial, "c.json");
    none = trial_stat(trial, "d.yml");
    trial->options.mode = IMGRW_FILES_IN_PLACE;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_true(trial_is_untouched(trial, "c.json", &other));
    assert_true(trial_is_untouched(trial, "d.yml", &none));
    assert_true(trial_holds(trial, "a.yaml", TRIAL_POD(TRIAL_NEW)));
}

static void
out_dir_gets_every_file(void **state)
{
    struct trial *trial = *state;
    struct stat before;

    write_good_files(trial);
    before = trial_stat(trial, "a.yaml");
    trial->options.mode = IMGRW_FILES_OUT_DIR;
    trial->options.out_dir = trial->out;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_true(trial_holds(trial, ".out/a.yaml", TRIAL_POD(TRIAL_NEW)));
    assert_true(trial_holds(trial, ".out/c.json", TRIAL_POD("quay.io/x")));
    assert_true(trial_holds(trial, ".out/d.yml", NONE));
    assert_true(trial_is_untouched(trial, "a.yaml", &before));
}

static void
summary_counts(void **state)
{
    struct trial *trial = *state;

    trial_write(trial, "a.yaml",
                TRIAL_POD("nginx") "  - image: redis\n  - image: ${X}\n");
    trial_write(trial, "b.yaml", TRIAL_POD("quay.io/x"));
    trial_write(trial, "c.yaml", BAD);
    trial_write(trial, "d.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "e.txt", TRIAL_POD("nginx"));
    assert_int_equal(trial_run(trial), IMGRW_ERR_SYNTAX);
    assert_int_equal(trial->summary.files, 4);
    assert_int_equal(trial->summary.rewritten, 2);
    assert_int_equal(trial->summary.images, 5);
    assert_int_equal(trial->summary.edits, 3);
    assert_int_equal(trial->summary.errors, 1);
    assert_int_equal(trial->summary.skipped, 0);
    assert_false(trial->summary.written);
}

static void
aliases_count_as_images(void **state)
{
    struct trial *trial = *state;

    trial_write(trial, "a.yaml", TRIAL_POD("&a nginx") "  - image: *a\n");
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_int_equal(trial->summary.images, 2);
    assert_int_equal(trial->summary.edits, 2);
    assert_int_equal(trial->calls[0].edits, 1);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, trial_set_up, trial_tear_down)

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(calls_come_in_order),
        TEST(paths_come_in_the_order_given),
        TEST(calls_come_after_writing),
        TEST(calls_show_what_there_is),
        TEST(failing_run_says_planned),
        TEST(first_error_is_that_of_the_run),
        TEST(skipping_is_no_failure),
        TEST(callback_stops_the_run),
        TEST(stopping_comes_too_late_to_undo),
        TEST(planning_touches_nothing),
        TEST(files_without_an_edit_stay),
        TEST(out_dir_gets_every_file),
        TEST(summary_counts),
        TEST(aliases_count_as_images),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
