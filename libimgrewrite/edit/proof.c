/*
 * Part by part. Parts that follow each other without a gap are a run and share
 * a reader, because a parser of its own would cost as much as a small part
 * does; in a stream of JSON, which is no YAML, each has one all the same.
 */
#include "edit/proof.h"
#include "base/error.h"
#include "base/str.h"
#include "yaml/gate.h"

/* How far the edits before the part move it. */
static int64_t
moved_before(const struct irw_proof_task *task,
             const struct irw_proof_piece *part)
{
    return part->edits > task->edits ? part->edits[-1].moved : 0;
}

static imgrw_str
text_of(const struct irw_proof *proof)
{
    return proof->original ? proof->task->before : proof->task->after;
}

/* The bytes of the part in the text that is read. */
static struct irw_byte_range
range_of(const struct irw_proof *proof, const struct irw_proof_piece *part)
{
    const struct irw_text_edit *last = &part->edits[part->edit_count - 1];

    if (proof->original)
        return (struct irw_byte_range){part->start, part->end};
    return (struct irw_byte_range){
        (size_t)((int64_t)part->start + moved_before(proof->task, part)),
        (size_t)((int64_t)part->end + last->moved),
    };
}

enum imgrw_status
irw_proof_fail(struct irw_proof *proof, const char *reader, const char *what,
           imgrw_str why)
{
    const struct irw_proof_task *task = proof->task;
    const struct irw_text_edit *first =
        proof->part ? proof->part->edits : task->edits;
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
check_reading(struct irw_proof *proof, enum imgrw_status status,
              const struct imgrw_error *why)
{
    if (status == IMGRW_OK)
        return IMGRW_OK;
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(proof->error);
    return irw_proof_fail(proof, proof->backend->name, "cannot read it",
                          irw_str(why->message));
}

/* Compares what was read with what the part's tree should have become. */
static enum imgrw_status
compare(struct irw_proof *proof, const struct irw_expectation *expectation)
{
    struct irw_text difference = {0};
    enum imgrw_status status = IMGRW_OK;

    if (!irw_tree_compare(proof->part->tree, &proof->tree, expectation,
                          &difference))
        status = irw_proof_fail(
            proof, proof->backend->name, "reads it otherwise",
            (imgrw_str){difference.data, difference.size});
    irw_text_clear(&difference);
    return status;
}

/* Whether the gate lets the part at hand pass, which libyaml has read. */
static bool
passes_gate(const struct irw_proof *proof, const struct irw_proof_piece *part,
            const struct irw_tree *tree)
{
    struct irw_byte_range range = range_of(proof, part);

    return irw_gate_passes(
        (struct irw_extract){text_of(proof), range.start, range.end}, tree);
}

/* Reads the documents of the part at hand, which start before `end`, and
 * compares. */
static enum imgrw_status
prove_part(struct irw_proof *proof, struct irw_tree_reader *reader, size_t end)
{
    const struct irw_proof_piece *part = proof->part;
    const struct irw_expectation expectation = {
        .edits = part->edits,
        .edit_count = proof->original ? 0 : part->edit_count,
        .readings = part->readings,
        .reading_count = proof->original ? 0 : part->reading_count,
        .runs = proof->task->runs,
        .moved = proof->original ? 0 : moved_before(proof->task, part),
        .same_reader = proof->backend->has_values,
    };
    struct imgrw_error why;
    enum imgrw_status status =
        irw_tree_next(reader, end, &proof->arena, &proof->tree, &why);

    proof->tree.written = proof->original ? proof->task->written_before
                                          : proof->task->written_after;
    status = check_reading(proof, status, &why);
    if (status == IMGRW_OK && proof->passes && !proof->gated)
        proof->passes[part - proof->task->parts] =
            passes_gate(proof, part, &proof->tree);
    if (status == IMGRW_OK)
        status = compare(proof, &expectation);
    irw_arena_clear(&proof->arena);
    return status;
}

/* Moves `at` on to a part that the library may see, and counts those it may
 * not; false at the end. */
static bool
find_wanted(struct irw_proof *proof, size_t *at)
{
    const struct irw_proof_task *task = proof->task;

    for (; *at < task->part_count; (*at)++) {
        const struct irw_proof_piece *part = &task->parts[*at];

        if (!proof->gated ||
            (proof->original ? passes_gate(proof, part, part->tree)
                             : proof->passes[*at]))
            return true;
        proof->held_back++;
    }
    return false;
}

/* Proves the run of parts from `first` to `last`. */
static enum imgrw_status
prove_run(struct irw_proof *proof, size_t first, size_t last)
{
    const struct irw_proof_task *task = proof->task;
    struct irw_tree_reader *reader = NULL;
    enum imgrw_status status = irw_tree_open(
        proof->backend,
        (struct irw_extract){text_of(proof),
                             range_of(proof, &task->parts[first]).start,
                             range_of(proof, &task->parts[last]).end},
        task->max_depth, &reader, proof->error);

    for (size_t i = first; i <= last && status == IMGRW_OK; i++) {
        proof->part = &task->parts[i];
        /* The last one takes all that is left, so that nothing in the run goes
         * unread. */
        status = prove_part(proof, reader,
                            i == last ? SIZE_MAX
                                      : range_of(proof, proof->part).end);
    }
    irw_tree_close(reader);
    return status;
}

/* Whether a part begins where another ends, and with a marker, so that a reader
 * can go on from that one. */
static bool
follows(const struct irw_proof *proof, const struct irw_proof_piece *part,
        const struct irw_proof_piece *before)
{
    struct irw_byte_range range = range_of(proof, part);

    return range.start == range_of(proof, before).end &&
           irw_starts_with(irw_slice(text_of(proof), range.start, range.end),
                           IRW_STR("---"));
}

enum imgrw_status
irw_proof_run(struct irw_proof *proof)
{
    const struct irw_proof_piece *parts = proof->task->parts;
    size_t first = 0, last, next;
    bool more = find_wanted(proof, &first);
    enum imgrw_status status = IMGRW_OK;

    for (; status == IMGRW_OK && more; first = next) {
        last = first;
        next = first + 1;
        while ((more = find_wanted(proof, &next)) &&
               follows(proof, &parts[next], &parts[last]))
            last = next++;
        status = prove_run(proof, first, last);
    }
    irw_tree_clear(&proof->tree);
    irw_arena_clear(&proof->arena);
    return status;
}
