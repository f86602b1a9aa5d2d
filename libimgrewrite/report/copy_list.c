#include "report/copy_list.h"
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"
#include "reference/parse.h"
#include "reference/print.h"
#include "rules/set.h"

#include <stdio.h>
#include <stdlib.h>

#define LATEST IRW_STR("latest") /* the tag where there is none */

/* A copy on its way into the list. */
struct coming {
    struct imgrw_copy_list *list;
    const struct imgrw_rules *rules;
    imgrw_str written;
    struct imgrw_location at;
    struct imgrw_error *error;
    struct imgrw_reference source, target; /* canonical */
    struct imgrw_reference_buffer source_name, target_name, end;
};

enum imgrw_status
imgrw_copy_list_new(struct imgrw_copy_list **list, struct imgrw_error *error)
{
    struct imgrw_copy_list *made;

    if (!list)
        return irw_fail_null(error, "list");
    made = calloc(1, sizeof(*made));
    if (!made)
        return irw_fail_memory(error);
    *list = made;
    return IMGRW_OK;
}

void
imgrw_copy_list_free(struct imgrw_copy_list *list)
{
    if (!list)
        return;
    irw_map_clear(&list->targets);
    irw_map_clear(&list->tags);
    irw_map_clear(&list->digests);
    irw_arena_clear(&list->arena);
    free(list->copies.items);
    free(list);
}

size_t
imgrw_copy_list_count(const struct imgrw_copy_list *list)
{
    return list ? list->copies.count - list->redundant : 0;
}

/* Makes of the end of the source what the override makes of that of an image.
 * It is short enough, for the whole was. */
static void
follow_override(struct coming *coming, const struct irw_override *override)
{
    struct irw_kustomize_entry entry = override->entry;
    const struct irw_kustomize_image old = {
        .name = IRW_STR("x"),
        .tag = coming->source.tag,
        .digest = coming->source.digest,
    };
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference end;
    imgrw_str text;

    entry.new_name = (imgrw_str){0};
    if (override->keeps_tag)
        entry.new_tag = old.tag;
    if (!irw_kustomize_set(&entry, &old, &buffer, &text))
        return;
    memcpy(coming->end.bytes, text.data, text.size);
    text.data = coming->end.bytes;
    if (imgrw_reference_parse(text, &end, NULL) != IMGRW_OK)
        return;
    coming->source.tag = end.tag;
    coming->source.digest = end.digest;
}

/* Finds what is to be copied where. An override that sets a tag means another
 * image of that name; what other rules make of a tag is of the new place. What
 * the target's digest is of must be the source, whatever named it before. */
static void
find_ends(struct coming *coming, const struct imgrw_outcome *outcome)
{
    struct imgrw_reference *source = &coming->source;
    struct imgrw_reference *target = &coming->target;

    for (size_t i = 0; i < outcome->rule_count; i++) {
        const struct irw_rule *rule =
            coming->rules->list.items[outcome->rules[i]];

        if (rule->kind == IRW_RULE_OVERRIDE)
            follow_override(coming, &rule->override);
    }
    if (target->digest.size > 0)
        source->digest = target->digest;
    if (source->digest.size > 0)
        source->tag = (imgrw_str){0};
    else if (source->tag.size == 0)
        source->tag = LATEST;
    if (target->tag.size + target->digest.size == 0)
        target->tag = LATEST;
}

static enum imgrw_status
fail_contradiction(const struct coming *coming, const struct imgrw_copy *first)
{
    char place[100] = "";

    if (first->at.line > 0)
        snprintf(place, sizeof(place), " (%.60s:%u:%u)", first->at.path,
                 (unsigned)first->at.line, (unsigned)first->at.column);
    return irw_fail(coming->error, IMGRW_ERR_RULE, coming->at,
                    "%.*s would be copied to %.*s, and so would %.*s%s, which "
                    "is another image",
                    IRW_PRINT(coming->written), IRW_PRINT(first->target),
                    IRW_PRINT(first->written), place);
}

/* Makes the target under its digest, which nothing else can be copied to. False
 * when memory is out. */
static bool
make_by_digest(struct imgrw_copy_list *list, struct irw_image_copy *copy)
{
    struct imgrw_reference pinned = copy->target;
    struct imgrw_reference_buffer buffer;
    imgrw_str key;

    pinned.tag = (imgrw_str){0};
    copy->by_digest = true;
    if (!irw_reference_print(&pinned, &buffer, &key))
        return false;
    copy->redundant = irw_map_get(&list->digests, key) != 0;
    list->redundant += copy->redundant;
    return copy->redundant || (irw_arena_keep(&list->arena, &key) &&
                               irw_map_set(&list->digests, key,
                                           (uintptr_t)copy));
}

/* The same where something else of the list is copied to its tag. */
static bool
give_up_tag(struct imgrw_copy_list *list, struct irw_image_copy *copy)
{
    return copy->target.digest.size == 0 || copy->by_digest ||
           make_by_digest(list, copy);
}

/* Decides under which name the target is made: under its tag, unless it has
 * none or shares it with others and has a digest. */
static bool
choose_name(struct imgrw_copy_list *list, struct irw_image_copy *copy)
{
    struct imgrw_reference tagged = copy->target;
    struct imgrw_reference_buffer buffer;
    struct irw_image_copy *first;
    imgrw_str key;

    tagged.digest = (imgrw_str){0};
    if (tagged.tag.size == 0)
        return make_by_digest(list, copy);
    if (!irw_reference_print(&tagged, &buffer, &key))
        return false;
    first = (struct irw_image_copy *)irw_map_get(&list->tags, key);
    if (first)
        return give_up_tag(list, first) && give_up_tag(list, copy);
    return irw_arena_keep(&list->arena, &key) &&
           irw_map_set(&list->tags, key, (uintptr_t)copy);
}

/* Copies what the copy borrows from elsewhere. */
static bool
keep(struct irw_arena *arena, struct irw_image_copy *copy)
{
    struct imgrw_copy *item = &copy->item;
    imgrw_str path = irw_str(item->at.path ? item->at.path : "-");

    if (!irw_arena_keep(arena, &path) ||
        !irw_arena_keep(arena, &item->source) ||
        !irw_arena_keep(arena, &item->target) ||
        !irw_arena_keep(arena, &item->digest) ||
        !irw_arena_keep(arena, &item->written) ||
        !irw_arena_keep(arena, &copy->target.registry) ||
        !irw_arena_keep(arena, &copy->target.repository) ||
        !irw_arena_keep(arena, &copy->target.tag) ||
        !irw_arena_keep(arena, &copy->target.digest))
        return false;
    item->at.path = path.data;
    return true;
}

/* Appends a copy to `target`, which is new. */
static enum imgrw_status
append(const struct coming *coming, imgrw_str source, imgrw_str target)
{
    struct imgrw_copy_list *list = coming->list;
    struct irw_image_copy *copy = irw_arena_alloc(&list->arena, sizeof(*copy));

    if (!copy)
        return irw_fail_memory(coming->error);
    *copy = (struct irw_image_copy){
        .item = {
            .source = source,
            .target = target,
            .digest = coming->source.digest,
            .written = coming->written,
            .at = coming->at,
        },
        .target = coming->target,
    };
    return keep(&list->arena, copy) && IRW_APPEND(&list->copies, copy) &&
                   choose_name(list, copy) &&
                   irw_map_set(&list->targets, copy->item.target,
                               (uintptr_t)copy)
               ? IMGRW_OK
               : irw_fail_memory(coming->error);
}

/* Whether nothing of the reference is filled in later. */
static bool
is_whole(imgrw_str text)
{
    struct imgrw_reference reference;

    return imgrw_reference_parse(text, &reference, NULL) == IMGRW_OK;
}

/* Puts the copy into the list, unless it is there or cannot be. */
static enum imgrw_status
take(const struct coming *coming, enum imgrw_copy_result *result)
{
    struct imgrw_reference_buffer buffers[2];
    const struct irw_image_copy *first;
    imgrw_str source, target;

    /* What is whole is short enough to be printed. */
    if (!irw_reference_print(&coming->source, &buffers[0], &source) ||
        !irw_reference_print(&coming->target, &buffers[1], &target) ||
        !is_whole(source) || !is_whole(target)) {
        *result = IMGRW_COPY_FILLED_IN;
        return IMGRW_OK;
    }
    first = (const struct irw_image_copy *)irw_map_get(&coming->list->targets,
                                                 target);
    if (!first)
        return append(coming, source, target);
    /* What has the digest of the target is the same, wherever it is from. */
    return irw_equal(first->item.source, source) ||
                   coming->target.digest.size > 0
               ? IMGRW_OK
               : fail_contradiction(coming, &first->item);
}

/* Whether something is to be copied for an image, or why not. */
static enum imgrw_copy_result
judge(const struct imgrw_image *image, const struct imgrw_decision *decision)
{
    if (decision->outcome.result != IMGRW_REWRITTEN ||
        decision->obstacle.size > 0 || decision->kept.size > 0 ||
        image->is_override_name)
        return IMGRW_COPY_UNMOVED;
    if (!imgrw_reason_names_image(image->reason))
        return IMGRW_COPY_BASE;
    return IMGRW_COPY_LISTED;
}

/* Reads what the image was, `old`, and what it becomes; false where these are
 * at one place. */
static bool
read_ends(struct coming *coming, const struct imgrw_reference *old,
          const struct imgrw_outcome *outcome)
{
    struct imgrw_reference parsed;
    bool filled_in;

    if (irw_reference_read(outcome->text, &parsed, &filled_in, NULL) !=
        IMGRW_OK)
        return false;
    irw_reference_canonical(old, &coming->source_name, &coming->source);
    irw_reference_canonical(&parsed, &coming->target_name, &coming->target);
    return !irw_equal(coming->source.registry, coming->target.registry) ||
           !irw_equal(coming->source.repository, coming->target.repository);
}

/* Takes what moves, of which `*result` says so. */
static enum imgrw_status
take_moved(struct coming *coming, const struct imgrw_reference *old,
           const struct imgrw_outcome *outcome, enum imgrw_copy_result *result)
{
    *result = IMGRW_COPY_IN_PLACE;
    if (!read_ends(coming, old, outcome))
        return IMGRW_OK;
    *result = IMGRW_COPY_LISTED;
    find_ends(coming, outcome);
    return take(coming, result);
}

enum imgrw_status
imgrw_copy_list_add(struct imgrw_copy_list *list, const struct imgrw_plan *plan,
                    size_t image, enum imgrw_copy_result *result,
                    struct imgrw_error *error)
{
    const struct imgrw_decision *decision = imgrw_plan_decision(plan, image);
    const struct imgrw_image *old =
        imgrw_manifest_image(imgrw_plan_manifest(plan), image);
    struct coming coming = {.list = list, .error = error};
    enum imgrw_status status = IMGRW_OK;
    enum imgrw_copy_result judged;

    if (!list || !plan || !result)
        return irw_fail_null(error, "list, plan or result");
    if (!decision || !old)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "there is no image %zu", image);
    coming.rules = imgrw_plan_rules(plan);
    coming.written = old->text;
    coming.at = old->at;
    judged = judge(old, decision);
    if (judged == IMGRW_COPY_LISTED)
        status = take_moved(&coming, &old->reference, &decision->outcome,
                            &judged);
    if (status == IMGRW_OK)
        *result = judged;
    return status;
}

enum imgrw_status
imgrw_copy_list_add_reference(struct imgrw_copy_list *list,
                              const struct imgrw_rules *rules,
                              imgrw_str reference,
                              const struct imgrw_location *at,
                              enum imgrw_copy_result *result,
                              struct imgrw_error *error)
{
    struct coming coming = {
        .list = list,
        .rules = rules,
        .written = reference,
        .at = at ? *at : IRW_NO_LOCATION,
        .error = error,
    };
    enum imgrw_copy_result judged = IMGRW_COPY_UNMOVED;
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference old;
    struct imgrw_outcome outcome;
    enum imgrw_status status;
    bool filled_in;

    if (!list || !rules || !result)
        return irw_fail_null(error, "list, rules or result");
    status = imgrw_rules_apply(rules, reference, &buffer, &outcome, error);
    if (status != IMGRW_OK && error)
        error->at = coming.at;
    if (status == IMGRW_OK && outcome.result == IMGRW_UNDECIDED)
        judged = IMGRW_COPY_FILLED_IN;
    else if (status == IMGRW_OK && outcome.result == IMGRW_REWRITTEN &&
             irw_reference_read(reference, &old, &filled_in, error) == IMGRW_OK)
        status = take_moved(&coming, &old, &outcome, &judged);
    if (status == IMGRW_OK)
        *result = judged;
    return status;
}

/* Takes out what other copies do. */
static void
drop_redundant(struct imgrw_copy_list *list)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->copies.count; i++)
        if (!list->copies.items[i]->redundant)
            list->copies.items[kept++] = list->copies.items[i];
    list->copies.count = kept;
    list->redundant = 0;
}

/* The copy number `index`; NULL where there is none. Numbers are without those
 * that are redundant, which are looked for only where there are any. */
static struct irw_image_copy *
find_copy(struct imgrw_copy_list *list, size_t index)
{
    if (list && list->redundant > 0)
        drop_redundant(list);
    return list && index < list->copies.count ? list->copies.items[index]
                                              : NULL;
}

const struct imgrw_copy *
imgrw_copy_list_item(struct imgrw_copy_list *list, size_t index)
{
    const struct irw_image_copy *copy = find_copy(list, index);

    return copy ? &copy->item : NULL;
}

enum imgrw_status
imgrw_copy_list_leave_out(struct imgrw_copy_list *list, size_t index,
                          struct imgrw_error *error)
{
    struct irw_image_copy *copy = find_copy(list, index);

    if (!copy)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "there is no copy %zu", index);
    copy->left_out = true;
    return IMGRW_OK;
}
