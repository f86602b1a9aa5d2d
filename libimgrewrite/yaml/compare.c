/*
 * Node by node: same kind, same style, same shape, and byte ranges that moved
 * by exactly what the edits before them added or took.
 */
#include "yaml/compare.h"
#include "base/str.h"

struct comparison {
    const struct irw_tree *before, *after;
    const struct irw_expectation *expectation;
    size_t reading; /* the first one whose node is not passed yet */
};

/* Where the byte at `offset` of the old text is in the new one. */
static size_t
shift(const struct irw_expectation *expectation, size_t offset)
{
    size_t low = 0, high = expectation->change_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (expectation->changes[middle].end <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return (size_t)((int64_t)offset +
                    (low == 0 ? expectation->moved
                              : expectation->changes[low - 1].moved));
}

static bool
same_range(const struct comparison *comparison, const struct irw_node *before,
           const struct irw_node *after)
{
    const struct irw_expectation *expectation = comparison->expectation;

    if (!expectation->same_reader) {
        if (before->type != IRW_NODE_SCALAR && before->type != IRW_NODE_ALIAS)
            return true;
        if (before->start == before->end) /* each has its own place for these */
            return after->start == after->end;
    }
    return after->start == shift(expectation, before->start) &&
           after->end == shift(expectation, before->end);
}

static bool
same_properties(const struct comparison *comparison, uint32_t node)
{
    struct irw_properties before, after;

    before = irw_tree_properties(comparison->before, node);
    after = irw_tree_properties(comparison->after, node);
    if (!irw_equal(before.anchor, after.anchor))
        return false;
    if (!comparison->expectation->same_reader)
        return (before.tag.size > 0) == (after.tag.size > 0);
    return irw_equal(before.tag, after.tag);
}

/* What `node` should read as when it was changed, or NULL. */
static const struct irw_reading *
planned_reading(struct comparison *comparison, uint32_t node)
{
    const struct irw_expectation *expectation = comparison->expectation;
    const struct irw_reading *reading;

    if (comparison->reading == expectation->reading_count)
        return NULL;
    reading = &expectation->readings[comparison->reading];
    if (reading->node != node)
        return NULL;
    comparison->reading++;
    return reading;
}

static bool
same_node(struct comparison *comparison, uint32_t index)
{
    const struct irw_node *before = &comparison->before->nodes[index];
    const struct irw_node *after = &comparison->after->nodes[index];
    const struct irw_reading *planned = planned_reading(comparison, index);
    bool values = comparison->expectation->same_reader;
    imgrw_str value =
        values ? irw_tree_value(comparison->after, index) : (imgrw_str){0};

    if (!same_range(comparison, before, after) ||
        !same_properties(comparison, index))
        return false;
    if (planned)
        return after->type == IRW_NODE_SCALAR &&
               after->style == planned->style &&
               (!values || irw_equal(value, planned->value));
    if (before->type != after->type || before->style != after->style ||
        before->next != after->next)
        return false;
    if (before->type == IRW_NODE_ALIAS)
        return before->link == after->link;
    return !values ||
           irw_equal(value, irw_tree_value(comparison->before, index));
}

static const char *const styles[] = {
    [IRW_STYLE_NONE] = "",
    [IRW_STYLE_BLOCK] = "block ",
    [IRW_STYLE_FLOW] = "flow ",
    [IRW_STYLE_PLAIN] = "plain ",
    [IRW_STYLE_SINGLE] = "single-quoted ",
    [IRW_STYLE_DOUBLE] = "double-quoted ",
    [IRW_STYLE_LITERAL] = "literal ",
    [IRW_STYLE_FOLDED] = "folded ",
};

/* Adds a string of the node behind `mark`, cut short, for a message is. */
static void
describe_string(struct irw_text *text, const char *mark, imgrw_str str)
{
    if (str.size > 0)
        irw_text_printf(text, " %s\"%.*s\"", mark,
                        str.size > 16 ? 16 : (int)str.size, str.data);
}

static void
describe_node(struct irw_text *text, const char *who,
              const struct irw_tree *tree, uint32_t index)
{
    static const char *const types[] = {"mapping", "sequence", "scalar",
                                        "alias"};
    const struct irw_node *node;

    if (index >= tree->count) {
        irw_text_printf(text, "%s the end of %zu documents", who,
                        tree->document_count);
        for (size_t i = 0; i < tree->document_count; i++)
            irw_text_printf(text, " %u-%u", (unsigned)tree->documents[i].root,
                            (unsigned)tree->documents[i].end);
        return;
    }
    node = &tree->nodes[index];
    irw_text_printf(text, "%s a %s%s at bytes %u to %u", who,
                    styles[node->style], types[node->type],
                    (unsigned)node->start, (unsigned)node->end);
    describe_string(text, "&", irw_tree_properties(tree, index).anchor);
    describe_string(text, "!", irw_tree_properties(tree, index).tag);
    describe_string(text, "", irw_tree_value(tree, index));
    if (node->type == IRW_NODE_ALIAS)
        irw_text_printf(text, " of node %u", (unsigned)node->link);
    else if (node->type != IRW_NODE_SCALAR)
        irw_text_printf(text, " of %u nodes", (unsigned)(node->next - index));
}

/* What `index` should have become. */
static void
describe_expected(struct irw_text *text, const struct comparison *comparison,
                  uint32_t index)
{
    const struct irw_expectation *expectation = comparison->expectation;

    for (size_t i = 0; i < expectation->reading_count; i++) {
        const struct irw_reading *reading = &expectation->readings[i];

        if (reading->node != index)
            continue;
        irw_text_printf(text, "expected a %sscalar edited to \"%.*s\"",
                        styles[reading->style],
                        reading->value.size > 30 ? 30
                                                 : (int)reading->value.size,
                        reading->value.size > 0 ? reading->value.data : "");
        return;
    }
    describe_node(text, "expected", comparison->before, index);
    if (expectation->moved != 0 || expectation->change_count > 0)
        irw_text_printf(text, " (before the edits)");
}

/* The first scalar or alias from `index` on that differs, which says more than
 * a collection around it; `index` where there is none. */
static uint32_t
find_leaf(struct comparison *comparison, uint32_t index)
{
    const struct irw_tree *before = comparison->before;

    for (uint32_t i = index;
         i < before->count && i < comparison->after->count; i++)
        if (before->nodes[i].type >= IRW_NODE_SCALAR &&
            (i == index || !same_node(comparison, i)))
            return i;
    return index;
}

static bool
same_documents(const struct irw_tree *before, const struct irw_tree *after)
{
    if (before->document_count != after->document_count)
        return false;
    for (size_t i = 0; i < before->document_count; i++)
        if (before->documents[i].root != after->documents[i].root ||
            before->documents[i].end != after->documents[i].end)
            return false;
    return true;
}

bool
irw_tree_compare(const struct irw_tree *before, const struct irw_tree *after,
                 const struct irw_expectation *expectation,
                 struct irw_text *difference)
{
    struct comparison comparison = {before, after, expectation, 0};
    uint32_t index = 0;

    while (index < before->count && index < after->count &&
           same_node(&comparison, index))
        index++;
    index = find_leaf(&comparison, index);
    if (index == before->count && index == after->count &&
        comparison.reading == expectation->reading_count &&
        same_documents(before, after))
        return true;
    irw_text_printf(difference, "node %u: ", (unsigned)index);
    describe_expected(difference, &comparison, index);
    describe_node(difference, ", read", after, index);
    return false;
}
