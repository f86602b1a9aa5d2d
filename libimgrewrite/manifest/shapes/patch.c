/*
 * Patches: JSON patches, and parts of resources that are merged into them.
 *
 * What a JSON patch sets is an image where its pointer leads to the place of
 * one. So the pointer is followed through the catalog, from the root of the
 * resource that the patch is for, and the value is visited with the places at
 * its end. Where nothing says which resource that is, it may be any.
 *
 * What an operation tests is read as what another sets: once the image that it
 * compares is another one, the old text would make the whole patch fail.
 */
#include "catalog/pods.h"
#include "kubernetes/json_patch.h"
#include "kubernetes/names.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/find.h"
#include "manifest/shapes/shapes.h"

#include <stdlib.h>

/* A value, and the places at the end of the pointer to it. */
struct pointing {
    struct irw_image_walk *walk;
    const struct irw_patched *patched;
    uint32_t value;
    const struct irw_node_path *path;
    struct irw_places places;
    bool has_shape; /* a place has said what the value is */
};

/* The way of a pointer through the catalog. */
struct way {
    const struct irw_place *place; /* NULL: it leads nowhere */
    unsigned inside; /* how many steps it has gone on inside of a list whose
                        shape reads the items */
    bool image;      /* the last key was that of an image */
};

static imgrw_str
text_at(struct irw_image_walk *walk, uint32_t map, const char *key)
{
    uint32_t node =
        irw_mapping_find(walk->tree, map, irw_str(key), &walk->budget);

    return node == IRW_NO_NODE ? (imgrw_str){0}
                               : irw_tree_value(walk->tree, node);
}

/* Compares an offset with that of a patch; for bsearch. */
static int
by_offset(const void *key, const void *item)
{
    const size_t *offset = key;
    const struct irw_known_patch *patch = item;

    return (*offset > patch->offset) - (*offset < patch->offset);
}

/* The patch at a node, of which is known what it is for; NULL: it is not. */
static const struct irw_known_patch *
find_known(const struct irw_image_walk *walk, uint32_t node)
{
    const struct irw_known_patches *known = &walk->search->known;
    size_t offset = walk->tree->nodes[node].start;

    return known->count > 0 && walk->tree == walk->root_tree
               ? bsearch(&offset, known->items, known->count,
                         sizeof(known->items[0]), by_offset)
               : NULL;
}

/* What stands beside a patch: a target, as kustomize has it, the selector of a
 * ClusterClass, or KubeVirt's type of resource. */
static struct irw_patch_target
read_target(struct irw_image_walk *walk, const struct irw_place *place,
            const struct irw_node_path *path)
{
    struct irw_patch_target target = {{0}, {0}, {0}};
    uint32_t map = path && path->key.data ? path->map : IRW_NO_NODE;
    uint32_t beside = irw_mapping_find(walk->tree, map, IRW_STR("target"),
                                       &walk->budget);

    if (beside == IRW_NO_NODE)
        beside = irw_mapping_find(walk->tree, map, IRW_STR("selector"),
                                  &walk->budget);
    target.group = text_at(walk, beside, "group");
    target.version = text_at(walk, beside, "version");
    target.kind = text_at(walk, beside, "kind");
    if (target.group.size == 0)
        target.group = irw_resource_group(text_at(walk, beside, "apiVersion"));
    if (target.kind.size == 0)
        target.kind = text_at(walk, map, "resourceType");
    if (irw_is_selector_pattern(target.kind))
        target.kind = (imgrw_str){0};
    else if (target.kind.size == 0)
        irw_cut(place->target, '/', &target.group, &target.kind);
    return target;
}

/* Visits the value with the places that were found. */
static void
visit_places(struct pointing *pointing)
{
    irw_visit(pointing->walk, pointing->value, &pointing->places,
              pointing->path);
    pointing->places.count = 0;
}

/* Whether a key, after which `rest` of the pointer is left, leads to a list. */
static bool
leads_to_list(const struct pointing *pointing, imgrw_str rest)
{
    const struct irw_tree *tree = pointing->walk->tree;
    uint32_t value = irw_tree_follow(tree, pointing->value);
    imgrw_str token;

    return irw_pointer_next(&rest, &token)
               ? irw_pointer_is_index(token)
               : tree->nodes[value].type == IRW_NODE_SEQUENCE;
}

/* Whether the way goes on inside of a list of arguments or variables: to an
 * item, and to the value of a variable. */
static bool
goes_inside(const struct way *way, imgrw_str key)
{
    if (way->inside == 0)
        return irw_pointer_is_index(key);
    return way->inside == 1 && way->place->shape == IRW_SHAPE_ENV &&
           irw_equal(key, IRW_STR("value"));
}

/* The place of a name that is set without the other parts of its reference,
 * such as its tag; NULL: the key is not that of a name. These parts may have
 * its registry, so that only a name with a registry is known to be whole. */
static const struct irw_place *
place_of_name(const struct pointing *pointing, const struct way *way,
              imgrw_str key)
{
    static const struct irw_place names[IMGRW_CLASS_COUNT] = {
        [IMGRW_CLASS_CRD] = {.shape = IRW_SHAPE_IMAGE,
                             .image_class = IMGRW_CLASS_CRD},
        [IMGRW_CLASS_HELM_VALUES] = {.shape = IRW_SHAPE_IMAGE,
                                     .image_class = IMGRW_CLASS_HELM_VALUES},
        [IMGRW_CLASS_KUSTOMIZATION] = {.shape = IRW_SHAPE_IMAGE,
                                       .image_class =
                                           IMGRW_CLASS_KUSTOMIZATION},
    };
    imgrw_str value = irw_tree_text(pointing->walk->tree, pointing->value);
    struct imgrw_reference reference;

    if (!irw_equal(key, way->place->shape == IRW_SHAPE_KUSTOMIZE
                            ? IRW_STR("newName")
                            : IRW_STR("repository")) ||
        !irw_is_reference(value, &reference) ||
        reference.registry.size == 0)
        return NULL;
    return &names[way->place->image_class];
}

/* Whether a place is that of a map of the parts of a reference. */
static bool
has_parts(const struct way *way)
{
    const struct irw_place *place = way->place;

    return place->shape == IRW_SHAPE_SPLIT ||
           place->shape == IRW_SHAPE_KUSTOMIZE ||
           place->shape == IRW_SHAPE_FIELD ||
           (place->shape == IRW_SHAPE_IMAGE &&
            place->image_class == IMGRW_CLASS_CRD) ||
           (place->shape == IRW_SHAPE_VALUES && way->image);
}

/* Takes a step, after which `rest` of the pointer is left. */
static void
step(const struct pointing *pointing, struct way *way, imgrw_str key,
     imgrw_str rest)
{
    const struct irw_place *place = way->place;
    bool index = irw_pointer_is_index(key);

    if (place->shape == IRW_SHAPE_ARGS || place->shape == IRW_SHAPE_ENV) {
        way->place = goes_inside(way, key) ? place : NULL;
        way->inside++;
        return;
    }
    if (place->finds_pods && leads_to_list(pointing, rest) &&
        (irw_is_container_key(key) || irw_equal(key, IRW_STR("volumes"))))
        place = irw_place_of_pod(place);
    way->place =
        index && place->item ? place->item : irw_place_step(place, key);
}

/* Follows the pointer from a root, and adds the place to which it leads. An
 * irw_place_fn. */
static void
follow(const struct irw_place *root, void *user)
{
    struct pointing *pointing = user;
    struct irw_image_walk *walk = pointing->walk;
    imgrw_str rest = pointing->patched->pointer, token;
    struct way way = {.place = root};

    while (way.place && irw_pointer_next(&rest, &token)) {
        imgrw_str key = irw_pointer_key(token, walk->findings->arena);
        const struct irw_place *name = NULL;

        if (!key.data) {
            walk->failed = true;
            return;
        }
        if (rest.size == 0 && has_parts(&way))
            name = place_of_name(pointing, &way, key);
        if (name)
            way.place = name;
        else
            step(pointing, &way, key, rest);
        way.image = irw_is_image_key(key);
    }
    if (!way.place)
        return;
    if (pointing->places.count == IRW_PLACES_MAX)
        visit_places(pointing);
    irw_places_add(&pointing->places, way.place);
    pointing->has_shape |= way.place->shape != IRW_SHAPE_NONE;
}

/* The key to which a pointer leads, its escapes as they are: no key that means
 * something has any. */
static imgrw_str
last_key(imgrw_str pointer)
{
    imgrw_str key = {"", 0}, token;

    while (irw_pointer_next(&pointer, &token))
        key = token;
    return key;
}

/* Visits the value at `node`, which is put where `patched` says. */
static void
visit_value(struct irw_image_walk *walk, uint32_t node,
            const struct irw_patched *patched,
            const struct irw_node_path *path)
{
    struct pointing pointing = {
        .walk = walk,
        .patched = patched,
        .value = node,
        .path = path,
    };

    irw_catalog_each_place(walk->search->fields, &patched->target, follow,
                           &pointing);
    visit_places(&pointing);
    /* It may be a custom resource, whose images are where its kind says; `data`
     * is that of a ConfigMap. */
    if (!pointing.has_shape && patched->is_declared &&
        patched->target.kind.size == 0 &&
        !irw_starts_with(patched->pointer, IRW_STR("/data/")) &&
        irw_is_image_key(last_key(patched->pointer)) &&
        irw_is_likely_reference(irw_tree_text(walk->tree, node)))
        irw_collect_part(walk, irw_rest_of(walk, node, 0), IMGRW_CLASS_CRD,
                         path);
}

static void
visit_operation(struct irw_image_walk *walk, uint32_t node,
                const struct irw_operation *operation,
                struct irw_patched patched, const struct irw_node_path *path)
{
    struct irw_node_path value = {
        .outer = path,
        .key = IRW_STR("value"),
        .map = node,
        .patched = last_key(operation->pointer),
    };
    struct irw_node_path from = {.outer = path, .key = IRW_STR("valueFrom")};
    struct irw_node_path text = {
        .outer = &from,
        .key = IRW_STR("template"),
        .patched = value.patched,
    };

    patched.pointer = operation->pointer;
    if (!patched.pointer.data)
        patched.pointer.data = "";
    if (operation->value != IRW_NO_NODE)
        visit_value(walk, operation->value, &patched, &value);
    else if (operation->made_from != IRW_NO_NODE)
        irw_embedded_add_patch(walk, operation->made_from, &patched, &text);
}

/* A part of a resource, which is of the target's kind, whatever it says, or
 * else of its own. */
static void
visit_merged(struct irw_image_walk *walk, uint32_t node,
             struct irw_patched patched, const struct irw_node_path *path)
{
    struct irw_resource head =
        irw_resource_read(walk->tree, node, &walk->budget);
    struct irw_places places;

    if (node == walk->resource.root)
        walk->resource.head = head;
    if (patched.target.kind.size == 0 && head.kind.size > 0) {
        places = irw_catalog_places(walk->search->fields, head.api_version,
                                    head.kind);
        irw_visit(walk, node, &places, path);
    } else {
        patched.pointer = IRW_STR("");
        visit_value(walk, node, &patched, path);
    }
}

/* A list: a JSON patch, or of patches, each of which may be a string. */
static void
visit_items(struct irw_image_walk *walk, uint32_t list,
            const struct irw_patched *patched, const struct irw_node_path *path)
{
    static const struct irw_places places = {{&irw_patch}, 1};
    struct irw_items items = irw_items(walk->tree, list);
    struct irw_node_path step = {.outer = path};
    uint32_t item;

    while (!walk->budget.spent && irw_items_next(&items, &item, &step.index)) {
        if (irw_is_scalar(walk->tree, item)) {
            irw_embedded_add_patch(walk, item, patched, &step);
        } else {
            walk->patched = patched;
            irw_visit(walk, item, &places, &step);
        }
    }
}

/* What is in a patch may have patches of its own, which are about something
 * else: so the walk forgets what this one is about. */
void
irw_shape_patch(struct irw_image_walk *walk, uint32_t node,
                const struct irw_place *place, const struct irw_node_path *path)
{
    const struct irw_patched *outer = walk->patched;
    uint32_t held = irw_tree_follow(walk->tree, node);
    const struct irw_known_patch *known = find_known(walk, node);
    struct irw_operation operation;
    struct irw_patched patched;

    walk->patched = NULL;
    if (outer)
        patched = *outer;
    else
        patched = (struct irw_patched){
            .target = known ? known->target : read_target(walk, place, path),
            .is_declared = place->shape == IRW_SHAPE_PATCH,
        };
    if (patched.pointer.data)
        visit_value(walk, node, &patched, path);
    else if (walk->tree->nodes[held].type == IRW_NODE_SEQUENCE)
        visit_items(walk, held, &patched, path);
    else if (irw_operation_read(walk->tree, held, &operation))
        visit_operation(walk, held, &operation, patched, path);
    else if (walk->tree->nodes[held].type == IRW_NODE_MAPPING)
        visit_merged(walk, held, patched, path);
    else if (!outer)
        irw_embedded_add_patch(walk, node, &patched, path);
}
