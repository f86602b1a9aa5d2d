/*
 * Node by node: same kind, same style, same shape, and byte ranges that moved
 * by exactly what the edits before them added or took.
 *
 * An insertion is proved by what the new text reads as, not by a prediction of
 * it. The nodes that lie in the inserted bytes must be one run of children of
 * the collection that was to get them; they must be those of the fragment, read
 * alone; and the new tree without them must be the old one.
 */
#include "edit/compare.h"
#include "base/list.h"
#include "base/str.h"
#include "edit/fragment.h"
#include "yaml/merge.h"
#include "yaml/scalar.h"

struct comparison {
    const struct irw_tree *before, *after;
    const struct irw_expectation *expectation;
    size_t run_count;
    size_t reading, run; /* the first ones that are not passed yet */
    uint32_t old_index, new_index; /* the nodes to compare next */
};

/* Where the byte at `offset` of the old text is in the new one: after what is
 * inserted right there, or before it. */
static size_t
shift(const struct irw_expectation *expectation, size_t offset, bool after)
{
    const struct irw_text_edit *edits = expectation->edits;
    size_t count;

    IRW_LOWER_BOUND(count, expectation->edit_count,
                    after ? edits[count].end <= offset
                          : edits[count].start < offset);
    return (size_t)((int64_t)offset + (count == 0 ? expectation->moved
                                                  : edits[count - 1].moved));
}

/* How many nodes are added before the node `index` of the new tree. */
static int64_t
added_before(const struct comparison *comparison, uint32_t index)
{
    const struct irw_inserted_run *runs = comparison->expectation->runs;
    size_t count;

    IRW_LOWER_BOUND(count, comparison->run_count, runs[count].first < index);
    return count == 0 ? 0 : runs[count - 1].grown;
}

/* The node of the new tree that the node `index` of the old one has become. */
static uint32_t
new_node(const struct comparison *comparison, uint32_t index)
{
    const struct irw_inserted_run *runs = comparison->expectation->runs;
    size_t count;

    /* A run is before the old node that its first node has the place of. */
    IRW_LOWER_BOUND(count, comparison->run_count,
                    runs[count].first -
                            (count == 0 ? 0 : runs[count - 1].grown) <= index);
    return (uint32_t)(index + (count == 0 ? 0 : runs[count - 1].grown));
}

/* Whether all of a scalar lies in the inserted bytes. One that is not written
 * lies nowhere: each library has its own place for those. */
static bool
lies_in(const struct irw_node *scalar, const struct irw_inserted_run *run)
{
    return scalar->start < scalar->end && scalar->start >= run->from &&
           scalar->end <= run->to;
}

/* Finds the run: the first scalar from `node` on that lies in the inserted
 * bytes, and the collections that begin with it, as many as in the fragment.
 * Whether they are what they should be is for check_run to say. */
static bool
find_run(const struct irw_tree *after, uint32_t node,
         struct irw_inserted_run *run)
{
    uint32_t lead = irw_fragment_first_scalar(run->insertion->fragment) - 1;

    while (node < after->count &&
           (after->nodes[node].type < IRW_NODE_SCALAR ||
            !lies_in(&after->nodes[node], run)))
        node++;
    if (node < lead || after->count - (node - lead) < run->count)
        return false;
    run->first = node - lead;
    return true;
}

/* Finds the runs of all insertions; SIZE_MAX, or the number of the first that
 * is not there. */
static size_t
find_runs(struct comparison *comparison)
{
    const struct irw_expectation *expectation = comparison->expectation;
    int64_t moved = expectation->moved, grown = 0;
    uint32_t node = 0;

    for (size_t i = 0; i < expectation->edit_count; i++) {
        const struct irw_text_edit *edit = &expectation->edits[i];
        struct irw_inserted_run *run;
        size_t from = (size_t)(edit->start + moved);

        moved = edit->moved;
        if (!edit->insertion)
            continue;
        run = &expectation->runs[comparison->run_count];
        *run = (struct irw_inserted_run){
            .count = (uint32_t)edit->insertion->fragment->count - 1,
            .from = from,
            .to = from + edit->replacement.size,
            .insertion = edit->insertion,
        };
        if (!find_run(comparison->after, node, run))
            return i;
        grown += run->count;
        grown -= edit->insertion->replaces != IRW_NO_NODE;
        run->grown = grown;
        node = run->first + run->count;
        comparison->run_count++;
    }
    return SIZE_MAX;
}

static bool
same_range(const struct comparison *comparison)
{
    const struct irw_expectation *expectation = comparison->expectation;
    const struct irw_node *before =
        &comparison->before->nodes[comparison->old_index];
    const struct irw_node *after =
        &comparison->after->nodes[comparison->new_index];
    bool collection = before->type < IRW_NODE_SCALAR;
    size_t start = shift(expectation, before->start, true);
    size_t end = shift(expectation, before->end, false);

    /* The witness has its own ideas of collections. To libyaml a block ends
     * where the next token begins, and begins with its first key: both may be
     * what is inserted. Where its scalars are says enough. */
    if (collection && (!expectation->same_reader ||
                       (before->style == IRW_STYLE_BLOCK &&
                        comparison->run_count > 0)))
        return true;
    /* A scalar that is not written, right where something is inserted, may be
     * seen on either side of it. */
    if (!collection && before->start == before->end)
        return after->start == after->end &&
               (!expectation->same_reader || after->start == start ||
                after->start == end);
    return after->start == start && after->end == end;
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

/* Whether the nodes are of one kind, and have as many nodes below them without
 * what is inserted there. As all nodes are compared, in the order of the text,
 * that makes the trees equal. */
static bool
same_shape(const struct comparison *comparison)
{
    uint32_t old = comparison->old_index, new = comparison->new_index;
    const struct irw_node *before = &comparison->before->nodes[old];
    const struct irw_node *after = &comparison->after->nodes[new];
    int64_t within = 0;

    if (before->type != after->type || before->style != after->style)
        return false;
    if (before->type == IRW_NODE_ALIAS)
        return new_node(comparison, before->link) == after->link;
    if (before->type != IRW_NODE_SCALAR && comparison->run_count > 0)
        within = added_before(comparison, after->next) -
                 added_before(comparison, new);
    return (int64_t)after->next - new - within == before->next - old;
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

/* Whether the node `offset` of a run is that of the fragment. How it is written
 * does not matter, as long as it means the same. */
static bool
same_inserted(const struct comparison *comparison,
              const struct irw_inserted_run *run, uint32_t offset)
{
    const struct irw_tree *tree = comparison->after;
    const struct irw_tree *fragment = run->insertion->fragment;
    const struct irw_node *node = &tree->nodes[run->first + offset];
    const struct irw_node *meant = &fragment->nodes[1 + offset];
    struct irw_properties properties =
        irw_tree_properties(tree, run->first + offset);

    if (node->type != meant->type || properties.anchor.size > 0 ||
        properties.tag.size > 0 ||
        node->next - run->first != meant->next - 1)
        return false;
    if (node->type != IRW_NODE_SCALAR)
        return true;
    if (!lies_in(node, run))
        return false;
    return !comparison->expectation->same_reader ||
           (irw_equal(irw_tree_value(tree, run->first + offset),
                      irw_tree_value(fragment, 1 + offset)) &&
            irw_scalar_is_string(tree, run->first + offset) ==
                irw_scalar_is_string(fragment, 1 + offset));
}

/* Whether the run consists of children of the collection that was to get it:
 * pairs of a mapping, where a pair may begin, or items of a list. A node that
 * replaces another one is where that was. */
static bool
is_in_place(const struct comparison *comparison,
            const struct irw_inserted_run *run)
{
    const struct irw_insertion *insertion = run->insertion;
    const struct irw_tree *after = comparison->after;
    uint32_t into = new_node(comparison, insertion->into), children = 0;
    uint32_t at = into + 1;

    for (; at < run->first && at < after->nodes[into].next; children++)
        at = after->nodes[at].next;
    if (at != run->first || at >= after->nodes[into].next)
        return false;
    if (insertion->replaces != IRW_NO_NODE)
        return comparison->old_index == insertion->replaces;
    return after->nodes[into].type == insertion->fragment->nodes[0].type &&
           (after->nodes[into].type != IRW_NODE_MAPPING || children % 2 == 0);
}

/* Whether the claim holds in the new tree, as kubectl would read it. */
static bool
holds(const struct comparison *comparison, const struct irw_claim *claim)
{
    const struct irw_tree *after = comparison->after;
    struct irw_budget budget = irw_budget_again();
    uint32_t node = new_node(comparison, claim->mapping), index;
    struct irw_items items;

    if (claim->value.size == 0)
        return true;
    if (claim->list.size > 0) {
        node = irw_mapping_find(after, node, claim->list, &budget);
        if (node == IRW_NO_NODE)
            return false;
        items = irw_items(after, node);
        while (irw_items_next(&items, &node, &index))
            continue;
    }
    if (claim->key.size > 0)
        node = irw_mapping_find(after, irw_tree_follow(after, node), claim->key,
                                &budget);
    return node != IRW_NO_NODE && irw_is_scalar(after, node) &&
           irw_scalar_is_string(after, irw_tree_follow(after, node)) &&
           irw_equal(irw_tree_text(after, node), claim->value);
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

/* Adds a string of a node after `mark`, cut short to leave room in the message.
 */
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
    if (expectation->moved != 0 || expectation->edit_count > 0)
        irw_text_printf(text, " (before the edits)");
}

static bool
check_run(const struct comparison *comparison, struct irw_text *difference)
{
    const struct irw_inserted_run *run =
        &comparison->expectation->runs[comparison->run];
    uint32_t offset = 0;

    while (offset < run->count && same_inserted(comparison, run, offset))
        offset++;
    if (offset < run->count) {
        describe_node(difference, "expected an insertion of",
                      run->insertion->fragment, 1 + offset);
        describe_node(difference, ", read", comparison->after,
                      run->first + offset);
        return false;
    }
    if (!is_in_place(comparison, run)) {
        describe_node(difference, "expected new nodes in",
                      comparison->before, run->insertion->into);
        describe_node(difference, ", read", comparison->after, run->first);
        return false;
    }
    return true;
}

/* Goes on to the first scalar or alias from the nodes at hand on that differs,
 * which says more than a collection around it; stays where there is none. */
static void
find_leaf(struct comparison *comparison)
{
    const struct irw_tree *before = comparison->before;
    struct comparison ahead = *comparison;

    for (uint32_t i = comparison->old_index; i < before->count; i++) {
        ahead.old_index = i;
        ahead.new_index = new_node(comparison, i);
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

    if (before->document_count != after->document_count)
        return false;
    for (size_t i = 0; i < before->document_count; i++) {
        struct irw_document old = before->documents[i];
        struct irw_document new = after->documents[i];

        if (new.root - added_before(comparison, new.root) != old.root ||
            new.end - added_before(comparison, new.end) != old.end)
            return false;
    }
    return true;
}

/* Passes nodes while they are the same, and runs that are as they should be;
 * false, with both readings in `difference`, when a run is not. */
static bool
pass_nodes(struct comparison *comparison, struct irw_text *difference)
{
    for (;;) {
        const struct irw_inserted_run *run =
            comparison->run < comparison->run_count
                ? &comparison->expectation->runs[comparison->run]
                : NULL;

        if (run && run->first == comparison->new_index) {
            if (!check_run(comparison, difference))
                return false;
            comparison->run++;
            comparison->new_index += run->count;
            comparison->old_index += run->insertion->replaces != IRW_NO_NODE;
        } else if (comparison->old_index < comparison->before->count &&
                   comparison->new_index < comparison->after->count &&
                   same_node(comparison)) {
            comparison->old_index++;
            comparison->new_index++;
        } else {
            return true;
        }
    }
}

static bool
check_claims(const struct comparison *comparison, struct irw_text *difference)
{
    for (size_t i = 0; i < comparison->run_count; i++) {
        const struct irw_inserted_run *run = &comparison->expectation->runs[i];
        const struct irw_claim *claim = &run->insertion->claim;

        if (holds(comparison, claim))
            continue;
        irw_text_printf(difference, "expected");
        describe_string(difference, "", claim->list);
        describe_string(difference, "", claim->key);
        describe_string(difference, "", claim->value);
        describe_node(difference, ", read", comparison->after,
                      new_node(comparison, claim->mapping));
        return false;
    }
    return true;
}

bool
irw_tree_compare(const struct irw_tree *before, const struct irw_tree *after,
                 const struct irw_expectation *expectation,
                 struct irw_text *difference)
{
    struct comparison comparison = {
        .before = before, .after = after, .expectation = expectation};
    size_t missing = find_runs(&comparison);

    if (missing != SIZE_MAX) {
        describe_node(difference, "expected an insertion of",
                      expectation->edits[missing].insertion->fragment, 1);
        irw_text_printf(difference, ", read no such bytes");
        return false;
    }
    if (!pass_nodes(&comparison, difference))
        return false;
    if (comparison.old_index == before->count &&
        comparison.new_index == after->count &&
        comparison.run == comparison.run_count &&
        comparison.reading == expectation->reading_count &&
        same_documents(&comparison))
        return !expectation->same_reader ||
               check_claims(&comparison, difference);
    find_leaf(&comparison);
    irw_text_printf(difference, "node %u: ", (unsigned)comparison.new_index);
    describe_expected(difference, &comparison, comparison.old_index);
    describe_node(difference, ", read", after, comparison.new_index);
    return false;
}
