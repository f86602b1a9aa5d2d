#include "plan/document_edits.h"
#include "base/error.h"
#include "base/str.h"
#include "manifest/reference_parts.h"

#include <stdlib.h>

static const struct irw_tree *
tree_of(const struct imgrw_manifest *manifest, const struct irw_piece *piece,
        uint32_t holder)
{
    return holder == IRW_ROOT_DOCUMENT
               ? &piece->tree
               : &manifest->findings.embedded[holder].tree;
}

static struct irw_document_edit *
add_planned(struct irw_edits *edits, size_t image, uint32_t holder,
            struct imgrw_error *error)
{
    void *items = edits->items;

    if (!irw_grow(&items, &edits->capacity, edits->count + 1,
                  sizeof(*edits->items))) {
        irw_fail_memory(error);
        return NULL;
    }
    edits->items = items;
    edits->items[edits->count] =
        (struct irw_document_edit){.holder = holder, .image = image};
    return &edits->items[edits->count++];
}

/* Adds the change that grants the wish in `holder`, and what that changes in
 * the documents around it, where the bytes of this one are bytes of a value.
 *
 * How the scalars around it spell their values was worked out when they were
 * read. Working it out here would cost a reading of the scalar for each image,
 * because no two scalars in turn are the same one. */
static enum imgrw_status
add_wish(struct irw_edits *edits, const struct imgrw_manifest *manifest,
         const struct irw_piece *piece, uint32_t holder, size_t image,
         struct irw_value_edit wish, struct irw_arena *arena,
         struct imgrw_error *error)
{
    const struct irw_embedded *embedded;
    struct irw_source_map_memo known, *memo = &edits->memo;
    enum imgrw_status status;

    for (;; holder = embedded->outer) {
        struct irw_document_edit *planned =
            add_planned(edits, image, holder, error);

        if (!planned)
            return IMGRW_ERR_MEMORY;
        status = irw_text_edit_make(tree_of(manifest, piece, holder), &wish,
                                    memo, arena, &planned->change, error);
        if (status != IMGRW_OK || holder == IRW_ROOT_DOCUMENT)
            return status;
        embedded = &manifest->findings.embedded[holder];
        known = (struct irw_source_map_memo){
            tree_of(manifest, piece, embedded->outer)->nodes, embedded->node,
            embedded->spelling};
        memo = &known;
        wish = (struct irw_value_edit){
            .node = embedded->node,
            .from = planned->change.start,
            .to = planned->change.end,
            .with = planned->change.replacement,
        };
    }
}

enum imgrw_status
irw_edits_add(struct irw_edits *edits, const struct imgrw_manifest *manifest,
              const struct irw_piece *piece, size_t image, imgrw_str text,
              struct irw_arena *arena, struct imgrw_error *error)
{
    const struct irw_site *site = &manifest->findings.sites[image];
    struct irw_value_edit wishes[IRW_ROLE_COUNT];
    size_t before = edits->count, count = 1;
    enum imgrw_status status = IMGRW_OK;

    wishes[0] = (struct irw_value_edit){
        site->parts[0].node, site->parts[0].from, site->parts[0].to, text};
    if (site->parts[0].role != IRW_ROLE_WHOLE)
        status = irw_split(tree_of(manifest, piece, site->holder), site, text,
                           arena, wishes, &count, error);
    for (size_t i = 0; i < count && status == IMGRW_OK; i++)
        status = add_wish(edits, manifest, piece, site->holder, image,
                          wishes[i], arena, error);
    if (status != IMGRW_OK)
        edits->count = before;
    return status;
}

enum imgrw_status
irw_edits_insert(struct irw_edits *edits, size_t image,
                 const struct irw_text_edit *change, struct imgrw_error *error)
{
    struct irw_document_edit *planned =
        add_planned(edits, image, IRW_ROOT_DOCUMENT, error);

    if (!planned)
        return IMGRW_ERR_MEMORY;
    planned->change = *change;
    return IMGRW_OK;
}

static size_t
count_grafts(const struct irw_text_edit *changes, size_t count)
{
    size_t grafts = 0;

    for (size_t i = 0; i < count; i++)
        grafts += changes[i].graft != NULL;
    return grafts;
}

enum imgrw_status
irw_edits_graft(struct irw_text_edit *changes, size_t count,
                const struct irw_piece *pieces, struct irw_arena *arena,
                struct imgrw_error *error)
{
    size_t grafts = count_grafts(changes, count);
    const struct irw_piece *grown_in = NULL; /* the piece of `grown` */
    struct irw_graft *graft;
    int64_t grown = 0;

    if (grafts == 0)
        return IMGRW_OK;
    graft = irw_arena_calloc(arena, grafts, sizeof(*graft));
    if (!graft)
        return irw_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        if (!changes[i].graft)
            continue;
        while (!irw_text_edit_is_of(&changes[i], pieces->end))
            pieces++;
        if (pieces != grown_in)
            grown = 0;
        grown_in = pieces;
        *graft = *changes[i].graft;
        graft->to = (size_t)((int64_t)graft->start +
                             (i > 0 ? changes[i - 1].moved : 0));
        graft->grown = grown += (int64_t)graft->count - graft->replaces;
        changes[i].graft = graft++;
    }
    return IMGRW_OK;
}

/* Of two insertions at one place, that of the inner collection comes first. */
static int
by_depth(const struct irw_graft *one, const struct irw_graft *other)
{
    return one && other
               ? (one->parent < other->parent) - (one->parent > other->parent)
               : 0;
}

static int
by_place(const void *one, const void *other)
{
    const struct irw_document_edit *a = one, *b = other;

    if (a->holder != b->holder)
        return a->holder > b->holder ? 1 : -1;
    if (a->change.start != b->change.start)
        return a->change.start > b->change.start ? 1 : -1;
    if (by_depth(a->change.graft, b->change.graft) != 0)
        return by_depth(a->change.graft, b->change.graft);
    return (a->image > b->image) - (a->image < b->image);
}

enum imgrw_status
irw_edits_sort(struct irw_edits *edits, const struct imgrw_manifest *manifest,
               struct imgrw_error *error)
{
    if (edits->count > 0)
        qsort(edits->items, edits->count, sizeof(*edits->items), by_place);
    for (size_t i = 1; i < edits->count; i++) {
        const struct irw_document_edit *one = &edits->items[i - 1];
        const struct irw_document_edit *two = &edits->items[i];
        const struct imgrw_image *image =
            &manifest->findings.sites[two->image].image;

        if (one->holder == two->holder && two->change.start < one->change.end)
            return irw_fail(error, IMGRW_ERR_EDIT, image->at,
                            "the image \"%.*s\" shares its bytes with another",
                            IRW_PRINT(image->text));
    }
    return IMGRW_OK;
}
