/*
 * Targets: whether the files of a run can all be written below one directory.
 */
#pragma once

#include "files/walk.h"

/* A path below a directory, malloc'ed; NULL when memory is out. */
char *irw_target_path(const char *directory, const char *name);

/* Refuses two files of one target, a target that is a folder or in the way of
 * one, and one that is an input. IMGRW_ERR_ARGUMENT, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_check_targets(const struct irw_walk *walk,
                                    const char *directory,
                                    struct imgrw_error *error);
