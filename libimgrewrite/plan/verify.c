/*
 * Piece by piece, for what lies outside of edited pieces is compared as bytes.
 * Edited pieces that stand side by side are a run, and share their readers: a
 * parser of its own would cost as much as a small piece does.
 */
#include "plan/verify.h"
#include "base/error.h"
#include "base/str.h"
#include "yaml/compare.h"
#include "yaml/gate.h"

#include <stdlib.h>

/* An edited piece: its changes, and where it lies in the new text. */
struct part {
    const struct irw_piece *piece;
    const struct irw_change *changes;
    size_t change_count;
    int64_t moved; /* by the changes before this piece */
    size_t start, end;
};

struct proof {
    const struct irw_proof_task *task;
    struct part part; /* the one in work */
    struct irw_tree_reader *reread, *witness; /* of the run; NULL: none */
    struct irw_arena arena;
    struct irw_tree result, other;
    size_t single_proofs;
    struct imgrw_error *error;
};

/* Fails at the first change of the piece, or at the piece itself. */
static enum imgrw_status
fail_proof(struct proof *proof, const char *reader, const char *what,
           imgrw_str why)
{
    const struct irw_source *source = &proof->task->manifest->source;
    const struct irw_change *first = proof->part.changes;
    struct irw_line_cursor cursor = {0};
    struct imgrw_location at =
        irw_source_locate(source, &cursor, first->start);

    return irw_fail(proof->error, IMGRW_ERR_PROOF, at,
                    "failed proof, please report: %s %s: %.*s; edit \"%.*s\"",
                    reader, what, (int)why.size, why.size > 0 ? why.data : "",
                    first->replacement.size > 20
                        ? 20
                        : (int)first->replacement.size,
                    first->replacement.data);
}

/* What a library refuses to read is a failed proof. */
static enum imgrw_status
check_reading(struct proof *proof, const struct irw_backend *backend,
              enum imgrw_status status, const struct imgrw_error *why)
{
    if (status == IMGRW_OK)
        return IMGRW_OK;
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(proof->error);
    return fail_proof(proof, backend->name, "cannot read it",
                      irw_str(why->message));
}

/* Reads the part in work with a reader of the run. */
static enum imgrw_status
read_part(struct proof *proof, const struct irw_backend *backend,
          struct irw_tree_reader *reader, bool last, struct irw_tree *tree)
{
    struct imgrw_error why;
    size_t limit = last ? SIZE_MAX : proof->part.end;

    return check_reading(
        proof, backend,
        irw_tree_next(reader, limit, &proof->arena, tree, &why), &why);
}

static enum imgrw_status
compare(struct proof *proof, const struct irw_backend *backend,
        const struct irw_tree *before, const struct irw_tree *after,
        const struct irw_expectation *expectation)
{
    struct irw_text difference = {0};
    enum imgrw_status status = IMGRW_OK;

    if (!irw_tree_compare(before, after, expectation, &difference))
        status = fail_proof(proof, backend->name, "reads it otherwise",
                            (imgrw_str){difference.data, difference.size});
    irw_text_clear(&difference);
    return status;
}

/* libfyaml on the original, which libyaml reads as the piece's tree. */
static enum imgrw_status
prove_original(struct proof *proof)
{
    static const struct irw_expectation same = {0};
    const struct imgrw_manifest *manifest = proof->task->manifest;
    const struct irw_piece *piece = proof->part.piece;
    imgrw_str text = manifest->source.text;
    struct imgrw_error why;
    enum imgrw_status status;

    if (!irw_gate_passes(irw_slice(text, piece->start, piece->end)))
        return IMGRW_OK;
    status = irw_tree_read(&irw_libfyaml, text, piece->start, piece->end,
                           manifest->max_depth, &proof->arena, &proof->other,
                           &why);
    status = check_reading(proof, &irw_libfyaml, status, &why);
    if (status == IMGRW_OK)
        status =
            compare(proof, &irw_libfyaml, &piece->tree, &proof->other, &same);
    return status;
}

/* Proves the part in work: libyaml must read the old tree, with the changes,
 * and libfyaml what libyaml reads. */
static enum imgrw_status
prove_part(struct proof *proof, bool last)
{
    static const struct irw_expectation same = {0};
    const struct part *part = &proof->part;
    const struct irw_expectation expectation = {
        .changes = part->changes,
        .change_count = part->change_count,
        .moved = part->moved,
        .same_reader = true,
    };
    enum imgrw_status status =
        read_part(proof, &irw_libyaml, proof->reread, last, &proof->result);

    if (status == IMGRW_OK)
        status = compare(proof, &irw_libyaml, &part->piece->tree,
                         &proof->result, &expectation);
    if (status == IMGRW_OK && proof->witness)
        status = read_part(proof, &irw_libfyaml, proof->witness, last,
                           &proof->other);
    if (status == IMGRW_OK && proof->witness)
        status = compare(proof, &irw_libfyaml, &proof->result, &proof->other,
                         &same);
    if (status == IMGRW_OK && proof->task->proof == IMGRW_PROOF_FULL)
        status = prove_original(proof);
    irw_arena_clear(&proof->arena);
    return status;
}

/* The part behind `before`, which may be the zero part; false when no piece is
 * edited any more. */
static bool
next_part(const struct irw_proof_task *task, const struct part *before,
          struct part *part)
{
    const struct imgrw_manifest *manifest = task->manifest;
    const struct irw_piece *piece =
        before->piece ? before->piece + 1 : manifest->pieces;
    const struct irw_change *first =
        before->piece ? before->changes + before->change_count : task->changes;
    size_t left = task->change_count - (size_t)(first - task->changes);
    size_t count = 0;

    if (left == 0)
        return false;
    while (first->start >= piece->end)
        piece++;
    while (count < left && first[count].start < piece->end)
        count++;
    *part = (struct part){
        .piece = piece,
        .changes = first,
        .change_count = count,
        .moved = first > task->changes ? first[-1].moved : 0,
    };
    part->start = (size_t)((int64_t)piece->start + part->moved);
    part->end = (size_t)((int64_t)piece->end + first[count - 1].moved);
    return true;
}

/* Whether libfyaml is wanted for the part, and may see it. */
static bool
may_witness(const struct irw_proof_task *task, const struct part *part)
{
    return task->proof != IMGRW_PROOF_REREAD &&
           irw_gate_passes(irw_slice(task->text, part->start, part->end));
}

static enum imgrw_status
open_readers(struct proof *proof, size_t end, bool witnessed)
{
    const struct irw_proof_task *task = proof->task;
    uint32_t depth = task->manifest->max_depth;
    size_t start = proof->part.start;
    enum imgrw_status status =
        irw_tree_open(&irw_libyaml, task->text, start, end, depth,
                      &proof->reread, proof->error);

    if (status == IMGRW_OK && witnessed)
        status = irw_tree_open(&irw_libfyaml, task->text, start, end, depth,
                               &proof->witness, proof->error);
    return status;
}

static void
close_readers(struct proof *proof)
{
    irw_tree_close(proof->reread);
    irw_tree_close(proof->witness);
    proof->reread = proof->witness = NULL;
}

/* Proves the run that begins with the part in work and leaves the part behind
 * it in work; `*more` tells whether there is one. */
static enum imgrw_status
prove_run(struct proof *proof, bool *more)
{
    const struct irw_proof_task *task = proof->task;
    bool witnessed = may_witness(task, &proof->part), last = false;
    struct part tail = proof->part, behind = {0};
    enum imgrw_status status;

    *more = next_part(task, &tail, &behind);
    while (*more && behind.start == tail.end &&
           may_witness(task, &behind) == witnessed) {
        tail = behind;
        *more = next_part(task, &tail, &behind);
    }
    status = open_readers(proof, tail.end, witnessed);
    while (status == IMGRW_OK && !last) {
        last = proof->part.piece == tail.piece;
        status = prove_part(proof, last);
        proof->single_proofs +=
            !witnessed && task->proof != IMGRW_PROOF_REREAD;
        if (!last)
            next_part(task, &proof->part, &proof->part);
    }
    close_readers(proof);
    if (status == IMGRW_OK)
        proof->part = behind;
    return status;
}

/* Fails for bytes outside of the edits, of which both texts show some. */
static enum imgrw_status
fail_outside(struct proof *proof, imgrw_str expected, imgrw_str read)
{
    struct irw_text readings = {0};
    enum imgrw_status status;
    size_t same = 0;

    while (same < expected.size && same < read.size &&
           expected.data[same] == read.data[same])
        same++;
    expected = irw_slice(expected, same, expected.size);
    read = irw_slice(read, same, read.size);
    irw_text_printf(&readings, "expected \"%.*s\", read \"%.*s\"",
                    expected.size > 30 ? 30 : (int)expected.size,
                    expected.data, read.size > 30 ? 30 : (int)read.size,
                    read.data);
    status = fail_proof(proof, "the text", "differs outside of the edits",
                        (imgrw_str){readings.data, readings.size});
    irw_text_clear(&readings);
    return status;
}

/* Whether the bytes between the changes are those of the old text, and the
 * changes what they should be. */
static enum imgrw_status
prove_outside(struct proof *proof)
{
    const struct irw_proof_task *task = proof->task;
    imgrw_str before = task->manifest->source.text, after = task->text;
    size_t from = 0;

    for (size_t i = 0; i <= task->change_count; i++) {
        const struct irw_change *change = &task->changes[i];
        bool last = i == task->change_count;
        imgrw_str kept =
            irw_slice(before, from, last ? before.size : change->start);

        if (!irw_starts_with(after, kept) ||
            (last && after.size != kept.size))
            return fail_outside(proof, kept, after);
        after = irw_slice(after, kept.size, after.size);
        if (last)
            break;
        if (!irw_starts_with(after, change->replacement))
            return fail_outside(proof, change->replacement, after);
        after = irw_slice(after, change->replacement.size, after.size);
        from = change->end;
    }
    return IMGRW_OK;
}

enum imgrw_status
irw_verify(const struct irw_proof_task *task, size_t *single_proofs,
           struct imgrw_error *error)
{
    static const struct part none;
    struct proof proof = {.task = task, .error = error};
    enum imgrw_status status = IMGRW_OK;
    bool more = task->proof != IMGRW_PROOF_NONE &&
                next_part(task, &none, &proof.part);

    *single_proofs = 0;
    if (more)
        status = prove_outside(&proof);
    while (status == IMGRW_OK && more)
        status = prove_run(&proof, &more);
    *single_proofs = proof.single_proofs;
    irw_tree_clear(&proof.result);
    irw_tree_clear(&proof.other);
    irw_arena_clear(&proof.arena);
    return status;
}
