/*
 * imgrw_files_write: where files may go, what they become, and that a write
 * which fails or is stopped leaves nothing behind.
 */
#include "trial.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT(name, data) \
    { \
        .size = sizeof(struct imgrw_output), .path = (name), \
        .text = {(data), sizeof(data) - 1}, .mode = 0644 \
    }

static enum imgrw_status
write_one(struct trial *trial, const struct imgrw_output *output)
{
    return imgrw_files_write(trial->out, &output, 1, NULL, &trial->error);
}

static bool
exists(const struct trial *trial, const char *name)
{
    char *path = support_path(trial->folder, name);
    bool found = access(path, F_OK) == 0;

    free(path);
    return found;
}

static void
files_get_text_and_mode(void **state)
{
    struct imgrw_output first = OUTPUT("a/b/c.yaml", "one\n");
    struct imgrw_output second = OUTPUT("d", "two\n");
    const struct imgrw_output *const both[] = {&first, &second};
    struct trial *trial = *state;

    first.mode = 0;
    second.mode = 0600;
    assert_int_equal(imgrw_files_write(trial->out, both, 2, NULL, NULL),
                     IMGRW_OK);
    assert_true(trial_holds(trial, ".out/a/b/c.yaml", "one\n"));
    assert_int_equal(trial_stat(trial, ".out/a/b/c.yaml").st_mode & 07777,
                     0644);
    assert_int_equal(trial_stat(trial, ".out/d").st_mode & 07777, 0600);
    assert_int_equal(imgrw_files_write(trial->out, NULL, 0, NULL, NULL),
                     IMGRW_OK);
}

/* One that is there gives no permission away, and may be kept. */
static void
files_that_are_there(void **state)
{
    struct imgrw_output output = OUTPUT("d", "one\n");
    struct trial *trial = *state;

    output.mode = 0600;
    assert_int_equal(write_one(trial, &output), IMGRW_OK);
    output.mode = 0644;
    output.text = support_str("two\n");
    assert_int_equal(write_one(trial, &output), IMGRW_OK);
    assert_true(trial_holds(trial, ".out/d", "two\n"));
    assert_int_equal(trial_stat(trial, ".out/d").st_mode & 07777, 0600);
    output.keep = 1;
    output.text = support_str("three\n");
    assert_int_equal(write_one(trial, &output), IMGRW_OK);
    assert_true(trial_holds(trial, ".out/d", "two\n"));
}

/* No name leads out of the folder. */
static void
names_stay_below(void **state)
{
    static const struct {
        const char *name;
        enum imgrw_status status;
    } rows[] = {
        {"", IMGRW_ERR_ARGUMENT},
        {"/tmp/x", IMGRW_ERR_ARGUMENT},
        {"..", IMGRW_ERR_ARGUMENT},
        {"../x", IMGRW_ERR_ARGUMENT},
        {"a/../../x", IMGRW_ERR_ARGUMENT},
        {"a/..", IMGRW_ERR_ARGUMENT},
        {"a/../x", IMGRW_ERR_ARGUMENT},
        {"..x", IMGRW_OK},
        {"x../y..z", IMGRW_OK},
        {"./x", IMGRW_OK},
    };
    struct support_tally tally = {0};
    struct trial *trial = *state;

    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_output output = OUTPUT("", "x");
        enum imgrw_status status;

        output.path = rows[i].name;
        support_row(&tally, "\"%s\"", rows[i].name);
        status = write_one(trial, &output);
        support_check(&tally, status == rows[i].status, "status %d", status);
        if (status != IMGRW_OK)
            support_check(&tally, trial->error.at.path == rows[i].name,
                          "the error is elsewhere");
    }
    support_finish(&tally);
}

/* The later of two would replace the other, and nobody would know. */
static void
one_path_is_for_one_output(void **state)
{
    struct imgrw_output first = OUTPUT("a/b", "one\n");
    struct imgrw_output second = OUTPUT("a/b", "two\n");
    const struct imgrw_output *const both[] = {&first, &second};
    struct trial *trial = *state;

    assert_int_equal(
        imgrw_files_write(trial->out, both, 2, NULL, &trial->error),
        IMGRW_ERR_ARGUMENT);
    assert_string_equal(trial->error.at.path, "a/b");
    assert_int_not_equal(access(trial->out, F_OK), 0);
}

static void
arguments_are_checked(void **state)
{
    static const struct imgrw_write_options no_size;
    struct imgrw_output output = OUTPUT("a", "x"), unset = {0};
    const struct imgrw_output *outputs[] = {&output}, *none[] = {NULL};
    struct trial *trial = *state;

    assert_int_equal(imgrw_files_write(NULL, outputs, 1, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_files_write("", outputs, 1, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_files_write(trial->out, NULL, 1, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_files_write(trial->out, none, 1, NULL, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_files_write(trial->out, outputs, 1, &no_size, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(write_one(trial, &unset), IMGRW_ERR_ARGUMENT);
    assert_non_null(strstr(trial->error.message, "size"));
    output.text.data = NULL;
    assert_int_equal(write_one(trial, &output), IMGRW_ERR_ARGUMENT);
    output.path = NULL;
    assert_int_equal(write_one(trial, &output), IMGRW_ERR_ARGUMENT);
    assert_false(exists(trial, ".out"));
}

/* A file that cannot be made takes the others, and all new folders, with it. */
static void
failing_leaves_nothing_behind(void **state)
{
    struct imgrw_output first = OUTPUT("a/b/c", "one\n");
    struct imgrw_output second = OUTPUT("a/b/c/d", "two\n");
    struct imgrw_output third = OUTPUT("file/x", "three\n");
    const struct imgrw_output *const both[] = {&first, &third};
    struct trial *trial = *state;

    assert_int_equal(mkdir(trial->out, 0755), 0);
    trial_write(trial, ".out/file", "a file\n");
    assert_int_equal(imgrw_files_write(trial->out, both, 2, NULL,
                                       &trial->error),
                     IMGRW_ERR_IO);
    assert_string_equal(trial->error.at.path, "file/x");
    assert_false(exists(trial, ".out/a"));
    assert_true(trial_holds(trial, ".out/file", "a file\n"));
    assert_int_equal(write_one(trial, &second), IMGRW_OK);
    assert_int_equal(write_one(trial, &first), IMGRW_ERR_IO); /* a folder */
    assert_true(trial_holds(trial, ".out/a/b/c/d", "two\n"));
}

static int
stop_at(const struct imgrw_progress *progress, void *user)
{
    size_t *left = user;

    assert_int_equal(progress->phase, IMGRW_PHASE_WRITE);
    assert_int_equal(progress->total, 2);
    return (*left)-- == 0;
}

static void
stopping_leaves_nothing_behind(void **state)
{
    struct imgrw_output first = OUTPUT("a/b", "one\n");
    struct imgrw_output second = OUTPUT("c/d", "two\n");
    const struct imgrw_output *const both[] = {&first, &second};
    struct trial *trial = *state;

    for (size_t calls = 0; calls <= 3; calls++) {
        size_t left = calls;
        const struct imgrw_write_options options = {
            .size = sizeof(options),
            .progress = stop_at,
            .user = &left,
        };
        enum imgrw_status status = imgrw_files_write(
            trial->out, both, 2, &options, &trial->error);

        assert_int_equal(status, calls < 3 ? IMGRW_ERR_STOPPED : IMGRW_OK);
        assert_int_equal(exists(trial, ".out"), calls == 3);
    }
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, trial_set_up, trial_tear_down)

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(files_get_text_and_mode),
        TEST(files_that_are_there),
        TEST(names_stay_below),
        TEST(one_path_is_for_one_output),
        TEST(arguments_are_checked),
        TEST(failing_leaves_nothing_behind),
        TEST(stopping_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
