/*
 * Runs over files.
 */
#pragma once

#include <imgrewrite/base.h>

/* Rewrites, in place and in one run, two files that hold `text`. The
 * running test fails if one of them is lost, if only one is new, or if
 * something else is left beside them or open. */
enum imgrw_status use_files(const char *text);

/* The same for the files of a tree, in which each begins behind a line with
 * "== " and its path. Some of them may stay as they are. */
enum imgrw_status use_tree(const char *text);
