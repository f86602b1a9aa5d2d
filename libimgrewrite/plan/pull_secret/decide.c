/*
 * What a mapping holds does not depend on who reaches it, so that each mapping
 * of a tree is looked at once: whether it is a pod spec with a rewritten image,
 * and whether its list is to grow. Where there are aliases or merge keys, all
 * that shares a list which grows is looked at as well: it must want that too.
 *
 * A pod spec with a merge key, or one that is merged into another mapping, is
 * left alone unless it names the secret. Which of several lists counts there
 * depends on the reader: kubectl and kustomize differ.
 */
#include "plan/pull_secret/decide.h"
#include "base/error.h"
#include "base/str.h"
#include "kubernetes/pod_spec.h"
#include "plan/pull_secret/write.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const imgrw_str list_key = {"imagePullSecrets", 16};

/* What is known of a node. */
struct knowledge {
    uint32_t pod; /* of a pod spec with a rewritten image: its number + 1 */
    uint32_t key; /* of a mapping: its own key of the list, the last; 0: none */
    bool twice;   /* it has several */
    bool gets_key; /* it has no list, and gets one */
    uint32_t grown_for; /* of a list, or a null, that gets the entry: the key
                           of the first pod spec that wants it; 0: none */
    bool is_value; /* of such a key: a list, a null, an alias */
};

/* A piece of the text, while its pod specs are looked for. */
struct search {
    const struct imgrw_manifest *manifest;
    const struct irw_tree *tree;
    const struct irw_pull_secret *secret;
    struct irw_document_edits *edits;
    struct imgrw_error *error;
    struct irw_budget budget;
    uint32_t *marks; /* by node: of a rewritten image, its number + 1 */
    struct knowledge *nodes;
};

static struct imgrw_location
place_of(const struct search *search, uint32_t node)
{
    struct irw_line_cursor cursor = {0};

    return irw_source_locate(&search->manifest->source, &cursor,
                             search->tree->nodes[node].start);
}

/* Fails at a node. */
__attribute__((format(printf, 3, 4))) static enum imgrw_status
refuse(struct search *search, uint32_t node, const char *format, ...)
{
    char why[200];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(why, sizeof(why), format, arguments);
    va_end(arguments);
    return irw_fail(search->error, IMGRW_ERR_EDIT, place_of(search, node),
                    "the pull secret \"%.*s\" cannot be added here: %s",
                    search->secret->name.size > 60
                        ? 60
                        : (int)search->secret->name.size,
                    search->secret->name.data, why);
}

static bool
is_rewritten(const struct imgrw_decision *decision)
{
    return decision->outcome.result == IMGRW_REWRITTEN &&
           decision->obstacle.size == 0;
}

/* Marks the images of the piece that are rewritten and that kubelets pull;
 * false where there are none. */
static bool
mark_images(struct search *search, const struct irw_piece *piece,
            const struct imgrw_decision *decisions)
{
    bool any = false;

    for (size_t i = 0; i < piece->site_count; i++) {
        size_t image = piece->first_site + i;
        const struct irw_site *site = &search->manifest->findings.sites[image];

        if (site->image.image_class != IMGRW_CLASS_POD ||
            site->document != IRW_ROOT_DOCUMENT ||
            !is_rewritten(&decisions[image]))
            continue;
        for (size_t k = 0; k < site->part_count; k++)
            search->marks[site->parts[k].node] = (uint32_t)image + 1;
        any = true;
    }
    return any;
}

/* Finds the mapping's own key of the list. */
static void
find_own_key(struct search *search, uint32_t mapping)
{
    const struct irw_tree *tree = search->tree;
    struct knowledge *known = &search->nodes[mapping];
    struct irw_entries entries = irw_entries(tree, mapping);
    uint32_t key, value;

    while (irw_entries_next(&entries, &key, &value)) {
        if (!irw_equal(irw_tree_text(tree, key), list_key))
            continue;
        known->twice = known->key != 0;
        known->key = key;
        search->nodes[value].is_value = true;
    }
}

static void
look_at_mappings(struct search *search)
{
    for (uint32_t i = 0; i < search->tree->count; i++) {
        if (search->tree->nodes[i].type != IRW_NODE_MAPPING)
            continue;
        find_own_key(search, i);
        search->nodes[i].pod = irw_pod_mark(search->tree, i, search->marks,
                                            &search->budget);
    }
}

/* What is known of the list of a mapping, or of a null there; NULL where it has
 * no key of its own for it. */
static struct knowledge *
own_list(const struct search *search, uint32_t mapping)
{
    const struct irw_tree *tree = search->tree;
    uint32_t key = search->nodes[mapping].key;

    return key == 0 ? NULL
                    : &search->nodes[irw_tree_follow(tree,
                                                     tree->nodes[key].next)];
}

/* Decides what a pod spec with a rewritten image gets. */
static enum imgrw_status
decide(struct search *search, uint32_t pod)
{
    const struct irw_tree *tree = search->tree;
    struct knowledge *known = &search->nodes[pod];
    uint32_t list = irw_mapping_find(tree, pod, list_key, &search->budget);

    if (known->twice)
        return refuse(search, known->key, "the list is there twice");
    if (irw_has_pull_secret(tree, list, search->secret->name,
                            &search->budget))
        return IMGRW_OK;
    if (irw_has_merge_key(tree, pod))
        return refuse(search, pod,
                      "the pod spec has a merge key, `<<`; write its list out "
                      "after that, with the secret in it");
    if (known->key == 0)
        known->gets_key = true;
    else if (own_list(search, pod)->grown_for == 0)
        own_list(search, pod)->grown_for = known->key;
    return IMGRW_OK;
}

/* Refuses to change a mapping that a merge key merges into another one. */
static enum imgrw_status
check_source(struct search *search, uint32_t merge_key, uint32_t source)
{
    const struct knowledge *known = &search->nodes[source];
    const struct knowledge *list = own_list(search, source);

    if (!known->gets_key && (!list || list->grown_for == 0))
        return IMGRW_OK;
    return refuse(search, known->gets_key ? source : known->key,
                  "line %u merges this with `<<`; write the list out, with the "
                  "secret in it, in both places",
                  place_of(search, merge_key).line);
}

/* Looks at a mapping that may have a list, or what it merges, in common with a
 * pod spec that changes. */
static enum imgrw_status
check_mapping(struct search *search, uint32_t mapping)
{
    const struct knowledge *known = &search->nodes[mapping];
    const struct knowledge *list = own_list(search, mapping);
    struct irw_merges merges = irw_merges(search->tree, mapping);
    enum imgrw_status status = IMGRW_OK;
    uint32_t via, source;

    if (known->pod == 0 && list && list->grown_for != 0)
        return refuse(search, list->grown_for,
                      "line %u has the same list, through an alias, and no "
                      "image there is rewritten; give each its own",
                      place_of(search, known->key).line);
    while (status == IMGRW_OK && irw_merges_next(&merges, &via, &source))
        status = check_source(search, merges.key, source);
    return status;
}

/* Looks for a list that grows where no such list belongs. */
static enum imgrw_status
check_value(struct search *search, uint32_t node)
{
    uint32_t list = irw_tree_follow(search->tree, node);
    uint32_t key = search->nodes[list].grown_for;

    if (key == 0 || search->nodes[node].is_value)
        return IMGRW_OK;
    return refuse(search, key,
                  "line %u has the same list under another key; give each its "
                  "own",
                  place_of(search, node).line);
}

static enum imgrw_status
check_uses(struct search *search)
{
    const struct irw_tree *tree = search->tree;
    enum imgrw_status status = IMGRW_OK;

    for (uint32_t i = 0; i < tree->count && status == IMGRW_OK; i++) {
        if (tree->nodes[i].type == IRW_NODE_MAPPING)
            status = check_mapping(search, i);
        if (status == IMGRW_OK)
            status = check_value(search, i);
    }
    return status;
}

/* Plans the insertion for a pod spec: a key, or an entry of a list that grows
 * for no other pod spec before it. */
static enum imgrw_status
insert(struct search *search, uint32_t pod)
{
    struct knowledge *known = &search->nodes[pod];
    const struct irw_pod_list list = {search->tree, pod, known->key};
    struct irw_text_edit edit;
    struct imgrw_error why;
    enum imgrw_status status;

    if (!known->gets_key &&
        (known->key == 0 || own_list(search, pod)->grown_for != known->key))
        return IMGRW_OK;
    status = irw_pull_secret_write(search->secret, &list,
                                   search->edits->arena, &edit, &why);
    if (status == IMGRW_OK)
        return irw_document_edits_insert(search->edits, known->pod - 1, &edit,
                                         IMGRW_EDIT_PULL_SECRET,
                                         search->error);
    return status == IMGRW_ERR_EDIT
               ? refuse(search, known->gets_key ? pod : known->key, "%s",
                        why.message)
               : irw_fail_memory(search->error);
}

static enum imgrw_status
for_each_pod(struct search *search,
             enum imgrw_status (*what)(struct search *search, uint32_t pod))
{
    enum imgrw_status status = IMGRW_OK;

    for (uint32_t i = 0; i < search->tree->count && status == IMGRW_OK; i++)
        if (search->nodes[i].pod != 0)
            status = what(search, i);
    return status;
}

/* Searches a piece whose images are marked. */
static enum imgrw_status
search_piece(struct search *search)
{
    enum imgrw_status status;

    look_at_mappings(search);
    status = for_each_pod(search, decide);
    if (status == IMGRW_OK && search->tree->indirect)
        status = check_uses(search);
    if (status == IMGRW_OK && search->budget.spent)
        return refuse(search, 0, "the aliases and merge keys of this document "
                                 "expand too far");
    return status == IMGRW_OK ? for_each_pod(search, insert) : status;
}

static enum imgrw_status
take_piece(struct search *search, const struct irw_piece *piece,
           const struct imgrw_decision *decisions)
{
    enum imgrw_status status = IMGRW_OK;

    search->tree = &piece->tree;
    search->budget = irw_budget_again();
    search->marks = calloc(piece->tree.count, sizeof(*search->marks));
    search->nodes = calloc(piece->tree.count, sizeof(*search->nodes));
    if (!search->marks || !search->nodes)
        status = irw_fail_memory(search->error);
    else if (mark_images(search, piece, decisions))
        status = search_piece(search);
    free(search->marks);
    free(search->nodes);
    return status;
}

/* Whether the image is of a pod whose pod spec is not in the text itself: it is
 * in a document in a scalar, or a patch sets it alone. What a template makes of
 * a pod spec is not there either. */
static bool
is_out_of_reach(const struct irw_source *source, const struct irw_site *site)
{
    const struct imgrw_image *image = &site->image;
    bool set = image->image_class == IMGRW_CLASS_POD;

    if (source->mask)
        return set || irw_is_pod_field(image->field);
    return site->document == IRW_ROOT_DOCUMENT
               ? set && !irw_is_pod_field(image->field)
               : set || irw_is_pod_field(image->field);
}

size_t
irw_pull_secrets_skipped(const struct imgrw_manifest *manifest,
                         const struct imgrw_decision *decisions)
{
    size_t count = 0;

    for (size_t i = 0; i < manifest->findings.site_count; i++) {
        const struct irw_site *site = &manifest->findings.sites[i];
        size_t edited = site->anchor == UINT32_MAX ? i : site->anchor;

        count += is_rewritten(&decisions[i]) &&
                 is_rewritten(&decisions[edited]) &&
                 is_out_of_reach(&manifest->source, site);
    }
    return count;
}

enum imgrw_status
irw_pull_secrets_add(const struct imgrw_decision *decisions, imgrw_str name,
                     struct irw_document_edits *edits,
                     struct imgrw_error *error)
{
    const struct imgrw_manifest *manifest = edits->manifest;
    struct search search = {
        .manifest = manifest,
        .secret = irw_pull_secret_make(name, edits->arena),
        .edits = edits,
        .error = error,
    };
    enum imgrw_status status =
        search.secret ? IMGRW_OK : irw_fail_memory(error);

    if (manifest->source.mask)
        return status; /* its branches may have secrets of their own */
    for (size_t i = 0; i < manifest->piece_count && status == IMGRW_OK; i++)
        status = take_piece(&search, &manifest->pieces[i], decisions);
    return status;
}
