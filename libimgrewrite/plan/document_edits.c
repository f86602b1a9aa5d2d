#include "plan/document_edits.h"
#include "base/error.h"
#include "base/list.h"
#include "base/str.h"
#include "edit/splice.h"
#include "edit/verify.h"
#include "manifest/reference_parts.h"
#include "plan/new_name.h"
#include "rules/kustomize.h"
#include "yaml/scalar.h"

#include <stdlib.h>

static const struct irw_tree *
tree_of(const struct imgrw_manifest *manifest, const struct irw_piece *piece,
        uint32_t document)
{
    return document == IRW_ROOT_DOCUMENT
               ? &piece->tree
               : &manifest->findings.embedded[document].tree;
}

/* Whether bytes that an edit replaces are of an action of a template. */
static bool
touches_action(const struct irw_tree *tree, const struct irw_text_edit *edit)
{
    return !irw_equal(irw_slice(tree->text, edit->start, edit->end),
                      irw_slice(tree->written, edit->start, edit->end));
}

/* Adds the edit that makes an edit of a value in the document of a site, and
 * what that changes in the documents around it, where the bytes of this one are
 * bytes of a value. */
static enum imgrw_status
add_outwards(struct irw_document_edits *edits, const struct irw_piece *piece,
             const struct irw_site *site, struct irw_value_edit value,
             struct imgrw_error *error)
{
    const struct irw_findings *findings = &edits->manifest->findings;
    struct irw_source_map_memo known, *memo = &edits->memo;
    struct irw_document_edit made = {
        .document = site->document,
        .image = (size_t)(site - findings->sites),
    };

    for (;;) {
        const struct irw_embedded *embedded;
        enum imgrw_status status = irw_text_edit_make(
            tree_of(edits->manifest, piece, made.document), &value, memo,
            edits->arena, &made.edit, error);

        if (status != IMGRW_OK)
            return status;
        if (touches_action(tree_of(edits->manifest, piece, made.document),
                           &made.edit))
            return irw_fail(error, IMGRW_ERR_EDIT, IRW_NO_LOCATION,
                            "it is spelled in a way that an action of the "
                            "template would have to change with it");
        if (!IRW_APPEND(edits, made))
            return irw_fail_memory(error);
        if (made.document == IRW_ROOT_DOCUMENT)
            return IMGRW_OK;
        embedded = &findings->embedded[made.document];
        made.document = embedded->outer;
        /* The scalar was mapped when it was read. To map it again would cost a
         * reading for each image, because those of a site are not the same in
         * turn. */
        known = (struct irw_source_map_memo){
            tree_of(edits->manifest, piece, made.document)->nodes,
            embedded->node, embedded->spelling};
        memo = &known;
        value = (struct irw_value_edit){
            .node = embedded->node,
            .from = embedded->from + made.edit.start,
            .to = embedded->from + made.edit.end,
            .with = made.edit.replacement,
        };
    }
}

/* Whether the edit is left to another image, which has the same registry. */
static bool
is_led(const struct irw_document_edits *edits, const struct irw_site *site,
       const struct irw_value_edit *edit)
{
    const struct irw_part *registry = irw_common_registry(site);
    size_t number = (size_t)(site - edits->manifest->findings.sites);

    return edits->leaders[number] != UINT32_MAX &&
           edits->leaders[number] != number &&
           (registry ? registry : site->parts)->node == edit->node;
}

/* Leaves the end of an image that is filled in later out of the edit of all of
 * its text, if that end stays: so it is not spelled anew. An alias has no end
 * of its own, and a name that needs quotes has them around all of the text. */
static void
keep_end(const struct irw_tree *tree, const struct imgrw_image *image,
         struct irw_value_edit *edit)
{
    const struct irw_node *node = &tree->nodes[edit->node];
    imgrw_str path = image->reference.repository, end, start = edit->with;
    size_t name;

    if (image->reason != IMGRW_REASON_FILLED_IN ||
        node->type == IRW_NODE_ALIAS)
        return;
    name = (size_t)(path.data + path.size - image->text.data);
    end = irw_slice(image->text, name, image->text.size);
    if (!irw_ends_with(start, end))
        return;
    start.size -= end.size;
    if (node->style == IRW_STYLE_PLAIN && !irw_plain_is_harmless(start))
        return;
    edit->to = edit->from + (uint32_t)name;
    edit->with = start;
}

/* Puts the name that an override is for before what it sets. */
static enum imgrw_status
keep_name(const struct irw_document_edits *edits, const struct irw_site *site,
          struct irw_value_edit *value, struct imgrw_error *error)
{
    imgrw_str name = irw_kustomize_split(site->image.text).name;
    size_t size = name.size + 1 + value->with.size;
    char *made = irw_arena_alloc(edits->arena, size);

    if (!made)
        return irw_fail_memory(error);
    memcpy(made, name.data, name.size);
    made[name.size] = '=';
    memcpy(made + name.size + 1, value->with.data, value->with.size);
    value->with = (imgrw_str){made, size};
    return IMGRW_OK;
}

enum imgrw_status
irw_document_edits_new_name(struct irw_document_edits *edits,
                            const struct irw_piece *piece, size_t image,
                            uint32_t name, imgrw_str text,
                            struct imgrw_error *error)
{
    const struct irw_site *site = &edits->manifest->findings.sites[image];
    struct irw_text_edit edit;
    enum imgrw_status status;

    if (site->document != IRW_ROOT_DOCUMENT)
        return irw_fail(error, IMGRW_ERR_EDIT, IRW_NO_LOCATION,
                        "its entry needs a newName, which is not added to a "
                        "document in a string");
    status = irw_new_name_make(&piece->tree, name, text, edits->arena, &edit,
                               error);
    return status == IMGRW_OK
               ? irw_document_edits_insert(edits, image, &edit,
                                           IMGRW_EDIT_IMAGE, error)
               : status;
}

/* Adds what one of the values of a site becomes. */
static enum imgrw_status
add_value(struct irw_document_edits *edits, const struct irw_piece *piece,
          size_t image, const struct irw_value_edit *value,
          struct imgrw_error *error)
{
    const struct irw_site *site = &edits->manifest->findings.sites[image];
    const struct irw_part *part = &site->parts[0];

    if (is_led(edits, site, value))
        return IMGRW_OK;
    return part->keeps_name && part->role == IRW_ROLE_REPOSITORY &&
                   part->node == value->node
               ? irw_document_edits_new_name(
                     edits, piece, image, value->node,
                     irw_kustomize_split(value->with).name, error)
               : add_outwards(edits, piece, site, *value, error);
}

enum imgrw_status
irw_document_edits_add(struct irw_document_edits *edits,
                       const struct irw_piece *piece, size_t image,
                       imgrw_str text, struct imgrw_error *error)
{
    const struct irw_site *site = &edits->manifest->findings.sites[image];
    const struct irw_part *part = &site->parts[0];
    struct irw_split split = {
        .tree = tree_of(edits->manifest, piece, site->document),
        .site = site,
        .arena = edits->arena,
        .into_registry = edits->into_registry,
        .into_name = edits->into_names[image],
        .wishes = {{part->node, part->from, part->to, text}},
        .count = 1,
    };
    size_t before = edits->count;
    enum imgrw_status status = IMGRW_OK;

    if (part->role != IRW_ROLE_WHOLE)
        status = irw_split(&split, text, error);
    else
        keep_end(split.tree, &site->image, &split.wishes[0]);
    if (part->keeps_name && part->role == IRW_ROLE_WHOLE)
        status = keep_name(edits, site, &split.wishes[0], error);
    for (size_t i = 0; i < split.count && status == IMGRW_OK; i++)
        status = add_value(edits, piece, image, &split.wishes[i], error);
    if (status != IMGRW_OK)
        edits->count = before;
    return status;
}

enum imgrw_status
irw_document_edits_set(struct irw_document_edits *edits,
                       const struct irw_piece *piece, size_t image,
                       const struct irw_value_edit *value,
                       struct imgrw_error *error)
{
    return add_outwards(edits, piece, &edits->manifest->findings.sites[image],
                        *value, error);
}

enum imgrw_status
irw_document_edits_insert(struct irw_document_edits *edits, size_t image,
                          const struct irw_text_edit *edit,
                          enum imgrw_edit_kind kind, struct imgrw_error *error)
{
    const struct irw_document_edit made = {*edit, IRW_ROOT_DOCUMENT, image,
                                           kind};

    return IRW_APPEND(edits, made) ? IMGRW_OK : irw_fail_memory(error);
}

/* Of two insertions at one place, that of the inner collection comes first:
 * with it that collection ends. */
static int
by_place(const void *one, const void *other)
{
    const struct irw_document_edit *a = one, *b = other;
    const struct irw_insertion *first = a->edit.insertion;
    const struct irw_insertion *second = b->edit.insertion;

    if (a->document != b->document)
        return a->document > b->document ? 1 : -1;
    if (a->edit.start != b->edit.start)
        return a->edit.start > b->edit.start ? 1 : -1;
    if (first && second && first->into != second->into)
        return first->into < second->into ? 1 : -1;
    return (a->image > b->image) - (a->image < b->image);
}

enum imgrw_status
irw_document_edits_sort(struct irw_document_edits *edits,
                        struct imgrw_error *error)
{
    if (edits->count > 0)
        qsort(edits->items, edits->count, sizeof(*edits->items), by_place);
    for (size_t i = 1; i < edits->count; i++) {
        const struct irw_document_edit *one = &edits->items[i - 1];
        const struct irw_document_edit *two = &edits->items[i];
        const struct imgrw_image *image =
            &edits->manifest->findings.sites[two->image].image;

        if (one->document == two->document && two->edit.start < one->edit.end)
            return irw_fail(error, IMGRW_ERR_EDIT, image->at,
                            "the image \"%.*s\" shares its bytes with another",
                            IRW_PRINT(image->text));
    }
    return IMGRW_OK;
}

/* A document whose new text is made and proved. The arrays have room for an
 * item for each edit. */
struct application {
    const struct imgrw_manifest *manifest;
    struct irw_arena *arena;
    struct irw_proof_task task;
    struct irw_text_edit *edits;
    struct irw_proof_piece *parts;
    struct irw_reading *readings;
    size_t reading_count;
    unsigned jobs;
    struct imgrw_error *error;
};

/* The value that the edits of a node make of the old one. */
static enum imgrw_status
make_value(struct application *made, const struct irw_text_edit *edits,
           size_t count, imgrw_str old, imgrw_str *value)
{
    struct irw_text_edit *splices;

    if (edits->of.to - edits->of.from == old.size) {
        *value = edits->of.with; /* mostly it is all of it */
        return IMGRW_OK;
    }
    splices = irw_arena_calloc(made->arena, count, sizeof(*splices));
    if (!splices)
        return irw_fail_memory(made->error);
    for (size_t i = 0; i < count; i++) {
        splices[i].start = edits[i].of.from;
        splices[i].end = edits[i].of.to;
        splices[i].replacement = edits[i].of.with;
    }
    return irw_splice(old, splices, count, made->arena, value, made->error);
}

/* Says what every scalar must read as that the edits of a part change. */
static enum imgrw_status
add_readings(struct application *made, struct irw_proof_piece *part)
{
    const struct irw_tree *tree = part->tree;
    enum imgrw_status status = IMGRW_OK;

    part->readings = made->readings + made->reading_count;
    for (size_t i = 0, same; i < part->edit_count && status == IMGRW_OK;
         i += same) {
        const struct irw_text_edit *edits = part->edits + i;
        uint32_t node = edits->of.node;
        struct irw_reading *reading;

        same = 1;
        if (edits->insertion)
            continue;
        while (i + same < part->edit_count && edits[same].of.node == node)
            same++;
        reading = &made->readings[made->reading_count++];
        *reading = (struct irw_reading){
            .node = node,
            .start = tree->nodes[node].start,
            .style = edits[same - 1].style,
        };
        part->reading_count++;
        status = make_value(made, edits, same,
                            irw_tree_value(tree, irw_tree_follow(tree, node)),
                            &reading->value);
    }
    return status;
}

/* Adds a part with the edits from number `first` on that are of it, if there
 * are any. */
static enum imgrw_status
add_part(struct application *made, const struct irw_tree *tree, size_t start,
         size_t end, size_t *first)
{
    const struct irw_text_edit *edits = made->edits + *first;
    size_t left = made->task.edit_count - *first, count = 0;
    struct irw_proof_piece *part = made->parts + made->task.part_count;

    while (count < left && irw_text_edit_is_of(&edits[count], end))
        count++;
    if (count == 0)
        return IMGRW_OK;
    *part = (struct irw_proof_piece){
        .start = start,
        .end = end,
        .tree = tree,
        .edits = edits,
        .edit_count = count,
    };
    made->task.part_count++;
    *first += count;
    return add_readings(made, part);
}

/* Divides the edits into parts: of the text, its pieces; a document in a scalar
 * is one. */
static enum imgrw_status
add_parts(struct application *made, uint32_t document)
{
    const struct imgrw_manifest *manifest = made->manifest;
    const struct irw_tree *tree;
    enum imgrw_status status = IMGRW_OK;
    size_t first = 0;

    if (document != IRW_ROOT_DOCUMENT) {
        tree = &manifest->findings.embedded[document].tree;
        return add_part(made, tree, 0, tree->text.size, &first);
    }
    for (size_t i = 0; i < manifest->piece_count && status == IMGRW_OK; i++) {
        const struct irw_piece *piece = &manifest->pieces[i];

        status = add_part(made, &piece->tree, piece->start, piece->end, &first);
    }
    return status;
}

/* Makes room for all that is known of `count` edits, and copies these. */
static enum imgrw_status
take_edits(struct application *made, const struct irw_document_edit *edits,
           size_t count)
{
    struct irw_arena *arena = made->arena;
    size_t insertions = 0;

    for (size_t i = 0; i < count; i++)
        insertions += edits[i].edit.insertion != NULL;
    made->edits = irw_arena_calloc(arena, count, sizeof(*made->edits));
    made->parts = irw_arena_calloc(arena, count, sizeof(*made->parts));
    made->readings = irw_arena_calloc(arena, count, sizeof(*made->readings));
    made->task.runs =
        irw_arena_calloc(arena, insertions, sizeof(*made->task.runs));
    if (!made->edits || !made->parts || !made->readings || !made->task.runs)
        return irw_fail_memory(made->error);
    for (size_t i = 0; i < count; i++)
        made->edits[i] = edits[i].edit;
    made->task.edits = made->edits;
    made->task.edit_count = count;
    made->task.parts = made->parts;
    return IMGRW_OK;
}

/* Makes the new text, and of a template its mask as well, in which the same
 * actions are masked in the same way. */
static enum imgrw_status
splice(struct application *made)
{
    struct irw_proof_task *task = &made->task;
    size_t count = task->edit_count;
    enum imgrw_status status = irw_splice(task->before, made->edits, count,
                                          made->arena, &task->after,
                                          made->error);

    task->written_after = task->after;
    return status == IMGRW_OK && task->written_before.data != task->before.data
               ? irw_splice(task->written_before, made->edits, count,
                            made->arena, &task->written_after, made->error)
               : status;
}

/* Makes the new text of the document that the `count` edits belong to, and
 * proves it. */
static enum imgrw_status
apply(struct application *made, const struct irw_document_edit *edits,
      size_t count, enum imgrw_proof proof, size_t *unwitnessed)
{
    const struct imgrw_manifest *manifest = made->manifest;
    const struct irw_findings *findings = &manifest->findings;
    bool root = edits->document == IRW_ROOT_DOCUMENT;
    const struct irw_tree *inner =
        root ? NULL : &findings->embedded[edits->document].tree;
    enum imgrw_status status;

    made->task = (struct irw_proof_task){
        .source = &manifest->source,
        .origin = root ? SIZE_MAX
                       : findings->sites[edits->image].image.at.offset,
        .before = root ? irw_source_readable(&manifest->source) : inner->text,
        .written_before = root ? manifest->source.text : inner->written,
        .max_depth = manifest->search.max_depth,
        .jobs = made->jobs,
        .witness = proof != IMGRW_PROOF_REREAD,
        .original = proof == IMGRW_PROOF_FULL,
    };
    status = take_edits(made, edits, count);
    if (status == IMGRW_OK)
        status = splice(made);
    if (status == IMGRW_OK)
        status = add_parts(made, edits->document);
    if (status == IMGRW_OK && proof != IMGRW_PROOF_NONE)
        status = irw_verify(&made->task, unwitnessed, made->error);
    return status;
}

enum imgrw_status
irw_document_edits_apply(const struct irw_document_edits *edits,
                         enum imgrw_proof proof, struct irw_edited_text *edited,
                         struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    *edited = (struct irw_edited_text){
        .text = edits->manifest->source.text,
        .first = edits->count,
    };
    for (size_t i = 0, same; i < edits->count && status == IMGRW_OK;
         i += same) {
        const struct irw_document_edit *first = &edits->items[i];
        struct application made = {
            .manifest = edits->manifest,
            .arena = edits->arena,
            .jobs = edits->jobs,
            .error = error,
        };

        for (same = 1; i + same < edits->count &&
                       first[same].document == first->document;)
            same++;
        status = apply(&made, first, same, proof, &edited->unwitnessed);
        if (status != IMGRW_OK || first->document != IRW_ROOT_DOCUMENT)
            continue;
        edited->text = made.task.written_after;
        edited->first = i;
        edited->edits = made.edits;
        edited->edit_count = same;
        edited->readings = made.readings;
        edited->reading_count = made.reading_count;
    }
    return status;
}
