/*
 * The options of a plan.
 */
#pragma once

#include <imgrewrite/plan.h>

/* Takes the caller's options, with defaults for what is zero.
 * IMGRW_ERR_ARGUMENT. */
enum imgrw_status irw_plan_options(const struct imgrw_plan_options *given,
                                   struct imgrw_plan_options *options,
                                   struct imgrw_error *error);
