/*
 * Rewriting keeps the documents of a text, and the items of a list, so that
 * what is found in the old and in the new one belongs together by its number.
 */
#include "kustomize/value_texts.h"
#include "base/error.h"
#include "kubernetes/resource.h"
#include "kustomize/text.h"
#include "manifest/mentions.h"

#include <stdlib.h>

/* A text whose documents are read. */
struct document_reading {
    struct irw_value_texts *texts;
    struct irw_kustomize_text text;
    size_t file;  /* that has it, or SIZE_MAX */
    size_t next;  /* the number of the pair that is next */
    bool after;   /* it is the new text */
    bool patches; /* the documents are */
    irw_value_pair_list *pairs;
};

enum imgrw_status
irw_value_texts_open(struct irw_value_texts *texts, struct irw_trees *trees,
                     struct irw_arena *arena, struct imgrw_error *error)
{
    *texts = (struct irw_value_texts){
        .trees = trees,
        .work = IRW_VALUE_WORK(arena),
        .files = calloc(trees->builds.file_count + 1, sizeof(*texts->files)),
        .is_read =
            calloc(trees->builds.file_count + 1, sizeof(*texts->is_read)),
        .steps =
            calloc(trees->builds.items.count + 1, sizeof(*texts->steps)),
        .error = error,
    };
    return texts->files && texts->is_read && texts->steps
               ? IMGRW_OK
               : irw_fail_memory(error);
}

/* Takes a resource or a patch. Resources of the Kubernetes API are left out:
 * kustomize patches them by their schemas. */
static bool
take_document(struct document_reading *reading, uint32_t root,
              const struct irw_resource *head)
{
    struct irw_value_pair made = {
        .api_version = head->api_version,
        .kind = head->kind,
        .name = head->name,
        .name_space = head->name_space,
    };
    size_t number = reading->next++;
    struct irw_value *value = NULL;

    if (reading->patches || !irw_is_of_api(head->api_version, head->kind))
        value = irw_value_read(&reading->texts->work, &reading->text.tree, root,
                               reading->file);
    if (!reading->after) {
        made.before = value;
        return IRW_APPEND(reading->pairs, made);
    }
    if (number < reading->pairs->count)
        reading->pairs->items[number].after = value;
    return true;
}

/* Takes a document, or the items of one that is a list. */
static bool
take_documents(struct document_reading *reading, uint32_t root)
{
    const struct irw_tree *tree = &reading->text.tree;
    struct irw_resource head =
        irw_resource_read(tree, root, &reading->text.budget);
    imgrw_str kind = {0};
    uint32_t list = irw_resource_items(tree, root, &head, &kind,
                                       &reading->text.budget);
    struct irw_items items;
    uint32_t item, index;
    bool done = true;

    if (list == IRW_NO_NODE)
        return take_document(reading, root, &head);
    items = irw_items(tree, list);
    while (done && irw_items_next(&items, &item, &index)) {
        uint32_t node = irw_tree_follow(tree, item);

        head = irw_resource_read(tree, node, &reading->text.budget);
        if (head.kind.size == 0)
            head.kind = kind;
        done = take_document(reading, node, &head);
    }
    return done;
}

/* Reads the documents of a text. */
static enum imgrw_status
read_documents(struct document_reading *reading, imgrw_str bytes)
{
    struct irw_value_texts *texts = reading->texts;
    enum imgrw_status status = irw_kustomize_text_read(
        bytes, NULL, texts->work.arena, &reading->text);
    bool done = status != IMGRW_ERR_MEMORY;

    texts->work.nodes = IRW_VALUE_WORK(NULL).nodes;
    texts->work.steps = IRW_VALUE_WORK(NULL).steps;
    for (size_t i = 0; status == IMGRW_OK && done &&
                       i < reading->text.tree.document_count; i++)
        done = take_documents(reading, irw_kustomize_root(&reading->text, i));
    texts->work.spent |= reading->text.budget.spent;
    irw_kustomize_text_clear(&reading->text);
    return done ? irw_value_work_end(&texts->work, texts->error)
                : irw_fail_memory(texts->error);
}

/* The plan of a file; NULL: it has none. */
static const struct imgrw_plan *
plan_of(const struct irw_value_texts *texts, size_t file)
{
    const struct imgrw_plan *plan = texts->trees->results[file].plan;

    return plan ? plan : texts->trees->builds.files[file].plan;
}

/* Sets the text of a file as it is, and as it will be. */
static enum imgrw_status
find_texts(struct irw_value_texts *texts, size_t file, imgrw_str *before,
           imgrw_str *after)
{
    const struct imgrw_plan *plan = plan_of(texts, file);
    enum imgrw_status status =
        irw_builds_text(&texts->trees->builds, file, before, texts->error);

    *after = imgrw_plan_count(plan) > 0 ? imgrw_plan_text(plan) : *before;
    return status;
}

/* Reads the documents of an old text, and then those of the new one; its data
 * is NULL where that is not known. */
static enum imgrw_status
read_both(struct document_reading *reading, imgrw_str before, imgrw_str after)
{
    enum imgrw_status status = read_documents(reading, before);

    reading->next = 0;
    reading->after = true;
    return status == IMGRW_OK && after.data ? read_documents(reading, after)
                                            : status;
}

enum imgrw_status
irw_value_texts_file(struct irw_value_texts *texts, size_t file,
                     const irw_value_pair_list **pairs)
{
    struct document_reading reading = {
        .texts = texts, .file = file, .pairs = &texts->files[file]};
    imgrw_str before, after;
    enum imgrw_status status;

    *pairs = &texts->files[file];
    if (texts->is_read[file])
        return IMGRW_OK;
    texts->is_read[file] = true;
    status = find_texts(texts, file, &before, &after);
    return status == IMGRW_OK ? read_both(&reading, before, after) : status;
}

/* Reads the new text of a file for what is in its scalars. */
static enum imgrw_status
read_around(struct irw_value_texts *texts, size_t file, imgrw_str bytes)
{
    enum imgrw_status status;

    if (texts->around_file == file + 1)
        return IMGRW_OK;
    irw_kustomize_text_clear(&texts->around);
    texts->around_file = file + 1;
    status = irw_kustomize_text_read(bytes, NULL, texts->work.arena,
                                     &texts->around);
    return status == IMGRW_ERR_MEMORY ? irw_fail_memory(texts->error)
                                      : IMGRW_OK;
}

/* The value of the scalar around that ends at a byte; data NULL: there is none.
 */
static imgrw_str
scalar_before(const struct irw_tree *tree, size_t end)
{
    size_t after = 0;

    IRW_LOWER_BOUND(after, tree->count, tree->nodes[after].start < end);
    if (after == 0 || tree->nodes[after - 1].end != end ||
        tree->nodes[after - 1].type != IRW_NODE_SCALAR)
        return (imgrw_str){0};
    return irw_tree_value(tree, (uint32_t)after - 1);
}

/* Where a byte of a file's text is in its new text. */
static size_t
move(const struct imgrw_plan *plan, size_t offset)
{
    size_t moved = offset;

    for (size_t i = 0; i < imgrw_plan_count(plan); i++) {
        const struct imgrw_edit *edit = imgrw_plan_edit(plan, i);

        if (edit->at.offset < offset)
            moved += edit->replacement.size - edit->length;
    }
    return moved;
}

/* Sets the text of a patch that is in a file of other things. */
static enum imgrw_status
find_inside(struct irw_value_texts *texts,
            const struct irw_kustomization_path *path, size_t file,
            imgrw_str *before, imgrw_str *after)
{
    enum imgrw_status status = find_texts(texts, file, before, after);

    if (status == IMGRW_OK)
        status = read_around(texts, file, *after);
    *before = path->text;
    *after = (imgrw_str){0};
    if (status == IMGRW_OK && path->end > 0)
        *after = scalar_before(&texts->around.tree,
                               move(plan_of(texts, file), path->end));
    return status;
}

/* Reads the patch that a step of a build leads to, or is. */
static enum imgrw_status
read_patch(struct irw_value_texts *texts, const struct irw_build *build,
           const struct irw_build_step *step, irw_value_pair_list *pairs)
{
    struct document_reading reading = {
        .texts = texts, .file = SIZE_MAX, .patches = true, .pairs = pairs};
    size_t file = build->file;
    imgrw_str before, after;
    enum imgrw_status status;

    if (step->target == IRW_TARGET_FILE)
        reading.file = step->index;
    if (step->target == IRW_TARGET_FILE || step->role == IRW_PATH_LATE_PATCH)
        file = step->index;
    status = step->target == IRW_TARGET_FILE
                 ? find_texts(texts, file, &before, &after)
                 : find_inside(texts, &build->before.paths.items[step->path],
                               file, &before, &after);
    return status == IMGRW_OK ? read_both(&reading, before, after) : status;
}

enum imgrw_status
irw_value_texts_patch(struct irw_value_texts *texts,
                      const struct irw_build *build, size_t step,
                      const irw_value_pair_list **pairs)
{
    static const irw_value_pair_list none = {NULL, 0, 0};
    const struct irw_build_step *from = &build->steps.items[step];
    irw_value_pair_list **steps =
        &texts->steps[build - texts->trees->builds.items.items];

    *pairs = &none;
    if (from->target != IRW_TARGET_FILE && from->target != IRW_TARGET_INLINE)
        return IMGRW_OK;
    if (!*steps)
        *steps = calloc(build->steps.count, sizeof(**steps));
    if (!*steps)
        return irw_fail_memory(texts->error);
    *pairs = &(*steps)[step];
    return (*pairs)->count > 0
               ? IMGRW_OK
               : read_patch(texts, build, from, &(*steps)[step]);
}

void
irw_value_texts_clear(struct irw_value_texts *texts)
{
    const struct irw_builds *builds = &texts->trees->builds;

    for (size_t i = 0; texts->files && i < builds->file_count; i++)
        free(texts->files[i].items);
    for (size_t i = 0; texts->steps && i < builds->items.count; i++) {
        for (size_t k = 0; texts->steps[i] &&
                           k < builds->items.items[i].steps.count; k++)
            free(texts->steps[i][k].items);
        free(texts->steps[i]);
    }
    irw_kustomize_text_clear(&texts->around);
    free(texts->files);
    free(texts->steps);
    free(texts->is_read);
}
