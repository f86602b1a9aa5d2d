/*
 * How the text around is written is looked up where it is written: the indents,
 * gaps and quotes of a neighbour are copied. What cannot be told is refused.
 */
#include "plan/pull_secret/write.h"
#include "base/error.h"
#include "base/str.h"
#include "plan/pull_secret/fragment.h"
#include "plan/pull_secret/trivia.h"
#include "yaml/scalar.h"

/* An insertion in the making. */
struct making {
    const struct irw_tree *tree;
    uint32_t pod;
    struct irw_fragment inset;
    struct irw_arena *arena;
    struct irw_text_edit *change;
    struct imgrw_error *error;
};

static enum imgrw_status
refuse(struct making *making, const char *why)
{
    irw_text_clear(&making->inset.text);
    return irw_fail(making->error, IMGRW_ERR_EDIT, IRW_NOWHERE, "%s", why);
}

static enum imgrw_status
finish(struct making *making, size_t start, size_t end, struct irw_graft graft)
{
    return irw_fragment_finish(&making->inset, start, end, graft, making->arena,
                               making->change, making->error);
}

static bool
is_block(const struct irw_tree *tree, uint32_t node)
{
    return tree->nodes[node].style == IRW_STYLE_BLOCK;
}

static bool
is_list(const struct irw_tree *tree, uint32_t node)
{
    return tree->nodes[node].type == IRW_NODE_SEQUENCE;
}

static bool
is_empty(const struct irw_tree *tree, uint32_t list)
{
    return tree->nodes[list].next == list + 1;
}

static char
quote_of(const struct irw_tree *tree, uint32_t scalar)
{
    switch ((enum irw_style)tree->nodes[scalar].style) {
    case IRW_STYLE_SINGLE:
        return '\'';
    case IRW_STYLE_DOUBLE:
        return '"';
    default:
        return 0;
    }
}

/* Writes as the key is written, and what its value is behind. Where keys are
 * quoted, so are the values. */
static void
follow_key(struct making *making, uint32_t key)
{
    struct irw_fragment_style *hand = &making->inset.hand;

    hand->key_quote = hand->name_quote = quote_of(making->tree, key);
    hand->colon = irw_trivia_colon(making->tree, key);
    hand->dash = IRW_STR("- ");
    hand->feed =
        irw_trivia_feed(making->tree->text, making->tree->nodes[key].start);
}

/* Writes pairs as the first of the mapping is written, or that of its name. */
static void
follow_pair(struct making *making, uint32_t mapping, bool quotes)
{
    const struct irw_tree *tree = making->tree;
    struct irw_fragment_style *hand = &making->inset.hand;
    uint32_t pair = mapping + 1;

    if (is_empty(tree, mapping))
        return;
    for (uint32_t at = pair; at < tree->nodes[mapping].next;
         at = tree->nodes[tree->nodes[at].next].next)
        if (irw_equal(irw_tree_value(tree, at), IRW_STR("name")))
            pair = at;
    hand->colon = irw_trivia_colon(tree, pair);
    if (!quotes)
        return;
    hand->key_quote = quote_of(tree, pair);
    hand->name_quote = quote_of(tree, tree->nodes[pair].next);
}

/* Leaves the gaps that the list and the mapping in braces leave. */
static void
follow_gaps(struct making *making, uint32_t list, uint32_t mapping)
{
    struct irw_fragment_style *hand = &making->inset.hand;

    irw_trivia_gaps(making->tree, list, &hand->behind_bracket,
                    &hand->before_bracket);
    irw_trivia_gaps(making->tree, mapping, &hand->behind_brace,
                    &hand->before_brace);
}

/* Writes as the entries of the list are written, by its last one. */
static void
follow_list(struct making *making, uint32_t list, bool quotes)
{
    const struct irw_tree *tree = making->tree;
    uint32_t last = irw_trivia_last(tree, list);

    if (is_block(tree, list))
        making->inset.hand.dash = irw_trivia_dash(tree, list, last);
    if (tree->nodes[last].type != IRW_NODE_MAPPING)
        return;
    making->inset.hand.flow = !is_block(tree, last);
    follow_pair(making, last, quotes);
    if (!is_block(tree, last))
        follow_gaps(making, list, last);
}

/* Writes a new block list after a model, or plainly where there is none. */
static void
follow_block(struct making *making, uint32_t model)
{
    const struct irw_tree *tree = making->tree;
    struct irw_fragment_style *hand = &making->inset.hand;

    if (model != IRW_NO_NODE && is_block(tree, model))
        follow_list(making, model, false);
    if (irw_find(hand->dash, '\n') != SIZE_MAX)
        hand->dash = IRW_STR("- ");
    hand->flow = false;
}

/* Without line breaks, for a line of its own. */
static void
straighten(struct irw_fragment_style *hand)
{
    imgrw_str *const gaps[] = {&hand->behind_bracket, &hand->behind_brace,
                               &hand->before_brace, &hand->before_bracket};

    for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++)
        if (irw_find(*gaps[i], '\n') != SIZE_MAX ||
            irw_find(*gaps[i], '\r') != SIZE_MAX)
            *gaps[i] = (imgrw_str){0};
}

/* The key before which the list belongs; any, where the containers come through
 * a merge key. */
static uint32_t
find_key(const struct irw_tree *tree, uint32_t pod)
{
    static const char *const keys[] = {"containers", "initContainers",
                                       "ephemeralContainers", "volumes"};
    uint32_t end = tree->nodes[pod].next;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        for (uint32_t at = pod + 1; at < end;
             at = tree->nodes[tree->nodes[at].next].next)
            if (irw_equal(irw_tree_value(tree, irw_tree_follow(tree, at)),
                          irw_str(keys[i])))
                return at;
    return pod + 1;
}

/* A list after which a new one is modelled: that of `key`, maybe through an
 * alias, or another of the pod spec; IRW_NO_NODE where all are empty. */
static uint32_t
find_model(const struct irw_tree *tree, uint32_t pod, uint32_t key)
{
    uint32_t list = irw_tree_follow(tree, tree->nodes[key].next);
    uint32_t end = tree->nodes[pod].next;

    if (is_list(tree, list) && !is_empty(tree, list))
        return list;
    for (uint32_t at = pod + 1; at < end; at = tree->nodes[list].next) {
        list = tree->nodes[at].next;
        if (is_list(tree, list) && !is_empty(tree, list))
            return list;
    }
    return IRW_NO_NODE;
}

/* How far the dashes of a list stand behind its key. */
static size_t
indent_of(const struct irw_tree *tree, uint32_t model)
{
    size_t dash, column;

    if (model == IRW_NO_NODE || !is_block(tree, model) ||
        !irw_trivia_column(tree->text, irw_trivia_first_dash(tree, model),
                           &dash) ||
        !irw_trivia_column(tree->text, irw_trivia_key_start(tree, model - 1),
                           &column) ||
        dash < column)
        return 2;
    return dash - column;
}

static enum imgrw_status
insert_lines(struct making *making, uint32_t key, uint32_t model, size_t start)
{
    const struct irw_tree *tree = making->tree;
    struct irw_fragment *inset = &making->inset;
    size_t column;

    if (!irw_trivia_column(tree->text, start, &column))
        return refuse(making, "the key of its containers does not begin a "
                              "line, or is written with \"?\"");
    irw_fragment_key(inset);
    if (model != IRW_NO_NODE && !is_block(tree, model)) {
        follow_list(making, model, false);
        straighten(&inset->hand);
        irw_text_add(&inset->text, IRW_STR(": "));
        irw_fragment_flow_list(inset);
    } else {
        follow_block(making, model);
        irw_text_add(&inset->text, IRW_STR(":"));
        irw_text_add(&inset->text, inset->hand.feed);
        irw_fragment_block_list(inset, column + indent_of(tree, model));
    }
    irw_text_add(&inset->text, inset->hand.feed);
    irw_fragment_blanks(inset, column);
    return finish(making, start, start,
                  (struct irw_graft){.parent = making->pod, .at = key});
}

static enum imgrw_status
insert_in_braces(struct making *making, uint32_t key, uint32_t model,
                 size_t start)
{
    const struct irw_tree *tree = making->tree;
    struct irw_fragment *inset = &making->inset;
    imgrw_str colon = irw_trivia_colon(tree, key), gap;

    if (irw_trivia_opening(tree, making->pod) == SIZE_MAX ||
        !irw_trivia_entry_gap(tree, making->pod, key, start, &gap))
        return refuse(making, "the mapping has no braces, or its keys are "
                              "written in an unusual way");
    if (model != IRW_NO_NODE)
        follow_list(making, model, false);
    irw_fragment_key(inset);
    irw_text_add(&inset->text, colon);
    irw_fragment_flow_list(inset);
    irw_text_add(&inset->text, IRW_STR(","));
    irw_text_add(&inset->text, gap);
    return finish(making, start, start,
                  (struct irw_graft){.parent = making->pod, .at = key});
}

static enum imgrw_status
insert_key(struct making *making)
{
    const struct irw_tree *tree = making->tree;
    uint32_t pod = making->pod, key = find_key(tree, pod);
    uint32_t model = find_model(tree, pod, key);
    size_t start = irw_trivia_key_start(tree, key);

    if (start == SIZE_MAX)
        return refuse(making, "the tag or anchor of the key of its containers "
                              "is written in an unusual way");
    follow_key(making, key);
    return is_block(tree, pod) ? insert_lines(making, key, model, start)
                               : insert_in_braces(making, key, model, start);
}

/* Adds an entry, or a list of it, on a line of its own at `end`, behind another
 * line. */
static enum imgrw_status
add_line(struct making *making, size_t end, size_t indentation, bool list,
         struct irw_graft graft)
{
    struct irw_fragment *inset = &making->inset;
    bool open = !irw_trivia_begins_line(making->tree->text, end);

    if (open)
        irw_text_add(&inset->text, inset->hand.feed);
    if (list) {
        irw_fragment_block_list(inset, indentation);
    } else {
        irw_fragment_blanks(inset, indentation);
        irw_text_add(&inset->text, inset->hand.dash);
        irw_fragment_entry(inset, inset->hand.flow);
    }
    if (!open)
        irw_text_add(&inset->text, inset->hand.feed);
    return finish(making, end, end, graft);
}

/* A null that is not written, in a block mapping: a list on the line below. */
static enum imgrw_status
fill_below(struct making *making, uint32_t key, uint32_t model, size_t colon,
           struct irw_graft graft)
{
    const struct irw_tree *tree = making->tree;
    size_t start = irw_trivia_key_start(tree, key), column, end;

    if (!irw_trivia_column(tree->text, start, &column) ||
        !irw_trivia_line_end(tree->text, colon, &end))
        return refuse(making, "its line is written in an unusual way");
    follow_block(making, model);
    return add_line(making, end, column + indent_of(tree, model), true,
                    graft);
}

/* A null becomes a list: in brackets, where it is written. */
static enum imgrw_status
replace_null(struct making *making, uint32_t key)
{
    const struct irw_tree *tree = making->tree;
    struct irw_fragment *inset = &making->inset;
    uint32_t value = tree->nodes[key].next;
    uint32_t model = find_model(tree, making->pod, find_key(tree, making->pod));
    const struct irw_node *null = &tree->nodes[value];
    size_t colon = irw_trivia_behind_colon(tree, key);
    struct irw_graft graft = {
        .parent = making->pod, .at = value, .replaces = true};

    if (null->start == null->end && colon == SIZE_MAX)
        return refuse(making, "there is no colon behind the key");
    if (null->start == null->end && is_block(tree, making->pod))
        return fill_below(making, key, model, colon, graft);
    if (model != IRW_NO_NODE)
        follow_list(making, model, false);
    if (is_block(tree, making->pod))
        straighten(&inset->hand);
    if (null->start < null->end) {
        irw_fragment_flow_list(inset);
        return finish(making, null->start, null->end, graft);
    }
    irw_text_add(&inset->text, IRW_STR(" "));
    irw_fragment_flow_list(inset);
    return finish(making, colon, colon, graft);
}

/* One dash more, on a line of its own behind the last one. */
static enum imgrw_status
append_line(struct making *making, uint32_t list)
{
    const struct irw_tree *tree = making->tree;
    size_t dash = irw_trivia_first_dash(tree, list), column, end, behind;
    struct irw_graft graft = {.parent = list, .at = tree->nodes[list].next};

    end = irw_trivia_node_end(tree, irw_trivia_last(tree, list));
    if (!irw_trivia_column(tree->text, dash, &column) || end == SIZE_MAX ||
        !irw_trivia_line_end(tree->text, end, &behind))
        return refuse(making, "its entries are written in an unusual way");
    return add_line(making, behind, column, false, graft);
}

/* One entry more before the bracket. */
static enum imgrw_status
append_in_brackets(struct making *making, uint32_t list)
{
    const struct irw_tree *tree = making->tree;
    struct irw_fragment *inset = &making->inset;
    uint32_t last = irw_trivia_last(tree, list);
    size_t end = irw_trivia_node_end(tree, last);

    if (end == SIZE_MAX)
        return refuse(making, "its entries are written in an unusual way");
    irw_text_add(&inset->text, IRW_STR(","));
    irw_text_add(&inset->text, irw_trivia_item_gap(tree, list, last));
    irw_fragment_entry(inset, true);
    return finish(
        making, end, end,
        (struct irw_graft){.parent = list, .at = tree->nodes[list].next});
}

/* The first entry of a list that has none. */
static enum imgrw_status
fill_brackets(struct making *making, uint32_t list)
{
    const struct irw_tree *tree = making->tree;
    struct irw_fragment *inset = &making->inset;
    uint32_t key = find_key(tree, making->pod);
    uint32_t model = find_model(tree, making->pod, key);
    size_t open = irw_trivia_opening(tree, list);
    imgrw_str inside;

    if (open == SIZE_MAX)
        return refuse(making, "it is written in an unusual way");
    if (model != IRW_NO_NODE)
        follow_list(making, model, false);
    if (is_block(tree, making->pod))
        straighten(&inset->hand);
    inside = irw_slice(tree->text, open + 1, tree->nodes[list].end - 1);
    irw_text_add(&inset->text, inside.size == 0 ? inset->hand.behind_bracket
                                                : irw_trivia_blanks(inside));
    irw_fragment_entry(inset, true);
    if (inside.size == 0)
        irw_text_add(&inset->text, inset->hand.before_bracket);
    return finish(
        making, open + 1, open + 1,
        (struct irw_graft){.parent = list, .at = tree->nodes[list].next});
}

/* Whether the tag says nothing else than that it is a list. */
static bool
is_plain_list(const struct irw_tree *tree, uint32_t list)
{
    imgrw_str tag = irw_tree_properties(tree, list).tag;

    return tag.size == 0 || irw_equal(tag, IRW_STR("!")) ||
           irw_equal(tag, IRW_STR("tag:yaml.org,2002:seq"));
}

static bool
lists_mappings(const struct irw_tree *tree, uint32_t list)
{
    for (uint32_t at = list + 1; at < tree->nodes[list].next;
         at = tree->nodes[at].next)
        if (tree->nodes[irw_tree_follow(tree, at)].type != IRW_NODE_MAPPING)
            return false;
    return true;
}

static bool
is_bare_null(const struct irw_tree *tree, uint32_t node)
{
    return tree->nodes[node].type == IRW_NODE_SCALAR &&
           tree->nodes[node].style == IRW_STYLE_PLAIN &&
           tree->nodes[node].link == 0 &&
           irw_plain_kind(irw_tree_value(tree, node)) == IRW_PLAIN_NULL;
}

static enum imgrw_status
insert_entry(struct making *making, uint32_t key)
{
    const struct irw_tree *tree = making->tree;
    uint32_t value = tree->nodes[key].next;
    uint32_t list = irw_tree_follow(tree, value);

    follow_key(making, key);
    if (is_bare_null(tree, value))
        return replace_null(making, key);
    if (!is_list(tree, list) || !is_plain_list(tree, list))
        return refuse(making, "it is no list, or has a tag or an anchor");
    if (!lists_mappings(tree, list))
        return refuse(making, "an entry of it is no mapping");
    if (is_empty(tree, list))
        return fill_brackets(making, list);
    follow_list(making, list, true);
    return is_block(tree, list) ? append_line(making, list)
                                : append_in_brackets(making, list);
}

enum imgrw_status
irw_pull_secret_write(const struct irw_tree *tree, uint32_t pod, uint32_t key,
                      imgrw_str name, struct irw_arena *arena,
                      struct irw_text_edit *change, struct imgrw_error *error)
{
    struct making making = {
        .tree = tree,
        .pod = pod,
        .inset.name = name,
        .arena = arena,
        .change = change,
        .error = error,
    };

    return key == 0 ? insert_key(&making) : insert_entry(&making, key);
}
