/*
 * The file that --report names.
 */
#pragma once

#include "command.h"

/* Zero-initialised is none. */
struct report_file {
    const char *path; /* "-": standard output */
    FILE *file;
    char *temporary; /* what it is called until it is whole; malloc'ed */
};

/* Opens the report before anything is done, because it may be impossible; on
 * failure says why. */
bool open_report_file(struct report_file *report, const char *path);

/* Whether the report is no file that the run reads or, below `folder`, which
 * may be NULL, writes; if it is, says so. */
bool check_report_file(const struct report_file *report,
                       const struct imgrw_run *run, const char *folder);

/* Closes the report, under its own name if it is `wanted`; on failure says why.
 * Takes a report that was never opened. */
bool close_report_file(struct report_file *report, bool wanted);
