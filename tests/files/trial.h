/*
 * A folder with files, runs over it, and what has become of the files.
 */
#pragma once

#include "support.h"

#include <imgrewrite/files.h>

#include <pthread.h>
#include <sys/stat.h>

#define TRIAL_FILES 16 /* that are remembered */

/* The text of a Pod with one image. */
#define TRIAL_POD(image) \
    "kind: Pod\nspec:\n  containers:\n  - image: " image "\n"

/* What the rule of every trial makes of nginx. */
#define TRIAL_NEW "r.example.com/hub/library/nginx"

/* What a file of the last run has become. */
struct trial_file {
    char name[64]; /* below the folder */
    enum imgrw_file_status status;
    enum imgrw_status failure; /* IMGRW_OK: there was none */
    bool has_text, has_manifest, has_plan;
    size_t edits; /* of the plan */
    bool is_new;  /* the file on disk holds TRIAL_NEW */
};

/* A cmocka state: trial_set_up makes it, trial_tear_down removes it. */
struct trial {
    char *folder, *out; /* `out` is below the folder, and hidden */
    struct imgrw_rules *rules;
    struct imgrw_run_options options;
    struct imgrw_run *run; /* the last one */
    struct imgrw_run_summary summary;
    struct imgrw_error error;
    struct trial_file files[TRIAL_FILES];
    size_t file_count;
    size_t progress_count, stop_at; /* the call that stops the run; 0: none */
    pthread_t thread;
    bool from_other_thread; /* some call came from another thread */
};

int trial_set_up(void **state);
int trial_tear_down(void **state);

void trial_write(const struct trial *trial, const char *name, const char *text);

/* Whether the file holds exactly this text. */
bool trial_holds(const struct trial *trial, const char *name, const char *text);

/* What the file is now; whether it still is what it was then. */
struct stat trial_stat(const struct trial *trial, const char *name);
bool trial_is_untouched(const struct trial *trial, const char *name,
                        const struct stat *before);

/* Plans a run over the whole folder, with the options and rules of the trial,
 * and notes its files, summary and error; trial_run also writes, where the mode
 * says so. */
enum imgrw_status trial_plan(struct trial *trial);
enum imgrw_status trial_run(struct trial *trial);

/* Notes files and summary once more. */
void trial_note(struct trial *trial);

/* Checks the files of the last run against a list of names and statuses. */
struct trial_expected {
    const char *name;
    enum imgrw_file_status status;
};

void trial_check_files(const struct trial *trial,
                       const struct trial_expected *expected, size_t count);
