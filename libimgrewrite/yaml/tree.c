/*
 * From events to nodes.
 */
#include "yaml/tree.h"
#include "base/error.h"
#include "base/list.h"
#include "base/map.h"
#include "base/str.h"

#include <stdlib.h>

struct irw_tree_reader {
    const struct irw_backend *backend;
    void *stream; /* the backend's */
    imgrw_str text;
    uint32_t max_depth;
    uint32_t *open; /* the collections that have not ended yet, by depth */
    size_t depth;
    struct irw_map anchors; /* of this document: node + 1, by name */
    bool pending; /* a document has begun, but belongs to the next tree */
    bool within;  /* a document has begun, and has not ended */
    bool ended;

    struct irw_tree *tree; /* being read, and where to */
    struct irw_arena *arena;
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
irw_tree_other_value(const struct irw_tree *tree, uint32_t node)
{
    imgrw_str body;

    if (tree->nodes[node].type != IRW_NODE_SCALAR)
        return (imgrw_str){0};
    if (tree->nodes[node].decoded)
        return irw_tree_properties(tree, node).value;
    body = irw_tree_body(tree, node);
    /* an empty one may be nowhere */
    return body.size == 0 || tree->written.data == tree->text.data
               ? body
               : irw_slice(tree->written,
                           (size_t)(body.data - tree->text.data),
                           (size_t)(body.data - tree->text.data) + body.size);
}

/* Copies a string of an event, which the next event overwrites. */
static bool
keep_string(struct irw_tree_reader *reader, imgrw_str str, imgrw_str *kept)
{
    *kept = (imgrw_str){0};
    if (str.size == 0)
        return true;
    *kept = (imgrw_str){irw_arena_copy(reader->arena, str), str.size};
    return kept->data != NULL;
}

/* Stores what does not fit into the node: an anchor, a tag, and a value that
 * the text spells differently. */
static enum imgrw_status
add_properties(struct irw_tree_reader *reader, const struct irw_event *event,
               uint32_t node)
{
    struct irw_tree *tree = reader->tree;
    bool decoded = tree->nodes[node].decoded;
    struct irw_properties *added;

    if (event->anchor.size + event->tag.size == 0 && !decoded)
        return IMGRW_OK;
    if (!irw_grow(&tree->properties, &tree->property_capacity,
                  tree->property_count + 1, sizeof(*tree->properties)))
        return irw_fail_memory(reader->error);
    added = &tree->properties[tree->property_count];
    if (!keep_string(reader, event->anchor, &added->anchor) ||
        !keep_string(reader, event->tag, &added->tag) ||
        !keep_string(reader, decoded ? event->value : (imgrw_str){0},
                     &added->value))
        return irw_fail_memory(reader->error);
    tree->nodes[node].link = (uint32_t)++tree->property_count;
    /* an empty value right before a comma: the comma may end the tag, or not */
    tree->odd_tags |= event->tag.size > 0 && event->start == event->end &&
                      event->end < tree->text.size &&
                      tree->text.data[event->end] == ',';
    /* an anchor may be used again: aliases mean the last one before them */
    if (added->anchor.size > 0 &&
        !irw_map_set(&reader->anchors, added->anchor, (uintptr_t)node + 1))
        return irw_fail_memory(reader->error);
    return IMGRW_OK;
}

static enum imgrw_status
link_alias(struct irw_tree_reader *reader, const struct irw_event *event,
           struct irw_node *node)
{
    uintptr_t found = irw_map_get(&reader->anchors, event->anchor);
    uint32_t target = (uint32_t)found - 1;

    if (found == 0)
        return irw_fail(reader->error, IMGRW_ERR_SYNTAX,
                        (struct imgrw_location){.offset = event->start},
                        "unknown anchor \"%.*s\"", IRW_PRINT(event->anchor));
    if (reader->tree->nodes[target].next == 0)
        return irw_fail(reader->error, IMGRW_ERR_SYNTAX,
                        (struct imgrw_location){.offset = event->start},
                        "the value of anchor \"%.*s\" contains itself",
                        IRW_PRINT(event->anchor));
    node->link = target;
    reader->tree->indirect = true;
    return IMGRW_OK;
}

/* Fails because the events are not nested as they should be. That would be a
 * bug of the YAML library; without this check it would become one of ours. */
static enum imgrw_status
fail_order(struct irw_tree_reader *reader, const struct irw_event *event)
{
    struct imgrw_location at = {.offset = event->start};

    return irw_fail(reader->error, IMGRW_ERR_SYNTAX, at,
                    "%s reads the parts of a document in no order",
                    reader->backend->name);
}

static enum imgrw_status
open_collection(struct irw_tree_reader *reader, const struct irw_event *event,
                uint32_t node)
{
    if (reader->depth == reader->max_depth)
        return irw_fail(reader->error, IMGRW_ERR_LIMIT,
                        (struct imgrw_location){.offset = event->start},
                        "nested deeper than %u levels",
                        (unsigned)reader->max_depth);
    reader->open[reader->depth++] = node;
    return IMGRW_OK;
}

/* Adds the node that `event` is, or begins. */
static enum imgrw_status
add_node(struct irw_tree_reader *reader, const struct irw_event *event,
         enum irw_node_type type)
{
    struct irw_tree *tree = reader->tree;
    uint32_t index = (uint32_t)tree->count;
    struct irw_node *node;
    enum imgrw_status status;

    if (!reader->within)
        return fail_order(reader, event);
    if (!irw_grow(&tree->nodes, &tree->capacity, tree->count + 1,
                  sizeof(*tree->nodes)))
        return irw_fail_memory(reader->error);
    node = &tree->nodes[tree->count++];
    *node = (struct irw_node){
        .start = (uint32_t)event->start,
        .end = (uint32_t)event->end,
        .type = (uint8_t)type,
        .style = (uint8_t)event->style,
    };
    if (type == IRW_NODE_ALIAS) {
        node->next = index + 1;
        return link_alias(reader, event, node);
    }
    if (type == IRW_NODE_SCALAR) {
        node->next = index + 1;
        /* most values are as the text spells them and need no copy */
        node->decoded = reader->backend->has_values &&
                        !irw_equal(irw_tree_body(tree, index), event->value);
        tree->indirect |= irw_is_merge_key(tree, index);
    }
    status = add_properties(reader, event, index);
    if (status == IMGRW_OK && type != IRW_NODE_SCALAR)
        status = open_collection(reader, event, index);
    return status;
}

static enum imgrw_status
close_collection(struct irw_tree_reader *reader, const struct irw_event *event,
                 enum irw_node_type type)
{
    struct irw_node *node;

    if (reader->depth == 0)
        return fail_order(reader, event);
    node = &reader->tree->nodes[reader->open[--reader->depth]];
    if (node->type != type)
        return fail_order(reader, event);
    node->end = (uint32_t)event->end;
    node->next = (uint32_t)reader->tree->count;
    return IMGRW_OK;
}

static enum imgrw_status
end_document(struct irw_tree_reader *reader, const struct irw_event *event)
{
    struct irw_tree *tree = reader->tree;

    if (!reader->within || reader->depth > 0)
        return fail_order(reader, event);
    reader->within = false;
    tree->documents[tree->document_count - 1].end = (uint32_t)tree->count;
    return IMGRW_OK;
}

static enum imgrw_status
begin_document(struct irw_tree_reader *reader)
{
    struct irw_tree *tree = reader->tree;
    if (!irw_grow(&tree->documents, &tree->document_capacity,
                  tree->document_count + 1, sizeof(*tree->documents)))
        return irw_fail_memory(reader->error);
    tree->documents[tree->document_count++] = (struct irw_document){
        .root = (uint32_t)tree->count,
        .end = (uint32_t)tree->count,
    };
    irw_map_reset(&reader->anchors);
    reader->within = true;
    return IMGRW_OK;
}

static enum imgrw_status
take_event(struct irw_tree_reader *reader, const struct irw_event *event)
{
    switch (event->type) {
    case IRW_EVENT_DOCUMENT:
        return reader->within ? fail_order(reader, event)
                              : begin_document(reader);
    case IRW_EVENT_DOCUMENT_END:
        return end_document(reader, event);
    case IRW_EVENT_MAPPING:
        return add_node(reader, event, IRW_NODE_MAPPING);
    case IRW_EVENT_SEQUENCE:
        return add_node(reader, event, IRW_NODE_SEQUENCE);
    case IRW_EVENT_SCALAR:
        return add_node(reader, event, IRW_NODE_SCALAR);
    case IRW_EVENT_ALIAS:
        return add_node(reader, event, IRW_NODE_ALIAS);
    case IRW_EVENT_MAPPING_END:
        return close_collection(reader, event, IRW_NODE_MAPPING);
    case IRW_EVENT_SEQUENCE_END:
        return close_collection(reader, event, IRW_NODE_SEQUENCE);
    default:
        return IMGRW_OK;
    }
}

enum imgrw_status
irw_tree_next(struct irw_tree_reader *reader, size_t limit,
              struct irw_arena *arena, struct irw_tree *tree,
              struct imgrw_error *error)
{
    struct irw_event event;
    enum imgrw_status status = IMGRW_OK;

    reader->tree = tree;
    reader->arena = arena;
    reader->error = error;
    tree->text = tree->written = reader->text;
    tree->mask = NULL;
    tree->count = tree->property_count = tree->document_count = 0;
    tree->indirect = tree->odd_tags = false;
    if (reader->pending)
        status = begin_document(reader);
    reader->pending = false;
    while (status == IMGRW_OK && !reader->ended && !reader->pending) {
        status = reader->backend->next(reader->stream, &event, error);
        if (status != IMGRW_OK)
            break;
        reader->ended = event.type == IRW_EVENT_END;
        reader->pending =
            event.type == IRW_EVENT_DOCUMENT && event.start >= limit;
        if (!reader->pending)
            status = take_event(reader, &event);
    }
    return status;
}

enum imgrw_status
irw_tree_open(const struct irw_backend *backend, struct irw_extract extract,
              uint32_t max_depth, struct irw_tree_reader **reader,
              struct imgrw_error *error)
{
    struct irw_tree_reader *made = calloc(1, sizeof(*made));
    enum imgrw_status status;

    if (!made)
        return irw_fail_memory(error);
    made->backend = backend;
    made->text = extract.text;
    made->max_depth = max_depth;
    made->open = malloc(max_depth * sizeof(*made->open));
    status = made->open ? backend->open(extract, &made->stream, error)
                        : irw_fail_memory(error);
    if (status == IMGRW_OK)
        *reader = made;
    else
        irw_tree_close(made);
    return status;
}

void
irw_tree_close(struct irw_tree_reader *reader)
{
    if (!reader)
        return;
    if (reader->stream)
        reader->backend->close(reader->stream);
    irw_map_clear(&reader->anchors);
    free(reader->open);
    free(reader);
}

enum imgrw_status
irw_tree_read(const struct irw_backend *backend, struct irw_extract extract,
              uint32_t max_depth, struct irw_arena *arena,
              struct irw_tree *tree, struct imgrw_error *error)
{
    struct irw_tree_reader *reader = NULL;
    enum imgrw_status status =
        irw_tree_open(backend, extract, max_depth, &reader, error);

    if (status == IMGRW_OK)
        status = irw_tree_next(reader, SIZE_MAX, arena, tree, error);
    irw_tree_close(reader);
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

size_t
irw_tree_find_action(const struct irw_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct irw_node *node = &tree->nodes[i];

        if (node->type == IRW_NODE_MAPPING && node->style == IRW_STYLE_FLOW &&
            strchr("{%", tree->text.data[node->start + 1]))
            return node->start;
    }
    return SIZE_MAX;
}

void
irw_tree_clear(struct irw_tree *tree)
{
    free(tree->nodes);
    free(tree->properties);
    free(tree->documents);
    *tree = (struct irw_tree){0};
}
