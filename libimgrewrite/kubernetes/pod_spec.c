#include "kubernetes/pod_spec.h"
#include "base/str.h"
#include "catalog/pods.h"
#include "yaml/scalar.h"

/* Where a way into the tree has come to. */
enum stand {
    ELSEWHERE,
    CONTAINERS, /* a list of them */
    CONTAINER,
    VOLUMES,
    VOLUME,
    IMAGE_VOLUME,
    IMAGE,
    PART, /* of an image that is a map */
};

/* Where the key leads. */
static enum stand
step_key(enum stand stand, imgrw_str key, bool list)
{
    if (stand == IMAGE)
        return PART;
    if (stand == CONTAINER && irw_equal(key, IRW_STR("image")))
        return IMAGE;
    if (stand == VOLUME && irw_equal(key, IRW_STR("image")))
        return IMAGE_VOLUME;
    if (stand == IMAGE_VOLUME && irw_equal(key, IRW_STR("reference")))
        return IMAGE;
    if (list && irw_is_container_key(key))
        return CONTAINERS;
    return list && irw_equal(key, IRW_STR("volumes")) ? VOLUMES : ELSEWHERE;
}

static enum stand
step_item(enum stand stand)
{
    if (stand == CONTAINERS)
        return CONTAINER;
    return stand == VOLUMES ? VOLUME : ELSEWHERE;
}

/* The child of `inner` that is `node` or holds it, and in a mapping the key
 * before it; IRW_NO_NODE where `node` is of a key. */
static uint32_t
find_child(const struct irw_tree *tree, uint32_t inner, uint32_t node,
           uint32_t *key)
{
    bool mapping = tree->nodes[inner].type == IRW_NODE_MAPPING;
    uint32_t child = inner + 1;

    *key = IRW_NO_NODE;
    if (!mapping) {
        while (tree->nodes[child].next <= node)
            child = tree->nodes[child].next;
        return child;
    }
    for (;;) {
        *key = child;
        child = tree->nodes[child].next;
        if (node < child)
            return IRW_NO_NODE;
        if (node < tree->nodes[child].next)
            return child;
        child = tree->nodes[child].next;
    }
}

uint32_t
irw_pod_of_node(const struct irw_tree *tree, uint32_t root, uint32_t node)
{
    enum stand stand = ELSEWHERE;
    uint32_t at = root, pod = IRW_NO_NODE, key;

    while (at != node) {
        uint32_t child = find_child(tree, at, node, &key);
        bool list;

        if (child == IRW_NO_NODE)
            return IRW_NO_NODE;
        list = tree->nodes[child].type == IRW_NODE_SEQUENCE;
        stand = key == IRW_NO_NODE
                    ? step_item(stand)
                    : step_key(stand,
                               irw_tree_value(tree, irw_tree_follow(tree, key)),
                               list);
        if (stand == CONTAINERS || stand == VOLUMES)
            pod = at;
        at = child;
    }
    return stand == IMAGE || stand == PART ? pod : IRW_NO_NODE;
}

bool
irw_has_pull_secret(const struct irw_tree *tree, uint32_t list,
                    imgrw_str secret, struct irw_budget *budget)
{
    struct irw_items items;
    uint32_t item, index;

    if (list == IRW_NO_NODE)
        return false;
    items = irw_items(tree, list);
    while (irw_items_next(&items, &item, &index)) {
        uint32_t name = irw_mapping_find(tree, irw_tree_follow(tree, item),
                                         IRW_STR("name"), budget);

        if (name != IRW_NO_NODE &&
            irw_equal(irw_tree_value(tree, name), secret) &&
            irw_scalar_is_string(tree, name))
            return true;
    }
    return false;
}

/* A look for marks, from a pod spec on. */
struct look {
    const struct irw_tree *tree;
    const uint32_t *marks;
    struct irw_budget *budget;
    enum stand stand;
    uint32_t found; /* the smallest mark, 0: none */
};

static void
take_mark(struct look *look, uint32_t node)
{
    uint32_t mark = look->marks[node];

    if (mark != 0 && (look->found == 0 || mark < look->found))
        look->found = mark;
}

static void look_into(struct look *look, uint32_t node, enum stand stand);

static void
look_at_entry(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct look *look = user;
    const struct irw_tree *tree = look->tree;
    bool list =
        tree->nodes[irw_tree_follow(tree, value)].type == IRW_NODE_SEQUENCE;
    enum stand outer = look->stand;
    enum stand stand =
        step_key(outer, irw_tree_value(tree, irw_tree_follow(tree, key)), list);

    (void)via;
    if (outer != ELSEWHERE && (stand == CONTAINERS || stand == VOLUMES))
        return; /* of a pod spec inside of this one */
    look_into(look, value, stand);
    look->stand = outer;
}

static void
look_at_items(struct look *look, uint32_t list, enum stand stand)
{
    uint32_t end = look->tree->nodes[list].next;

    for (uint32_t at = list + 1; at < end && !look->budget->spent;
         at = look->tree->nodes[at].next)
        look_into(look, at, stand);
}

static void
look_below(struct look *look, uint32_t node, enum stand stand)
{
    look->stand = stand;
    if (look->tree->nodes[node].type == IRW_NODE_MAPPING)
        irw_mapping_each(look->tree, node, look->budget, look_at_entry, look);
    else if (look->tree->nodes[node].type == IRW_NODE_SEQUENCE)
        look_at_items(look, node, step_item(stand));
}

/* Looks at a node, aliases followed, when images may be there. */
static void
look_into(struct look *look, uint32_t node, enum stand stand)
{
    const struct irw_tree *tree = look->tree;
    uint32_t target = irw_tree_follow(tree, node);

    if (stand == ELSEWHERE)
        return;
    if (stand == IMAGE || stand == PART) {
        take_mark(look, node);
        take_mark(look, target);
    }
    if (target == node)
        look_below(look, node, stand);
    else if (irw_budget_enter(look->budget,
                              tree->nodes[target].next - target)) {
        look_below(look, target, stand);
        irw_budget_leave(look->budget);
    }
}

uint32_t
irw_pod_mark(const struct irw_tree *tree, uint32_t pod, const uint32_t *marks,
             struct irw_budget *budget)
{
    struct look look = {tree, marks, budget, ELSEWHERE, 0};

    irw_mapping_each(tree, pod, budget, look_at_entry, &look);
    return look.found;
}
