#include "kubernetes/pod_spec.h"
#include "base/str.h"
#include "catalog/pods.h"
#include "yaml/scalar.h"

/* What a node on the way from a pod spec to an image is. */
enum spot {
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
static enum spot
step_key(enum spot spot, imgrw_str key, bool list)
{
    if (spot == IMAGE)
        return PART;
    if (spot == CONTAINER && irw_equal(key, IRW_STR("image")))
        return IMAGE;
    if (spot == VOLUME && irw_equal(key, IRW_STR("image")))
        return IMAGE_VOLUME;
    if (spot == IMAGE_VOLUME && irw_equal(key, IRW_STR("reference")))
        return IMAGE;
    if (list && irw_is_container_key(key))
        return CONTAINERS;
    return list && irw_equal(key, IRW_STR("volumes")) ? VOLUMES : ELSEWHERE;
}

static enum spot
step_item(enum spot spot)
{
    if (spot == CONTAINERS)
        return CONTAINER;
    return spot == VOLUMES ? VOLUME : ELSEWHERE;
}

/* Takes the last step off a path of keys and positions. */
static imgrw_str
take_last(imgrw_str *path)
{
    const char *slash =
        path->size > 0 ? memrchr(path->data, '/', path->size) : NULL;
    size_t end = slash ? (size_t)(slash - path->data) : 0;
    imgrw_str last = irw_slice(*path, slash ? end + 1 : 0, path->size);

    path->size = end;
    return last;
}

bool
irw_is_pod_field(imgrw_str field)
{
    imgrw_str image = take_last(&field), position, list;
    bool volume = irw_equal(image, IRW_STR("reference"));

    if (volume)
        image = take_last(&field);
    position = take_last(&field);
    list = take_last(&field);
    return irw_equal(image, IRW_STR("image")) && position.size > 0 &&
           irw_is_digit(position.data[0]) &&
           (volume ? irw_equal(list, IRW_STR("volumes"))
                   : irw_is_container_key(list));
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
    enum spot spot;
    uint32_t found; /* the smallest mark, 0: none */
};

static void
take_mark(struct look *look, uint32_t node)
{
    uint32_t mark = look->marks[node];

    if (mark != 0 && (look->found == 0 || mark < look->found))
        look->found = mark;
}

static void look_into(struct look *look, uint32_t node, enum spot spot);

static void
look_at_entry(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct look *look = user;
    const struct irw_tree *tree = look->tree;
    bool list =
        tree->nodes[irw_tree_follow(tree, value)].type == IRW_NODE_SEQUENCE;
    enum spot outer = look->spot;
    enum spot spot = step_key(outer, irw_tree_text(tree, key), list);

    (void)via;
    if (outer != ELSEWHERE && (spot == CONTAINERS || spot == VOLUMES))
        return; /* of a pod spec inside of this one */
    look_into(look, value, spot);
    look->spot = outer;
}

static void
look_below(struct look *look, uint32_t node, enum spot spot)
{
    struct irw_items items = irw_items(look->tree, node);
    uint32_t item, index;

    look->spot = spot;
    if (look->tree->nodes[node].type == IRW_NODE_MAPPING)
        irw_mapping_each(look->tree, node, look->budget, look_at_entry, look);
    while (!look->budget->spent && irw_items_next(&items, &item, &index))
        look_into(look, item, step_item(spot));
}

/* Looks at a node, aliases followed, when images may be there. */
static void
look_into(struct look *look, uint32_t node, enum spot spot)
{
    const struct irw_tree *tree = look->tree;
    uint32_t target = irw_tree_follow(tree, node);

    if (spot == ELSEWHERE)
        return;
    if (spot == IMAGE || spot == PART) {
        take_mark(look, node);
        take_mark(look, target);
    }
    if (target == node)
        look_below(look, node, spot);
    else if (irw_budget_enter(look->budget,
                              tree->nodes[target].next - target)) {
        look_below(look, target, spot);
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
