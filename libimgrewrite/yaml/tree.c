/*
 * From events to nodes.
 */
#include "yaml/tree.h"
#include "base/error.h"
#include "base/map.h"
#include "base/str.h"

#include <stdlib.h>

/* A tree in the making. `open` holds the collections that are not closed. */
struct builder {
    struct irw_tree *tree;
    struct irw_arena *arena;
    bool has_values;
    uint32_t *open;
    size_t depth;
    uint32_t max_depth;
    struct irw_map anchors; /* of this document: node + 1 by name */
    struct imgrw_error *error;
};

struct irw_properties
irw_tree_properties(const struct irw_tree *tree, uint32_t node)
{
    uint32_t link = tree->nodes[node].link;

    if (tree->nodes[node].type == IRW_NODE_ALIAS || link == 0)
        return (struct irw_properties){0};
    return tree->properties[link - 1];
}

/* The first line of a block scalar's content, without its indentation. */
static imgrw_str
block_line(imgrw_str text, size_t start, size_t end)
{
    imgrw_str rest = irw_slice(text, start, end);
    size_t feed = irw_find(rest, '\n');

    if (feed == SIZE_MAX)
        return (imgrw_str){0};
    rest = irw_slice(rest, feed + 1, rest.size);
    while (rest.size > 0 && rest.data[0] == ' ')
        rest = irw_slice(rest, 1, rest.size);
    feed = irw_find(rest, '\n');
    if (feed != SIZE_MAX)
        rest.size = feed;
    if (rest.size > 0 && rest.data[rest.size - 1] == '\r')
        rest.size--;
    return rest;
}

imgrw_str
irw_tree_body(const struct irw_tree *tree, uint32_t node)
{
    size_t start = tree->nodes[node].start, end = tree->nodes[node].end;

    switch ((enum irw_style)tree->nodes[node].style) {
    case IRW_STYLE_SINGLE:
    case IRW_STYLE_DOUBLE:
        return irw_slice(tree->text, start + 1, end - 1);
    case IRW_STYLE_LITERAL:
    case IRW_STYLE_FOLDED:
        return block_line(tree->text, start, end);
    default:
        return irw_slice(tree->text, start, end);
    }
}

imgrw_str
irw_tree_value(const struct irw_tree *tree, uint32_t node)
{
    if (tree->nodes[node].type != IRW_NODE_SCALAR)
        return (imgrw_str){0};
    if (tree->nodes[node].decoded)
        return irw_tree_properties(tree, node).value;
    return irw_tree_body(tree, node);
}

/* Copies a string out of the event; `*kept` is empty for an empty one. */
static bool
keep_string(struct builder *builder, imgrw_str str, imgrw_str *kept)
{
    *kept = (imgrw_str){0};
    if (str.size == 0)
        return true;
    *kept = (imgrw_str){irw_arena_copy(builder->arena, str), str.size};
    return kept->data != NULL;
}

/* Gives the node what does not fit in it: an anchor, a tag, and a value that is
 * not spelled out in the text. */
static enum imgrw_status
add_properties(struct builder *builder, const struct irw_event *event,
               uint32_t node)
{
    struct irw_tree *tree = builder->tree;
    bool decoded = tree->nodes[node].decoded;
    struct irw_properties *added;
    void *items = tree->properties;

    if (event->anchor.size + event->tag.size == 0 && !decoded)
        return IMGRW_OK;
    if (!irw_grow(&items, &tree->property_capacity, tree->property_count + 1,
                  sizeof(*tree->properties)))
        return irw_fail_memory(builder->error);
    tree->properties = items;
    added = &tree->properties[tree->property_count];
    if (!keep_string(builder, event->anchor, &added->anchor) ||
        !keep_string(builder, event->tag, &added->tag) ||
        !keep_string(builder, decoded ? event->value : (imgrw_str){0},
                     &added->value))
        return irw_fail_memory(builder->error);
    tree->nodes[node].link = (uint32_t)++tree->property_count;
    if (added->anchor.size > 0 &&
        !irw_map_set(&builder->anchors, added->anchor, (uintptr_t)node + 1))
        return irw_fail_memory(builder->error);
    return IMGRW_OK;
}

static enum imgrw_status
link_alias(struct builder *builder, const struct irw_event *event,
           struct irw_node *node)
{
    uintptr_t found = irw_map_get(&builder->anchors, event->anchor);
    uint32_t target = (uint32_t)found - 1;

    if (found == 0)
        return irw_fail(builder->error, IMGRW_ERR_SYNTAX,
                        (struct imgrw_location){.offset = event->start},
                        "unknown anchor \"%.*s\"", IRW_PRINT(event->anchor));
    if (builder->tree->nodes[target].next == 0)
        return irw_fail(builder->error, IMGRW_ERR_SYNTAX,
                        (struct imgrw_location){.offset = event->start},
                        "the value of anchor \"%.*s\" contains itself",
                        IRW_PRINT(event->anchor));
    node->link = target;
    builder->tree->indirect = true;
    return IMGRW_OK;
}

static enum imgrw_status
open_collection(struct builder *builder, const struct irw_event *event,
                uint32_t node)
{
    if (builder->depth == builder->max_depth)
        return irw_fail(builder->error, IMGRW_ERR_LIMIT,
                        (struct imgrw_location){.offset = event->start},
                        "nested deeper than %u levels",
                        (unsigned)builder->max_depth);
    builder->open[builder->depth++] = node;
    return IMGRW_OK;
}

/* Adds the node that `event` begins or is. */
static enum imgrw_status
add_node(struct builder *builder, const struct irw_event *event,
         enum irw_node_type type)
{
    struct irw_tree *tree = builder->tree;
    void *items = tree->nodes;
    uint32_t index = (uint32_t)tree->count;
    struct irw_node *node;
    enum imgrw_status status;

    if (!irw_grow(&items, &tree->capacity, tree->count + 1,
                  sizeof(*tree->nodes)))
        return irw_fail_memory(builder->error);
    tree->nodes = items;
    node = &tree->nodes[tree->count++];
    *node = (struct irw_node){
        .start = (uint32_t)event->start,
        .end = (uint32_t)event->end,
        .type = (uint8_t)type,
        .style = (uint8_t)event->style,
    };
    if (type == IRW_NODE_ALIAS) {
        node->next = index + 1;
        return link_alias(builder, event, node);
    }
    if (type == IRW_NODE_SCALAR) {
        node->next = index + 1;
        node->decoded = builder->has_values &&
                        !irw_equal(irw_tree_body(tree, index), event->value);
        tree->indirect |= irw_is_merge_key(tree, index);
    }
    status = add_properties(builder, event, index);
    if (status == IMGRW_OK && type != IRW_NODE_SCALAR)
        status = open_collection(builder, event, index);
    return status;
}

static void
close_collection(struct builder *builder, const struct irw_event *event)
{
    struct irw_node *node =
        &builder->tree->nodes[builder->open[--builder->depth]];

    node->end = (uint32_t)event->end;
    node->next = (uint32_t)builder->tree->count;
}

static enum imgrw_status
begin_document(struct builder *builder)
{
    struct irw_tree *tree = builder->tree;
    void *items = tree->documents;

    if (!irw_grow(&items, &tree->document_capacity, tree->document_count + 1,
                  sizeof(*tree->documents)))
        return irw_fail_memory(builder->error);
    tree->documents = items;
    tree->documents[tree->document_count++] = (struct irw_document){
        .root = (uint32_t)tree->count,
        .end = (uint32_t)tree->count,
    };
    irw_map_reset(&builder->anchors);
    return IMGRW_OK;
}

static enum imgrw_status
take_event(struct builder *builder, const struct irw_event *event)
{
    struct irw_tree *tree = builder->tree;

    switch (event->type) {
    case IRW_EVENT_DOCUMENT:
        return begin_document(builder);
    case IRW_EVENT_DOCUMENT_END:
        tree->documents[tree->document_count - 1].end = (uint32_t)tree->count;
        return IMGRW_OK;
    case IRW_EVENT_MAPPING:
        return add_node(builder, event, IRW_NODE_MAPPING);
    case IRW_EVENT_SEQUENCE:
        return add_node(builder, event, IRW_NODE_SEQUENCE);
    case IRW_EVENT_SCALAR:
        return add_node(builder, event, IRW_NODE_SCALAR);
    case IRW_EVENT_ALIAS:
        return add_node(builder, event, IRW_NODE_ALIAS);
    case IRW_EVENT_MAPPING_END:
    case IRW_EVENT_SEQUENCE_END:
        close_collection(builder, event);
        return IMGRW_OK;
    default:
        return IMGRW_OK;
    }
}

static enum imgrw_status
read_events(struct builder *builder, const struct irw_backend *backend,
            void *reader)
{
    struct irw_event event;
    enum imgrw_status status;

    do {
        status = backend->next(reader, &event, builder->error);
        if (status == IMGRW_OK)
            status = take_event(builder, &event);
    } while (status == IMGRW_OK && event.type != IRW_EVENT_END);
    return status;
}

enum imgrw_status
irw_tree_read(const struct irw_backend *backend, imgrw_str text, size_t start,
              size_t end, uint32_t max_depth, struct irw_arena *arena,
              struct irw_tree *tree, struct imgrw_error *error)
{
    struct builder builder = {
        .tree = tree,
        .arena = arena,
        .has_values = backend->has_values,
        .max_depth = max_depth,
        .error = error,
    };
    void *reader = NULL;
    enum imgrw_status status;

    tree->text = text;
    tree->count = tree->property_count = tree->document_count = 0;
    tree->indirect = false;
    builder.open = malloc(max_depth * sizeof(*builder.open));
    if (!builder.open)
        return irw_fail_memory(error);
    status = backend->open(text, start, end, &reader, error);
    if (status == IMGRW_OK)
        status = read_events(&builder, backend, reader);
    if (reader)
        backend->close(reader);
    irw_map_clear(&builder.anchors);
    free(builder.open);
    return status;
}

/* Copies `count` items of `size` bytes into the arena. */
static void *
copy_items(struct irw_arena *arena, const void *items, size_t count,
           size_t size)
{
    void *copy = irw_arena_alloc(arena, count * size);

    if (copy && count > 0)
        memcpy(copy, items, count * size);
    return copy;
}

enum imgrw_status
irw_tree_keep(const struct irw_tree *tree, struct irw_arena *arena,
              struct irw_tree *kept, struct imgrw_error *error)
{
    struct irw_tree copy = *tree;

    copy.nodes =
        copy_items(arena, tree->nodes, tree->count, sizeof(*tree->nodes));
    copy.properties = copy_items(arena, tree->properties, tree->property_count,
                                 sizeof(*tree->properties));
    copy.documents = copy_items(arena, tree->documents, tree->document_count,
                                sizeof(*tree->documents));
    if (!copy.nodes || !copy.properties || !copy.documents)
        return irw_fail_memory(error);
    *kept = copy;
    return IMGRW_OK;
}

void
irw_tree_clear(struct irw_tree *tree)
{
    free(tree->nodes);
    free(tree->properties);
    free(tree->documents);
    *tree = (struct irw_tree){0};
}
