#include "plan/wish.h"
#include "base/error.h"
#include "base/list.h"
#include "edit/fragment.h"
#include "edit/insertion.h"
#include "plan/new_name.h"

/* The scalar, or alias of one, that starts at byte `start`; IRW_NO_NODE where
 * none does. */
static uint32_t
find_scalar(const struct irw_tree *tree, size_t start)
{
    size_t node;

    IRW_LOWER_BOUND(node, tree->count, tree->nodes[node].start < start);
    while (node < tree->count && tree->nodes[node].start == start &&
           tree->nodes[node].type < IRW_NODE_SCALAR)
        node++;
    return node < tree->count && tree->nodes[node].start == start
               ? (uint32_t)node
               : IRW_NO_NODE;
}

static enum imgrw_status
fail_lost(struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_EDIT, IRW_NO_LOCATION,
                    "its keys are not in the entry itself");
}

static enum imgrw_status
set_scalar(const struct irw_wished_scalar *scalar,
           struct irw_document_edits *edits, const struct irw_piece *piece,
           size_t image, struct imgrw_error *error)
{
    const struct irw_tree *tree = &piece->tree;
    struct irw_value_edit value = {
        .node = find_scalar(tree, scalar->start),
        .with = scalar->text,
    };

    if (value.node == IRW_NO_NODE)
        return fail_lost(error);
    value.to = (uint32_t)irw_tree_text(tree, value.node).size;
    return irw_document_edits_set(edits, piece, image, &value, error);
}

/* The item of a list that has the node. */
static uint32_t
find_item(const struct irw_tree *tree, uint32_t list, uint32_t node)
{
    uint32_t item = list + 1;

    while (tree->nodes[item].next <= node)
        item = tree->nodes[item].next;
    return item;
}

/* Adds items to the list of an entry, after that. */
static enum imgrw_status
add_items(const struct irw_wish *wish, struct irw_document_edits *edits,
          const struct irw_piece *piece, size_t image,
          struct imgrw_error *error)
{
    const struct irw_tree *tree = &piece->tree;
    struct irw_tree *fragment =
        irw_arena_calloc(edits->arena, 1, sizeof(*fragment));
    uint32_t name = find_scalar(tree, wish->after), list;
    struct irw_insert insert;
    struct irw_text_edit edit;
    enum imgrw_status status;

    if (!fragment)
        return irw_fail_memory(error);
    list = name == IRW_NO_NODE
               ? 0
               : irw_find_around(tree, name, IRW_NODE_SEQUENCE);
    if (tree->nodes[list].type != IRW_NODE_SEQUENCE)
        return fail_lost(error);
    insert = (struct irw_insert){
        .tree = tree,
        .where = IRW_INSERT_AFTER,
        .into = list,
        .child = find_item(tree, list, name),
        .mapping = list,
        .key = name - 1,
        .model = IRW_NO_NODE,
        .fragment = fragment,
        .claim = {.mapping = list},
    };
    status = irw_fragment_read(wish->items, edits->arena, fragment, error);
    if (status == IMGRW_OK)
        status = irw_insert(&insert, edits->arena, &edit, error);
    return status == IMGRW_OK
               ? irw_document_edits_insert(edits, image, &edit,
                                           IMGRW_EDIT_IMAGE, error)
               : status;
}

/* Adds a new name to an entry that has none. */
static enum imgrw_status
add_new_name(const struct irw_wish *wish, struct irw_document_edits *edits,
             const struct irw_piece *piece, size_t image,
             struct imgrw_error *error)
{
    uint32_t name = find_scalar(&piece->tree, wish->after);

    return name == IRW_NO_NODE
               ? fail_lost(error)
               : irw_document_edits_new_name(edits, piece, image, name,
                                             wish->new_name, error);
}

struct irw_wish *
irw_wish_all(const struct imgrw_manifest *manifest, imgrw_str why,
             struct irw_arena *arena)
{
    size_t count = manifest->findings.site_count;
    struct irw_wish *wishes = irw_arena_calloc(arena, count, sizeof(*wishes));

    for (size_t i = 0; wishes && i < count; i++)
        wishes[i] = (struct irw_wish){.kind = IRW_WISH_IGNORE, .why = why};
    return wishes;
}

enum imgrw_status
irw_wish_add_edits(const struct irw_wish *wish,
                   struct irw_document_edits *edits,
                   const struct irw_piece *piece, size_t image,
                   struct imgrw_error *error)
{
    size_t before = edits->count;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < wish->scalar_count && status == IMGRW_OK; i++)
        status = set_scalar(&wish->scalars[i], edits, piece, image, error);
    if (status == IMGRW_OK && wish->new_name.size > 0)
        status = add_new_name(wish, edits, piece, image, error);
    if (status == IMGRW_OK && wish->items.size > 0)
        status = add_items(wish, edits, piece, image, error);
    if (status != IMGRW_OK)
        edits->count = before;
    return status;
}
