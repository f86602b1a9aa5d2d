/*
 * Reports: a plan as a unified diff; a run, or a list of images, as JSON; what
 * to copy where before the new manifests can be used.
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

/* What to copy where, so that the images are there when rewritten manifests ask
 * for them: each image once, under its full name. */
struct imgrw_copy_list;

/* What a list of copies makes of an image. */
enum imgrw_copy_result {
    IMGRW_COPY_LISTED = 0, /* it is in the list, or the same copy already was */
    IMGRW_COPY_UNMOVED,    /* not to be copied: it stays what it is, or is not
                              pulled but names another */
    IMGRW_COPY_IN_PLACE,   /* nor this: rules change only its tag or digest, and
                              not where it is */
    IMGRW_COPY_FILLED_IN,  /* it moves, but which tag or digest of it, is filled
                              in later */
    IMGRW_COPY_BASE,       /* a registry or path that moves: which images lie
                              below is not known */
};

/* How a list of copies is written: a copy a line, but for the last. */
enum imgrw_copy_format {
    IMGRW_COPY_MAPPING = 0, /* SOURCE=TARGET, for `oc image mirror -f`. That
                               takes no digest in a target: an image that has no
                               tag gets the hexadecimal digits as one */
    IMGRW_COPY_SKOPEO,      /* skopeo copy --all docker://... docker://... */
    IMGRW_COPY_CRANE,       /* crane copy SOURCE TARGET */
    IMGRW_COPY_REGSYNC,     /* a configuration of regsync, in YAML */
};

/* An empty list. Release it with imgrw_copy_list_free. IMGRW_ERR_MEMORY;
 * IMGRW_ERR_ARGUMENT: NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_copy_list_new(struct imgrw_copy_list **list, struct imgrw_error *error);

/* Adds the plan's image number `image`, if it moves; `*result` says what came
 * of it. The list keeps nothing of the plan.
 *
 * The source is the image as it was, with `latest` where it has neither tag nor
 * digest. Of an image with a digest that digest is copied, which also is the
 * source where the rules add or change one; where an override changes the tag,
 * the source is the old name with the new tag.
 *
 * IMGRW_ERR_RULE, with the place of the image: something else is to be copied
 * to the same place, which no digest vouches for. IMGRW_ERR_MEMORY;
 * IMGRW_ERR_ARGUMENT: there is no such image, or NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_copy_list_add(struct imgrw_copy_list *list, const struct imgrw_plan *plan,
                    size_t image, enum imgrw_copy_result *result,
                    struct imgrw_error *error);

/* Adds what the rules make of a reference, as if a manifest had it; where that
 * depends on what is filled in later, it is IMGRW_COPY_FILLED_IN. `at`, which
 * may be NULL, is where the reference is, for messages. The list keeps nothing
 * of the rules, which have to be complete (imgrw_rules_check).
 *
 * IMGRW_ERR_REFERENCE, IMGRW_ERR_RULE: see imgrw_rules_apply, and
 * imgrw_copy_list_add. IMGRW_ERR_MEMORY; IMGRW_ERR_ARGUMENT: NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_copy_list_add_reference(struct imgrw_copy_list *list,
                              const struct imgrw_rules *rules,
                              imgrw_str reference,
                              const struct imgrw_location *at,
                              enum imgrw_copy_result *result,
                              struct imgrw_error *error);

/* How many copies there are; 0 for NULL. */
IMGRW_EXPORT size_t
imgrw_copy_list_count(const struct imgrw_copy_list *list);

/* A copy of a list. Everything is borrowed from the list, and fields may be
 * appended: read it through the pointer only. */
struct imgrw_copy {
    imgrw_str source; /* full, with a tag or a digest */
    imgrw_str target; /* what rewritten manifests pull: full, with a tag, a
                         digest, or both */
    imgrw_str digest; /* of the source; empty: the copy is of its tag */
    imgrw_str written; /* what the first manifest has that needs the copy */
    struct imgrw_location at; /* of that */
};

/* The copy number `index`, from 0 on in the order in which they were added;
 * NULL where there is none. Adding to the list may change the numbers, and
 * keeps the copies where they are. */
IMGRW_EXPORT const struct imgrw_copy *
imgrw_copy_list_item(struct imgrw_copy_list *list, size_t index);

/* Leaves a copy out of what is written, such as one that was made. It stays in
 * the list under its number, and nothing else can be copied to its place.
 * IMGRW_ERR_ARGUMENT: there is no such copy, or NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_copy_list_leave_out(struct imgrw_copy_list *list, size_t index,
                          struct imgrw_error *error);

/* Writes the list, in the byte order of sources and, for one source, targets.
 * No source has a tag beside a digest, which some tools do not take. A target
 * has its tag, and what is there by digest is there as well; the digest alone
 * stands for a tag that something else of the list is copied to. What a shell
 * would not leave alone is quoted.
 *
 * IMGRW_ERR_STOPPED, IMGRW_ERR_MEMORY; IMGRW_ERR_ARGUMENT: there is no such
 * format, or NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_copy_list_write(const struct imgrw_copy_list *list,
                      enum imgrw_copy_format format, imgrw_write_fn *write,
                      void *user, struct imgrw_error *error);

/* Releases the list; NULL is allowed. */
IMGRW_EXPORT void imgrw_copy_list_free(struct imgrw_copy_list *list);

/* Writes `text` as a JSON string, in its quotes; bytes that are not UTF-8
 * become U+FFFD. IMGRW_ERR_STOPPED, IMGRW_ERR_MEMORY; IMGRW_ERR_ARGUMENT:
 * `write` is NULL, or the text is and has a size. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_json_write_string(imgrw_str text, imgrw_write_fn *write, void *user,
                        struct imgrw_error *error);

#ifdef __cplusplus
}
#endif
