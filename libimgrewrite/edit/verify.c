/*
 * What lies outside of the edits is compared as bytes; the parts with edits are
 * read again, several at a time where there are threads for that. libyaml has
 * read all of them before libfyaml sees the first: what libyaml does not accept
 * may crash it.
 */
#include "edit/verify.h"
#include "base/error.h"
#include "base/str.h"
#include "base/threads.h"
#include "edit/proof.h"

#include <stdlib.h>

/* Fails at bytes outside of the edits, and shows some of either text. */
static enum imgrw_status
fail_outside(const struct irw_proof_task *task, imgrw_str expected,
             imgrw_str read, struct imgrw_error *error)
{
    struct irw_proof proof = {.task = task, .error = error};
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
    status = irw_proof_fail(&proof, "the text", "differs outside of the edits",
                            (imgrw_str){readings.data, readings.size});
    irw_text_clear(&readings);
    return status;
}

/* The bytes between the edits must be those of the old text, and the edits what
 * they should be. */
static enum imgrw_status
prove_outside(const struct irw_proof_task *task, imgrw_str before,
              imgrw_str after, struct imgrw_error *error)
{
    size_t from = 0;

    for (size_t i = 0; i <= task->edit_count; i++) {
        const struct irw_text_edit *edit = &task->edits[i];
        bool last = i == task->edit_count;
        imgrw_str kept =
            irw_slice(before, from, last ? before.size : edit->start);

        if (!irw_starts_with(after, kept) ||
            (last && after.size != kept.size))
            return fail_outside(task, kept, after, error);
        after = irw_slice(after, kept.size, after.size);
        if (last)
            break;
        if (!irw_starts_with(after, edit->replacement))
            return fail_outside(task, edit->replacement, after, error);
        after = irw_slice(after, edit->replacement.size, after.size);
        from = edit->end;
    }
    return IMGRW_OK;
}

/* Parts that one thread proves. */
struct proof_share {
    struct irw_proof_task task; /* that has these alone */
    bool *passes;     /* as in struct irw_proof, of these */
    size_t held_back; /* by the last proof */
    enum imgrw_status status;
    struct imgrw_error error;
};

/* All parts, in shares of about the same size. */
struct division {
    struct proof_share *shares; /* malloc'ed */
    size_t count;
    bool *passes; /* the same; of all parts, or NULL */
    struct imgrw_error *error;
};

/* A proof of all shares by one library. */
struct divided_proof {
    struct proof_share *shares;
    const struct irw_backend *backend;
    bool gated, original; /* as in struct irw_proof */
};

static size_t
count_bytes(const struct irw_proof_task *task)
{
    size_t bytes = 0;

    for (size_t i = 0; i < task->part_count; i++)
        bytes += task->parts[i].end - task->parts[i].start;
    return bytes;
}

static size_t
count_insertions(const struct irw_proof_piece *part)
{
    size_t count = 0;

    for (size_t i = 0; i < part->edit_count; i++)
        count += part->edits[i].insertion != NULL;
    return count;
}

/* Gives out the parts, in their order, to at most `most` shares. */
static void
deal_parts(const struct irw_proof_task *task, size_t most,
           struct division *division)
{
    size_t bytes = count_bytes(task), dealt = 0;
    struct proof_share *share = NULL;
    struct irw_inserted_run *runs = task->runs;

    for (size_t i = 0; i < task->part_count; i++) {
        const struct irw_proof_piece *part = &task->parts[i];

        if (!share || (division->count < most &&
                       dealt >= bytes / most * division->count)) {
            share = &division->shares[division->count++];
            share->task = *task;
            share->task.parts = part;
            share->task.part_count = 0;
            share->task.runs = runs;
            share->passes = division->passes ? division->passes + i : NULL;
        }
        share->task.part_count++;
        dealt += part->end - part->start;
        runs += count_insertions(part);
    }
}

static enum imgrw_status
divide(const struct irw_proof_task *task, struct division *division)
{
    size_t most = irw_thread_count(count_bytes(task), task->jobs);

    division->shares = calloc(most, sizeof(*division->shares));
    if (task->witness)
        division->passes = calloc(task->part_count, sizeof(bool));
    if (!division->shares || (task->witness && !division->passes))
        return irw_fail_memory(division->error);
    deal_parts(task, most, division);
    return IMGRW_OK;
}

static void
prove_share(size_t number, void *user)
{
    const struct divided_proof *divided = user;
    struct proof_share *share = &divided->shares[number];
    struct irw_proof proof = {
        .task = &share->task,
        .backend = divided->backend,
        .gated = divided->gated,
        .original = divided->original,
        .passes = share->passes,
        .error = &share->error,
    };

    share->status = irw_proof_run(&proof);
    share->held_back = proof.held_back;
}

/* Has a library prove all shares. Of those that fail it is the first, as if one
 * thread had read the text to there. */
static enum imgrw_status
prove_all(const struct division *division, const struct irw_backend *backend,
          bool gated, bool original)
{
    struct divided_proof divided = {division->shares, backend, gated, original};

    irw_in_threads(division->count, prove_share, &divided);
    for (size_t i = 0; i < division->count; i++) {
        const struct proof_share *share = &division->shares[i];

        if (share->status == IMGRW_OK)
            continue;
        if (division->error)
            *division->error = share->error;
        return share->status;
    }
    return IMGRW_OK;
}

/* How many parts the last proof has passed over. */
static size_t
count_held_back(const struct division *division)
{
    size_t count = 0;

    for (size_t i = 0; i < division->count; i++)
        count += division->shares[i].held_back;
    return count;
}

enum imgrw_status
irw_verify(const struct irw_proof_task *task, size_t *unwitnessed,
           struct imgrw_error *error)
{
    struct division division = {.error = error};
    enum imgrw_status status;

    if (task->edit_count == 0)
        return IMGRW_OK;
    status = divide(task, &division);
    if (status == IMGRW_OK)
        status = prove_outside(task, task->before, task->after, error);
    if (status == IMGRW_OK && task->written_after.data != task->after.data)
        status = prove_outside(task, task->written_before,
                               task->written_after, error);
    if (status == IMGRW_OK)
        status = prove_all(&division, &irw_libyaml, false, false);
    if (status == IMGRW_OK && task->witness) {
        status = prove_all(&division, &irw_libfyaml, true, false);
        *unwitnessed += count_held_back(&division);
    }
    if (status == IMGRW_OK && task->original)
        status = prove_all(&division, &irw_libfyaml, true, true);
    free(division.shares);
    free(division.passes);
    return status;
}
