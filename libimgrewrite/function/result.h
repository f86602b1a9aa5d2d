/*
 * Results: what became of the images of a list, for those who do not look at
 * the list itself.
 */
#pragma once

#include "base/text.h"
#include "function/list.h"

#include <imgrewrite/function.h>

/* Zero-initialised is empty; malloc'ed. */
struct irw_results {
    IRW_LIST(struct imgrw_list_result) list;
};

/* Adds the results of a run over the list. Strings live in the list, in the
 * run, or in `arena`. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_results_add(struct irw_results *results,
                                  const struct irw_resource_list *list,
                                  const struct imgrw_run *run,
                                  struct irw_arena *arena,
                                  struct imgrw_error *error);

/* The results as a list in JSON; `text` has failed where memory is out. */
void irw_results_print(const struct irw_results *results,
                       struct irw_text *text);
