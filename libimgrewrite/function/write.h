/*
 * Writing results into a list: an insertion, proved as any other is.
 */
#pragma once

#include "function/list.h"

#include <imgrewrite/plan.h>

/* Adds the results, a list in JSON, to those of `list`, in whose text images
 * are rewritten already. `*text` lives in `arena`. IMGRW_ERR_EDIT: they cannot
 * be added, `error->message` says why; IMGRW_ERR_PROOF; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_results_write(const struct irw_resource_list *list,
                                    imgrw_str results,
                                    const struct imgrw_plan_options *options,
                                    struct irw_arena *arena, imgrw_str *text,
                                    struct imgrw_error *error);
