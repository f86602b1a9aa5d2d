/*
 * What the library itself asks of plans and their options.
 */
#pragma once

#include "edit/compare.h"
#include "plan/wish.h"

#include <imgrewrite/plan.h>

/* Takes the caller's options, with defaults for what is zero.
 * IMGRW_ERR_ARGUMENT. */
enum imgrw_status irw_plan_options(const struct imgrw_plan_options *given,
                                   struct imgrw_plan_options *options,
                                   struct imgrw_error *error);

/* imgrw_plan_new with a wish for every image of the manifest; `wishes`, which
 * may be NULL, is borrowed during the call, its strings for as long as the plan
 * lives. */
enum imgrw_status irw_plan_new(const struct imgrw_manifest *manifest,
                               const struct imgrw_rules *rules,
                               const struct imgrw_plan_options *options,
                               const struct irw_wish *wishes,
                               struct imgrw_plan **plan,
                               struct imgrw_error *error);

/* The text that the plan makes. Its edits are those of imgrw_plan_edit, in the
 * same order. Borrowed from the plan. */
const struct irw_edited_text *irw_plan_edited(const struct imgrw_plan *plan);

/* How many images are rewritten in pods that no pull secret can be given to,
 * whether or not the plan adds one. */
size_t irw_plan_out_of_reach(const struct imgrw_plan *plan);

/* Makes the manifest go when the plan does. */
void irw_plan_own_manifest(struct imgrw_plan *plan,
                           struct imgrw_manifest *manifest);
