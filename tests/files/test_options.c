/*
 * Runs: the size rules of their options, what may be NULL, what is refused
 * before any file is looked at, and which fields were of use.
 */
#include "trial.h"

#include <stddef.h>
#include <string.h>

/* Options of a newer library, as an older one sees them. */
struct newer_options {
    struct imgrw_run_options known;
    const char *unknown;
};

/* Runs over the folder of the trial, up to writing where the mode says so. */
static enum imgrw_status
run_with(struct trial *trial, const struct imgrw_run_options *options)
{
    struct imgrw_run *run = NULL;
    enum imgrw_status status;

    memset(&trial->error, 0, sizeof(trial->error));
    memset(&trial->summary, 0, sizeof(trial->summary));
    status = imgrw_run_new(trial->rules, options, &run, &trial->error);
    if (status != IMGRW_OK)
        return status;
    status = imgrw_run_add(run, trial->folder, &trial->error);
    if (status == IMGRW_OK)
        status = imgrw_run_plan(run, &trial->error);
    if (status == IMGRW_OK && options && options->mode != IMGRW_RUN_PLAN &&
        options->size > sizeof(options->size))
        status = imgrw_run_write(run, &trial->error);
    trial->summary = *imgrw_run_summary(run);
    trial->error.at.path = NULL; /* it was the run's */
    imgrw_run_free(run);
    return status;
}

static void
no_size_is_an_error(void **state)
{
    static const struct imgrw_run_options unset;
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
    struct imgrw_run_options options = {
        .size = offsetof(struct imgrw_run_options, out_dir),
        .mode = IMGRW_RUN_IN_PLACE,
        .out_dir = "/nowhere",
        .keep_going = 1,
        .skip_unparsable = 1,
    };

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    assert_int_equal(run_with(trial, &options), IMGRW_OK);
    assert_true(trial_holds(trial, "a.yaml", TRIAL_POD(TRIAL_NEW)));
    trial_write(trial, "b.yaml", "a: [\n");
    assert_int_equal(run_with(trial, &options), IMGRW_ERR_SYNTAX);
    assert_int_equal(trial->summary.written, 0);

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
    struct imgrw_run_options options = {.size = sizeof(options)};

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
    struct imgrw_run_options options = {.size = sizeof(options)};

    options.plan = &no_plan_size;
    assert_int_equal(run_with(trial, &options), IMGRW_ERR_ARGUMENT);
    options.plan = &no_such_proof;
    assert_int_equal(run_with(trial, &options), IMGRW_ERR_ARGUMENT);
}

static void
modes_are_checked(void **state)
{
    struct trial *trial = *state;
    struct imgrw_run_options options = {.size = sizeof(options)};

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    options.mode = (enum imgrw_run_mode)7;
    assert_int_equal(run_with(trial, &options), IMGRW_ERR_ARGUMENT);
    options.mode = IMGRW_RUN_OUT_DIR;
    assert_int_equal(run_with(trial, &options), IMGRW_ERR_ARGUMENT);
    assert_true(trial_holds(trial, "a.yaml", TRIAL_POD("nginx")));
}

static void
nearly_all_may_be_null(void **state)
{
    struct trial *trial = *state;
    struct imgrw_run *run;

    trial_write(trial, "a.yaml", "a: [\n");
    assert_int_equal(run_with(trial, NULL), IMGRW_ERR_SYNTAX);
    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    assert_int_equal(run_with(trial, NULL), IMGRW_OK);
    assert_int_equal(imgrw_run_new(NULL, NULL, &run, NULL), IMGRW_OK);
    assert_int_equal(imgrw_run_plan(run, NULL), IMGRW_OK);
    assert_int_equal(imgrw_run_summary(run)->files, 0);
    assert_null(imgrw_run_file(run, 0));
    imgrw_run_free(run);
    imgrw_run_free(NULL);
}

static void
what_may_not_be_null_is_refused(void **state)
{
    struct trial *trial = *state;
    struct imgrw_run *run;

    assert_int_equal(imgrw_run_new(NULL, NULL, NULL, &trial->error),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_run_add(NULL, "a", NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_run_plan(NULL, NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_run_write(NULL, NULL), IMGRW_ERR_ARGUMENT);
    assert_null(imgrw_run_file(NULL, 0));
    assert_null(imgrw_run_summary(NULL));
    assert_int_equal(imgrw_run_new(NULL, NULL, &run, NULL), IMGRW_OK);
    assert_int_equal(imgrw_run_add(run, NULL, &trial->error),
                     IMGRW_ERR_ARGUMENT);
    assert_non_null(strstr(trial->error.message, "NULL"));
    imgrw_run_free(run);
}

/* Adding, planning and writing come in this order, once each. */
static void
phases_come_in_order(void **state)
{
    struct imgrw_run_options options = {
        .size = sizeof(options),
        .mode = IMGRW_RUN_IN_PLACE,
    };
    struct trial *trial = *state;
    struct imgrw_run *run;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    assert_int_equal(imgrw_run_new(trial->rules, &options, &run, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_run_add(run, "-", NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_run_write(run, NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_run_add(run, trial->folder, NULL), IMGRW_OK);
    assert_int_equal(imgrw_run_plan(run, NULL), IMGRW_OK);
    assert_int_equal(imgrw_run_plan(run, NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_run_add(run, "b", NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_run_write(run, NULL), IMGRW_OK);
    assert_int_equal(imgrw_run_write(run, NULL), IMGRW_ERR_ARGUMENT);
    imgrw_run_free(run);

    options.mode = IMGRW_RUN_PLAN;
    assert_int_equal(imgrw_run_new(trial->rules, &options, &run, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_run_plan(run, NULL), IMGRW_OK);
    assert_int_equal(imgrw_run_write(run, NULL), IMGRW_ERR_ARGUMENT);
    imgrw_run_free(run);
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
    trial->options.mode = IMGRW_RUN_IN_PLACE;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    trial->rules = rules;
    assert_int_equal(trial->file_count, 1);
    assert_true(trial->files[0].has_manifest);
    assert_false(trial->files[0].has_plan);
    assert_int_equal(trial->files[0].status, IMGRW_FILE_UNCHANGED);
    assert_int_equal(trial->summary.images, 1);
    assert_int_equal(trial->summary.edits, 0);
    assert_true(trial_is_untouched(trial, "a.yaml", &before));
}

static void
success_leaves_the_error_alone(void **state)
{
    const struct imgrw_run_options options = {
        .size = sizeof(options),
        .mode = IMGRW_RUN_IN_PLACE,
    };
    struct trial *trial = *state;
    struct imgrw_error error, before;
    struct imgrw_run *run;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    memset(&error, 0x5A, sizeof(error));
    before = error;
    assert_int_equal(imgrw_run_new(trial->rules, &options, &run, &error),
                     IMGRW_OK);
    assert_int_equal(imgrw_run_add(run, trial->folder, &error), IMGRW_OK);
    assert_int_equal(imgrw_run_plan(run, &error), IMGRW_OK);
    assert_int_equal(imgrw_run_write(run, &error), IMGRW_OK);
    assert_memory_equal(&error, &before, sizeof(error));
    imgrw_run_free(run);
}

static void
rules_that_do_not_rest_are_refused(void **state)
{
    struct trial *trial = *state;

    assert_int_equal(imgrw_rules_add_prefix(trial->rules, "r.example.com",
                                            "other.example.com", NULL),
                     IMGRW_OK);
    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    trial->options.mode = IMGRW_RUN_IN_PLACE;
    assert_int_equal(trial_run(trial), IMGRW_ERR_RULE);
    assert_int_equal(trial->file_count, 0);
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
    assert_int_equal(trial->files[1].status, IMGRW_FILE_ERROR);
    assert_int_equal(trial->files[1].failure, IMGRW_ERR_RULE);
    trial->options.allow_collisions = 1;
    assert_int_equal(trial_run(trial), IMGRW_OK);
}

/* A field counts where a file has a node, of whatever content. */
static void
fields_count_their_files(void **state)
{
    static const struct imgrw_fieldspec fields[] = {
        {.kind = "Widget", .path = "spec/image"},
        {.path = "spec/app/image"},
        {.path = "spec/*/image"},
        {.path = "spec/web/image"},
        {.kind = "Widget", .path = "spec/image"}, /* once more */
        {.path = "spec/imgae"},
    };
    static const size_t files[] = {2, 2, 3, 1, 2, 0};
    const struct imgrw_parse_options parse = {
        .size = sizeof(parse),
        .fields = fields,
        .field_count = SUPPORT_COUNT(fields),
    };
    struct trial *trial = *state;
    size_t count = 1;

    trial->options.parse = &parse;
    trial_write(trial, "a.yaml", "kind: Widget\nspec: {image: nginx}\n");
    trial_write(trial, "b.yaml", "kind: Widget\nspec: {image: }\n---\n"
                                 "kind: A\nspec: {app: {image: [nginx]}}\n");
    trial_write(trial, "c.yaml", "spec: {web: {image: {tag: 1}}}\n");
    trial_write(trial, "d.yaml", "spec: {app: {image: }}\n");
    assert_null(imgrw_run_field(NULL, 0, &count));
    assert_int_equal(trial_plan(trial), IMGRW_OK);
    for (size_t i = 0; i < SUPPORT_COUNT(files); i++) {
        assert_string_equal(imgrw_run_field(trial->run, i, &count)->path,
                            fields[i].path);
        assert_int_equal(count, files[i]);
    }
    assert_non_null(imgrw_run_field(trial->run, 0, NULL));
    assert_null(imgrw_run_field(trial->run, SUPPORT_COUNT(files), NULL));
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
        TEST(what_may_not_be_null_is_refused),
        TEST(phases_come_in_order),
        TEST(success_leaves_the_error_alone),
        TEST(rules_that_do_not_rest_are_refused),
        TEST(collisions_are_errors),
        TEST(fields_count_their_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
