/*
 * A run over files.
 */
#pragma once

#include <imgrewrite/base.h>

/* Rewrites, in place and in one run, two files that hold `text`. The
 * running test fails if one of them is lost, if only one is new, or if
 * something else is left beside them or open. */
enum imgrw_status use_files(const char *text);
