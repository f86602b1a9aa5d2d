/*
 * The proof: the new text, read again, is the old one but for the changes.
 */
#pragma once

#include "manifest/manifest.h"
#include "edit/compare.h"

#include <imgrewrite/plan.h>

struct irw_proof_task {
    const struct irw_source *source; /* the whole text, for errors */
    size_t origin; /* SIZE_MAX: `before` is that text; else where in it the
                      scalar stands whose value `before` is */
    imgrw_str before, after;
    const struct irw_piece *pieces; /* of `before` that have images */
    const struct irw_text_edit *changes; /* in the order of the text; their
                                         grafts are one array, in that order */
    size_t change_count;
    const struct irw_reading *readings; /* of the nodes that they change */
    size_t reading_count;
    uint32_t max_depth;
    enum imgrw_proof proof;
};

/* Proves `task`. Adds to `single_proofs` the pieces that the gate kept from
 * libfyaml. IMGRW_ERR_PROOF, with both readings in the message;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_verify(const struct irw_proof_task *task,
                             size_t *single_proofs, struct imgrw_error *error);
