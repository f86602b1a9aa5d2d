/*
 * Images whose tags are under other keys, near them or further away.
 *
 * The shape is that of the map, and not of the image in it, because the map is
 * visited before any of its keys: the image can then be collected with its
 * companions before its own place would collect it alone. What cannot be joined
 * is left to that place.
 */
#include "base/str.h"
#include "catalog/companion.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/reference_parts.h"
#include "manifest/shapes/shapes.h"
#include "yaml/scalar.h"

/* An image, and what is joined to it. */
struct joining {
    struct irw_image_walk *walk;
    uint32_t map;
    const struct irw_node_path *path; /* of the map */
    struct irw_part parts[3]; /* the image, a registry or a name, a version */
    size_t count;
    size_t named; /* how many of them come before the version */
    bool below;   /* of a registry */
    bool stopped;
};

/* What a companion leads to. */
struct found {
    uint32_t node;
    bool shared; /* it is outside, or an alias may show it elsewhere */
};

/* The map that is `up` maps around the one that the path leads to; IRW_NO_NODE
 * where that is outside of a patch's value. */
static uint32_t
climb(const struct irw_node_path *path, uint32_t map, unsigned up)
{
    for (; up > 0 && path; path = path->outer)
        if (path->key.data) {
            map = path->patched.data ? IRW_NO_NODE : path->map;
            up--;
        }
    return map;
}

/* Follows a path of keys to a scalar. */
static struct found
look_down(struct irw_image_walk *walk, uint32_t map, imgrw_str path)
{
    const struct irw_tree *tree = walk->tree;
    struct found found = {IRW_NO_NODE, false};
    size_t slash;
    uint32_t next;

    while (map != IRW_NO_NODE && (slash = irw_find(path, '/')) != SIZE_MAX) {
        next = irw_mapping_find(tree, map, irw_slice(path, 0, slash),
                                &walk->budget);
        found.shared |= next < map || next >= tree->nodes[map].next;
        path = irw_slice(path, slash + 1, path.size);
        map = next;
    }
    if (map == IRW_NO_NODE || tree->nodes[map].type != IRW_NODE_MAPPING)
        return found;
    found.node = irw_own_scalar(tree, map, path);
    if (found.node == IRW_NO_NODE) { /* or it is merged in */
        found.shared = true;
        found.node = irw_mapping_find(tree, map, path, &walk->budget);
    }
    return found;
}

/* Whether a scalar is there that says something. */
static bool
is_set(const struct irw_tree *tree, uint32_t node)
{
    return node != IRW_NO_NODE && irw_tree_text(tree, node).size > 0 &&
           !irw_scalar_is_null(tree, irw_tree_follow(tree, node));
}

static void
add_part(struct joining *joining, struct found found, enum irw_role role,
         bool simple)
{
    const struct irw_tree *tree = joining->walk->tree;
    struct irw_part *part = &joining->parts[joining->count++];
    bool anchored = tree->nodes[found.node].type == IRW_NODE_SCALAR &&
                    irw_tree_properties(tree, found.node).anchor.size > 0;

    *part = irw_rest_of(joining->walk, found.node, 0);
    part->role = role;
    part->fixed = found.shared || anchored;
    part->simple = simple;
}

/* Takes what a word leads to, unless an earlier one has ended that: there is
 * one registry or name at most, which comes first, and then one tag or digest.
 */
static void
take_word(struct joining *joining, const struct irw_companion *word)
{
    const struct irw_tree *tree = joining->walk->tree;
    struct found found = look_down(
        joining->walk, climb(joining->path, joining->map, word->up),
        word->path);

    found.shared |= word->up > 0;
    if (word->mark == IRW_COMPANION_REGISTRY)
        joining->below = true;
    if (!is_set(tree, found.node) || joining->stopped)
        return;
    if (word->mark == IRW_COMPANION_REGISTRY ||
        word->mark == IRW_COMPANION_NAME) {
        add_part(joining, found,
                 word->mark == IRW_COMPANION_NAME ? IRW_ROLE_NAME
                                                  : IRW_ROLE_REGISTRY,
                 false);
        joining->named = joining->count;
        return;
    }
    joining->stopped = word->mark != IRW_COMPANION_STOP ||
                       !irw_equal(irw_tree_text(tree, found.node),
                                  IRW_STR("false"));
    if (word->mark == IRW_COMPANION_DIGEST)
        add_part(joining, found, IRW_ROLE_DIGEST, false);
    else if (word->mark != IRW_COMPANION_STOP)
        add_part(joining, found, IRW_ROLE_TAG, word->mark == IRW_COMPANION_TAG);
}

/* Whether the scalar, from byte `from` on, is a reference without a tag. */
static bool
is_bare(const struct irw_tree *tree, uint32_t node, size_t *from)
{
    imgrw_str text = irw_tree_text(tree, node);
    struct imgrw_reference reference;

    *from = irw_scheme_size(text);
    return irw_scalar_is_string(tree, irw_tree_follow(tree, node)) &&
           !irw_scalar_is_tagged(tree, node) &&
           irw_classify_text(irw_slice(text, *from, text.size), &reference) ==
               IMGRW_REASON_NONE &&
           reference.tag.size + reference.digest.size == 0;
}

/* Whether the parts make a reference together, or the image alone where that
 * is all of them. */
static bool
is_reference(const struct joining *joining)
{
    const struct irw_tree *tree = joining->walk->tree;
    struct irw_parts parts =
        irw_parts_read(tree, joining->parts, joining->count);
    struct imgrw_reference reference;
    char buffer[IRW_JOINED_MAX];

    for (size_t i = 0; i < joining->count; i++)
        if (joining->parts[i].simple &&
            irw_begins_with_digest(irw_tree_text(tree, joining->parts[i].node)))
            return false;
    return irw_is_reference(irw_join(&parts, buffer), &reference);
}

/* Collects the image under its key with all that is joined to it. Where the
 * parts make no reference together, it is collected without a tag, which is
 * somewhere else then, and a rule may not add one. */
static void
collect_joined(struct joining *joining, const struct irw_companions *companions,
               enum imgrw_class image_class)
{
    struct irw_node_path step = {
        .outer = joining->path,
        .key = companions->key,
        .map = joining->map,
    };
    bool whole =
        is_reference(joining) && (!joining->below || joining->count == 3);

    if (whole || !joining->below)
        irw_collect(joining->walk, &(struct irw_found_image){
            .path = &step,
            .image_class = image_class,
            .parts = joining->parts,
            .part_count = whole ? joining->count : joining->named,
        });
}

/* Whether the image under a key is found where it stands, without what is
 * joined to it: a URL without a scheme is none. */
static bool
is_found_alone(const struct irw_place *map, imgrw_str key, size_t scheme)
{
    return scheme > 0 || irw_place_step(map, key)->shape != IRW_SHAPE_URL;
}

/* Where the class is not asked for, only those are joined that their own places
 * would not count. */
static void
join(struct joining *joining, const struct irw_companions *companions,
     const struct irw_place *place)
{
    bool wanted = irw_is_wanted(joining->walk, place->image_class), alone;
    const struct irw_tree *tree = joining->walk->tree;
    uint32_t image = irw_own_scalar(tree, joining->map, companions->key);
    imgrw_str words = companions->list;
    struct irw_companion word;
    size_t from;

    if (image == IRW_NO_NODE || !is_bare(tree, image, &from))
        return;
    alone = is_found_alone(place, companions->key, from);
    if (alone && !wanted)
        return;
    joining->count = joining->named = 1;
    joining->below = joining->stopped = false;
    joining->parts[0] = irw_rest_of(joining->walk, image, from);
    joining->parts[0].role = IRW_ROLE_REPOSITORY;
    while (irw_companion_next(&words, &word))
        take_word(joining, &word);
    if (alone || joining->named > 1)
        collect_joined(joining, companions, place->image_class);
}

void
irw_shape_join(struct irw_image_walk *walk, uint32_t node,
               const struct irw_place *place, const struct irw_node_path *path)
{
    struct joining joining = {.walk = walk, .map = node, .path = path};

    if (walk->tree->nodes[node].type != IRW_NODE_MAPPING)
        return;
    for (const struct irw_companions *image = place->companions;
         image->key.data; image++)
        join(&joining, image, place);
}
