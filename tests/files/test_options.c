/*
 * imgrw_files_run: the size rules of its options, what may be NULL, and what it
 * refuses before it looks at any file.
 */
#include "trial.h"

#include <stddef.h>
#include <string.h>

/* Options of a newer library, as an older one sees them. */
struct newer_options {
    struct imgrw_files_options known;
    const char *unknown;
};

static enum imgrw_status
run_with(struct trial *trial, const struct imgrw_files_options *options)
{
    const char *path = trial->folder;

    memset(&trial->error, 0, sizeof(trial->error));
    return imgrw_files_run(&path, 1, trial->rules, options, NULL, NULL,
                           &trial->summary, &trial->error);
}

static void
no_size_is_an_error(void **state)
{
    static const struct imgrw_files_options unset;
    struct trial *trial = *state;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    assert_int_equal(run_with(trial, &unset), IMGRW_ERR_ARGUMENT);
    assert_int_equal(trial->error.status, IMGRW_ERR_ARGUMENT);
    assert_non_null(strstr(trial->error.message, "size"));
    assert_int_equal(trial->summary.files, 0);
}

/* What an older caller does not know is zero, whatever lies behind. */
static void
shorter_options_are_of_an_older_caller(void **state)
{
    struct trial *trial = *state;
    struct imgrw_files_options options = {
        .size = offsetof(struct imgrw_files_options, out_dir),
        .mode = IMGRW_FILES_IN_PLACE,
        .out_dir = "/nowhere",
        .keep_going = 1,
        .skip_unparsable = 1,
    };

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    assert_int_equal(run_with(trial, &options), IMGRW_OK);
    assert_true(trial_holds(trial, "a.yaml", TRIAL_POD(TRIAL_NEW)));
    trial_write(trial, "b.yaml", "a: [\n");
    assert_int_equal(run_with(trial, &options), IMGRW_ERR_SYNTAX);
    assert_false(trial->summary.written);

    options.size = sizeof(options.size);
    trial_write(trial, "b.yaml", TRIAL_POD("nginx"));
    assert_int_equal(run_with(trial, &options), IMGRW_OK);
    assert_true(trial_holds(trial, "b.yaml", TRIAL_POD("nginx")));
}

static void
longer_options_need_a_zero_tail(void **state)
{
    struct trial *trial = *state;
    struct newer_options options = {.known = {.size = sizeof(options)}};

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    assert_int_equal(run_with(trial, &options.known), IMGRW_OK);
    options.unknown = "set";
    assert_int_equal(run_with(trial, &options.known), IMGRW_ERR_ARGUMENT);
    assert_int_equal(trial->summary.files, 0);
}

static void
inner_options_have_sizes_too(void **state)
{
    static const struct imgrw_parse_options no_parse_size;
    static const struct imgrw_plan_options no_plan_size;
    static const struct imgrw_parse_options small = {
        .size = sizeof(small),
        .max_bytes = 10,
    };
    struct trial *trial = *state;
    struct imgrw_files_options options = {.size = sizeof(options)};

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    options.parse = &no_parse_size;
    assert_int_equal(run_with(trial, &options), IMGRW_ERR_ARGUMENT);
    options.parse = NULL;
    options.plan = &no_plan_size;
    assert_int_equal(run_with(trial, &options), IMGRW_ERR_ARGUMENT);
    options.plan = NULL;
    options.parse = &small;
    assert_int_equal(run_with(trial, &options), IMGRW_ERR_LIMIT);
}

/* Whatever the folder holds: a mistake of the caller is always told. */
static void
inner_options_are_checked_without_files(void **state)
{
    static const struct imgrw_plan_options no_plan_size;
    static const struct imgrw_plan_options no_such_proof = {
        .size = sizeof(no_such_proof),
        .proof = (enum imgrw_proof)99,
    };
    struct trial *trial = *state;
    struct imgrw_files_options options = {.size = sizeof(options)};

    options.plan = &no_plan_size;
    assert_int_equal(run_with(trial, &options), IMGRW_ERR_ARGUMENT);
    options.plan = &no_such_proof;
    assert_int_equal(run_with(trial, &options), IMGRW_ERR_ARGUMENT);
}

static void
modes_are_checked(void **state)
{
    struct trial *trial = *state;
    struct imgrw_files_options options = {.size = sizeof(options)};

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    options.mode = (enum imgrw_files_mode)7;
    assert_int_equal(run_with(trial, &options), IMGRW_ERR_ARGUMENT);
    options.mode = IMGRW_FILES_OUT_DIR;
    assert_int_equal(run_with(trial, &options), IMGRW_ERR_ARGUMENT);
    assert_true(trial_holds(trial, "a.yaml", TRIAL_POD("nginx")));
}

static void
nearly_all_may_be_null(void **state)
{
    struct trial *trial = *state;
    const char *path = trial->folder;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    assert_int_equal(imgrw_files_run(&path, 1, trial->rules, NULL, NULL, NULL,
                                     NULL, NULL),
                     IMGRW_OK);
    trial_write(trial, "a.yaml", "a: [\n");
    assert_int_equal(imgrw_files_run(&path, 1, trial->rules, NULL, NULL, NULL,
                                     NULL, NULL),
                     IMGRW_ERR_SYNTAX);
    assert_int_equal(imgrw_files_run(NULL, 0, trial->rules, NULL, NULL, NULL,
                                     &trial->summary, NULL),
                     IMGRW_OK);
    assert_int_equal(trial->summary.files, 0);
}

static void
without_rules_images_are_found(void **state)
{
    struct trial *trial = *state;
    struct imgrw_rules *rules = trial->rules;
    struct stat before;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    before = trial_stat(trial, "a.yaml");
    trial->rules = NULL;
    trial->options.mode = IMGRW_FILES_IN_PLACE;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    trial->rules = rules;
    assert_int_equal(trial->call_count, 1);
    assert_true(trial->calls[0].has_manifest);
    assert_false(trial->calls[0].has_plan);
    assert_int_equal(trial->calls[0].status, IMGRW_FILE_UNCHANGED);
    assert_int_equal(trial->summary.images, 1);
    assert_int_equal(trial->summary.edits, 0);
    assert_true(trial_is_untouched(trial, "a.yaml", &before));
}

/* Its error is only written when it fails, its summary in any case. */
static void
success_leaves_the_error_alone(void **state)
{
    struct trial *trial = *state;
    const char *path = trial->folder;
    struct imgrw_error error, before;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    memset(&error, 0x5A, sizeof(error));
    before = error;
    assert_int_equal(imgrw_files_run(&path, 1, trial->rules, NULL, NULL, NULL,
                                     NULL, &error),
                     IMGRW_OK);
    assert_memory_equal(&error, &before, sizeof(error));
}

static void
rules_that_do_not_rest_are_refused(void **state)
{
    struct trial *trial = *state;

    assert_int_equal(imgrw_rules_add_prefix(trial->rules, "r.example.com",
                                            "other.example.com", NULL),
                     IMGRW_OK);
    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    trial->options.mode = IMGRW_FILES_IN_PLACE;
    assert_int_equal(trial_run(trial), IMGRW_ERR_RULE);
    assert_int_equal(trial->call_count, 0);
    assert_int_equal(trial->summary.files, 0);
    assert_true(trial_holds(trial, "a.yaml", TRIAL_POD("nginx")));
}

static void
collisions_are_errors(void **state)
{
    struct trial *trial = *state;

    assert_int_equal(imgrw_rules_add_prefix(trial->rules, "quay.io",
                                            "r.example.com/hub", NULL),
                     IMGRW_OK);
    trial_write(trial, "a.yaml", TRIAL_POD("acme/x:1"));
    trial_write(trial, "b.yaml", TRIAL_POD("quay.io/acme/x:1"));
    assert_int_equal(trial_run(trial), IMGRW_ERR_RULE);
    assert_int_equal(trial->summary.errors, 1);
    assert_int_equal(trial->calls[1].status, IMGRW_FILE_ERROR);
    assert_int_equal(trial->calls[1].failure, IMGRW_ERR_RULE);
    trial->options.allow_collisions = 1;
    assert_int_equal(trial_run(trial), IMGRW_OK);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, trial_set_up, trial_tear_down)

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(no_size_is_an_error),
        TEST(shorter_options_are_of_an_older_caller),
        TEST(longer_options_need_a_zero_tail),
        TEST(inner_options_have_sizes_too),
        TEST(inner_options_are_checked_without_files),
        TEST(modes_are_checked),
        TEST(nearly_all_may_be_null),
        TEST(without_rules_images_are_found),
        TEST(success_leaves_the_error_alone),
        TEST(rules_that_do_not_rest_are_refused),
        TEST(collisions_are_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
