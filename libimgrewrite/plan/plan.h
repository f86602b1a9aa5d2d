/*
 * What the library itself asks of plans and their options.
 */
#pragma once

#include "edit/compare.h"

#include <imgrewrite/plan.h>

/* Takes the caller's options, with defaults for what is zero.
 * IMGRW_ERR_ARGUMENT. */
enum imgrw_status irw_plan_options(const struct imgrw_plan_options *given,
                                   struct imgrw_plan_options *options,
                                   struct imgrw_error *error);

/* What the scalars of the text read as that the plan changes, by where they
 * start; those of documents in scalars are not among them. Sets `*count`.
 * Borrowed from the plan. */
const struct irw_reading *irw_plan_readings(const struct imgrw_plan *plan,
                                            size_t *count);

/* Makes the manifest go when the plan does. */
void irw_plan_own_manifest(struct imgrw_plan *plan,
                           struct imgrw_manifest *manifest);
