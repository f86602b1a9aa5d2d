/*
 * What several readers of YAML would understand differently, such as a key that
 * is there twice, is refused: the one that reads the output must see the list
 * that was rewritten.
 */
#include "function/list.h"
#include "base/error.h"
#include "base/str.h"
#include "yaml/scalar.h"

#include <stdlib.h>

struct imgrw_location
irw_resource_list_locate(const struct irw_resource_list *list, uint32_t node)
{
    struct irw_line_cursor cursor = {0};

    return irw_source_locate(&list->source, &cursor,
                             list->tree.nodes[node].start);
}

/* Fails at a node. */
static enum imgrw_status
fail_at(const struct irw_resource_list *list, uint32_t node,
        const char *message, struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_INPUT,
                    irw_resource_list_locate(list, node), "%s", message);
}

/* Whether a document has nothing in it. */
static bool
is_empty(const struct irw_tree *tree, uint32_t root)
{
    return tree->nodes[root].type == IRW_NODE_SCALAR &&
           tree->nodes[root].style == IRW_STYLE_PLAIN &&
           irw_tree_value(tree, root).size == 0;
}

/* Finds the only document that is not empty. */
static enum imgrw_status
find_root(struct irw_resource_list *list, struct imgrw_error *error)
{
    const struct irw_tree *tree = &list->tree;
    struct imgrw_location start = {list->source.path, 0, 1, 1};

    list->root = IRW_NO_NODE;
    for (size_t i = 0; i < tree->document_count; i++) {
        uint32_t root = tree->documents[i].root;

        if (is_empty(tree, root))
            continue;
        if (list->root != IRW_NO_NODE)
            return fail_at(list, root,
                           "this is a second document: a function takes one, "
                           "of kind ResourceList; `imgrewrite rewrite -` takes "
                           "documents as they are", error);
        list->root = root;
    }
    return list->root != IRW_NO_NODE
               ? IMGRW_OK
               : irw_fail(error, IMGRW_ERR_INPUT, start,
                          "there is nothing in it: a function takes a document "
                          "of kind ResourceList");
}

/* Takes the entry of the root under this key. */
static enum imgrw_status
take_key(struct irw_resource_list *list, uint32_t key, uint32_t value,
         struct imgrw_error *error)
{
    const struct {
        const char *name;
        uint32_t *node;
    } keys[] = {
        {"apiVersion", &list->version},
        {"kind", &list->kind},
        {"items", &list->items},
        {"functionConfig", &list->config},
        {"results", &list->results},
    };

    if (irw_is_merge_key(&list->tree, key))
        return fail_at(list, key, "<< is not taken beside the items of a "
                                  "ResourceList; write its keys out", error);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (!irw_equal(irw_tree_text(&list->tree, key), irw_str(keys[i].name)))
            continue;
        if (*keys[i].node != IRW_NO_NODE)
            return irw_fail(error, IMGRW_ERR_INPUT,
                            irw_resource_list_locate(list, key),
                            "the ResourceList has \"%s\" twice", keys[i].name);
        *keys[i].node = value;
    }
    return IMGRW_OK;
}

/* Fails at a node of the root, or at the root where it has none. */
static enum imgrw_status
fail_root(const struct irw_resource_list *list, uint32_t node,
          const char *message, struct imgrw_error *error)
{
    return fail_at(list, node == IRW_NO_NODE ? list->root : node, message,
                   error);
}

/* Whether the value of a root's key, which may be missing, is a text that
 * begins so, and is nothing more unless `open`. */
static bool
says(const struct irw_resource_list *list, uint32_t node, const char *start,
     bool open)
{
    imgrw_str text = node == IRW_NO_NODE ? (imgrw_str){0}
                                         : irw_tree_text(&list->tree, node);

    return open ? irw_starts_with(text, irw_str(start))
                : irw_equal(text, irw_str(start));
}

/* Checks that the root says that it is a list for functions. */
static enum imgrw_status
check_kind(const struct irw_resource_list *list, struct imgrw_error *error)
{
    if (!says(list, list->kind, "ResourceList", false))
        return fail_root(list, list->kind,
                         "this is no list for a function, which has kind "
                         "ResourceList and apiVersion config.kubernetes.io/v1; "
                         "`imgrewrite rewrite -` takes documents as they are",
                         error);
    if (!says(list, list->version, "config.kubernetes.io/", true))
        return fail_root(list, list->version,
                         "a ResourceList has apiVersion "
                         "config.kubernetes.io/v1", error);
    return IMGRW_OK;
}

/* Lists the items. */
static enum imgrw_status
take_items(struct irw_resource_list *list, struct imgrw_error *error)
{
    const struct irw_tree *tree = &list->tree;
    uint32_t node, item, index;
    struct irw_items items;

    if (list->items == IRW_NO_NODE)
        return fail_at(list, list->root, "the ResourceList has no items",
                       error);
    node = irw_tree_follow(tree, list->items);
    if (irw_scalar_is_null(tree, node))
        return IMGRW_OK;
    if (tree->nodes[node].type != IRW_NODE_SEQUENCE)
        return fail_at(list, list->items, "items has to be a list", error);
    items = irw_items(tree, node);
    while (irw_items_next(&items, &item, &index))
        if (!IRW_APPEND(&list->entries, item))
            return irw_fail_memory(error);
    return IMGRW_OK;
}

static enum imgrw_status
read_root(struct irw_resource_list *list, struct imgrw_error *error)
{
    struct irw_entries entries = irw_entries(&list->tree, list->root);
    uint32_t key, value;
    enum imgrw_status status = IMGRW_OK;

    list->version = list->kind = IRW_NO_NODE;
    list->items = list->config = list->results = IRW_NO_NODE;
    while (status == IMGRW_OK && irw_entries_next(&entries, &key, &value))
        status = take_key(list, key, value, error);
    if (status == IMGRW_OK)
        status = check_kind(list, error);
    return status == IMGRW_OK ? take_items(list, error) : status;
}

enum imgrw_status
irw_resource_list_read(imgrw_str text, const struct irw_list_limits *limits,
                       struct irw_arena *arena, struct irw_resource_list *list,
                       struct imgrw_error *error)
{
    struct irw_source *source = &list->source;
    enum imgrw_status status =
        irw_source_open(text, "-", limits->max_bytes, source, error);

    if (status != IMGRW_OK)
        return status;
    status = irw_source_explain(
        source,
        irw_tree_read(&irw_libyaml,
                      (struct irw_extract){text, source->start, text.size},
                      limits->max_depth, arena, &list->tree, error),
        error);
    if (status == IMGRW_OK)
        status = find_root(list, error);
    return status == IMGRW_OK ? read_root(list, error) : status;
}

void
irw_resource_list_clear(struct irw_resource_list *list)
{
    irw_tree_clear(&list->tree);
    free(list->entries.items);
    *list = (struct irw_resource_list){.root = IRW_NO_NODE};
}
