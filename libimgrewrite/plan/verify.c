/*
 * Piece by piece, for what lies outside of edited pieces is compared as bytes.
 */
#include "plan/verify.h"
#include "base/error.h"
#include "base/str.h"
#include "yaml/compare.h"
#include "yaml/gate.h"

#include <stdlib.h>

/* One edited piece, and the trees it is read into. */
struct proof {
    const struct irw_proof_task *task;
    const struct irw_piece *piece;
    const struct irw_change *changes; /* those in this piece */
    size_t change_count;
    int64_t moved;     /* by the changes before this piece */
    size_t start, end; /* of the piece in the new text */
    struct irw_arena arena;
    struct irw_tree result, witness;
    struct imgrw_error *error;
};

/* Fails at the first change of the piece, or at the piece itself. */
static enum imgrw_status
fail_proof(struct proof *proof, const char *reader, const char *what,
           imgrw_str why)
{
    const struct irw_source *source = &proof->task->manifest->source;
    const struct irw_change *first = proof->changes;
    struct irw_line_cursor cursor = {0};
    struct imgrw_location at =
        irw_source_locate(source, &cursor, first->start);

    return irw_fail(proof->error, IMGRW_ERR_PROOF, at,
                    "the proof failed, nothing is written; please report this: "
                    "edit \"%.*s\", %s %s: %.*s",
                    IRW_PRINT(first->replacement), reader, what,
                    IRW_PRINT(why));
}

/* Reads bytes with `backend`; what it refuses to read is a failed proof. */
static enum imgrw_status
read_again(struct proof *proof, const struct irw_backend *backend,
           imgrw_str text, size_t start, size_t end, struct irw_tree *tree)
{
    struct imgrw_error why;
    enum imgrw_status status =
        irw_tree_read(backend, text, start, end,
                      proof->task->manifest->max_depth, &proof->arena, tree,
                      &why);

    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(proof->error);
    if (status != IMGRW_OK)
        return fail_proof(proof, backend->name, "cannot read it",
                          irw_str(why.message));
    return IMGRW_OK;
}

static enum imgrw_status
compare(struct proof *proof, const struct irw_backend *backend,
        const struct irw_tree *before, const struct irw_tree *after,
        const struct irw_expectation *expectation)
{
    struct irw_text difference = {0};
    enum imgrw_status status = IMGRW_OK;

    if (!irw_tree_compare(before, after, expectation, &difference))
        status =
            fail_proof(proof, backend->name, "reads it otherwise",
                       (imgrw_str){difference.data, difference.size});
    irw_text_clear(&difference);
    return status;
}

/* libyaml on the new piece: the old tree, with the changes. */
static enum imgrw_status
prove_reread(struct proof *proof)
{
    const struct irw_expectation expectation = {
        .changes = proof->changes,
        .change_count = proof->change_count,
        .moved = proof->moved,
        .same_reader = true,
    };
    enum imgrw_status status =
        read_again(proof, &irw_libyaml, proof->task->text, proof->start,
                   proof->end, &proof->result);

    if (status != IMGRW_OK)
        return status;
    return compare(proof, &irw_libyaml, &proof->piece->tree, &proof->result,
                   &expectation);
}

/* libfyaml on some bytes that libyaml reads as `tree`. `*seen` tells whether
 * the gate let it. */
static enum imgrw_status
prove_witness(struct proof *proof, imgrw_str text, size_t start, size_t end,
              const struct irw_tree *tree, bool *seen)
{
    static const struct irw_expectation same = {0};
    enum imgrw_status status;

    *seen = irw_gate_passes(irw_slice(text, start, end));
    if (!*seen)
        return IMGRW_OK;
    status = read_again(proof, &irw_libfyaml, text, start, end,
                        &proof->witness);
    if (status != IMGRW_OK)
        return status;
    return compare(proof, &irw_libfyaml, tree, &proof->witness, &same);
}

static enum imgrw_status
prove_piece(struct proof *proof, size_t *single_proofs)
{
    const struct irw_proof_task *task = proof->task;
    const struct irw_piece *piece = proof->piece;
    bool seen = true, seen_before = true;
    enum imgrw_status status = prove_reread(proof);

    if (status == IMGRW_OK && task->proof != IMGRW_PROOF_REREAD)
        status = prove_witness(proof, task->text, proof->start, proof->end,
                               &proof->result, &seen);
    if (status == IMGRW_OK && task->proof == IMGRW_PROOF_FULL)
        status = prove_witness(proof, task->manifest->source.text, piece->start,
                               piece->end, &piece->tree, &seen_before);
    if (!seen || !seen_before)
        ++*single_proofs;
    irw_arena_clear(&proof->arena);
    return status;
}

/* Selects the changes that lie in the piece, behind those of the piece before;
 * returns whether there are any. */
static bool
select_changes(struct proof *proof, const struct irw_piece *piece)
{
    const struct irw_proof_task *task = proof->task;
    const struct irw_change *first = proof->changes + proof->change_count;
    const struct irw_change *end = task->changes + task->change_count;

    proof->piece = piece;
    proof->changes = first;
    proof->change_count = 0;
    proof->moved = first > task->changes ? first[-1].moved : 0;
    while (first + proof->change_count < end &&
           first[proof->change_count].start < piece->end)
        proof->change_count++;
    if (proof->change_count == 0)
        return false;
    proof->start = (size_t)((int64_t)piece->start + proof->moved);
    proof->end = (size_t)((int64_t)piece->end +
                          first[proof->change_count - 1].moved);
    return true;
}

/* Whether the bytes between the changes are those of the old text. */
static bool
same_outside(const struct irw_proof_task *task)
{
    imgrw_str before = task->manifest->source.text, after = task->text;
    size_t from = 0, to = 0;

    for (size_t i = 0; i <= task->change_count; i++) {
        bool last = i == task->change_count;
        size_t end = last ? before.size : task->changes[i].start;
        size_t size = end - from;

        if (after.size - to < size ||
            !irw_equal(irw_slice(before, from, end),
                       irw_slice(after, to, to + size)))
            return false;
        to += size;
        if (last)
            break;
        if (after.size - to < task->changes[i].replacement.size)
            return false;
        to += task->changes[i].replacement.size;
        from = task->changes[i].end;
    }
    return to == after.size;
}

enum imgrw_status
irw_verify(const struct irw_proof_task *task, size_t *single_proofs,
           struct imgrw_error *error)
{
    const struct imgrw_manifest *manifest = task->manifest;
    struct proof proof = {
        .task = task,
        .changes = task->changes,
        .error = error,
    };
    enum imgrw_status status = IMGRW_OK;

    *single_proofs = 0;
    if (task->change_count == 0 || task->proof == IMGRW_PROOF_NONE)
        return IMGRW_OK;
    if (!same_outside(task))
        return fail_proof(&proof, "the text", "differs outside of the edits",
                          (imgrw_str){0});
    for (size_t i = 0; i < manifest->piece_count && status == IMGRW_OK; i++)
        if (select_changes(&proof, &manifest->pieces[i]))
            status = prove_piece(&proof, single_proofs);
    irw_tree_clear(&proof.result);
    irw_tree_clear(&proof.witness);
    irw_arena_clear(&proof.arena);
    return status;
}
