/*
 * Reports: a plan as a unified diff; a run as JSON.
 */
#pragma once

#include <imgrewrite/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the plan as a unified diff with three lines of context, as `patch -p1`
 * and `git apply` take it; nothing where there is no edit. `path` names both
 * sides; a leading "/" is left out. IMGRW_ERR_STOPPED, IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_diff_write(const struct imgrw_plan *plan, const char *path,
                 imgrw_write_fn *write, void *user, struct imgrw_error *error);

/* A JSON report of many files, written as it grows. */
struct imgrw_report;

enum imgrw_file_status {
    IMGRW_FILE_UNCHANGED = 0, /* no edit */
    IMGRW_FILE_REWRITTEN,     /* edited */
    IMGRW_FILE_PLANNED,       /* it would be, but the run failed elsewhere */
    IMGRW_FILE_SKIPPED,       /* not YAML, and to be passed over */
    IMGRW_FILE_ERROR,
};

/* Opens a report. `rules` is borrowed and may be NULL: then the report is a
 * bare array of images, as `imgrewrite list -o json` prints. Release it with
 * imgrw_report_free. IMGRW_ERR_MEMORY, IMGRW_ERR_STOPPED. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_report_new(const struct imgrw_rules *rules, imgrw_write_fn *write,
                 void *user, struct imgrw_report **report,
                 struct imgrw_error *error);

/* Adds a file. `plan` is NULL where there is none, and `failure` NULL where
 * nothing failed. IMGRW_ERR_STOPPED. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_report_add(struct imgrw_report *report, const char *path,
                 enum imgrw_file_status status, const struct imgrw_plan *plan,
                 const struct imgrw_error *failure, struct imgrw_error *error);

/* Adds the images of a manifest, for a report without rules. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_report_add_images(struct imgrw_report *report,
                        const struct imgrw_manifest *manifest,
                        struct imgrw_error *error);

/* Writes the rules with their counts, the summary and the end. Nothing can be
 * added after it. IMGRW_ERR_STOPPED. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_report_finish(struct imgrw_report *report, struct imgrw_error *error);

IMGRW_EXPORT void imgrw_report_free(struct imgrw_report *report);

/* Writes `text` as a JSON string, in its quotes; bytes that are not UTF-8
 * become U+FFFD. IMGRW_ERR_STOPPED, IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_json_write_string(imgrw_str text, imgrw_write_fn *write, void *user,
                        struct imgrw_error *error);

#ifdef __cplusplus
}
#endif
