/*
 * What tests at the seams of the proof share: a manifest with edits, and how a
 * plan has to fail.
 */
#pragma once

#include "support.h"

#include <imgrewrite/plan.h>

/* Two documents with three images that are to be rewritten. */
extern const char seam_text[];

/* The pull secret that plans add; NULL: none. */
extern const char *seam_secret;

/* Plans for `text`; NULL when there is no plan. One at a time; each is ended
 * with seam_free. */
struct imgrw_plan *seam_plan(const char *text, enum imgrw_proof proof,
                             enum imgrw_status *status,
                             struct imgrw_error *error);
void seam_free(struct imgrw_plan *plan);

/* Whether planning for `text` with `proof` fails as it should: with the right
 * status, at a place, with no plan, and both readings in the message. */
bool seam_check_failure(struct support_tally *tally, const char *text,
                        enum imgrw_proof proof);

/* The same with every proof there is, in rows of `name`. */
void seam_check_failures(struct support_tally *tally, const char *name,
                         const char *text);
