#include "files/tree_items.h"
#include "base/error.h"

#include <stdlib.h>

/* Whether a file failed for what it holds, which was read. */
static bool
is_of_text(const struct imgrw_error *failure)
{
    return failure && (failure->status == IMGRW_ERR_SYNTAX ||
                       failure->status == IMGRW_ERR_ENCODING ||
                       failure->status == IMGRW_ERR_EDIT);
}

/* Gives an item what it has become in its tree. The trees keep what it had,
 * from which the new plan borrows. */
static void
take_result(struct irw_item *item, struct irw_tree_result *result,
            const struct irw_item_source *source,
            const struct imgrw_run_options *options)
{
    struct imgrw_file *file = &item->file;
    struct imgrw_manifest *manifest = (struct imgrw_manifest *)file->manifest;
    struct imgrw_plan *plan = (struct imgrw_plan *)file->plan;

    if (result->manifest && (result->plan || !source->rules)) {
        file->manifest = result->manifest;
        result->manifest = manifest;
    }
    if (result->plan) {
        file->plan = result->plan;
        result->plan = plan;
        file->status = imgrw_plan_count(file->plan) > 0 ? IMGRW_FILE_PLANNED
                                                        : IMGRW_FILE_UNCHANGED;
    }
    if (!file->text.data && result->text.data) {
        file->text = result->text;
        item->text.data = (char *)result->text.data;
        item->text.size = result->text.size;
        result->text.data = NULL;
    }
    if (result->is_read_again && is_of_text(file->failure)) {
        file->failure = NULL;
        file->status = file->plan && imgrw_plan_count(file->plan) > 0
                           ? IMGRW_FILE_PLANNED
                           : IMGRW_FILE_UNCHANGED;
    }
    if (result->failure.status == IMGRW_OK || file->failure)
        return;
    item->failure = result->failure;
    irw_item_fail(item, options, result->failure.status);
}

enum imgrw_status
irw_tree_items_plan(struct irw_trees *trees, struct irw_item *items,
                    size_t count, const struct irw_item_source *source,
                    const struct imgrw_run_options *options,
                    struct imgrw_error *error)
{
    struct irw_build_file *files = calloc(count + 1, sizeof(*files));
    const struct irw_tree_options how = {
        .rules = source->rules,
        .parse = source->parse,
        .plan = source->plan,
        .all_fail = options->keep_going,
    };
    enum imgrw_status status;

    if (!files)
        return irw_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        files[i] = (struct irw_build_file){
            .path = items[i].file.path,
            .real = items[i].found->real,
            .text = items[i].file.text,
            .manifest = items[i].file.manifest,
            .plan = items[i].file.plan,
        };
    status = irw_trees_plan(trees, files, count, &how, error);
    for (size_t i = 0; trees->results && status == IMGRW_OK && i < count; i++)
        take_result(&items[i], &trees->results[i], source, options);
    trees->builds.files = NULL;
    free(files);
    return status;
}
