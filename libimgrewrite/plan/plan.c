/*
 * Sites and rules make edits; edits make the text; the text is proved.
 */
#include "base/error.h"
#include "base/sizes.h"
#include "base/str.h"
#include "plan/options.h"
#include "plan/splice.h"
#include "plan/verify.h"

#include <imgrewrite/plan.h>

#include <stdlib.h>

struct imgrw_plan {
    const struct imgrw_manifest *manifest;
    struct irw_arena arena;
    struct imgrw_decision *decisions; /* one a site */
    struct irw_change *changes;       /* at most one a site */
    struct imgrw_edit *edits;         /* the same as the caller sees them */
    size_t count;                     /* of changes and edits */
    imgrw_str text;
    size_t single_proofs;
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

/* Adds the edit that makes `site` read as `value`. */
static enum imgrw_status
add_edit(struct imgrw_plan *plan, const struct irw_piece *piece,
         const struct irw_site *site, size_t index, struct imgrw_error *error)
{
    const struct imgrw_manifest *manifest = plan->manifest;
    struct imgrw_decision *decision = &plan->decisions[index];
    struct irw_change *change = &plan->changes[plan->count];
    struct imgrw_error why;
    enum imgrw_status status;

    if (site->shared_field.size > 0)
        return refuse_shared(manifest, site, error);
    status = irw_scalar_change(&piece->tree, site->node,
                               decision->outcome.text, &plan->arena, change,
                               &why);
    if (status == IMGRW_ERR_EDIT)
        return refuse_change(site, why.message, error);
    if (status != IMGRW_OK)
        return irw_fail_memory(error);
    plan->edits[plan->count] = (struct imgrw_edit){
        .at = {.offset = change->start},
        .length = change->end - change->start,
        .replacement = change->replacement,
        .image = index,
    };
    decision->edit = plan->count++;
    return IMGRW_OK;
}

/* Asks the rules about one image. */
static enum imgrw_status
decide(struct imgrw_plan *plan, const struct imgrw_rules *rules,
       const struct irw_site *site, struct imgrw_decision *decision,
       struct imgrw_error *error)
{
    char buffer[IMGRW_REFERENCE_MAX];
    struct imgrw_outcome *outcome = &decision->outcome;
    enum imgrw_status status;
    char *kept;

    decision->edit = SIZE_MAX;
    outcome->text = site->image.text;
    if (site->image.reason != IMGRW_REASON_NONE)
        return IMGRW_OK;
    status = imgrw_rules_apply(rules, site->image.text, buffer, outcome, error);
    if (status != IMGRW_OK) {
        if (error && status != IMGRW_ERR_MEMORY)
            error->at = site->image.at;
        return status;
    }
    if (outcome->result != IMGRW_REWRITTEN)
        return IMGRW_OK;
    kept = irw_arena_copy(&plan->arena, outcome->text);
    if (!kept)
        return irw_fail_memory(error);
    outcome->text.data = kept;
    return IMGRW_OK;
}

/* Decides about one site and plans its edit. An alias of an image has none: it
 * follows its anchor, which stands before it. */
static enum imgrw_status
plan_site(struct imgrw_plan *plan, const struct imgrw_rules *rules,
          const struct irw_piece *piece, size_t index,
          struct imgrw_error *error)
{
    const struct irw_site *site = &plan->manifest->findings.sites.items[index];
    struct imgrw_decision *decision = &plan->decisions[index];
    enum imgrw_status status = decide(plan, rules, site, decision, error);

    if (status != IMGRW_OK || decision->outcome.result != IMGRW_REWRITTEN)
        return status;
    if (site->anchor != UINT32_MAX) {
        decision->edit = plan->decisions[site->anchor].edit;
        return IMGRW_OK;
    }
    return add_edit(plan, piece, site, index, error);
}

static enum imgrw_status
plan_sites(struct imgrw_plan *plan, const struct imgrw_rules *rules,
           struct imgrw_error *error)
{
    const struct imgrw_manifest *manifest = plan->manifest;
    size_t count = manifest->findings.sites.count;
    enum imgrw_status status = IMGRW_OK;

    plan->decisions =
        irw_arena_calloc(&plan->arena, count, sizeof(*plan->decisions));
    plan->changes =
        irw_arena_calloc(&plan->arena, count, sizeof(*plan->changes));
    plan->edits = irw_arena_calloc(&plan->arena, count, sizeof(*plan->edits));
    if (!plan->decisions || !plan->changes || !plan->edits)
        return irw_fail_memory(error);
    for (size_t i = 0; i < manifest->piece_count; i++) {
        const struct irw_piece *piece = &manifest->pieces[i];
        size_t end = piece->first_site + piece->site_count;

        for (size_t k = piece->first_site; k < end && status == IMGRW_OK; k++)
            status = plan_site(plan, rules, piece, k, error);
    }
    return status;
}

/* Makes the new text, proves it, and finds out where the edits are. */
static enum imgrw_status
make_text(struct imgrw_plan *plan, enum imgrw_proof proof,
          struct imgrw_error *error)
{
    const struct irw_source *source = &plan->manifest->source;
    struct irw_proof_task task = {
        .manifest = plan->manifest,
        .changes = plan->changes,
        .change_count = plan->count,
        .proof = proof,
    };
    struct irw_line_cursor cursor = {0};
    enum imgrw_status status;

    plan->text = source->text;
    if (plan->count == 0)
        return IMGRW_OK;
    status = irw_splice(source->text, plan->changes, plan->count, &plan->arena,
                        &plan->text, error);
    task.text = plan->text;
    if (status == IMGRW_OK)
        status = irw_verify(&task, &plan->single_proofs, error);
    for (size_t i = 0; i < plan->count && status == IMGRW_OK; i++)
        plan->edits[i].at =
            irw_source_locate(source, &cursor, plan->edits[i].at.offset);
    return status;
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
    return status;
}

enum imgrw_status
imgrw_plan_new(const struct imgrw_manifest *manifest,
               const struct imgrw_rules *rules,
               const struct imgrw_plan_options *given,
               struct imgrw_plan **plan, struct imgrw_error *error)
{
    struct imgrw_plan_options options;
    struct imgrw_plan *made;
    enum imgrw_status status = irw_plan_options(given, &options, error);

    if (status != IMGRW_OK)
        return status;
    made = calloc(1, sizeof(*made));
    if (!made)
        return irw_fail_memory(error);
    made->manifest = manifest;
    status = plan_sites(made, rules, error);
    if (status == IMGRW_OK)
        status = make_text(made, options.proof, error);
    if (status == IMGRW_OK)
        *plan = made;
    else
        imgrw_plan_free(made);
    return status;
}

void
imgrw_plan_free(struct imgrw_plan *plan)
{
    if (!plan)
        return;
    irw_arena_clear(&plan->arena);
    free(plan);
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
    return image < plan->manifest->findings.sites.count
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

const struct imgrw_manifest *
imgrw_plan_manifest(const struct imgrw_plan *plan)
{
    return plan->manifest;
}

size_t
imgrw_plan_single_proofs(const struct imgrw_plan *plan)
{
    return plan->single_proofs;
}
