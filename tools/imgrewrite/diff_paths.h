/*
 * The names of files in a diff. patch and git apply take those below the folder
 * that they work in, and no other.
 */
#pragma once

#include <imgrewrite/imgrewrite.h>

#include <stdbool.h>

struct diff_paths {
    char *here;   /* the working directory, with a slash at its end */
    char *base;   /* the folder below which all the files are, with a slash at
                     its end; NULL: it could not be found out */
    bool outside; /* it is not the working directory */
};

/* Looks at the files of the run that have a diff. */
void find_diff_paths(struct diff_paths *paths, const struct imgrw_run *run);

/* The name of the file below the base, malloc'ed; NULL when memory is out. */
char *diff_path(const struct diff_paths *paths, const struct imgrw_file *file);

void free_diff_paths(struct diff_paths *paths);
