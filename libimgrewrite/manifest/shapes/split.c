/*
 * Maps of the parts of one reference, in custom resources and in values.
 */
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/reference_parts.h"
#include "manifest/shapes/shapes.h"
#include "yaml/scalar.h"

/* A key that holds a part. Of several keys for one part the first counts. */
struct part_key {
    imgrw_str key;
    enum irw_role role;
};

/* What a map is taken for, and where. */
struct split_map {
    const struct part_key *keys;
    size_t key_count;
    uint32_t node;
    struct irw_parts parts;
    struct irw_part found[IRW_ROLE_COUNT];
    size_t count;
    bool versioned; /* there is a key for a tag or a digest, if a null one */
    bool weak;      /* the tag is called a version */
};

#define KEY(name, role) {{(name), sizeof(name) - 1}, IRW_ROLE_##role}

/* As custom resources have them. */
static const struct part_key custom_keys[] = {
    KEY("repository", REPOSITORY), KEY("image", NAME), KEY("name", NAME),
    KEY("registry", REGISTRY),     KEY("tag", TAG),    KEY("version", TAG),
    KEY("digest", DIGEST),         KEY("sha", DIGEST),
};

/* As Helm values have them; `name` is mostly something else there. */
static const struct part_key value_keys[] = {
    KEY("repository", REPOSITORY), KEY("image", NAME),
    KEY("registry", REGISTRY),     KEY("tag", TAG),
    KEY("imageTag", TAG),          KEY("version", TAG),
    KEY("digest", DIGEST),         KEY("sha", DIGEST),
};

/* Entries of a kustomization. */
static const struct part_key kustomize_keys[] = {
    KEY("newName", REPOSITORY), KEY("newTag", TAG), KEY("digest", DIGEST),
};
static const struct part_key kustomize_name_keys[] = {
    KEY("name", REPOSITORY), KEY("newTag", TAG), KEY("digest", DIGEST),
};

#define KEYS(list) (list), sizeof(list) / sizeof((list)[0])

/* A part whose value is null does not exist: nothing can be written there. */
static void
read_parts(const struct irw_image_walk *walk, struct split_map *map)
{
    const struct irw_tree *tree = walk->tree;
    unsigned roles = 0;

    for (size_t i = 0; i < map->key_count; i++) {
        const struct part_key *key = &map->keys[i];
        uint32_t node = irw_own_scalar(tree, map->node, key->key);

        if (node == IRW_NO_NODE)
            continue;
        map->versioned |=
            key->role == IRW_ROLE_TAG || key->role == IRW_ROLE_DIGEST;
        if (roles & 1u << key->role ||
            irw_scalar_is_null(tree, irw_tree_follow(tree, node)))
            continue;
        roles |= 1u << key->role;
        map->weak |= irw_equal(key->key, IRW_STR("version"));
        map->found[map->count] = irw_rest_of(walk, node, 0);
        map->found[map->count++].role = key->role;
    }
    map->parts = irw_parts_read(tree, map->found, map->count);
}

/* Collects the map as one image. */
static void
collect_map(struct irw_image_walk *walk, const struct split_map *map,
            enum imgrw_reason reason, const struct irw_place *place,
            const struct irw_node_path *path)
{
    irw_collect(walk, &(struct irw_found_image){
        .path = path,
        .image_class = place->image_class,
        .parts = map->found,
        .part_count = map->count,
        .reason = reason,
    });
}

void
irw_shape_split(struct irw_image_walk *walk, uint32_t node,
                const struct irw_place *place, const struct irw_node_path *path)
{
    struct split_map map = {KEYS(custom_keys), node, .count = 0};

    if (walk->tree->nodes[node].type != IRW_NODE_MAPPING)
        return;
    read_parts(walk, &map);
    if (map.count > 0)
        collect_map(walk, &map, IMGRW_REASON_NONE, place, path);
}

/* Whether a host keeps sources, which have repositories and tags as well. */
static bool
is_git_host(imgrw_str host)
{
    static const char *const hosts[] = {"github.com", "gitlab.com",
                                        "bitbucket.org", "codeberg.org"};

    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        if (irw_equal_nocase(host, irw_str(hosts[i])))
            return true;
    return false;
}

/* Whether a map among values, under `key`, is an image. A map under a key that
 * is an image's needs a repository and one part more; under another key it must
 * name its registry as well, and a version is no tag there. */
static bool
is_image_map(const struct split_map *map, imgrw_str key)
{
    const imgrw_str *parts = map->parts.at;
    char buffer[IRW_JOINED_MAX];
    imgrw_str text = irw_join(&map->parts, buffer);
    struct imgrw_reference reference;

    if (irw_classify_text(text, &reference) != IMGRW_REASON_NONE)
        return false;
    if (parts[IRW_ROLE_REPOSITORY].size == 0) /* image, with a tag beside it */
        return map->versioned;
    if (irw_is_image_key(key))
        return map->versioned || parts[IRW_ROLE_REGISTRY].size > 0;
    if (reference.registry.size == 0 || is_git_host(reference.registry))
        return false;
    return (map->versioned && !map->weak) || parts[IRW_ROLE_REGISTRY].size > 0;
}

void
irw_shape_values(struct irw_image_walk *walk, uint32_t node,
                 const struct irw_place *place,
                 const struct irw_node_path *path)
{
    const struct irw_tree *tree = walk->tree;
    uint32_t held = irw_tree_follow(tree, node);
    struct split_map map = {KEYS(value_keys), .node = held};
    imgrw_str key;

    if (!path)
        return; /* a whole file is no image */
    key = path->key;
    if (tree->nodes[held].type == IRW_NODE_MAPPING) {
        read_parts(walk, &map);
        if (is_image_map(&map, key))
            collect_map(walk, &map, IMGRW_REASON_NONE, place, path);
    } else if (tree->nodes[held].type == IRW_NODE_SCALAR && key.size > 0 &&
               irw_is_image_key(key) &&
               irw_is_likely_reference(irw_tree_value(tree, held))) {
        irw_collect_part(walk, irw_rest_of(walk, node, 0), place->image_class,
                         path);
    }
}

/* The name that an entry is for: it must go on naming what the run makes of
 * the resources. */
static void
collect_name(struct irw_image_walk *walk, uint32_t entry,
             const struct irw_place *place, const struct irw_node_path *path)
{
    uint32_t name = irw_own_scalar(walk->tree, entry, IRW_STR("name"));
    struct irw_node_path step = {.outer = path, .key = IRW_STR("name")};
    struct irw_part part;
    const struct irw_found_image found = {
        .path = &step,
        .image_class = place->image_class,
        .parts = &part,
        .part_count = 1,
        .is_override_name = true,
    };

    if (name == IRW_NO_NODE ||
        !(walk->search->find & IMGRW_FIND(IMGRW_CLASS_POD)))
        return;
    part = irw_rest_of(walk, name, 0);
    irw_collect(walk, &found);
}

/* An entry of `images:`. With a new name, that is the image; without one, the
 * old name is, with the new tag, and it changes only when the resources do. */
void
irw_shape_kustomize(struct irw_image_walk *walk, uint32_t node,
                    const struct irw_place *place,
                    const struct irw_node_path *path)
{
    struct split_map map = {KEYS(kustomize_keys), .node = node};
    struct split_map named = {KEYS(kustomize_name_keys), .node = node};
    bool pods = walk->search->find & IMGRW_FIND(IMGRW_CLASS_POD);

    if (walk->tree->nodes[node].type != IRW_NODE_MAPPING)
        return;
    read_parts(walk, &map);
    read_parts(walk, &named);
    if (map.parts.at[IRW_ROLE_REPOSITORY].size > 0) {
        collect_name(walk, node, place, path);
        collect_map(walk, &map, IMGRW_REASON_NONE, place, path);
    } else if (named.count > 1) {
        collect_map(walk, &named,
                    pods ? IMGRW_REASON_NONE : IMGRW_REASON_INEXACT, place,
                    path);
    } else {
        collect_name(walk, node, place, path);
    }
}
