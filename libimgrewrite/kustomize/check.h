/*
 * Whether what kustomize builds from the rewritten files is what the rules make
 * of what it builds from them now.
 */
#pragma once

#include "kustomize/answers.h"
#include "kustomize/flow.h"

/* Why a build cannot be rewritten. */
struct irw_refusal {
    size_t build;
    size_t file;              /* that the error is of, by its number */
    struct imgrw_error error; /* with both places */
};

typedef IRW_LIST(struct irw_refusal) irw_refusal_list;

/* Runs the images through the builds with the entries as they are and as they
 * will be (struct irw_build), and appends what is wrong: of each build the
 * first. The list is malloc'ed. IMGRW_ERR_LIMIT, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_check_builds(struct irw_flows *flows,
                                   struct irw_answers *answers,
                                   irw_refusal_list *refusals,
                                   struct imgrw_error *error);
