/*
 * Progress: telling the caller how far a run is, and asking whether to go on.
 */
#pragma once

#include <imgrewrite/files.h>

#include <stdbool.h>

/* Whom to tell; a NULL function is told nothing and never stops. */
struct irw_progress {
    imgrw_progress_fn *function;
    void *user;
};

/* Calls the function; false: the caller wants to stop. */
bool irw_progress_tell(const struct irw_progress *progress,
                       const struct imgrw_progress *state);

/* What a function returns when the caller stopped it before it wrote. */
enum imgrw_status irw_fail_stopped(struct imgrw_error *error);
