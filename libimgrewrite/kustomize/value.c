#include "kustomize/value.h"
#include "base/error.h"
#include "base/json_write.h"
#include "base/str.h"
#include "yaml/scalar.h"

#define DEEPEST 1000 /* values are followed by calls within calls */

/* A mapping that is read. */
struct mapping_reading {
    struct irw_value_work *work;
    const struct irw_tree *tree;
    size_t file;
    struct irw_value *into;
    struct irw_budget *budget;
    unsigned depth;
};

enum imgrw_status
irw_value_work_end(const struct irw_value_work *work, struct imgrw_error *error)
{
    if (work->failed)
        return irw_fail_memory(error);
    return work->spent
               ? irw_fail(error, IMGRW_ERR_LIMIT,
                          (struct imgrw_location){.line = 0},
                          "what kustomizations patch is too large: rewrite "
                          "their folders one by one")
               : IMGRW_OK;
}

bool
irw_value_take(struct irw_value_work *work, size_t steps)
{
    if (work->spent || work->failed || work->steps < steps) {
        work->spent = true;
        return false;
    }
    work->steps -= steps;
    return true;
}

/* A new value; NULL where the work has failed, or is spent. */
static struct irw_value *
make(struct irw_value_work *work, const struct irw_value *like, unsigned depth)
{
    struct irw_value *made;

    work->spent |= depth > DEEPEST || work->nodes == 0;
    if (!irw_value_take(work, 1))
        return NULL;
    work->nodes--;
    made = irw_arena_alloc(work->arena, sizeof(*made));
    work->failed |= !made;
    if (!made)
        return NULL;
    *made = *like;
    made->first = made->last = made->next = NULL;
    return made;
}

static struct irw_value *read_node(struct mapping_reading *reading,
                                   uint32_t node);

/* The `each` of a mapping. */
static void
take_entry(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct mapping_reading *reading = user;
    struct mapping_reading below = *reading;
    struct irw_value *made;

    (void)via;
    if (reading->work->spent || reading->work->failed)
        return;
    below.depth++;
    made = read_node(&below, irw_tree_follow(reading->tree, value));
    if (!made)
        return;
    made->key = irw_tree_value(reading->tree,
                               irw_tree_follow(reading->tree, key));
    irw_value_insert(reading->into, reading->into->last, made);
}

static void
take_items(struct mapping_reading *reading, uint32_t node)
{
    struct mapping_reading below = *reading;
    struct irw_items items = irw_items(reading->tree, node);
    uint32_t item, index;

    below.depth++;
    while (!reading->work->spent && !reading->work->failed &&
           irw_items_next(&items, &item, &index)) {
        struct irw_value *made =
            read_node(&below, irw_tree_follow(reading->tree, item));

        if (made)
            irw_value_insert(reading->into, reading->into->last, made);
    }
}

/* Makes a value of a node. */
static struct irw_value *
read_node(struct mapping_reading *reading, uint32_t node)
{
    const struct irw_tree *tree = reading->tree;
    struct mapping_reading below = *reading;
    const struct irw_value like = {
        .type = tree->nodes[node].type == IRW_NODE_MAPPING ? IRW_VALUE_MAPPING
                : tree->nodes[node].type == IRW_NODE_SEQUENCE
                    ? IRW_VALUE_SEQUENCE
                    : IRW_VALUE_SCALAR,
        .is_plain = tree->nodes[node].style == IRW_STYLE_PLAIN,
        .is_null = tree->nodes[node].type == IRW_NODE_SCALAR &&
                   irw_scalar_is_null(tree, node),
        .text = irw_tree_value(tree, node),
        .file = reading->file,
        .offset = tree->nodes[node].start,
    };

    below.into = make(reading->work, &like, reading->depth);
    if (below.into && like.type == IRW_VALUE_MAPPING)
        irw_mapping_each(tree, node, reading->budget, take_entry, &below);
    else if (below.into && like.type == IRW_VALUE_SEQUENCE)
        take_items(&below, node);
    return below.into;
}

struct irw_value *
irw_value_read(struct irw_value_work *work, const struct irw_tree *tree,
               uint32_t node, size_t file)
{
    struct irw_budget budget = irw_budget_again();
    struct mapping_reading reading = {work, tree, file, NULL, &budget, 0};
    struct irw_value *made = read_node(&reading, irw_tree_follow(tree, node));

    work->spent |= budget.spent;
    return work->spent || work->failed ? NULL : made;
}

static struct irw_value *
copy(struct irw_value_work *work, const struct irw_value *value,
     bool without_nulls, unsigned depth)
{
    struct irw_value *made = make(work, value, depth);

    for (const struct irw_value *child = made ? value->first : NULL; child;
         child = child->next) {
        struct irw_value *below;

        if (without_nulls && child->is_null &&
            value->type == IRW_VALUE_MAPPING)
            continue;
        below = copy(work, child, without_nulls, depth + 1);
        if (!below)
            return NULL;
        irw_value_insert(made, made->last, below);
    }
    return made;
}

struct irw_value *
irw_value_copy(struct irw_value_work *work, const struct irw_value *value,
               bool without_nulls)
{
    return copy(work, value, without_nulls, 0);
}

struct irw_value *
irw_value_find(struct irw_value_work *work, const struct irw_value *value,
               imgrw_str key)
{
    struct irw_value *child = NULL;

    if (value->type == IRW_VALUE_MAPPING)
        child = value->first;
    while (child && !irw_equal(child->key, key))
        child = irw_value_take(work, 1) ? child->next : NULL;
    return child;
}

void
irw_value_insert(struct irw_value *parent, struct irw_value *after,
                 struct irw_value *child)
{
    struct irw_value **link = after ? &after->next : &parent->first;

    child->next = *link;
    *link = child;
    if (!child->next)
        parent->last = child;
}

void
irw_value_remove(struct irw_value *parent, const struct irw_value *child)
{
    struct irw_value *before = NULL;

    for (struct irw_value *each = parent->first; each && each != child;
         each = each->next)
        before = each;
    if (before)
        before->next = child->next;
    else
        parent->first = child->next;
    if (parent->last == child)
        parent->last = before;
}

void
irw_value_become(struct irw_value *value, const struct irw_value *other)
{
    struct irw_value made = *other;

    made.key = value->key;
    made.next = value->next;
    *value = made;
}

/* Whether a scalar reads the same without quotes in a flow collection. */
static bool
is_word(const struct irw_value *value)
{
    static const char others[] = "+-._~";

    if (!value->is_plain || value->text.size == 0)
        return false;
    for (size_t i = 0; i < value->text.size; i++) {
        char c = value->text.data[i];

        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
              (c >= 'A' && c <= 'Z') || memchr(others, c, sizeof(others) - 1)))
            return false;
    }
    return value->text.data[0] != '-' || value->text.size > 1;
}

static void
write_scalar(const struct irw_value *value, struct irw_text *text)
{
    if (value->is_null)
        irw_text_add(text, IRW_STR("null"));
    else if (is_word(value))
        irw_text_add(text, value->text);
    else
        irw_json_string(text, value->text);
}

static void
write_value(struct irw_value_work *work, struct irw_value *value,
            struct irw_text *text, unsigned depth)
{
    bool mapping = value->type == IRW_VALUE_MAPPING;

    work->spent |= depth > DEEPEST;
    value->from = text->size;
    if (value->type == IRW_VALUE_SCALAR)
        write_scalar(value, text);
    else
        irw_text_add(text, mapping ? IRW_STR("{") : IRW_STR("["));
    for (struct irw_value *child = value->first;
         child && irw_value_take(work, 1); child = child->next) {
        if (mapping) {
            irw_json_string(text, child->key);
            irw_text_add(text, IRW_STR(": "));
        }
        write_value(work, child, text, depth + 1);
        if (child->next)
            irw_text_add(text, IRW_STR(", "));
    }
    if (value->type != IRW_VALUE_SCALAR)
        irw_text_add(text, mapping ? IRW_STR("}") : IRW_STR("]"));
    value->to = text->size;
    work->failed |= text->failed;
}

void
irw_value_write(struct irw_value_work *work, struct irw_value *value,
                struct irw_text *text)
{
    write_value(work, value, text, 0);
}
