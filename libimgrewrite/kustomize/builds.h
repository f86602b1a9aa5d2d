/*
 * The kustomizations among the files of a run, and what each of them is built
 * from.
 */
#pragma once

#include "base/map.h"
#include "kustomize/kustomization.h"
#include "plan/plan.h"

/* A file of a run, as its caller has read and planned it. */
struct irw_build_file {
    const char *path; /* for people */
    const char *real; /* without links; NULL: unknown */
    imgrw_str text;    /* data NULL: it could not be read, or is not held */
    const struct imgrw_manifest *manifest; /* NULL: nothing was found */
    const struct imgrw_plan *plan;         /* NULL: there is none */
};

/* What a path in a kustomization leads to. */
enum irw_step_target {
    IRW_TARGET_FILE,      /* of the run */
    IRW_TARGET_BUILD,     /* a folder with a kustomization of the run */
    IRW_TARGET_ELSEWHERE, /* what the run does not rewrite */
    IRW_TARGET_NOWHERE,   /* nothing: kustomize does not build this */
    IRW_TARGET_INLINE,    /* a text in the kustomization itself */
};

struct irw_build_step {
    enum irw_path_role role;
    size_t path; /* by its number in the kustomization */
    enum irw_step_target target;
    size_t index; /* of the file, also of one that has the text; or the build */
    struct imgrw_location at;
};

/* A file that a generator of a build takes. */
struct irw_data_step {
    const struct irw_data_source *source;
    const char *real; /* the file without links */
    size_t file;      /* its number, + 1; 0: it is not of the run */
};

/* What a list of entries is for that is in a resource: all that Flux gets from
 * a source, or a chart renders with the values of the resource, after the
 * patches beside the list. */
struct irw_entry_list {
    size_t document;  /* that has it, by its number in the file */
    imgrw_str field;  /* around the list, with a "/" at its end */
    imgrw_str values; /* those of the chart, the same; empty: there are none */
    size_t below;     /* the build, + 1, whose result it is for; 0: none */
    imgrw_str path;   /* of the folder that Flux builds, without "/" around it;
                         it is one of a repository, which the run may be over;
                         empty: none is known */
    bool moves;       /* what is elsewhere moves, for the run is about it */
};

/* A kustomization, or a list of entries without one. */
struct irw_build {
    size_t file; /* its own, by its number */
    struct irw_kustomization before;
    struct irw_kustomization after; /* the same when it is rewritten */
    IRW_LIST(struct irw_build_step) steps;
    IRW_LIST(struct irw_data_step) data; /* of files that are there */
    bool broken; /* kustomize does not build it */
    bool used;   /* a component: something that builds has it */
    struct imgrw_location elsewhere; /* of the first thing in it that the run
                                        does not rewrite; line 0: none */
    bool data_changes; /* what ConfigMaps hold in it, before or while it is
                          copied */
    bool is_list;
    struct irw_entry_list list; /* where it is one */
    size_t waiting; /* for how many builds, while they are being ordered */
};

/* Zero-initialised is empty. */
struct irw_builds {
    struct irw_arena arena;
    struct irw_build_file *files; /* the caller's */
    size_t file_count;
    struct irw_map by_real; /* from paths without links to files + 1 */
    size_t *build_of;       /* of each file, + 1; 0: it is no kustomization */
    size_t *first_list;     /* of each file, + 1; 0: it has no lists */
    imgrw_str *texts;       /* of each file that was read again; or NULL */
    struct irw_map variables; /* the names of those that a file has */
    bool variables_read;
    IRW_LIST(struct irw_build) items;
    IRW_LIST(size_t)
    order; /* in which each comes after what it is built
              from; what goes in circles is not in there */
};

/* Reads all kustomizations of the files, which are borrowed.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_builds_read(struct irw_builds *builds,
                                  struct irw_build_file *files,
                                  size_t count, struct imgrw_error *error);

/* Adds a path that is found after the kustomization was read, and a step for
 * it; a text in a file has that one's number. IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_build_add_path(struct irw_builds *builds, struct irw_build *build,
                   const struct irw_kustomization_path *path, size_t file,
                   struct imgrw_error *error);

/* Has builds take up what those are that they are built from: broken, or from
 * elsewhere. It comes when all generators are known. */
void irw_builds_inherit(struct irw_builds *builds);

/* Looks for the files of all generators of a build, which are known.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_build_find_data(struct irw_builds *builds,
                                      struct irw_build *build,
                                      struct imgrw_error *error);

/* Reads a file that is not held, of at most `most` bytes, into the arena of the
 * builds; `real` is its path without links. The data of the text is NULL where
 * that fails. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_builds_read_file(struct irw_builds *builds,
                                       const char *real, size_t most,
                                       imgrw_str *text,
                                       struct imgrw_error *error);

/* Sets the text of a file, which is read again where its caller does not hold
 * it: a run drops files without images. Its data is NULL where that fails.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_builds_text(struct irw_builds *builds, size_t file,
                                  imgrw_str *text, struct imgrw_error *error);

void irw_builds_clear(struct irw_builds *builds);

/* A folder of a repository as Flux and Argo CD name it: without "./" and
 * slashes around it. Empty for the whole repository. */
imgrw_str irw_folder_name(imgrw_str path);

/* Whether a file, by its path without links, is in the folder of a repository,
 * or below that: the folder is the end of the path of one that it is in. */
bool irw_is_in_folder(const char *real, imgrw_str folder, bool below);

/* Whether the folder is built by this kustomization. */
bool irw_build_is_in(const struct irw_builds *builds,
                     const struct irw_build *build, imgrw_str folder);
