/*
 * What a mapping holds does not depend on who reaches it, so that each mapping
 * of a tree is looked at once: whether it is a pod spec with a rewritten image,
 * and where it has its list from. With merge keys a list may be in several pod
 * specs, and a new one may come into mappings that are none; then everything
 * that has it afterwards is looked at again.
 */
#include "plan/pull_secret/decide.h"
#include "base/error.h"
#include "base/str.h"
#include "kubernetes/pod_spec.h"
#include "plan/pull_secret/write.h"
#include "yaml/scalar.h"

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
    bool grows;    /* a list, or a null, that gets the entry */
    bool is_value; /* of such a key: a list, a null, an alias */
};

/* A piece of the text, while its pod specs are looked for. */
struct search {
    const struct imgrw_manifest *manifest;
    const struct irw_tree *tree;
    imgrw_str name;
    struct irw_edits *edits;
    struct irw_arena *arena;
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
                    "the pull secret \"%.60s\" cannot be added here: %s",
                    search->name.data, why);
}

static enum imgrw_status
refuse_merged(struct search *search, uint32_t pod)
{
    return refuse(search, pod, "the list comes through `<<`, or would be "
                               "overridden by one that does; write it out");
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
            site->holder != IRW_ROOT_DOCUMENT ||
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
    uint32_t end = tree->nodes[mapping].next;

    for (uint32_t at = mapping + 1; at < end;) {
        uint32_t value = tree->nodes[at].next;

        if (irw_equal(irw_tree_value(tree, irw_tree_follow(tree, at)),
                      list_key)) {
            known->twice = known->key != 0;
            known->key = at;
            search->nodes[value].is_value = true;
        }
        at = tree->nodes[value].next;
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

/* When the list is looked for: as the text is, or as it will be. */
enum when { BEFORE, AFTER };

static uint32_t find_merged(struct search *search, uint32_t mapping,
                            uint32_t from, enum when when);

/* Where a mapping has its list from: the key of the list, which may be another
 * mapping's, or the mapping that will have one; IRW_NO_NODE where there is
 * none. */
static uint32_t
find_place(struct search *search, uint32_t mapping, enum when when)
{
    const struct irw_tree *tree = search->tree;
    uint32_t found;

    if (tree->nodes[mapping].type != IRW_NODE_MAPPING)
        return IRW_NO_NODE;
    if (search->nodes[mapping].key != 0)
        return search->nodes[mapping].key;
    if (when == AFTER && search->nodes[mapping].gets_key)
        return mapping;
    if (!irw_has_merge_key(tree, mapping) ||
        !irw_budget_enter(&search->budget,
                          tree->nodes[mapping].next - mapping))
        return IRW_NO_NODE;
    found = find_merged(search, mapping, mapping, when);
    irw_budget_leave(&search->budget);
    return found;
}

/* The same in what one merge key brings. */
static uint32_t
find_in_sources(struct search *search, uint32_t merged, enum when when)
{
    const struct irw_tree *tree = search->tree;
    uint32_t source = irw_tree_follow(tree, merged), found = IRW_NO_NODE;

    if (tree->nodes[source].type != IRW_NODE_SEQUENCE)
        return find_place(search, source, when);
    for (uint32_t at = source + 1;
         at < tree->nodes[source].next && found == IRW_NO_NODE;
         at = tree->nodes[at].next)
        found = find_place(search, irw_tree_follow(tree, at), when);
    return found;
}

/* The same in what the merge keys behind the node `from` bring. */
static uint32_t
find_merged(struct search *search, uint32_t mapping, uint32_t from,
            enum when when)
{
    const struct irw_tree *tree = search->tree;
    uint32_t end = tree->nodes[mapping].next, found = IRW_NO_NODE;

    for (uint32_t at = mapping + 1; at < end && found == IRW_NO_NODE;) {
        uint32_t value = tree->nodes[at].next;

        if (at > from && irw_is_merge_key(tree, at))
            found = find_in_sources(search, value, when);
        at = tree->nodes[value].next;
    }
    return found;
}

/* Whether something changes at such a place. */
static bool
is_changed(const struct search *search, uint32_t place)
{
    const struct irw_tree *tree = search->tree;

    if (place == IRW_NO_NODE)
        return false;
    if (tree->nodes[place].type == IRW_NODE_MAPPING)
        return search->nodes[place].gets_key;
    return search->nodes[irw_tree_follow(tree, tree->nodes[place].next)].grows;
}

static bool merges_pod(struct search *search, uint32_t mapping);

static bool
is_or_merges_pod(struct search *search, uint32_t node)
{
    uint32_t source = irw_tree_follow(search->tree, node);

    return search->nodes[source].pod != 0 || merges_pod(search, source);
}

static bool
merges_pod_by(struct search *search, uint32_t merged)
{
    const struct irw_tree *tree = search->tree;
    uint32_t source = irw_tree_follow(tree, merged);
    bool found = false;

    if (tree->nodes[source].type != IRW_NODE_SEQUENCE)
        return is_or_merges_pod(search, source);
    for (uint32_t at = source + 1; at < tree->nodes[source].next && !found;
         at = tree->nodes[at].next)
        found = is_or_merges_pod(search, at);
    return found;
}

/* Whether a pod spec with a rewritten image is merged into the mapping, which
 * has no list: then that one gets it for both. */
static bool
merges_pod(struct search *search, uint32_t mapping)
{
    const struct irw_tree *tree = search->tree;
    uint32_t end = tree->nodes[mapping].next;
    bool found = false;

    if (tree->nodes[mapping].type != IRW_NODE_MAPPING ||
        !irw_has_merge_key(tree, mapping) ||
        !irw_budget_enter(&search->budget, end - mapping))
        return false;
    for (uint32_t at = mapping + 1; at < end && !found;) {
        uint32_t value = tree->nodes[at].next;

        found = irw_is_merge_key(tree, at) && merges_pod_by(search, value);
        at = tree->nodes[value].next;
    }
    irw_budget_leave(&search->budget);
    return found;
}

/* Whether the secret is in the list already. */
static bool
has_name(struct search *search, uint32_t list)
{
    const struct irw_tree *tree = search->tree;

    if (tree->nodes[list].type != IRW_NODE_SEQUENCE)
        return false;
    for (uint32_t at = list + 1; at < tree->nodes[list].next;
         at = tree->nodes[at].next) {
        uint32_t found = irw_mapping_find(tree, irw_tree_follow(tree, at),
                                          IRW_STR("name"), &search->budget);

        if (found != IRW_NO_NODE &&
            irw_equal(irw_tree_value(tree, found), search->name) &&
            irw_scalar_is_string(tree, found))
            return true;
    }
    return false;
}

static bool
is_listed_at(struct search *search, uint32_t place)
{
    const struct irw_tree *tree = search->tree;

    return tree->nodes[place].type != IRW_NODE_MAPPING &&
           has_name(search, irw_tree_follow(tree, tree->nodes[place].next));
}

/* Decides what a pod spec with a rewritten image gets. */
static enum imgrw_status
decide(struct search *search, uint32_t pod)
{
    struct knowledge *known = &search->nodes[pod];
    uint32_t list;

    if (known->twice)
        return refuse(search, known->key, "the list is there twice");
    if (known->key == 0) {
        known->gets_key =
            find_place(search, pod, BEFORE) == IRW_NO_NODE &&
            !merges_pod(search, pod);
        return IMGRW_OK;
    }
    list = irw_tree_follow(search->tree,
                           search->tree->nodes[known->key].next);
    search->nodes[list].grows = !has_name(search, list);
    return IMGRW_OK;
}

/* The key of the first pod spec that wants the list to grow. */
static uint32_t
find_wish(const struct search *search, uint32_t list)
{
    const struct irw_tree *tree = search->tree;

    for (uint32_t i = 0; i < tree->count; i++) {
        uint32_t key = search->nodes[i].key;

        if (search->nodes[i].pod != 0 && key != 0 &&
            irw_tree_follow(tree, tree->nodes[key].next) == list)
            return key;
    }
    return list;
}

/* Refuses what changes at a place, for `user` has it as well. */
static enum imgrw_status
refuse_shared(struct search *search, uint32_t place, uint32_t user)
{
    const struct irw_tree *tree = search->tree;

    if (tree->nodes[place].type != IRW_NODE_MAPPING)
        place = find_wish(search,
                          irw_tree_follow(tree, tree->nodes[place].next));
    return refuse(search, place,
                  "line %u has the same list, through an alias or `<<`, and "
                  "no image there is rewritten; give each its own",
                  place_of(search, user).line);
}

/* Looks again at a mapping that may have a list through merge keys. */
static enum imgrw_status
check_mapping(struct search *search, uint32_t mapping)
{
    const struct knowledge *known = &search->nodes[mapping];
    uint32_t before = find_place(search, mapping, BEFORE);
    uint32_t after = find_place(search, mapping, AFTER), late = IRW_NO_NODE;

    if (known->key != 0) /* which comes first is not sure */
        late = find_merged(search, mapping, known->key, AFTER);
    if (known->pod != 0 &&
        (late != IRW_NO_NODE ||
         (before != after && before != IRW_NO_NODE) ||
         (after != known->key && after != IRW_NO_NODE &&
          !is_changed(search, after) && !is_listed_at(search, after))))
        return refuse_merged(search, mapping);
    if (known->pod == 0 && is_changed(search, after))
        return refuse_shared(search, after,
                             known->key != 0 ? known->key : mapping);
    if (known->pod == 0 && is_changed(search, late))
        return refuse_shared(search, late, mapping);
    return IMGRW_OK;
}

/* Looks for a list that grows where no such list belongs. */
static enum imgrw_status
check_value(struct search *search, uint32_t node)
{
    uint32_t list = irw_tree_follow(search->tree, node);

    if (!search->nodes[list].grows || search->nodes[node].is_value)
        return IMGRW_OK;
    return refuse(search, find_wish(search, list),
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

/* Plans the insertion for a pod spec, unless it is planned already. */
static enum imgrw_status
insert(struct search *search, uint32_t pod)
{
    const struct irw_tree *tree = search->tree;
    struct knowledge *known = &search->nodes[pod];
    struct irw_text_edit change = {0};
    struct imgrw_error why;
    enum imgrw_status status;
    uint32_t list = 0;

    if (known->key != 0)
        list = irw_tree_follow(tree, tree->nodes[known->key].next);
    if (!known->gets_key && (known->key == 0 || !search->nodes[list].grows))
        return IMGRW_OK;
    status = irw_pull_secret_write(tree, pod, known->gets_key ? 0 : known->key,
                                   search->name, search->arena, &change, &why);
    search->nodes[list].grows = false;
    if (status == IMGRW_OK)
        return irw_edits_insert(search->edits, known->pod - 1, &change,
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

/* Whether the image is in a pod spec of a document in a scalar. */
static bool
is_embedded_in_pod(const struct imgrw_manifest *manifest,
                   const struct irw_site *site)
{
    const struct irw_tree *tree =
        &manifest->findings.embedded[site->holder].tree;
    uint32_t node = site->parts[0].node;
    size_t document = 0;

    while (node >= tree->documents[document].end)
        document++;
    return irw_pod_of_node(tree, tree->documents[document].root, node) !=
           IRW_NO_NODE;
}

static size_t
count_misses(const struct imgrw_manifest *manifest,
             const struct imgrw_decision *decisions)
{
    size_t count = 0;

    for (size_t i = 0; i < manifest->findings.site_count; i++) {
        const struct irw_site *site = &manifest->findings.sites[i];
        size_t edited = site->anchor == UINT32_MAX ? i : site->anchor;

        count += site->holder != IRW_ROOT_DOCUMENT &&
                 is_rewritten(&decisions[i]) &&
                 is_rewritten(&decisions[edited]) &&
                 is_embedded_in_pod(manifest, site);
    }
    return count;
}

enum imgrw_status
irw_pull_secrets_add(const struct imgrw_manifest *manifest,
                     const struct imgrw_decision *decisions, imgrw_str name,
                     struct irw_edits *edits, struct irw_arena *arena,
                     size_t *misses, struct imgrw_error *error)
{
    struct search search = {
        .manifest = manifest,
        .name = name,
        .edits = edits,
        .arena = arena,
        .error = error,
    };
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < manifest->piece_count && status == IMGRW_OK; i++)
        status = take_piece(&search, &manifest->pieces[i], decisions);
    *misses = count_misses(manifest, decisions);
    return status;
}
