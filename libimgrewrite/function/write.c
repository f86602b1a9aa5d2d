/*
 * New results go to the end of the list, where that can be seen, or else before
 * one of its keys: what comes last may be a block scalar, which does not end
 * where it seems to.
 */
#include "function/write.h"
#include "base/error.h"
#include "base/str.h"
#include "base/text.h"
#include "edit/fragment.h"
#include "edit/insertion.h"
#include "edit/splice.h"
#include "edit/verify.h"
#include "yaml/scalar.h"

/* Results that are being written. */
struct result_job {
    const struct irw_resource_list *list;
    const struct imgrw_plan_options *options;
    struct irw_arena *arena;
    struct imgrw_error *error;
};

/* Makes `before`, the results and `after` a fragment. */
static enum imgrw_status
make_fragment(struct result_job *job, const char *before, imgrw_str results,
              const char *after, struct irw_tree *fragment)
{
    struct irw_text text = {0};
    imgrw_str kept;

    irw_text_add(&text, irw_str(before));
    irw_text_add(&text, results);
    irw_text_add(&text, irw_str(after));
    if (!irw_text_keep(&text, job->arena, &kept))
        return irw_fail_memory(job->error);
    return irw_fragment_read(kept, job->arena, fragment, job->error);
}

/* Proves the new text: all of it is one part. */
static enum imgrw_status
prove(struct result_job *job, struct irw_text_edit *edit, imgrw_str after)
{
    const struct irw_resource_list *list = job->list;
    enum imgrw_proof proof = job->options->proof;
    const struct irw_proof_piece part = {
        .start = list->source.start,
        .end = list->source.text.size,
        .tree = &list->tree,
        .edits = edit,
        .edit_count = 1,
    };
    struct irw_inserted_run run = {0};
    const struct irw_proof_task task = {
        .source = &list->source,
        .origin = SIZE_MAX,
        .before = list->source.text,
        .after = after,
        .written_before = list->source.text,
        .written_after = after,
        .parts = &part,
        .part_count = 1,
        .edits = edit,
        .edit_count = 1,
        .runs = &run,
        .max_depth = IRW_LIST_DEPTH_MAX,
        .jobs = job->options->jobs,
        .witness = proof != IMGRW_PROOF_REREAD,
        .original = proof == IMGRW_PROOF_FULL,
    };
    size_t unwitnessed = 0;

    return proof == IMGRW_PROOF_NONE
               ? IMGRW_OK
               : irw_verify(&task, &unwitnessed, job->error);
}

/* Makes the insertion, and the new text. */
static enum imgrw_status
insert(struct result_job *job, const struct irw_insert *insertion,
       imgrw_str *text)
{
    struct irw_text_edit edit;
    enum imgrw_status status =
        irw_insert(insertion, job->arena, &edit, job->error);

    if (status == IMGRW_OK)
        status = irw_splice(job->list->source.text, &edit, 1, job->arena, text,
                            job->error);
    return status == IMGRW_OK ? prove(job, &edit, *text) : status;
}

/* Whether another place is worth a try. */
static bool
is_obstructed(enum imgrw_status status)
{
    return status == IMGRW_ERR_EDIT || status == IMGRW_ERR_PROOF;
}

/* What a new list is written like: the items, where there are some. */
static uint32_t
find_model(const struct irw_resource_list *list)
{
    return list->entries.count > 0 ? irw_tree_follow(&list->tree, list->items)
                                   : IRW_NO_NODE;
}

/* Adds `results` to a list that has none. */
static enum imgrw_status
add_key(struct result_job *job, imgrw_str results, imgrw_str *text)
{
    const struct irw_resource_list *list = job->list;
    const uint32_t values[] = {list->config, list->items, list->kind,
                               list->version};
    struct irw_tree fragment;
    struct irw_insert insertion = {
        .tree = &list->tree,
        .where = IRW_INSERT_LAST,
        .into = list->root,
        .mapping = list->root,
        .key = list->root + 1,
        .model = find_model(list),
        .fragment = &fragment,
    };
    enum imgrw_status status =
        make_fragment(job, "{\"results\": ", results, "}", &fragment);

    if (status == IMGRW_OK)
        status = insert(job, &insertion, text);
    insertion.where = IRW_INSERT_BEFORE;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        if (!is_obstructed(status) || values[i] == IRW_NO_NODE)
            continue;
        /* a scalar, the key, comes right before its value */
        insertion.key = values[i] - 1;
        status = insert(job, &insertion, text);
    }
    return status;
}

/* The list of results that are there already: the value itself, or its items,
 * as kpt has them. */
static uint32_t
find_list(const struct irw_tree *tree, uint32_t results, uint32_t *mapping,
          uint32_t *key)
{
    struct irw_tree_entry items;

    if (tree->nodes[results].type != IRW_NODE_MAPPING)
        return results;
    items = irw_own_entry(tree, results, IRW_STR("items"));
    *mapping = results;
    *key = items.key;
    return items.value;
}

/* Whether a node shows itself elsewhere or says what it is. */
static bool
has_properties(const struct irw_tree *tree, uint32_t node)
{
    struct irw_properties properties = irw_tree_properties(tree, node);

    return properties.anchor.size + properties.tag.size > 0;
}

/* Appends to the results that are there. */
static enum imgrw_status
append(struct result_job *job, imgrw_str results, imgrw_str *text)
{
    static const char unusual[] =
        "the list has results that are no list, or have a tag or an anchor";
    const struct irw_resource_list *list = job->list;
    const struct irw_tree *tree = &list->tree;
    struct irw_tree fragment;
    struct irw_insert insertion = {
        .tree = tree,
        .where = IRW_INSERT_LAST,
        .mapping = list->root,
        .key = list->results - 1,
        .model = find_model(list),
        .fragment = &fragment,
    };
    uint32_t into = find_list(tree, list->results, &insertion.mapping,
                              &insertion.key);
    bool null = into != IRW_NO_NODE && irw_scalar_is_null(tree, into);
    enum imgrw_status status;

    if (into == IRW_NO_NODE || has_properties(tree, into) ||
        (!null && tree->nodes[into].type != IRW_NODE_SEQUENCE))
        return irw_fail(job->error, IMGRW_ERR_EDIT,
                        irw_resource_list_locate(list, list->results), "%s",
                        unusual);
    insertion.into = null ? insertion.mapping : into;
    if (null)
        insertion.where = IRW_INSERT_VALUE;
    status = make_fragment(job, null ? "[" : "", results, null ? "]" : "",
                           &fragment);
    return status == IMGRW_OK ? insert(job, &insertion, text) : status;
}

enum imgrw_status
irw_results_write(const struct irw_resource_list *list, imgrw_str results,
                  const struct imgrw_plan_options *options,
                  struct irw_arena *arena, imgrw_str *text,
                  struct imgrw_error *error)
{
    struct result_job job = {list, options, arena, error};

    return list->results == IRW_NO_NODE ? add_key(&job, results, text)
                                        : append(&job, results, text);
}
