/*
 * Functions over lists of resources: what kustomize runs as a transformer or a
 * validator, and kpt in a pipeline (KRM functions). Such a program reads a
 * ResourceList, changes its items, and writes it again with `results`:
 *
 *     imgrw_function_new     reads the list and its rules, plans and proves
 *     imgrw_function_text    the list that is written
 *     imgrw_function_result  what changed in it, and what did not
 *     imgrw_function_free
 */
#pragma once

#include <imgrewrite/files.h>
#include <imgrewrite/rules_file.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A list that was read and planned. Nothing changes it afterwards. */
struct imgrw_function;

/* How to read and plan; zero means default. Borrowed during the call, but for
 * what `run` points to, until the function is freed. */
struct imgrw_function_options {
    size_t size; /* sizeof(struct imgrw_function_options) */
    /* NULL: defaults. The mode is to plan, and there is no `out_dir`;
     * `keep_going` and `skip_unparsable` do not count, for a list that is left
     * as it was must not look like one that was rewritten. */
    const struct imgrw_run_options *run;
    imgrw_warn_fn *warn; /* hears of rules that cannot be taken, that change
                            their own results, and why results cannot be
                            written; may be NULL */
    void *user;          /* for `warn` */
};

/* How much a result matters. The numbers never change. */
enum imgrw_severity {
    IMGRW_SEVERITY_INFO = 0, /* an image was changed */
    IMGRW_SEVERITY_WARNING,  /* one was not, or something deserves a look */
};

/* What became of an image, or a warning. Everything is borrowed from the
 * function, and absent strings are empty. Fields may be appended: read it
 * through the pointer only. */
struct imgrw_list_result {
    enum imgrw_severity severity;
    imgrw_str message;
    imgrw_str api_version, kind, name, namespace_; /* of the resource */
    imgrw_str field; /* in it: "spec.containers[0].image"; a key with a dot or a
                        bracket stands in brackets */
    imgrw_str current, proposed; /* the image, and what the rules make of it */
    imgrw_str path; /* of the file that the resource is from, as the
                       annotations of the item have it */
    size_t index;   /* of the document in that file; SIZE_MAX: not known */
    imgrw_str rule; /* which took part, with ", " between several */
    struct imgrw_location at; /* in the list */
    size_t image; /* by its number in the manifest, or SIZE_MAX */
};

/* Reads `text`, one document of kind ResourceList in YAML or JSON, adds the
 * rules of its functionConfig to `rules`, and plans what becomes of the images
 * in its items. The functionConfig is a rules file or a resource of any kind
 * that imgrw_rules_read takes; without one, or with null, `rules` alone count.
 *
 * The new text is the old one with edits, proved as those of any plan are, and
 * with a `results` that has an entry for each of imgrw_function_result. Where
 * the list has results already, these stay before them. Where they cannot be
 * added, `warn` hears why, and the text is without.
 *
 * `text` and `rules` are borrowed until the function is freed, and `rules` is
 * changed by this call only, also by one that fails. `options` may be NULL.
 * Release the function with imgrw_function_free. Locations have the path "-".
 *
 * IMGRW_ERR_INPUT: the text is not one ResourceList with items, or has a key
 * twice; IMGRW_ERR_RULE: the functionConfig is of no kind that is known, or
 * malformed, no rule could change an image, or what imgrw_rules_check refuses;
 * whatever imgrw_run_plan returns; IMGRW_ERR_ARGUMENT: `options` are not as
 * they have to be, or NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_function_new(struct imgrw_rules *rules, imgrw_str text,
                   const struct imgrw_function_options *options,
                   struct imgrw_function **function,
                   struct imgrw_error *error);

/* Releases the function, which may be NULL, and everything borrowed from it. */
IMGRW_EXPORT void imgrw_function_free(struct imgrw_function *function);

/* The list that is written; it is never empty, but for NULL. Borrowed from the
 * function, or the caller's own text where nothing was to be changed. */
IMGRW_EXPORT imgrw_str
imgrw_function_text(const struct imgrw_function *function);

/* How many results there are, and the one numbered `index` from 0, or NULL if
 * there is none: those of images in the order of the list, then warnings. */
IMGRW_EXPORT size_t
imgrw_function_result_count(const struct imgrw_function *function);
IMGRW_EXPORT const struct imgrw_list_result *
imgrw_function_result(const struct imgrw_function *function, size_t index);

/* The run over the list, which has one file: its manifest, plan and summary.
 * Borrowed from the function; NULL for NULL. */
IMGRW_EXPORT const struct imgrw_run *
imgrw_function_run(const struct imgrw_function *function);

#ifdef __cplusplus
}
#endif
