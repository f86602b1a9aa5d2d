/*
 * Walking: from the paths of a run to its files, in a fixed order.
 */
#pragma once

#include "base/arena.h"
#include "base/list.h"
#include "files/real_path.h"

#include <imgrewrite/files.h>

#include <stdbool.h>
#include <sys/stat.h>

/* What a file is, whatever it is called. */
struct irw_file_id {
    dev_t device;
    ino_t inode; /* 0: unknown */
};

/* Where a file is in a Helm chart. */
enum irw_chart_part {
    IRW_CHART_NONE,      /* in none */
    IRW_CHART_FILE,      /* below a folder with a Chart.yaml */
    IRW_CHART_TEMPLATES, /* in the templates of that */
};

struct irw_walk_file {
    const char *path; /* to open it, and for people */
    const char *name; /* below the directory it was found in */
    int failed;       /* errno of what kept the walk from it; 0: none */
    const char *real; /* `path` without links; NULL: unknown */
    struct irw_file_id id;
    enum irw_chart_part chart;
    imgrw_str text; /* the caller's own; data NULL: it is in the file */
};

/* Zero-initialised is empty. */
struct irw_walk {
    struct irw_arena arena; /* has the strings */
    IRW_LIST(struct irw_walk_file) files;
    IRW_LIST(struct imgrw_folder) folders; /* that were added */
    struct irw_real_folder last;
    enum irw_chart_part chart; /* of the folder that is walked */
    bool hidden; /* hidden folders are entered */
    dev_t skip_device; /* a directory that is not entered: the output */
    ino_t skip_inode;
};

/* Appends the files below `path`, or `path` itself. What cannot be looked at is
 * appended too, as failed. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_walk_add(struct irw_walk *walk, const char *path,
                               struct imgrw_error *error);

/* Drops files that are there already: by the same path without links or, with
 * `by_name`, by that and the same name. */
enum imgrw_status irw_walk_unique(struct irw_walk *walk, bool by_name,
                                  struct imgrw_error *error);

void irw_walk_clear(struct irw_walk *walk);
