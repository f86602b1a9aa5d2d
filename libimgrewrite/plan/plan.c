/*
 * Sites and rules make edits; edits make the text; the text is proved.
 */
#include "plan/plan.h"
#include "base/error.h"
#include "base/sizes.h"
#include "base/str.h"
#include "kubernetes/names.h"
#include "plan/aliases.h"
#include "plan/common_registries.h"
#include "plan/document_edits.h"
#include "plan/new_name.h"
#include "plan/pull_secret/decide.h"
#include "rules/below.h"
#include "rules/set.h"

#include <stdio.h>
#include <stdlib.h>

struct imgrw_plan {
    const struct imgrw_manifest *manifest;
    struct imgrw_manifest *own;      /* the manifest, where it is the plan's */
    const struct imgrw_rules *rules; /* NULL: none */
    struct irw_arena arena;
    struct imgrw_decision *decisions; /* one a site */
    struct imgrw_edit *edits;
    size_t count; /* of edits */
    struct irw_edited_text edited;
    bool has_pull_secret;
    size_t unselected[IMGRW_CLASS_COUNT]; /* images that a rule would change, of
                                             classes that were not asked for */
};

/* A plan that is being made. */
struct planning {
    struct imgrw_plan *plan;
    enum imgrw_proof proof;
    const struct irw_wish *wishes; /* one an image; NULL: none */
    struct irw_document_edits edits;
    struct irw_common_registries common;
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

/* Whether a wish sets the image, and not the rules. */
static bool
is_set(const struct planning *planning, size_t index)
{
    return planning->wishes && planning->wishes[index].kind == IRW_WISH_SET;
}

/* Plans the edits that make the site read as its decision says. In an embedded
 * document, what cannot be exact is left alone, and the decision says why. */
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
    status = is_set(planning, index)
                 ? irw_wish_add_edits(&planning->wishes[index],
                                      &planning->edits, piece, index, &why)
                 : irw_document_edits_add(&planning->edits, piece, index,
                                          decision->outcome.text, &why);
    if (status == IMGRW_ERR_EDIT && site->document == IRW_ROOT_DOCUMENT)
        return refuse_change(site, why.message, planning->error);
    if (status == IMGRW_ERR_EDIT) {
        kept = irw_arena_copy(&plan->arena, irw_str(why.message));
        decision->obstacle = irw_str(kept);
        return kept ? IMGRW_OK : irw_fail_memory(planning->error);
    }
    return status == IMGRW_OK ? IMGRW_OK : irw_fail_memory(planning->error);
}

/* Says why the rules cannot decide. */
static enum imgrw_status
leave_undecided(struct planning *planning, struct imgrw_decision *decision)
{
    struct imgrw_plan *plan = planning->plan;
    char why[256];

    snprintf(why, sizeof(why),
             "%.60s depends on its tag or digest, which is filled in later; a "
             "rule for its name alone would move it",
             imgrw_rules_name(plan->rules, decision->outcome.rules[0]));
    decision->obstacle =
        irw_str(irw_arena_copy(&plan->arena, irw_str(why)));
    return decision->obstacle.data ? IMGRW_OK
                                   : irw_fail_memory(planning->error);
}

/* Why a registry stays although a rule is for what lies below it, or NULL. Who
 * asks for charts, or names the field, asks for all of that. */
static const char *
find_obstacle(const struct irw_site *site, const struct imgrw_outcome *outcome,
              const char *unlike)
{
    if (unlike || outcome->result != IMGRW_REWRITTEN || site->asked ||
        site->image.image_class == IMGRW_CLASS_CHARTS)
        return unlike;
    return "the images below this registry are not here; where they all move, "
           "name its field with --field";
}

/* Asks the rules about an image, or about all that lies below a registry. */
static enum imgrw_status
ask_rules(struct planning *planning, const struct irw_site *site,
          struct imgrw_reference_buffer *buffer,
          struct imgrw_decision *decision)
{
    const struct imgrw_rules *rules = planning->plan->rules;
    const char *obstacle;
    enum imgrw_status status;

    if (site->image.reason != IMGRW_REASON_BASE) {
        status = imgrw_rules_apply(rules, site->image.text, buffer,
                                   &decision->outcome, planning->error);
        return status == IMGRW_OK &&
                       decision->outcome.result == IMGRW_UNDECIDED
                   ? leave_undecided(planning, decision)
                   : status;
    }
    status =
        irw_rules_move_below(rules, site->image.text, buffer,
                             &decision->outcome, &obstacle, planning->error);
    if (status == IMGRW_OK)
        decision->obstacle =
            irw_str(find_obstacle(site, &decision->outcome, obstacle));
    return status;
}

/* Whether a rule may change what is at the site. */
static bool
may_change(const struct irw_site *site)
{
    return imgrw_reason_names_image(site->image.reason) ||
           site->image.reason == IMGRW_REASON_BASE;
}

/* Does what the wish says about an image. Rules are given that ask for the
 * same; where its text means nothing to them, there are none. */
static enum imgrw_status
fulfil(struct planning *planning, const struct irw_site *site,
       const struct irw_wish *wish, struct imgrw_decision *decision)
{
    struct imgrw_outcome *outcome = &decision->outcome;
    struct imgrw_reference_buffer buffer;

    if (imgrw_rules_apply(planning->plan->rules, site->image.text, &buffer,
                          outcome, NULL) == IMGRW_ERR_MEMORY)
        return irw_fail_memory(planning->error);
    if (wish->kind == IRW_WISH_SET) {
        outcome->result = IMGRW_REWRITTEN;
        outcome->text = wish->text;
    } else if (wish->kind == IRW_WISH_IGNORE ||
               outcome->result == IMGRW_REWRITTEN) {
        *outcome = (struct imgrw_outcome){
            .result = IMGRW_EXCLUDED,
            .text = site->image.text,
        };
        decision->kept = wish->why;
    }
    return IMGRW_OK;
}

/* Decides about one image. */
static enum imgrw_status
decide(struct planning *planning, const struct irw_site *site,
       struct imgrw_decision *decision)
{
    const struct irw_wish *wish =
        planning->wishes
            ? &planning->wishes[site - planning->plan->manifest->findings.sites]
            : NULL;
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome *outcome = &decision->outcome;
    enum imgrw_status status;
    char *kept;

    decision->edit = decision->insertion = SIZE_MAX;
    outcome->text = site->image.text;
    if (!planning->plan->rules)
        return IMGRW_OK;
    if (wish && wish->kind != IRW_WISH_RULES && !site->image.ignored)
        return fulfil(planning, site, wish, decision);
    if (!may_change(site))
        return IMGRW_OK;
    if (site->image.ignored) {
        outcome->result = IMGRW_EXCLUDED;
        return IMGRW_OK;
    }
    status = ask_rules(planning, site, &buffer, decision);
    if (status != IMGRW_OK) {
        if (planning->error && status != IMGRW_ERR_MEMORY)
            planning->error->at = site->image.at;
        return status;
    }
    if (outcome->result != IMGRW_REWRITTEN)
        return IMGRW_OK;
    /* the text is in `buffer`, which the next image overwrites */
    kept = irw_arena_copy(&planning->plan->arena, outcome->text);
    if (!kept)
        return irw_fail_memory(planning->error);
    outcome->text.data = kept;
    return IMGRW_OK;
}

/* Whether the site gets edits of its own. An alias of an image has none: it
 * follows its anchor, which comes before it. */
static bool
has_edits(const struct imgrw_plan *plan, size_t index)
{
    const struct imgrw_decision *decision = &plan->decisions[index];

    return decision->outcome.result == IMGRW_REWRITTEN &&
           decision->obstacle.size == 0 &&
           plan->manifest->findings.sites[index].anchor == UINT32_MAX;
}

/* Decides about the sites of a piece, and plans their edits. */
static enum imgrw_status
plan_piece(struct planning *planning, const struct irw_piece *piece)
{
    struct imgrw_plan *plan = planning->plan;
    const struct irw_site *sites = plan->manifest->findings.sites;
    size_t end = piece->first_site + piece->site_count;
    enum imgrw_status status = IMGRW_OK;

    for (size_t k = piece->first_site; k < end && status == IMGRW_OK; k++)
        status = decide(planning, &sites[k], &plan->decisions[k]);
    /* with wishes, that is taken care of */
    if (status == IMGRW_OK && !planning->wishes)
        status = irw_new_names_settle(plan->manifest, piece, plan->decisions,
                                      planning->error);
    if (status == IMGRW_OK)
        status = irw_common_registries_settle(&planning->common, piece,
                                              planning->error);
    for (size_t k = piece->first_site; k < end && status == IMGRW_OK; k++)
        if (has_edits(plan, k))
            status = add_edits(planning, piece, k);
    return status;
}

static enum imgrw_status
plan_sites(struct planning *planning)
{
    struct imgrw_plan *plan = planning->plan;
    const struct imgrw_manifest *manifest = plan->manifest;
    size_t count = manifest->findings.site_count;
    struct irw_common_registries *common = &planning->common;
    enum imgrw_status status = IMGRW_OK;

    plan->decisions =
        irw_arena_calloc(&plan->arena, count, sizeof(*plan->decisions));
    *common = (struct irw_common_registries){
        .manifest = manifest,
        .decisions = plan->decisions,
        .leaders =
            irw_arena_alloc(&plan->arena, count * sizeof(*common->leaders)),
        .into_names =
            irw_arena_calloc(&plan->arena, count, sizeof(*common->into_names)),
        .arena = &plan->arena,
        .into_registry = planning->edits.into_registry,
    };
    if (!plan->decisions || !common->leaders || !common->into_names)
        return irw_fail_memory(planning->error);
    memset(common->leaders, 0xFF, count * sizeof(*common->leaders));
    planning->edits.leaders = common->leaders;
    planning->edits.into_names = common->into_names;
    for (size_t i = 0; i < manifest->piece_count && status == IMGRW_OK; i++)
        status = plan_piece(planning, &manifest->pieces[i]);
    return status;
}

/* Counts what the rules would change if it had been asked for. */
static enum imgrw_status
count_unselected(struct planning *planning)
{
    const struct irw_findings *findings = &planning->plan->manifest->findings;
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;

    for (size_t i = 0;
         planning->plan->rules && i < findings->unselected.count; i++) {
        const struct irw_unselected *image = &findings->unselected.items[i];
        enum imgrw_status status = imgrw_rules_apply(
            planning->plan->rules, image->text, &buffer, &outcome, NULL);

        if (status == IMGRW_ERR_MEMORY)
            return irw_fail_memory(planning->error);
        planning->plan->unselected[image->image_class] +=
            status == IMGRW_OK && outcome.result == IMGRW_REWRITTEN;
    }
    return IMGRW_OK;
}

/* What an alias of an image says: the edits are those of its anchor. */
static void
follow_anchors(struct imgrw_plan *plan)
{
    const struct irw_findings *findings = &plan->manifest->findings;

    for (size_t i = 0; i < findings->site_count; i++) {
        struct imgrw_decision *decision = &plan->decisions[i];
        const struct imgrw_decision *anchor;

        if (findings->sites[i].anchor == UINT32_MAX ||
            decision->outcome.result != IMGRW_REWRITTEN)
            continue;
        anchor = &plan->decisions[findings->sites[i].anchor];
        decision->edit = anchor->edit;
        decision->edit_count = anchor->edit_count;
        decision->obstacle = anchor->obstacle;
    }
}

/* Shows the caller the edits from number `first` on, which are those of the
 * text itself, and gives each decision the numbers of its own. */
static enum imgrw_status
number_edits(struct planning *planning, size_t first)
{
    struct imgrw_plan *plan = planning->plan;
    struct irw_line_cursor cursor = {0};
    size_t count = planning->edits.count - first;

    plan->edits = irw_arena_calloc(&plan->arena, count, sizeof(*plan->edits));
    if (!plan->edits)
        return irw_fail_memory(planning->error);
    plan->count = count;
    for (size_t i = 0; i < count; i++) {
        const struct irw_document_edit *from =
            &planning->edits.items[first + i];
        struct imgrw_decision *decision = &plan->decisions[from->image];
        bool inserted = from->kind == IMGRW_EDIT_PULL_SECRET;

        plan->edits[i] = (struct imgrw_edit){
            .at = irw_source_locate(&plan->manifest->source, &cursor,
                                    from->edit.start),
            .length = from->edit.end - from->edit.start,
            .replacement = from->edit.replacement,
            .image = from->image,
            .kind = from->kind,
        };
        if (inserted && decision->insertion_count++ == 0)
            decision->insertion = i;
        if (!inserted && decision->edit_count++ == 0)
            decision->edit = i;
    }
    /* aliases of one scalar share its edit, and have none of their own */
    follow_anchors(plan);
    irw_common_registries_follow(&planning->common);
    return IMGRW_OK;
}

/* Makes the new text, proves it, and numbers the edits. */
static enum imgrw_status
make_text(struct planning *planning)
{
    struct imgrw_plan *plan = planning->plan;
    enum imgrw_status status =
        irw_document_edits_sort(&planning->edits, planning->error);

    if (status == IMGRW_OK)
        status = irw_aliases_check(&planning->edits, planning->error);
    if (status == IMGRW_OK)
        status = irw_document_edits_apply(&planning->edits, planning->proof,
                                          &plan->edited, planning->error);
    return status == IMGRW_OK ? number_edits(planning, plan->edited.first)
                              : status;
}

/* Decisions come first: they say which pods need the pull secret, if any. */
static enum imgrw_status
plan_all(struct planning *planning, imgrw_str secret)
{
    enum imgrw_status status = plan_sites(planning);

    if (status == IMGRW_OK)
        status = count_unselected(planning);
    if (status == IMGRW_OK && secret.size > 0)
        status = irw_pull_secrets_add(planning->plan->decisions, secret,
                                      &planning->edits, planning->error);
    return status == IMGRW_OK ? make_text(planning) : status;
}

enum imgrw_status
irw_plan_options(const struct imgrw_plan_options *given,
                 struct imgrw_plan_options *options, struct imgrw_error *error)
{
    enum imgrw_status status = irw_sized_copy(options, sizeof(*options), given,
                                              "plan options", error);

    if (status == IMGRW_OK && (unsigned)options->proof > IMGRW_PROOF_NONE)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "there is no proof number %u",
                        (unsigned)options->proof);
    if (status == IMGRW_OK && options->pull_secret &&
        !irw_is_dns_name(irw_str(options->pull_secret)))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "\"%.100s\" is no name of a secret: letters in lower "
                        "case, digits, \"-\" and \".\", at most 253",
                        options->pull_secret);
    return status;
}

enum imgrw_status
imgrw_plan_new(const struct imgrw_manifest *manifest,
               const struct imgrw_rules *rules,
               const struct imgrw_plan_options *options,
               struct imgrw_plan **plan, struct imgrw_error *error)
{
    return irw_plan_new(manifest, rules, options, NULL, plan, error);
}

enum imgrw_status
irw_plan_new(const struct imgrw_manifest *manifest,
             const struct imgrw_rules *rules,
             const struct imgrw_plan_options *given,
             const struct irw_wish *wishes, struct imgrw_plan **plan,
             struct imgrw_error *error)
{
    struct imgrw_plan_options options;
    struct planning planning;
    struct imgrw_plan *made;
    enum imgrw_status status = irw_plan_options(given, &options, error);

    if (status != IMGRW_OK)
        return status;
    if (!manifest || !plan)
        return irw_fail_null(error, "manifest or plan");
    /* a set that was checked before is not checked again */
    if (rules)
        status = imgrw_rules_check(rules, NULL, NULL, error);
    if (status != IMGRW_OK)
        return status;
    made = calloc(1, sizeof(*made));
    if (!made)
        return irw_fail_memory(error);
    made->manifest = manifest;
    made->rules = rules;
    planning = (struct planning){
        .plan = made,
        .proof = options.proof,
        .wishes = wishes,
        .edits = {.manifest = manifest,
                  .arena = &made->arena,
                  .into_registry =
                      rules && rules->write == IMGRW_WRITE_REGISTRY,
                  .jobs = options.jobs},
        .error = error,
    };
    made->has_pull_secret = options.pull_secret != NULL;
    status = plan_all(&planning, irw_str(options.pull_secret));
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

size_t
imgrw_plan_count(const struct imgrw_plan *plan)
{
    return plan ? plan->count : 0;
}

const struct imgrw_edit *
imgrw_plan_edit(const struct imgrw_plan *plan, size_t index)
{
    return plan && index < plan->count ? &plan->edits[index] : NULL;
}

const struct imgrw_decision *
imgrw_plan_decision(const struct imgrw_plan *plan, size_t image)
{
    return plan && image < plan->manifest->findings.site_count
               ? &plan->decisions[image]
               : NULL;
}

imgrw_str
imgrw_plan_text(const struct imgrw_plan *plan)
{
    return plan ? plan->edited.text : (imgrw_str){0};
}

imgrw_str
imgrw_plan_source(const struct imgrw_plan *plan)
{
    return plan ? plan->manifest->source.text : (imgrw_str){0};
}

enum imgrw_status
imgrw_plan_write(const struct imgrw_plan *plan, imgrw_write_fn *write,
                 void *user, struct imgrw_error *error)
{
    imgrw_str text = imgrw_plan_text(plan);

    if (!plan || !write)
        return irw_fail_null(error, "plan or write");
    if (text.size > 0 && write(text.data, text.size, user) != 0)
        return irw_fail(error, IMGRW_ERR_STOPPED, IRW_NO_LOCATION,
                        "the text was not taken");
    return IMGRW_OK;
}

const struct irw_edited_text *
irw_plan_edited(const struct imgrw_plan *plan)
{
    return &plan->edited;
}

const struct imgrw_manifest *
imgrw_plan_manifest(const struct imgrw_plan *plan)
{
    return plan ? plan->manifest : NULL;
}

const struct imgrw_rules *
imgrw_plan_rules(const struct imgrw_plan *plan)
{
    return plan ? plan->rules : NULL;
}

size_t
imgrw_plan_pull_secrets_skipped(const struct imgrw_plan *plan)
{
    return plan && plan->has_pull_secret ? irw_plan_out_of_reach(plan) : 0;
}

size_t
irw_plan_out_of_reach(const struct imgrw_plan *plan)
{
    return irw_pull_secrets_skipped(plan->manifest, plan->decisions);
}

size_t
imgrw_plan_unwitnessed_count(const struct imgrw_plan *plan)
{
    return plan ? plan->edited.unwitnessed : 0;
}

size_t
imgrw_plan_unselected_count(const struct imgrw_plan *plan,
                            enum imgrw_class image_class)
{
    return plan && (unsigned)image_class < IMGRW_CLASS_COUNT
               ? plan->unselected[image_class]
               : 0;
}
