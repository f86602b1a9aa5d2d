/*
 * Files: a run over files and directories, all or nothing.
 */
#pragma once

#include <imgrewrite/plan.h>
#include <imgrewrite/report.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a run does with the plans it makes. */
enum imgrw_files_mode {
    IMGRW_FILES_PLAN = 0, /* nothing on disk */
    IMGRW_FILES_IN_PLACE, /* replaces each edited file */
    IMGRW_FILES_OUT_DIR,  /* writes every file below `out_dir` */
};

struct imgrw_files_options {
    size_t size; /* sizeof(struct imgrw_files_options) */
    enum imgrw_files_mode mode;
    const char *out_dir; /* for IMGRW_FILES_OUT_DIR; made where it is missing */
    unsigned jobs;       /* threads; 0: one a processor */
    int keep_going;      /* write the good files even when others fail */
    int skip_unparsable; /* what is not YAML is skipped, not an error */
    int allow_collisions; /* two images may get one name from prefix rules */
    const char *reserved; /* a path that the caller is going to write to: it may
                             be no input and no output; NULL: none */
    const char *not_below; /* a folder that is not walked; NULL: none */
    int keep_texts; /* the callback sees every file's text */
    const volatile int *stop; /* the run ends, and leaves nothing behind, when
                                 this is not 0 any more; NULL: never */
    const struct imgrw_parse_options *parse; /* NULL: defaults */
    const struct imgrw_plan_options *plan;   /* NULL: defaults */
};

/* One file of a run, as the callback sees it; everything is borrowed and gone
 * when the callback returns. */
struct imgrw_file {
    const char *path; /* as found: the argument, "/" and what lies below it */
    const char *name; /* below the folder that was given, or its last name */
    imgrw_str text;   /* what it held; data NULL where that is gone */
    unsigned mode;    /* its permissions, as of chmod; 0: it was no file */
    enum imgrw_file_status status;
    const struct imgrw_manifest *manifest; /* NULL where parsing failed, or
                                              where nothing was found */
    const struct imgrw_plan *plan;         /* NULL where there is none to see */
    const struct imgrw_error *failure;     /* NULL where nothing failed */
};

/* Called once a file, in the order of the walk, from the thread that called
 * imgrw_files_run, after everything has been planned and written. Any value
 * but 0 ends the run with IMGRW_ERR_STOPPED. */
typedef int imgrw_file_fn(const struct imgrw_file *file, void *user);

struct imgrw_files_summary {
    size_t files;     /* found */
    size_t rewritten; /* files with an edit */
    size_t images;    /* found */
    size_t edits;     /* images whose text changes */
    size_t errors;    /* files that failed */
    size_t skipped;   /* files passed over as not YAML */
    int written;      /* whether anything was written, or would have been */
};

/* Runs over `paths`, `count` of them. A file is taken whatever its name; a
 * directory is walked in byte order of names for *.yaml, *.yml and *.json,
 * hidden folders and symbolic links to directories left out; "-" is standard
 * input. A file reached twice, also through links, counts once, but for
 * IMGRW_FILES_OUT_DIR, where every name counts. Below `out_dir` a file gets the
 * name it has below the directory that was given, or its last name.
 *
 * Every file is planned and proved before the first is written. Then, unless
 * one failed and `keep_going` is not set, new text goes to temporary files
 * beside the old ones, is flushed, and only when all are there are they
 * renamed. Mode and owner stay; a file without an edit is not touched.
 *
 * `rules` NULL only finds images. `options` and `each` may be NULL. `summary`
 * is filled in any case, for it counts what happened so far.
 *
 * The first error of a file becomes that of the run, after all files were
 * looked at. IMGRW_ERR_IO, IMGRW_ERR_STOPPED, IMGRW_ERR_ARGUMENT, and whatever
 * parsing and planning return. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_files_run(const char *const *paths, size_t count,
                const struct imgrw_rules *rules,
                const struct imgrw_files_options *options, imgrw_file_fn *each,
                void *user, struct imgrw_files_summary *summary,
                struct imgrw_error *error);

/* Writes `count` files below `directory`, which is made where it is missing:
 * all or none, as above. Those with `keep` set are left alone where they are
 * there. One that is there is not made readable to more people than it was.
 * IMGRW_ERR_IO, IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_files_write(const char *directory,
                  const struct imgrw_output *const *outputs, size_t count,
                  struct imgrw_error *error);

#ifdef __cplusplus
}
#endif
