/*
 * Reports: a plan as a unified diff; a run, or a list of images, as JSON.
 */
#pragma once

#include <imgrewrite/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the plan as a unified diff with three lines of context, as `patch -p1`
 * and `git apply` take it; nothing where there is no edit. `path` names both
 * sides; a leading "/" is left out. IMGRW_ERR_STOPPED, IMGRW_ERR_MEMORY;
 * IMGRW_ERR_ARGUMENT: `plan`, `path` or `write` is NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_diff_write(const struct imgrw_plan *plan, const char *path,
                 imgrw_write_fn *write, void *user, struct imgrw_error *error);

/* A JSON report of many files, written as it grows. */
struct imgrw_report;

enum imgrw_file_status {
    IMGRW_FILE_UNCHANGED = 0, /* no edit */
    IMGRW_FILE_REWRITTEN,     /* edited */
    IMGRW_FILE_PLANNED,       /* it would be edited; the run failed elsewhere */
    IMGRW_FILE_SKIPPED,       /* not YAML, and to be passed over */
    IMGRW_FILE_ERROR,
};

/* Opens a report. `rules`, which may be NULL, are borrowed and complete; every
 * plan that is added must have been made with them. `write` is called with
 * `user` for every file; where it stops, the report has ended. Release the
 * report with imgrw_report_free. IMGRW_ERR_MEMORY, IMGRW_ERR_STOPPED;
 * IMGRW_ERR_ARGUMENT: `write` or `report` is NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_report_new(const struct imgrw_rules *rules, imgrw_write_fn *write,
                 void *user, struct imgrw_report **report,
                 struct imgrw_error *error);

/* Adds a file. `plan` is NULL where there is none, and `failure` NULL where
 * nothing failed. IMGRW_ERR_STOPPED, IMGRW_ERR_MEMORY; IMGRW_ERR_ARGUMENT:
 * `path` is NULL, there is no such status, the plan was made with other rules
 * than those of the report, or the report has ended. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_report_add(struct imgrw_report *report, const char *path,
                 enum imgrw_file_status status, const struct imgrw_plan *plan,
                 const struct imgrw_error *failure, struct imgrw_error *error);

/* Writes the rules with their counts, the summary and the end.
 * IMGRW_ERR_STOPPED, IMGRW_ERR_MEMORY; IMGRW_ERR_ARGUMENT: NULL, or the report
 * has ended. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_report_finish(struct imgrw_report *report, struct imgrw_error *error);

/* Releases the report; NULL is allowed. */
IMGRW_EXPORT void imgrw_report_free(struct imgrw_report *report);

/* The images of many manifests as one JSON array, written as it grows: what
 * `imgrewrite list -o json` prints. */
struct imgrw_list_report;

/* Opens a list. `write` is called with `user` for every manifest; where it
 * stops, the list has ended. Release it with imgrw_list_report_free.
 * IMGRW_ERR_MEMORY, IMGRW_ERR_STOPPED; IMGRW_ERR_ARGUMENT: `write` or `report`
 * is NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_list_report_new(imgrw_write_fn *write, void *user,
                      struct imgrw_list_report **report,
                      struct imgrw_error *error);

/* Adds the images of a manifest. IMGRW_ERR_STOPPED, IMGRW_ERR_MEMORY;
 * IMGRW_ERR_ARGUMENT: NULL, or the list has ended. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_list_report_add(struct imgrw_list_report *report,
                      const struct imgrw_manifest *manifest,
                      struct imgrw_error *error);

/* The same for its possible images (imgrw_manifest_possible). */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_list_report_add_possible(struct imgrw_list_report *report,
                               const struct imgrw_manifest *manifest,
                               struct imgrw_error *error);

/* Writes the end. IMGRW_ERR_STOPPED, IMGRW_ERR_MEMORY; IMGRW_ERR_ARGUMENT:
 * NULL, or the list has ended. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_list_report_finish(struct imgrw_list_report *report,
                         struct imgrw_error *error);

/* Releases the list; NULL is allowed. */
IMGRW_EXPORT void imgrw_list_report_free(struct imgrw_list_report *report);

/* Writes `text` as a JSON string, in its quotes; bytes that are not UTF-8
 * become U+FFFD. IMGRW_ERR_STOPPED, IMGRW_ERR_MEMORY; IMGRW_ERR_ARGUMENT:
 * `write` is NULL, or the text is and has a size. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_json_write_string(imgrw_str text, imgrw_write_fn *write, void *user,
                        struct imgrw_error *error);

#ifdef __cplusplus
}
#endif
