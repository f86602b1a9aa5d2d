/*
 * The proof: the new text, read again, is the old one except for the edits.
 */
#pragma once

#include "edit/compare.h"

/* A part of the old text that was read by itself and has edits, with the tree
 * that was read. */
struct irw_proof_piece {
    size_t start, end; /* bytes of the old text */
    const struct irw_tree *tree;
    const struct irw_text_edit *edits; /* in the order of the text */
    size_t edit_count;
    const struct irw_reading *readings; /* of the scalars that they change */
    size_t reading_count;
};

struct irw_proof_task {
    const struct irw_source *source; /* the whole text, for errors */
    size_t origin; /* SIZE_MAX: `before` is that text; else where in it the
                      scalar is whose value `before` is */
    imgrw_str before, after; /* as they are read */
    imgrw_str written_before, written_after; /* the same, but of a template,
                                                where those are masks */
    const struct irw_proof_piece *parts; /* in the order of the text */
    size_t part_count;
    const struct irw_text_edit *edits; /* of all parts, one after another */
    size_t edit_count;
    struct irw_inserted_run *runs; /* room for all insertions of a piece */
    uint32_t max_depth;
    unsigned jobs; /* threads; 0 is as good as 1 */
    bool witness;  /* libfyaml reads the new text as well */
    bool original; /* and the old one */
};

/* Proves `task`. Adds to `unwitnessed` the parts that the gate kept from
 * libfyaml. IMGRW_ERR_PROOF, with both readings in the message;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_verify(const struct irw_proof_task *task,
                             size_t *unwitnessed, struct imgrw_error *error);
