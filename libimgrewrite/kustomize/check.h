/*
 * Whether what kustomize builds from the rewritten files is what the rules make
 * of what it builds from them now.
 */
#pragma once

#include "kustomize/answers.h"
#include "kustomize/flow.h"
#include "kustomize/refusals.h"

/* Runs the images through the builds with the entries as they are and as they
 * will be (struct irw_build), and appends what is wrong: of each build the
 * first. The list is malloc'ed. IMGRW_ERR_LIMIT, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_check_builds(struct irw_flows *flows,
                                   struct irw_answers *answers,
                                   irw_refusal_list *refusals,
                                   struct imgrw_error *error);
