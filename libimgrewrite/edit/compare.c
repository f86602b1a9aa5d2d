/*
 * Node by node: same kind, same style, same shape, and byte ranges that moved
 * by exactly what the edits before them added or took. Nodes that an edit adds
 * must be there, each as it was meant, and no others.
 */
#include "edit/compare.h"
#include "base/str.h"

struct comparison {
    const struct irw_tree *before, *after;
    const struct irw_expectation *expectation;
    size_t reading; /* the first one whose node is not passed yet */
    size_t graft;   /* the same of the grafts */
    uint32_t old_index, new_index; /* of the node in work in either tree */
};

/* How many changes there are before the byte at `offset` of the old text. */
static size_t
count_changes(const struct irw_expectation *expectation, size_t offset)
{
    size_t low = 0, high = expectation->change_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (expectation->changes[middle].end <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Where that byte is in the new text, behind `count` changes. */
static size_t
shift(const struct irw_expectation *expectation, size_t offset, size_t count)
{
    return (size_t)((int64_t)offset +
                    (count == 0 ? expectation->moved
                                : expectation->changes[count - 1].moved));
}

/* The same for a byte at the edge of the node `index`: what is inserted right
 * there, for nodes that come later, is behind it. */
static size_t
shift_edge(const struct irw_expectation *expectation, size_t offset,
           uint32_t index)
{
    size_t count = count_changes(expectation, offset);

    while (count > 0 && expectation->changes[count - 1].graft &&
           expectation->changes[count - 1].start == offset &&
           expectation->changes[count - 1].graft->at > index)
        count--;
    return shift(expectation, offset, count);
}

/* Where the node should start. A block mapping starts with its first key. */
static size_t
expected_start(const struct comparison *comparison, uint32_t index)
{
    const struct irw_expectation *expectation = comparison->expectation;
    size_t start = comparison->before->nodes[index].start;
    const struct irw_graft *first =
        irw_grafts_first_child(&expectation->grafts, index);

    return first && start >= first->start
               ? first->to + first->lead
               : shift_edge(expectation, start, index);
}

/* Where it should end. To libyaml a block collection ends where the next thing
 * begins, which may be what is inserted. */
static size_t
expected_end(const struct comparison *comparison, uint32_t index)
{
    const struct irw_expectation *expectation = comparison->expectation;
    const struct irw_node *node = &comparison->before->nodes[index];
    const struct irw_graft *behind;

    if (node->style != IRW_STYLE_BLOCK)
        return shift_edge(expectation, node->end, index);
    behind = irw_grafts_behind(&expectation->grafts, index, node->next);
    return behind && node->end >= behind->start
               ? behind->to + behind->lead
               : shift(expectation, node->end,
                       count_changes(expectation, node->end));
}

static bool
same_range(const struct comparison *comparison)
{
    const struct irw_node *before =
        &comparison->before->nodes[comparison->old_index];
    const struct irw_node *after =
        &comparison->after->nodes[comparison->new_index];

    if (!comparison->expectation->same_reader) {
        if (before->type != IRW_NODE_SCALAR && before->type != IRW_NODE_ALIAS)
            return true;
        if (before->start == before->end) /* each has its own place for these */
            return after->start == after->end;
    }
    return after->start == expected_start(comparison, comparison->old_index) &&
           after->end == expected_end(comparison, comparison->old_index);
}

static bool
same_properties(const struct comparison *comparison)
{
    struct irw_properties before, after;

    before = irw_tree_properties(comparison->before, comparison->old_index);
    after = irw_tree_properties(comparison->after, comparison->new_index);
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

/* Whether both trees have the nodes in work, and these have the same nodes
 * below them, but for what was to be added. */
static bool
same_shape(const struct comparison *comparison)
{
    const struct irw_grafts *grafts = &comparison->expectation->grafts;
    uint32_t index = comparison->old_index;
    const struct irw_node *before = &comparison->before->nodes[index];
    const struct irw_node *after =
        &comparison->after->nodes[comparison->new_index];

    if (before->type != after->type || before->style != after->style ||
        irw_grafts_move_next(grafts, index, before->next) != after->next)
        return false;
    return before->type != IRW_NODE_ALIAS ||
           irw_grafts_move(grafts, before->link) == after->link;
}

static bool
same_node(struct comparison *comparison)
{
    uint32_t index = comparison->old_index;
    const struct irw_node *after =
        &comparison->after->nodes[comparison->new_index];
    const struct irw_reading *planned = planned_reading(comparison, index);
    bool values = comparison->expectation->same_reader;
    imgrw_str value =
        values ? irw_tree_value(comparison->after, comparison->new_index)
               : (imgrw_str){0};

    if (!same_range(comparison) || !same_properties(comparison))
        return false;
    if (planned)
        return after->type == IRW_NODE_SCALAR &&
               after->style == planned->style &&
               (!values || irw_equal(value, planned->value));
    return same_shape(comparison) &&
           (!values ||
            irw_equal(value, irw_tree_value(comparison->before, index)));
}

/* Whether the node in work is `sprout`, where it was to be. */
static bool
same_sprout(const struct comparison *comparison, const struct irw_graft *graft,
            const struct irw_sprout *sprout)
{
    uint32_t index = comparison->new_index;
    const struct irw_node *node = &comparison->after->nodes[index];
    bool scalar = sprout->type == IRW_NODE_SCALAR;
    bool values = comparison->expectation->same_reader;

    if (node->type != sprout->type || node->style != sprout->style ||
        node->next != index + sprout->size || node->link != 0)
        return false;
    if (!scalar && !values)
        return true;
    if (node->start != graft->to + sprout->start ||
        (sprout->style != IRW_STYLE_BLOCK &&
         node->end != graft->to + sprout->end))
        return false;
    return !scalar || !values ||
           irw_equal(irw_tree_value(comparison->after, index), sprout->value);
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

static const char *const types[] = {
    [IRW_NODE_MAPPING] = "mapping",
    [IRW_NODE_SEQUENCE] = "sequence",
    [IRW_NODE_SCALAR] = "scalar",
    [IRW_NODE_ALIAS] = "alias",
};

static void
describe_node(struct irw_text *text, const char *who,
              const struct irw_tree *tree, uint32_t index)
{
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

/* What the node `index` should have become. */
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

/* The node in work is not as it should be; `sprout` is what should have been
 * added there, or NULL. */
static void
describe_difference(struct irw_text *text, const struct comparison *comparison,
                    const struct irw_graft *graft,
                    const struct irw_sprout *sprout)
{
    irw_text_printf(text, "node %u: ", (unsigned)comparison->new_index);
    if (sprout)
        irw_text_printf(text, "expected a new %s%s at bytes %zu to %zu",
                        styles[sprout->style], types[sprout->type],
                        graft->to + sprout->start, graft->to + sprout->end);
    if (sprout)
        describe_string(text, "", sprout->value);
    else
        describe_expected(text, comparison, comparison->old_index);
    describe_node(text, ", read", comparison->after, comparison->new_index);
}

/* Goes on to the first scalar or alias from the nodes in work on that differs,
 * which says more than a collection around it; stays where there is none. */
static void
find_leaf(struct comparison *comparison)
{
    const struct irw_tree *before = comparison->before;
    struct comparison ahead = *comparison;

    for (uint32_t i = comparison->old_index; i < before->count; i++) {
        ahead.old_index = i;
        ahead.new_index = irw_grafts_move(&comparison->expectation->grafts, i);
        if (ahead.new_index >= comparison->after->count)
            return;
        if (before->nodes[i].type >= IRW_NODE_SCALAR &&
            (i == comparison->old_index || !same_node(&ahead))) {
            *comparison = ahead;
            return;
        }
    }
}

static bool
same_documents(const struct comparison *comparison)
{
    const struct irw_tree *before = comparison->before;
    const struct irw_tree *after = comparison->after;
    const struct irw_grafts *grafts = &comparison->expectation->grafts;

    if (before->document_count != after->document_count)
        return false;
    for (size_t i = 0; i < before->document_count; i++) {
        const struct irw_document *old = &before->documents[i];

        if (after->documents[i].root != irw_grafts_move(grafts, old->root) ||
            after->documents[i].end !=
                irw_grafts_move_next(grafts, old->root, old->end))
            return false;
    }
    return true;
}

/* Passes the nodes that are added before the one in work; false, with both
 * readings in `difference`, when they are not there. */
static bool
pass_grafts(struct comparison *comparison, struct irw_text *difference)
{
    const struct irw_grafts *grafts = &comparison->expectation->grafts;

    while (comparison->graft < grafts->count &&
           grafts->items[comparison->graft].at == comparison->old_index) {
        const struct irw_graft *graft = &grafts->items[comparison->graft++];

        for (uint32_t i = 0; i < graft->count; i++) {
            const struct irw_sprout *sprout = &graft->sprouts[i];

            if (comparison->new_index >= comparison->after->count ||
                !same_sprout(comparison, graft, sprout)) {
                describe_difference(difference, comparison, graft, sprout);
                return false;
            }
            comparison->new_index++;
        }
        comparison->old_index += graft->replaces;
    }
    return true;
}

/* Passes nodes while they are the same; false as pass_grafts. */
static bool
pass_nodes(struct comparison *comparison, struct irw_text *difference)
{
    while (pass_grafts(comparison, difference)) {
        if (comparison->old_index >= comparison->before->count ||
            comparison->new_index >= comparison->after->count ||
            !same_node(comparison))
            return true;
        comparison->old_index++;
        comparison->new_index++;
    }
    return false;
}

bool
irw_tree_compare(const struct irw_tree *before, const struct irw_tree *after,
                 const struct irw_expectation *expectation,
                 struct irw_text *difference)
{
    struct comparison comparison = {before, after, expectation, 0, 0, 0, 0};

    if (!pass_nodes(&comparison, difference))
        return false;
    if (comparison.old_index == before->count &&
        comparison.new_index == after->count &&
        comparison.graft == expectation->grafts.count &&
        comparison.reading == expectation->reading_count &&
        same_documents(&comparison))
        return true;
    find_leaf(&comparison);
    describe_difference(difference, &comparison, NULL, NULL);
    return false;
}
