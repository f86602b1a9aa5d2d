/*
 * Runs of a use of the library in which every allocation fails in turn.
 */
#pragma once

#include <imgrewrite/base.h>

/* A use of the library from beginning to end; what it makes, it releases. The
 * status is of the first call that fails. */
typedef enum imgrw_status scenario_fn(const char *text);

/* Runs `scenario`, which gives `expected` when memory lasts, with every
 * allocation failing in turn, alone and with all behind it. */
void scenario_run(scenario_fn *scenario, const char *text,
                  enum imgrw_status expected);
