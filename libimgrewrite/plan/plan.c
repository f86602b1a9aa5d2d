/*
 * Sites and rules make edits; edits make the text; the text is proved.
 */
#include "kubernetes/names.h"
#include "base/error.h"
#include "base/sizes.h"
#include "base/str.h"
#include "plan/document_edits.h"
#include "plan/options.h"
#include "plan/pull_secret/decide.h"
#include "edit/splice.h"
#include "plan/verify.h"

#include <imgrewrite/plan.h>

#include <stdlib.h>

struct imgrw_plan {
    const struct imgrw_manifest *manifest;
    struct imgrw_manifest *own;      /* the manifest, where it is the plan's */
    const struct imgrw_rules *rules; /* NULL: none */
    struct irw_arena arena;
    struct imgrw_decision *decisions; /* one a site */
    struct imgrw_edit *edits;
    size_t count; /* of edits */
    imgrw_str text;
    const struct irw_reading *readings; /* of the changed scalars in it */
    size_t reading_count;
    size_t single_proofs;
    size_t misses; /* of pull secrets */
    size_t offs[IMGRW_CLASS_COUNT]; /* images that a rule would change, of the
                                       classes that were not asked for */
};

/* A plan in the making. */
struct planning {
    struct imgrw_plan *plan;
    enum imgrw_proof proof;
    struct irw_edits edits;
    struct imgrw_error *error;
};

/* Refuses an image whose text something else uses as well. */
static enum imgrw_status
refuse_shared(const struct imgrw_manifest *manifest,
              const struct irw_site *site, struct imgrw_error *error)
{
    struct irw_line_cursor cursor = {0};
    struct imgrw_location other =
        irw_source_locate(&manifest->source, &cursor, site->shared_offset);

    return irw_fail(error, IMGRW_ERR_EDIT, site->image.at,
                    "\"%.*s\" is shared: it is the image at %.*s and, through "
                    "an alias or merge key, also %.*s (line %u), which is no "
                    "image; give each its own value",
                    IRW_PRINT(site->image.text), IRW_PRINT(site->image.field),
                    IRW_PRINT(site->shared_field), (unsigned)other.line);
}

static enum imgrw_status
refuse_change(const struct irw_site *site, const char *why,
              struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_EDIT, site->image.at,
                    "the image \"%.*s\" cannot be changed exactly: %s",
                    IRW_PRINT(site->image.text), why);
}

/* Plans the edits that make the site read as its decision says. In an embedded
 * document, what cannot be exact is left alone, and that is told. */
static enum imgrw_status
add_edits(struct planning *planning, const struct irw_piece *piece,
          size_t index)
{
    struct imgrw_plan *plan = planning->plan;
    const struct irw_site *site = &plan->manifest->findings.sites[index];
    struct imgrw_decision *decision = &plan->decisions[index];
    struct imgrw_error why;
    enum imgrw_status status;
    char *kept;

    if (site->shared_field.size > 0)
        return refuse_shared(plan->manifest, site, planning->error);
    status = irw_edits_add(&planning->edits, plan->manifest, piece, index,
                           decision->outcome.text, &plan->arena, &why);
    if (status == IMGRW_ERR_EDIT && site->holder == IRW_ROOT_DOCUMENT)
        return refuse_change(site, why.message, planning->error);
    if (status == IMGRW_ERR_EDIT) {
        kept = irw_arena_copy(&plan->arena, irw_str(why.message));
        decision->obstacle = irw_str(kept);
        return kept ? IMGRW_OK : irw_fail_memory(planning->error);
    }
    return status == IMGRW_OK ? IMGRW_OK : irw_fail_memory(planning->error);
}

/* Asks the rules about one image. */
static enum imgrw_status
decide(struct planning *planning, const struct irw_site *site,
       struct imgrw_decision *decision)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome *outcome = &decision->outcome;
    enum imgrw_status status;
    char *kept;

    decision->edit = decision->insertion = SIZE_MAX;
    outcome->text = site->image.text;
    if (site->image.reason != IMGRW_REASON_NONE || !planning->plan->rules)
        return IMGRW_OK;
    if (site->image.ignored) {
        outcome->result = IMGRW_EXCLUDED;
        return IMGRW_OK;
    }
    status = imgrw_rules_apply(planning->plan->rules, site->image.text,
                               &buffer, outcome, planning->error);
    if (status != IMGRW_OK) {
        if (planning->error && status != IMGRW_ERR_MEMORY)
            planning->error->at = site->image.at;
        return status;
    }
    if (outcome->result != IMGRW_REWRITTEN)
        return IMGRW_OK;
    kept = irw_arena_copy(&planning->plan->arena, outcome->text);
    if (!kept)
        return irw_fail_memory(planning->error);
    outcome->text.data = kept;
    return IMGRW_OK;
}

/* Decides about one site and plans its edits. An alias of an image has none: it
 * follows its anchor, which stands before it. */
static enum imgrw_status
plan_site(struct planning *planning, const struct irw_piece *piece,
          size_t index)
{
    struct imgrw_plan *plan = planning->plan;
    const struct irw_site *site = &plan->manifest->findings.sites[index];
    struct imgrw_decision *decision = &plan->decisions[index];
    enum imgrw_status status = decide(planning, site, decision);

    if (status != IMGRW_OK || decision->outcome.result != IMGRW_REWRITTEN ||
        site->anchor != UINT32_MAX)
        return status;
    return add_edits(planning, piece, index);
}

static enum imgrw_status
plan_sites(struct planning *planning)
{
    struct imgrw_plan *plan = planning->plan;
    const struct imgrw_manifest *manifest = plan->manifest;
    enum imgrw_status status = IMGRW_OK;

    plan->decisions =
        irw_arena_calloc(&plan->arena, manifest->findings.site_count,
                         sizeof(*plan->decisions));
    if (!plan->decisions)
        return irw_fail_memory(planning->error);
    for (size_t i = 0; i < manifest->piece_count; i++) {
        const struct irw_piece *piece = &manifest->pieces[i];
        size_t end = piece->first_site + piece->site_count;

        for (size_t k = piece->first_site; k < end && status == IMGRW_OK; k++)
            status = plan_site(planning, piece, k);
    }
    return status;
}

/* Counts what the rules would change if it had been asked for. */
static enum imgrw_status
count_offs(struct planning *planning)
{
    const struct irw_findings *findings = &planning->plan->manifest->findings;
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;

    for (size_t i = 0; planning->plan->rules && i < findings->off_count; i++) {
        const struct irw_off *off = &findings->offs[i];
        enum imgrw_status status = imgrw_rules_apply(
            planning->plan->rules, off->text, &buffer, &outcome, NULL);

        if (status == IMGRW_ERR_MEMORY)
            return irw_fail_memory(planning->error);
        planning->plan->offs[off->image_class] +=
            status == IMGRW_OK && outcome.result == IMGRW_REWRITTEN;
    }
    return IMGRW_OK;
}

/* The value of a changed node, made of the wishes of its `count` changes. */
static enum imgrw_status
make_value(struct planning *planning, const struct irw_document_edit *planned,
           size_t count, imgrw_str value, imgrw_str *made)
{
    struct irw_arena *arena = &planning->plan->arena;
    struct irw_text_edit *wishes;

    if (planned->change.of.to - planned->change.of.from == value.size) {
        *made = planned->change.of.with; /* mostly it is all of it */
        return IMGRW_OK;
    }
    wishes = irw_arena_calloc(arena, count, sizeof(*wishes));
    if (!wishes)
        return irw_fail_memory(planning->error);
    for (size_t i = 0; i < count; i++) {
        wishes[i].start = planned[i].change.of.from;
        wishes[i].end = planned[i].change.of.to;
        wishes[i].replacement = planned[i].change.of.with;
    }
    return irw_splice(value, wishes, count, arena, made, planning->error);
}

/* How many changes from `planned` on are of one node. */
static size_t
count_of_node(const struct irw_document_edit *planned, size_t count,
              size_t piece_end)
{
    size_t same = 1;

    while (same < count &&
           planned[same].change.of.node == planned->change.of.node &&
           planned[same].change.start < piece_end)
        same++;
    return same;
}

/* Says what every changed node must read as; `task` has room for that. */
static enum imgrw_status
make_readings(struct planning *planning, struct irw_proof_task *task,
              const struct irw_document_edit *planned,
              struct irw_reading *readings)
{
    const struct irw_piece *piece = task->pieces;
    enum imgrw_status status = IMGRW_OK;

    task->readings = readings;
    for (size_t i = 0, same; i < task->change_count && status == IMGRW_OK;
         i += same) {
        struct irw_reading *reading = &readings[task->reading_count];
        uint32_t node = planned[i].change.of.node;
        const struct irw_tree *tree;

        while (!irw_text_edit_is_of(&planned[i].change, piece->end))
            piece++;
        tree = &piece->tree;
        same = 1;
        if (planned[i].change.graft)
            continue;
        task->reading_count++;
        same = count_of_node(planned + i, task->change_count - i, piece->end);
        *reading = (struct irw_reading){
            .node = node,
            .start = tree->nodes[node].start,
            .style = planned[i + same - 1].change.style,
        };
        status = make_value(planning, planned + i, same,
                            irw_tree_value(tree, irw_tree_follow(tree, node)),
                            &reading->value);
    }
    return status;
}

/* Makes the new text of one document, of which `planned` has the changes, and
 * proves it. */
static enum imgrw_status
make_document(struct planning *planning, struct irw_proof_task *task,
              const struct irw_document_edit *planned)
{
    struct imgrw_plan *plan = planning->plan;
    struct irw_text_edit *changes =
        irw_arena_calloc(&plan->arena, task->change_count, sizeof(*changes));
    struct irw_reading *readings = irw_arena_calloc(
        &plan->arena, task->change_count, sizeof(*readings));
    enum imgrw_status status;

    if (!changes || !readings)
        return irw_fail_memory(planning->error);
    for (size_t i = 0; i < task->change_count; i++)
        changes[i] = planned[i].change;
    task->changes = changes;
    status = irw_splice(task->before, changes, task->change_count, &plan->arena,
                        &task->after, planning->error);
    if (status == IMGRW_OK)
        status = irw_edits_graft(changes, task->change_count, task->pieces,
                                 &plan->arena, planning->error);
    if (status == IMGRW_OK)
        status = make_readings(planning, task, planned, readings);
    if (status == IMGRW_OK)
        status = irw_verify(task, &plan->single_proofs, planning->error);
    return status;
}

/* The changes from `planned` on that are of one document. */
static size_t
count_of_holder(const struct irw_document_edit *planned, size_t count)
{
    size_t same = 1;

    while (same < count && planned[same].holder == planned->holder)
        same++;
    return same;
}

/* A document in a scalar, with `count` changes. */
static enum imgrw_status
make_embedded(struct planning *planning,
              const struct irw_document_edit *planned, size_t count)
{
    const struct imgrw_manifest *manifest = planning->plan->manifest;
    const struct irw_tree *tree =
        &manifest->findings.embedded[planned->holder].tree;
    const struct irw_piece piece = {.end = tree->text.size, .tree = *tree};
    struct irw_proof_task task = {
        .source = &manifest->source,
        .origin = manifest->findings.sites[planned->image].image.at.offset,
        .before = tree->text,
        .pieces = &piece,
        .change_count = count,
        .max_depth = manifest->search.max_depth,
        .proof = planning->proof,
    };

    return make_document(planning, &task, planned);
}

/* Hands out the edits, and tells the decisions of theirs. */
static enum imgrw_status
number_edits(struct planning *planning, const struct irw_document_edit *planned,
             size_t count)
{
    struct imgrw_plan *plan = planning->plan;
    const struct irw_findings *findings = &plan->manifest->findings;
    struct irw_line_cursor cursor = {0};

    plan->edits = irw_arena_calloc(&plan->arena, count, sizeof(*plan->edits));
    if (!plan->edits)
        return irw_fail_memory(planning->error);
    plan->count = count;
    for (size_t i = 0; i < count; i++) {
        const struct irw_text_edit *change = &planned[i].change;
        struct imgrw_decision *decision = &plan->decisions[planned[i].image];

        plan->edits[i] = (struct imgrw_edit){
            .at = irw_source_locate(&plan->manifest->source, &cursor,
                                    change->start),
            .length = change->end - change->start,
            .replacement = change->replacement,
            .image = planned[i].image,
            .kind = change->graft ? IMGRW_EDIT_PULL_SECRET : IMGRW_EDIT_IMAGE,
        };
        if (change->graft && decision->insertion_count++ == 0)
            decision->insertion = i;
        if (!change->graft && decision->edit_count++ == 0)
            decision->edit = i;
    }
    for (size_t i = 0; i < findings->site_count; i++)
        if (findings->sites[i].anchor != UINT32_MAX &&
            plan->decisions[i].outcome.result == IMGRW_REWRITTEN) {
            const struct imgrw_decision *anchor =
                &plan->decisions[findings->sites[i].anchor];

            plan->decisions[i].edit = anchor->edit;
            plan->decisions[i].edit_count = anchor->edit_count;
            plan->decisions[i].obstacle = anchor->obstacle;
        }
    return IMGRW_OK;
}

/* Makes the new text, and all that is embedded in it, and proves each. */
static enum imgrw_status
make_text(struct planning *planning)
{
    struct imgrw_plan *plan = planning->plan;
    const struct imgrw_manifest *manifest = plan->manifest;
    const struct irw_document_edit *planned = planning->edits.items;
    size_t count = planning->edits.count, same;
    struct irw_proof_task task = {
        .source = &manifest->source,
        .origin = SIZE_MAX,
        .before = manifest->source.text,
        .pieces = manifest->pieces,
        .max_depth = manifest->search.max_depth,
        .proof = planning->proof,
    };
    enum imgrw_status status = IMGRW_OK;

    plan->text = manifest->source.text;
    for (; count > 0 && planned->holder != IRW_ROOT_DOCUMENT &&
           status == IMGRW_OK;
         planned += same, count -= same) {
        same = count_of_holder(planned, count);
        status = make_embedded(planning, planned, same);
    }
    task.change_count = count;
    if (status != IMGRW_OK || count == 0)
        return status;
    status = make_document(planning, &task, planned);
    plan->text = task.after;
    plan->readings = task.readings;
    plan->reading_count = task.reading_count;
    return status == IMGRW_OK ? number_edits(planning, planned, count)
                              : status;
}

enum imgrw_status
irw_plan_options(const struct imgrw_plan_options *given,
                 struct imgrw_plan_options *options, struct imgrw_error *error)
{
    enum imgrw_status status = irw_sized_copy(options, sizeof(*options), given,
                                              "plan options", error);

    if (status == IMGRW_OK && (unsigned)options->proof > IMGRW_PROOF_NONE)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "there is no proof number %u",
                        (unsigned)options->proof);
    if (status == IMGRW_OK && options->pull_secret &&
        !irw_is_dns_name(irw_str(options->pull_secret)))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "\"%.100s\" is no name of a secret: letters in lower "
                        "case, digits, \"-\" and \".\", at most 253",
                        options->pull_secret);
    return status;
}

enum imgrw_status
imgrw_plan_new(const struct imgrw_manifest *manifest,
               const struct imgrw_rules *rules,
               const struct imgrw_plan_options *given,
               struct imgrw_plan **plan, struct imgrw_error *error)
{
    struct imgrw_plan_options options;
    struct planning planning;
    struct imgrw_plan *made;
    enum imgrw_status status = irw_plan_options(given, &options, error);

    if (status != IMGRW_OK)
        return status;
    if (!manifest || !plan)
        return irw_fail_null(error, "manifest or plan");
    made = calloc(1, sizeof(*made));
    if (!made)
        return irw_fail_memory(error);
    made->manifest = manifest;
    made->rules = rules;
    planning = (struct planning){
        .plan = made,
        .proof = options.proof,
        .error = error,
    };
    status = plan_sites(&planning);
    if (status == IMGRW_OK)
        status = count_offs(&planning);
    if (status == IMGRW_OK && options.pull_secret)
        status = irw_pull_secrets_add(
            manifest, made->decisions, irw_str(options.pull_secret),
            &planning.edits, &made->arena, &made->misses, error);
    if (status == IMGRW_OK)
        status = irw_edits_sort(&planning.edits, manifest, error);
    if (status == IMGRW_OK)
        status = make_text(&planning);
    free(planning.edits.items);
    if (status == IMGRW_OK)
        *plan = made;
    else
        imgrw_plan_free(made);
    return status;
}

void
irw_plan_own_manifest(struct imgrw_plan *plan, struct imgrw_manifest *manifest)
{
    plan->own = manifest;
}

void
imgrw_plan_free(struct imgrw_plan *plan)
{
    if (!plan)
        return;
    irw_arena_clear(&plan->arena);
    imgrw_manifest_free(plan->own);
    free(plan);
}

const struct imgrw_rules *
imgrw_plan_rules(const struct imgrw_plan *plan)
{
    return plan->rules;
}

size_t
imgrw_plan_count(const struct imgrw_plan *plan)
{
    return plan->count;
}

const struct imgrw_edit *
imgrw_plan_edit(const struct imgrw_plan *plan, size_t index)
{
    return index < plan->count ? &plan->edits[index] : NULL;
}

const struct imgrw_decision *
imgrw_plan_decision(const struct imgrw_plan *plan, size_t image)
{
    return image < plan->manifest->findings.site_count
               ? &plan->decisions[image]
               : NULL;
}

imgrw_str
imgrw_plan_text(const struct imgrw_plan *plan)
{
    return plan->text;
}

imgrw_str
imgrw_plan_source(const struct imgrw_plan *plan)
{
    return plan->manifest->source.text;
}

const struct irw_reading *
irw_plan_readings(const struct imgrw_plan *plan, size_t *count)
{
    *count = plan->reading_count;
    return plan->readings;
}

const struct imgrw_manifest *
imgrw_plan_manifest(const struct imgrw_plan *plan)
{
    return plan->manifest;
}

size_t
imgrw_plan_pull_secret_misses(const struct imgrw_plan *plan)
{
    return plan->misses;
}

size_t
imgrw_plan_single_proofs(const struct imgrw_plan *plan)
{
    return plan->single_proofs;
}

size_t
imgrw_plan_off_count(const struct imgrw_plan *plan,
                     enum imgrw_class image_class)
{
    return (unsigned)image_class < IMGRW_CLASS_COUNT ? plan->offs[image_class]
                                                     : 0;
}
