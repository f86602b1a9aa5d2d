/*
 * Targets: whether the files of a run can all be written below one directory.
 */
#pragma once

#include "files/walk.h"

/* A path below a directory, malloc'ed; NULL when memory is out. */
char *irw_target_path(const char *directory, const char *name);

/* Refuses two files of one target, a target that is a folder or in the way of
 * one, one that is an input, and one that is `reserved`, which may be NULL.
 * IMGRW_ERR_ARGUMENT, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_check_targets(const struct irw_walk *walk,
                                    const char *directory,
                                    const char *reserved,
                                    struct imgrw_error *error);

/* Whether both paths are the same but for "." and repeated slashes. */
bool irw_same_path(const char *one, const char *other);
