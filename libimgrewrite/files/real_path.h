/*
 * Paths without links, of files that come folder by folder.
 */
#pragma once

#include <stdbool.h>

/* A folder that was resolved last: the files in it need no more than their
 * names. Zero-initialised is none. */
struct irw_real_folder {
    char *path, *real;
};

/* The path without links of a file that is there, malloc'ed; `is_link` says
 * whether it is a link itself. NULL, with an errno, where it cannot be had. */
char *irw_real_path(struct irw_real_folder *last, const char *path,
                    bool is_link);

void irw_real_folder_clear(struct irw_real_folder *last);
