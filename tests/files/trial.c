#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
trial_set_up(void **state)
{
    struct trial *trial = calloc(1, sizeof(*trial));

    assert_non_null(trial);
    trial->folder = support_temp_new();
    trial->out = support_path(trial->folder, ".out");
    trial->options.size = sizeof(trial->options);
    trial->thread = pthread_self();
    assert_int_equal(imgrw_rules_new(&trial->rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_rules_add_prefix(trial->rules, "docker.io",
                                            "r.example.com/hub", NULL),
                     IMGRW_OK);
    *state = trial;
    return 0;
}

int
trial_tear_down(void **state)
{
    struct trial *trial = *state;

    imgrw_run_free(trial->run);
    imgrw_rules_free(trial->rules);
    free(trial->out);
    support_temp_remove(trial->folder);
    free(trial);
    return 0;
}

void
trial_write(const struct trial *trial, const char *name, const char *text)
{
    char *path = support_path(trial->folder, name);

    support_write_file(path, support_str(text));
    free(path);
}

bool
trial_holds(const struct trial *trial, const char *name, const char *text)
{
    char *path = support_path(trial->folder, name);
    imgrw_str data = support_read_file(path);
    bool holds = support_equal(data, support_str(text));

    free((char *)data.data);
    free(path);
    return holds;
}

struct stat
trial_stat(const struct trial *trial, const char *name)
{
    char *path = support_path(trial->folder, name);
    struct stat info;

    assert_int_equal(stat(path, &info), 0);
    free(path);
    return info;
}

bool
trial_is_untouched(const struct trial *trial, const char *name,
                   const struct stat *before)
{
    struct stat now = trial_stat(trial, name);

    return now.st_ino == before->st_ino && now.st_size == before->st_size &&
           now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

static bool
is_new(const char *path)
{
    imgrw_str data;
    bool found;

    if (access(path, R_OK) != 0)
        return false;
    data = support_read_file(path);
    found = strstr(data.data, TRIAL_NEW) != NULL;
    free((char *)data.data);
    return found;
}

/* The progress function of every run; an imgrw_progress_fn. */
static int
note_progress(const struct imgrw_progress *progress, void *user)
{
    struct trial *trial = user;

    assert_true(progress->done <= progress->total);
    assert_int_equal(progress->path == NULL, progress->done == progress->total);
    if (!pthread_equal(pthread_self(), trial->thread))
        trial->from_other_thread = true;
    return ++trial->progress_count == trial->stop_at;
}

/* Remembers what a file of the run has become. */
static void
note_file(struct trial *trial, const struct imgrw_file *file)
{
    struct trial_file *noted = &trial->files[trial->file_count];

    assert_true(trial->file_count < TRIAL_FILES);
    *noted = (struct trial_file){
        .status = file->status,
        .failure = file->failure ? file->failure->status : IMGRW_OK,
        .has_text = file->text.data != NULL,
        .has_manifest = file->manifest != NULL,
        .has_plan = file->plan != NULL,
        .edits = file->plan ? imgrw_plan_count(file->plan) : 0,
        .is_new = is_new(file->path),
    };
    snprintf(noted->name, sizeof(noted->name), "%s",
             file->path + strlen(trial->folder) + 1);
    trial->file_count++;
}

void
trial_note(struct trial *trial)
{
    const struct imgrw_file *file;

    trial->file_count = 0;
    for (size_t i = 0; (file = imgrw_run_file(trial->run, i)); i++)
        note_file(trial, file);
    trial->summary = *imgrw_run_summary(trial->run);
}

enum imgrw_status
trial_plan(struct trial *trial)
{
    enum imgrw_status status;

    imgrw_run_free(trial->run);
    trial->run = NULL;
    trial->file_count = trial->progress_count = 0;
    memset(&trial->error, 0, sizeof(trial->error));
    memset(&trial->summary, 0, sizeof(trial->summary));
    trial->options.progress = note_progress;
    trial->options.user = trial;
    status = imgrw_run_new(trial->rules, &trial->options, &trial->run,
                           &trial->error);
    if (status == IMGRW_OK)
        status = imgrw_run_add(trial->run, trial->folder, &trial->error);
    if (status == IMGRW_OK)
        status = imgrw_run_plan(trial->run, &trial->error);
    if (trial->run)
        trial_note(trial);
    return status;
}

enum imgrw_status
trial_run(struct trial *trial)
{
    enum imgrw_status status = trial_plan(trial);

    if (status != IMGRW_OK || trial->options.mode == IMGRW_RUN_PLAN)
        return status;
    status = imgrw_run_write(trial->run, &trial->error);
    trial_note(trial);
    return status;
}

void
trial_check_files(const struct trial *trial,
                  const struct trial_expected *expected, size_t count)
{
    assert_int_equal(trial->file_count, count);
    assert_false(trial->from_other_thread);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(trial->files[i].name, expected[i].name);
        assert_int_equal(trial->files[i].status, expected[i].status);
    }
}
