/*
 * The proof by one library: it reads the parts of a text, one after the other.
 */
#pragma once

#include "edit/verify.h"

/* One library on the new text, or on the old one, of whose parts libyaml has
 * made the trees. */
struct irw_proof {
    const struct irw_proof_task *task;
    const struct irw_backend *backend;
    bool gated;    /* parts that the gate holds back are passed over */
    bool original; /* it is the old text */
    const struct irw_proof_piece *part; /* the one that is read; NULL: none */
    struct irw_arena arena;
    struct irw_tree tree;
    bool *passes; /* by part, of the new text: the gate lets it pass; set by the
                     proof without a gate. NULL: nobody asks */
    size_t held_back; /* parts that were passed over */
    struct imgrw_error *error;
};

/* Has the library read every part that it may see, and compares. Fails as
 * irw_verify does. */
enum imgrw_status irw_proof_run(struct irw_proof *proof);

/* Fails at the first edit of the part that is read, or of all: `reader` has
 * done `what`. Returns IMGRW_ERR_PROOF. */
enum imgrw_status irw_proof_fail(struct irw_proof *proof, const char *reader,
                                 const char *what, imgrw_str why);
