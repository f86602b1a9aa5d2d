/*
 * The proof: the new text, read again, is the old one but for the changes.
 */
#pragma once

#include "manifest/manifest.h"
#include "yaml/scalar.h"

#include <imgrewrite/plan.h>

struct irw_proof_task {
    const struct imgrw_manifest *manifest;
    const struct irw_change *changes; /* in the order of the text */
    size_t change_count;
    imgrw_str text; /* the new one */
    enum imgrw_proof proof;
};

/* Proves `task`. `single_proofs` counts the pieces that the gate kept from
 * libfyaml. IMGRW_ERR_PROOF, with both readings in the message;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_verify(const struct irw_proof_task *task,
                             size_t *single_proofs, struct imgrw_error *error);
