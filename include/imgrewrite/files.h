/*
 * Files: a run over files and directories, all or nothing, in two phases.
 *
 *     imgrw_run_new, _add     which files
 *     imgrw_run_plan          reads, plans and proves all of them
 *     imgrw_run_file          what would become of each
 *     imgrw_run_write         writes them: all or none
 *     imgrw_run_free
 *
 * Or, instead of the three in the middle, imgrw_run_stream: a filter that does
 * not wait for the end of its input.
 */
#pragma once

#include <imgrewrite/plan.h>
#include <imgrewrite/report.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A run, which one thread uses. */
struct imgrw_run;

/* What imgrw_run_write does. */
enum imgrw_run_mode {
    IMGRW_RUN_PLAN = 0, /* nothing: this run only plans */
    IMGRW_RUN_IN_PLACE, /* replaces each edited file */
    IMGRW_RUN_OUT_DIR,  /* writes every file, edited or not, below `out_dir` */
};

/* What is being done. */
enum imgrw_phase {
    IMGRW_PHASE_PLAN = 0,
    IMGRW_PHASE_WRITE, /* new texts go to temporary files */
};

/* How far a run has come. */
struct imgrw_progress {
    enum imgrw_phase phase;
    size_t done, total; /* files */
    const char *path;   /* of the file that comes next; NULL after the last */
};

/* A function that is told of progress. Any value but 0 stops the run with
 * IMGRW_ERR_STOPPED, and nothing is written. It is called from the thread that
 * called the run: before each file that this thread works on, and after the
 * last one of each phase. Other threads go on with their file meanwhile. */
typedef int imgrw_progress_fn(const struct imgrw_progress *progress,
                              void *user);

/* How to run; zero means default. What it points to is borrowed until the run
 * is freed. */
struct imgrw_run_options {
    size_t size; /* sizeof(struct imgrw_run_options) */
    enum imgrw_run_mode mode;
    const char *out_dir; /* The folder that all files go to: it is not walked,
                            and is made where it is missing. IMGRW_RUN_PLAN
                            leaves writing to the caller. */
    unsigned jobs;       /* threads; 0: one a processor */
    int keep_going;      /* a file that fails does not keep the others from
                            being written, and does not fail the run */
    int skip_unparsable; /* what is not YAML is skipped, not an error */
    int allow_collisions; /* two images may get one name from prefix rules */
    /* NULL: defaults. Where neither these nor the rules say which classes count
     * (`find`), values and annotations of Helm charts do besides, in folders
     * with a Chart.yaml and below. */
    const struct imgrw_parse_options *parse;
    const struct imgrw_plan_options *plan;   /* NULL: defaults */
    imgrw_progress_fn *progress;             /* NULL: nobody is told */
    void *user;                              /* for `progress` */
    int hidden; /* hidden folders are walked, too, all but .git */
};

/* A folder that was added to a run. Everything is borrowed from the run, and
 * fields may be appended: read it through the pointer only. */
struct imgrw_folder {
    const char *path;      /* as it was added */
    size_t files;          /* below it that are of the run */
    size_t hidden_folders; /* below it that were left out and hold manifests */
    size_t hidden_files;   /* these manifests: what has an apiVersion */
};

/* One file of a run. Everything is borrowed from the run. */
struct imgrw_file {
    const char *path; /* as found: the argument, "/" and what lies below it */
    const char *name; /* below the folder that was given, or its last name */
    unsigned mode;    /* its permissions, as of chmod; 0: it was no file */
    enum imgrw_file_status status;
    const struct imgrw_error *failure; /* NULL: nothing failed */
    /* What it held; the manifest, NULL where it could not be parsed; the plan,
     * NULL where it could not be made or there are no rules. All three stay
     * where something was found: an image, in a class that was asked for or
     * not, a possible one, or a warning; and in every file of a run with one
     * file, or of one that only plans for an `out_dir`. From other files they
     * are gone: NULL. */
    imgrw_str text;
    const struct imgrw_manifest *manifest;
    const struct imgrw_plan *plan;
};

/* What happened so far. */
struct imgrw_run_summary {
    size_t files;   /* found */
    size_t edited;  /* files with an edit */
    size_t images;  /* found */
    size_t edits;   /* images whose text changes */
    size_t errors;  /* files that failed */
    size_t skipped; /* files passed over as not YAML */
    size_t written; /* files that were replaced or made */
    size_t no_references; /* of the images: places that hold none */
    size_t possible; /* possible images (imgrw_manifest_possible) */
    size_t bytes;    /* of all files */
    size_t unread;   /* of these: passed over (imgrw_manifest_unread) */
};

/* Opens a run. `rules`, which may be NULL to only find images, are borrowed
 * until it is freed; the classes and fields that rules files ask for
 * (imgrw_rules_find, imgrw_rules_fields) are looked at beside those of
 * `options->parse`. `options` may be NULL. Release the run with imgrw_run_free.
 *
 * IMGRW_ERR_ARGUMENT: `options`, or `run` is NULL. IMGRW_ERR_RULE: see
 * imgrw_rules_check. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_run_new(const struct imgrw_rules *rules,
              const struct imgrw_run_options *options, struct imgrw_run **run,
              struct imgrw_error *error);

/* Releases the run and all its files; NULL is allowed. */
IMGRW_EXPORT void imgrw_run_free(struct imgrw_run *run);

/* Adds a file, whatever its name, or the files below a directory: *.yaml,
 * *.yml, *.json and Kustomization in byte order of names. Hidden folders,
 * unless the options say otherwise, symbolic links to directories, and the
 * locks of editors are left out. "-" is standard input, in a run that only
 * plans. A file reached twice, also through links, counts once, but for
 * IMGRW_RUN_OUT_DIR, where every name counts. What cannot be looked at is a
 * file that fails. `path` is copied.
 *
 * IMGRW_ERR_ARGUMENT: NULL, "-" where something is to be written, or the run is
 * planned already. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_run_add(struct imgrw_run *run, const char *path,
              struct imgrw_error *error);

/* Reads, plans and proves all files. Nothing on disk changes.
 *
 * A file that fails does not end this: after all were looked at, the first
 * error of a file is that of the run, unless `keep_going` is set. Then
 * `error->at` says which file and where in it, and its path is borrowed from
 * the run; for errors that are of no file it is NULL.
 *
 * Whatever parsing and planning return; IMGRW_ERR_IO; IMGRW_ERR_STOPPED;
 * IMGRW_ERR_ARGUMENT: files that cannot all be written below `out_dir`, a run
 * that is planned already, or NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_run_plan(struct imgrw_run *run, struct imgrw_error *error);

/* Reads: puts up to `size` bytes, which is not 0, into `data`. Returns how many
 * these are; 0 at the end; a negative number where reading failed, for a reason
 * that errno has, or is to end. */
typedef long imgrw_read_fn(char *data, size_t size, void *user);

/* Takes a part of a stream, which lives during the call. Any value but 0 stops
 * the call that hands it on, which then returns IMGRW_ERR_STOPPED. */
typedef int imgrw_part_fn(const struct imgrw_file *part, void *user);

/* A text that comes in bit by bit. */
struct imgrw_stream {
    size_t size;         /* sizeof(struct imgrw_stream) */
    const char *path;    /* for messages; NULL: "-" */
    imgrw_read_fn *read;
    imgrw_part_fn *take;
    void *user; /* for both */
};

/* Reads a text to its end and hands it on in parts, one after the other, each
 * as soon as it is read, planned and proved. No more is held than the part and,
 * for collisions, the distinct images so far; no document may be longer than
 * the `max_bytes` of the parse options. It is done instead of adding files and
 * planning; the summary, the rules and the fields are of the whole text.
 *
 * A part is one document or several, from a line "---" to the next one or the
 * end, or a value of a stream of JSON. After a directive, a line that begins
 * with "%", it goes on to a line "...". Its locations and document numbers are
 * those of the whole text. What takes several parts to see is not looked for:
 * the markers of Flux, and what entries of one document name in others.
 *
 * A part that fails ends this, when all before it were handed on; `error->at`
 * says where. With `skip_unparsable` one that is not YAML is handed on as it
 * is, with its failure and IMGRW_FILE_SKIPPED.
 *
 * Whatever parsing and planning return; IMGRW_ERR_RULE: two images collide;
 * IMGRW_ERR_IO: `read` failed; IMGRW_ERR_STOPPED; IMGRW_ERR_MEMORY;
 * IMGRW_ERR_ARGUMENT: NULL, a stream of no size, a run with files, one that
 * writes or has `keep_going` set, or one that is planned already. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_run_stream(struct imgrw_run *run, const struct imgrw_stream *stream,
                 struct imgrw_error *error);

/* Writes what was planned: new texts go to temporary files beside the old ones.
 * When all are there, and flushed to the disk, they change places with the old
 * ones; a failure midway is undone, where the file system has a way to. Mode
 * and owner stay; in place, a file without an edit is not touched. Where a file
 * failed and `keep_going` is not set, nothing is written and the error is that
 * of imgrw_run_plan. A file that cannot be written fails, and then none is.
 *
 * IMGRW_ERR_IO, with `error->at` as above; where it is of no file, the message
 * names what happened, and the summary says how many files are written.
 * IMGRW_ERR_STOPPED; IMGRW_ERR_MEMORY; IMGRW_ERR_ARGUMENT: the run only plans,
 * is not planned, or is written already, or NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_run_write(struct imgrw_run *run, struct imgrw_error *error);

/* The file number `index` of a planned run, from 0 on in the order of the walk;
 * NULL where there is none. Borrowed from the run; imgrw_run_write updates its
 * status. */
IMGRW_EXPORT const struct imgrw_file *
imgrw_run_file(const struct imgrw_run *run, size_t index);

/* The folder number `index`, from 0 on in the order in which they were added;
 * NULL where there is none. Borrowed from the run until the next is added. */
IMGRW_EXPORT const struct imgrw_folder *
imgrw_run_folder(const struct imgrw_run *run, size_t index);

/* The warning number `index`, from 0 on in the order of the files, that takes
 * several files of a planned run to see; NULL where there is none. Borrowed
 * from the run. They tell of what is not followed in kustomizations, and of
 * files that these have as data, which stay; and there is one for every line
 * with a marker of Flux, a comment {"$imagepolicy": ...}, whose image is moved
 * while no ImageRepository of the run is of the new name: the image automation
 * would move it back. */
IMGRW_EXPORT const struct imgrw_warning *
imgrw_run_warning(const struct imgrw_run *run, size_t index);

/* Borrowed from the run, which keeps it up to date. */
IMGRW_EXPORT const struct imgrw_run_summary *
imgrw_run_summary(const struct imgrw_run *run);

/* How many images of a planned run the rule numbered `rule` took part in, those
 * included that it left alone where it puts images; 0 where there is no such
 * rule. */
IMGRW_EXPORT size_t imgrw_run_rule_images(const struct imgrw_run *run,
                                          size_t rule);

/* The field numbered `index` from 0 that the run looks for, of the parse
 * options first and then of the rules, or NULL where there is none; borrowed.
 * In `files`, which may be NULL, how many files of a planned run have a node
 * there. A field that none has may be misspelt. */
IMGRW_EXPORT const struct imgrw_fieldspec *
imgrw_run_field(const struct imgrw_run *run, size_t index, size_t *files);

/* How to write files; zero means default. */
struct imgrw_write_options {
    size_t size;                 /* sizeof(struct imgrw_write_options) */
    imgrw_progress_fn *progress; /* NULL: nobody is told */
    void *user;                  /* for `progress` */
};

/* Writes `count` files below `directory`, which is made where it is missing:
 * all or none, as imgrw_run_write does. Those with `keep` set are left alone
 * where they are there. One that is there is not made readable to more people
 * than it was. `options` may be NULL.
 *
 * IMGRW_ERR_ARGUMENT: NULL or an empty name for `directory`, an output of no
 * size, or a path that is empty, begins with a "/", has a part "..", or is that
 * of two outputs. IMGRW_ERR_IO; IMGRW_ERR_STOPPED; IMGRW_ERR_MEMORY. The path
 * of an error is that of an output. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_files_write(const char *directory,
                  const struct imgrw_output *const *outputs, size_t count,
                  const struct imgrw_write_options *options,
                  struct imgrw_error *error);

#ifdef __cplusplus
}
#endif
