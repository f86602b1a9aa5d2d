/*
 * Piece by piece, for what lies outside of edited pieces is compared as bytes.
 * Edited pieces that stand side by side are a run, and share a reader: a parser
 * of its own would cost as much as a small piece does. libyaml has read all of
 * them before libfyaml sees the first.
 */
#include "plan/verify.h"
#include "base/error.h"
#include "base/str.h"
#include "edit/compare.h"
#include "yaml/gate.h"


/* An edited piece: its changes, and where it lies in the new text. */
struct part {
    const struct irw_piece *piece;
    const struct irw_text_edit *changes;
    size_t change_count;
    const struct irw_reading *readings;
    size_t reading_count;
    struct irw_grafts grafts;
    int64_t moved; /* by the changes before this piece */
    size_t start, end;
};

/* One library on the new text. */
struct proof {
    const struct irw_proof_task *task;
    const struct irw_backend *backend;
    bool gated;       /* pieces that the gate holds back are passed over */
    struct part part; /* the one in work */
    struct irw_arena arena;
    struct irw_tree tree;
    size_t held_back; /* pieces that were passed over */
    struct imgrw_error *error;
};

/* Fails at the first change of the piece in work, or of all. */
static enum imgrw_status
fail_proof(struct proof *proof, const char *reader, const char *what,
           imgrw_str why)
{
    const struct irw_proof_task *task = proof->task;
    const struct irw_text_edit *first =
        proof->part.change_count > 0 ? proof->part.changes : task->changes;
    struct irw_line_cursor cursor = {0};
    struct imgrw_location at = irw_source_locate(
        task->source, &cursor,
        task->origin == SIZE_MAX ? first->start : task->origin);

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
check_reading(struct proof *proof, enum imgrw_status status,
              const struct imgrw_error *why)
{
    if (status == IMGRW_OK)
        return IMGRW_OK;
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(proof->error);
    return fail_proof(proof, proof->backend->name, "cannot read it",
                      irw_str(why->message));
}

/* Compares what was read with what the piece's tree should have become. */
static enum imgrw_status
compare(struct proof *proof, const struct irw_expectation *expectation)
{
    struct irw_text difference = {0};
    enum imgrw_status status = IMGRW_OK;

    if (!irw_tree_compare(&proof->part.piece->tree, &proof->tree, expectation,
                          &difference))
        status = fail_proof(proof, proof->backend->name, "reads it otherwise",
                            (imgrw_str){difference.data, difference.size});
    irw_text_clear(&difference);
    return status;
}

/* Reads the part in work and compares. */
static enum imgrw_status
prove_part(struct proof *proof, struct irw_tree_reader *reader, bool last)
{
    const struct part *part = &proof->part;
    const struct irw_expectation expectation = {
        .changes = part->changes,
        .change_count = part->change_count,
        .readings = part->readings,
        .reading_count = part->reading_count,
        .grafts = part->grafts,
        .moved = part->moved,
        .same_reader = proof->backend->has_values,
    };
    struct imgrw_error why;
    enum imgrw_status status =
        irw_tree_next(reader, last ? SIZE_MAX : part->end, &proof->arena,
                      &proof->tree, &why);

    status = check_reading(proof, status, &why);
    if (status == IMGRW_OK)
        status = compare(proof, &expectation);
    irw_arena_clear(&proof->arena);
    return status;
}

/* The grafts of changes that stand side by side. */
static struct irw_grafts
grafts_of(const struct irw_text_edit *changes, size_t count)
{
    struct irw_grafts grafts = {0};

    for (size_t i = 0; i < count; i++) {
        if (!changes[i].graft)
            continue;
        if (grafts.count++ == 0)
            grafts.items = changes[i].graft;
    }
    return grafts;
}

/* The part behind `before`, which may be the zero part; false when no piece is
 * edited any more. */
static bool
next_part(const struct irw_proof_task *task, const struct part *before,
          struct part *part)
{
    const struct irw_piece *piece =
        before->piece ? before->piece + 1 : task->pieces;
    const struct irw_text_edit *first =
        before->piece ? before->changes + before->change_count : task->changes;
    const struct irw_reading *reading =
        before->piece ? before->readings + before->reading_count
                      : task->readings;
    const struct irw_reading *readings_end =
        task->readings + task->reading_count;
    size_t left = task->change_count - (size_t)(first - task->changes);
    size_t count = 0, readings = 0;

    if (left == 0)
        return false;
    while (!irw_text_edit_is_of(first, piece->end))
        piece++;
    while (count < left && irw_text_edit_is_of(&first[count], piece->end))
        count++;
    while (reading + readings < readings_end &&
           reading[readings].start < piece->end)
        readings++;
    *part = (struct part){
        .piece = piece,
        .changes = first,
        .change_count = count,
        .readings = reading,
        .reading_count = readings,
        .grafts = grafts_of(first, count),
        .moved = first > task->changes ? first[-1].moved : 0,
    };
    part->start = (size_t)((int64_t)piece->start + part->moved);
    part->end = (size_t)((int64_t)piece->end + first[count - 1].moved);
    return true;
}

/* The next part that the library may see; counts those it may not. */
static bool
next_wanted(struct proof *proof, const struct part *before, struct part *part)
{
    const struct irw_proof_task *task = proof->task;
    struct part at = *before;

    while (next_part(task, &at, &at)) {
        if (!proof->gated ||
            irw_gate_passes(irw_slice(task->after, at.start, at.end))) {
            *part = at;
            return true;
        }
        proof->held_back++;
    }
    return false;
}

/* Proves the run from the part in work to `tail`. */
static enum imgrw_status
prove_run(struct proof *proof, const struct part *tail)
{
    const struct irw_proof_task *task = proof->task;
    struct irw_tree_reader *reader = NULL;
    enum imgrw_status status =
        irw_tree_open(proof->backend, task->after, proof->part.start,
                      tail->end, task->max_depth, &reader, proof->error);

    while (status == IMGRW_OK) {
        bool last = proof->part.piece == tail->piece;

        status = prove_part(proof, reader, last);
        if (last)
            break;
        next_part(task, &proof->part, &proof->part);
    }
    irw_tree_close(reader);
    return status;
}

/* Has `backend` read every edited part that it may see. */
static enum imgrw_status
prove_all(const struct irw_proof_task *task, const struct irw_backend *backend,
          bool gated, size_t *held_back, struct imgrw_error *error)
{
    static const struct part none;
    struct proof proof = {task, backend, gated, .error = error};
    struct part behind;
    bool more = next_wanted(&proof, &none, &behind);
    enum imgrw_status status = IMGRW_OK;

    while (status == IMGRW_OK && more) {
        struct part tail = behind;

        proof.part = behind;
        while ((more = next_wanted(&proof, &tail, &behind)) &&
               behind.start == tail.end)
            tail = behind;
        status = prove_run(&proof, &tail);
    }
    *held_back = proof.held_back;
    irw_tree_clear(&proof.tree);
    irw_arena_clear(&proof.arena);
    return status;
}

/* libfyaml on the original of every edited part, as a run of its own: what
 * libyaml reads there is the piece's tree. */
static enum imgrw_status
prove_originals(const struct irw_proof_task *task, struct imgrw_error *error)
{
    struct irw_proof_task original = *task;
    struct part part = {0};
    enum imgrw_status status = IMGRW_OK;

    original.after = task->before;
    while (status == IMGRW_OK && next_part(task, &part, &part)) {
        struct proof proof = {&original, &irw_libfyaml, true, .error = error};
        const struct irw_piece *piece = part.piece;
        struct part alone = {
            .piece = piece, .start = piece->start, .end = piece->end};

        proof.part = alone;
        if (irw_gate_passes(irw_slice(original.after, alone.start, alone.end)))
            status = prove_run(&proof, &alone);
        irw_tree_clear(&proof.tree);
    }
    return status;
}

/* Fails for bytes outside of the edits, of which both texts show some. */
static enum imgrw_status
fail_outside(const struct irw_proof_task *task, imgrw_str expected,
             imgrw_str read, struct imgrw_error *error)
{
    struct proof proof = {.task = task, .error = error};
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
    status = fail_proof(&proof, "the text", "differs outside of the edits",
                        (imgrw_str){readings.data, readings.size});
    irw_text_clear(&readings);
    return status;
}

/* The bytes between the changes must be those of the old text, and the changes
 * what they should be. */
static enum imgrw_status
prove_outside(const struct irw_proof_task *task, struct imgrw_error *error)
{
    imgrw_str before = task->before, after = task->after;
    size_t from = 0;

    for (size_t i = 0; i <= task->change_count; i++) {
        const struct irw_text_edit *change = &task->changes[i];
        bool last = i == task->change_count;
        imgrw_str kept =
            irw_slice(before, from, last ? before.size : change->start);

        if (!irw_starts_with(after, kept) ||
            (last && after.size != kept.size))
            return fail_outside(task, kept, after, error);
        after = irw_slice(after, kept.size, after.size);
        if (last)
            break;
        if (!irw_starts_with(after, change->replacement))
            return fail_outside(task, change->replacement, after, error);
        after = irw_slice(after, change->replacement.size, after.size);
        from = change->end;
    }
    return IMGRW_OK;
}

enum imgrw_status
irw_verify(const struct irw_proof_task *task, size_t *single_proofs,
           struct imgrw_error *error)
{
    enum imgrw_proof proof = task->proof;
    enum imgrw_status status;
    size_t none, held_back = 0;

    if (proof == IMGRW_PROOF_NONE || task->change_count == 0)
        return IMGRW_OK;
    status = prove_outside(task, error);
    if (status == IMGRW_OK)
        status = prove_all(task, &irw_libyaml, false, &none, error);
    if (status == IMGRW_OK && proof != IMGRW_PROOF_REREAD)
        status = prove_all(task, &irw_libfyaml, true, &held_back, error);
    if (status == IMGRW_OK && proof == IMGRW_PROOF_FULL)
        status = prove_originals(task, error);
    *single_proofs += held_back;
    return status;
}
