/*
 * Helm values: maps of the parts of one reference, and references under the
 * keys of images. Values have no schema, so that a map is judged by the keys
 * that stand together in it, and by those that lead to it.
 */
#include "manifest/shapes/values.h"
#include "manifest/classify.h"
#include "manifest/find.h"
#include "manifest/shapes/beside.h"
#include "manifest/shapes/registries.h"
#include "manifest/shapes/shapes.h"
#include "manifest/shapes/split.h"

/* The numbers of the keys. */
enum {
    REPOSITORY,
    REPO,
    IMAGE_REPOSITORY,
    IMAGE_REPO,
    IMAGE,
    IMAGE_NAME,
    REGISTRY, /* from here on, none is that of a name */
    DEFAULT_REGISTRY,
    TAG,
    IMAGE_TAG,
    DIGEST,
    SHA,
    IMAGE_DIGEST,
    PULL_POLICY, /* and these are no parts */
    IMAGE_PULL_POLICY,
    USE_DIGEST,
    ARGS,
    COMMAND,
    ENV_FROM,
    LIVENESS_PROBE,
    READINESS_PROBE,
    VOLUME_MOUNTS,
    GLOBAL, /* these hold registries for other maps; see registries.h */
    IMAGE_REGISTRY,
    HUB,
    IMAGE_NAMESPACE,
    SYSTEM_DEFAULT_REGISTRY,
    DEFAULT_IMAGE_REGISTRY,
    VERSION, /* of anything, at the root */
    RELEASE, /* a tag under the keys of images only */
    NAME,    /* the same, where it is no label */
    KEY_COUNT
};

static const struct irw_part_key keys[KEY_COUNT] = {
    [REPOSITORY] = IRW_PART_KEY("repository", REPOSITORY),
    [REPO] = IRW_PART_KEY("repo", REPOSITORY),
    [IMAGE_REPOSITORY] = IRW_PART_KEY("imageRepository", REPOSITORY),
    [IMAGE_REPO] = IRW_PART_KEY("imageRepo", REPOSITORY),
    [IMAGE] = IRW_PART_KEY("image", NAME),
    [IMAGE_NAME] = IRW_PART_KEY("imageName", NAME),
    [REGISTRY] = IRW_PART_KEY("registry", REGISTRY),
    [DEFAULT_REGISTRY] = IRW_PART_KEY("defaultRegistry", REGISTRY),
    [TAG] = IRW_PART_KEY("tag", TAG),
    [IMAGE_TAG] = IRW_PART_KEY("imageTag", TAG),
    [DIGEST] = IRW_PART_KEY("digest", DIGEST),
    [SHA] = IRW_PART_KEY("sha", DIGEST),
    [IMAGE_DIGEST] = IRW_PART_KEY("imageDigest", DIGEST),
    [PULL_POLICY] = IRW_PART_KEY("pullPolicy", WHOLE),
    [IMAGE_PULL_POLICY] = IRW_PART_KEY("imagePullPolicy", WHOLE),
    [USE_DIGEST] = IRW_PART_KEY("useDigest", WHOLE),
    [ARGS] = IRW_PART_KEY("args", WHOLE),
    [COMMAND] = IRW_PART_KEY("command", WHOLE),
    [ENV_FROM] = IRW_PART_KEY("envFrom", WHOLE),
    [LIVENESS_PROBE] = IRW_PART_KEY("livenessProbe", WHOLE),
    [READINESS_PROBE] = IRW_PART_KEY("readinessProbe", WHOLE),
    [VOLUME_MOUNTS] = IRW_PART_KEY("volumeMounts", WHOLE),
    [GLOBAL] = IRW_PART_KEY("global", WHOLE),
    [IMAGE_REGISTRY] = IRW_PART_KEY("imageRegistry", WHOLE),
    [HUB] = IRW_PART_KEY("hub", WHOLE),
    [IMAGE_NAMESPACE] = IRW_PART_KEY("imageNamespace", WHOLE),
    [SYSTEM_DEFAULT_REGISTRY] = IRW_PART_KEY("systemDefaultRegistry", WHOLE),
    [DEFAULT_IMAGE_REGISTRY] = IRW_PART_KEY("defaultImageRegistry", WHOLE),
    [VERSION] = IRW_PART_KEY("version", TAG),
    [RELEASE] = IRW_PART_KEY("release", TAG),
    [NAME] = IRW_PART_KEY("name", NAME),
};

#define BIT(key) (1u << (key))
#define PLAIN (BIT(REPOSITORY) | BIT(REPO))
#define FLAT (BIT(IMAGE_REPOSITORY) | BIT(IMAGE_REPO) | BIT(IMAGE_NAME))
#define NAMES (PLAIN | FLAT | BIT(IMAGE))
#define TAGS \
    (BIT(TAG) | BIT(IMAGE_TAG) | BIT(DIGEST) | BIT(SHA) | BIT(IMAGE_DIGEST))
#define VERSIONS (TAGS | BIT(VERSION) | BIT(RELEASE))
#define POLICIES (BIT(PULL_POLICY) | BIT(IMAGE_PULL_POLICY))
#define OF_CONTAINERS \
    (BIT(ARGS) | BIT(COMMAND) | BIT(ENV_FROM) | BIT(LIVENESS_PROBE) | \
     BIT(READINESS_PROBE) | BIT(VOLUME_MOUNTS))
#define FOR_OTHERS \
    (BIT(GLOBAL) | BIT(IMAGE_REGISTRY) | BIT(HUB) | BIT(IMAGE_NAMESPACE) | \
     BIT(IMAGE_REPOSITORY) | BIT(SYSTEM_DEFAULT_REGISTRY) | \
     BIT(DEFAULT_IMAGE_REGISTRY))

bool
irw_is_values_key(imgrw_str key)
{
    for (unsigned i = 0; i < KEY_COUNT; i++)
        if ((BIT(i) & (NAMES | FOR_OTHERS) ||
             keys[i].role == IRW_ROLE_REGISTRY) && irw_equal(keys[i].key, key))
            return true;
    return false;
}

/* A map among values that may be an image. */
struct candidate {
    struct irw_split_map map;
    const struct irw_node_path *path; /* NULL: it is the root */
    struct imgrw_reference reference; /* of which the sizes count */
    bool inside; /* its key, or one around it, is one for images */
    bool of_sources; /* its registry is a host of sources */
    bool of_rancher; /* the chart is one of Rancher */
    bool unpinned; /* the chart is told not to use digests */
    bool is_below;   /* its key is one for an image, and a registry around it is
                        for all images that have none */
};

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

/* Whether a key on the way is one for an image or for several. */
static bool
is_inside(const struct irw_node_path *path)
{
    for (; path; path = path->outer)
        if (irw_is_image_key(irw_node_path_key(path)) ||
            irw_is_images_key(irw_node_path_key(path)))
            return true;
    return false;
}

static bool
has_path(imgrw_str repository)
{
    return irw_find(repository, '/') != SIZE_MAX;
}

/* Whether a name is only the host of a registry, to which a chart appends the
 * names of images. */
static bool
is_host_alone(const struct imgrw_reference *reference)
{
    return reference->registry.size == 0 && !has_path(reference->repository) &&
           irw_find(reference->repository, '.') != SIZE_MAX;
}

static bool
has_registry_part(const struct candidate *candidate)
{
    return candidate->map.parts.at[IRW_ROLE_REGISTRY].size > 0;
}

/* A map under a key of images needs little more than a name. */
static bool
is_image_inside(const struct candidate *candidate)
{
    const struct irw_split_map *map = &candidate->map;

    if (map->seen & POLICIES || candidate->reference.registry.size > 0 ||
        has_registry_part(candidate) ||
        (candidate->is_below && !(map->used & BIT(VERSION))))
        return true;
    if (map->used & BIT(NAME)) /* may be a machine's, which has a version */
        return has_path(candidate->reference.repository) ||
               (map->used & TAGS && candidate->reference.tag.size > 0);
    return map->seen & VERSIONS;
}

/* A map with a repository under another key: it must name a registry and a tag,
 * of which a version is none, or have what only images have. At the root of a
 * file nothing says of what a repository and a tag are. */
static bool
is_repository_of_image(const struct candidate *candidate)
{
    const struct irw_split_map *map = &candidate->map;
    const struct imgrw_reference *reference = &candidate->reference;

    if (candidate->of_sources)
        return false;
    if (map->seen & POLICIES || reference->digest.size > 0)
        return true;
    if (map->seen & TAGS && has_path(reference->repository) &&
        (reference->tag.size == 0 || candidate->of_rancher))
        return true;
    return candidate->path && reference->registry.size > 0 &&
           (map->seen & TAGS || map->used & BIT(IMAGE) ||
            has_registry_part(candidate));
}

/* Whether a map with `image` is a container: an item of a list of them, or with
 * a key that only containers have. */
static bool
is_container(const struct candidate *candidate)
{
    const struct irw_node_path *path = candidate->path;

    return candidate->map.seen & OF_CONTAINERS ||
           (path && !path->key.data && path->outer &&
            (irw_ends_with(path->outer->key, IRW_STR("ontainers")) ||
             irw_ends_with(path->outer->key, IRW_STR("idecars"))));
}

/* A map whose keys say themselves that they are of an image: `{image, tag}`,
 * `{imageRepository, imageTag}`. */
static bool
is_flat_image(const struct candidate *candidate)
{
    const struct irw_split_map *map = &candidate->map;

    if (map->seen & (TAGS | POLICIES))
        return true;
    if (candidate->reference.registry.size > 0 &&
        (map->used & FLAT || has_registry_part(candidate)))
        return true;
    return map->used & BIT(IMAGE) &&
           (map->seen & BIT(VERSION) || is_container(candidate));
}

static bool
is_image_map(struct candidate *candidate)
{
    const struct irw_split_map *map = &candidate->map;
    struct imgrw_reference_buffer filled;
    char buffer[IRW_JOINED_MAX];
    imgrw_str text = irw_join(&map->parts, buffer);

    if (!irw_may_be_reference(text, &filled, &candidate->reference) ||
        is_host_alone(&candidate->reference))
        return false;
    candidate->of_sources = is_git_host(candidate->reference.registry);
    if (candidate->inside && is_image_inside(candidate))
        return true;
    if (map->used & PLAIN)
        return is_repository_of_image(candidate);
    return map->used & NAMES && !irw_is_file(text) && is_flat_image(candidate);
}

/* Whether `name` is that of the image, and not a label: where there is no other
 * name; and, in a map that is an image, after a repository that is the group of
 * the image. That has one component, or a slash at its end, or a key for its
 * registry beside it (Strimzi). */
static bool
is_named(const struct candidate *candidate)
{
    imgrw_str group = candidate->map.parts.at[IRW_ROLE_REPOSITORY];
    bool is_group = candidate->map.seen & BIT(REGISTRY);
    struct imgrw_reference reference;

    if (candidate->map.parts.at[IRW_ROLE_NAME].size > 0)
        return false;
    if (irw_ends_with(group, IRW_STR("/"))) {
        group.size--;
        is_group = true;
    }
    return group.size == 0 ||
           (irw_is_image_key(irw_node_path_key(candidate->path)) &&
            irw_classify_text(group, &reference) == IMGRW_REASON_NONE &&
            reference.tag.size == 0 &&
            (is_group || !has_path(reference.repository)));
}

/* Reads the parts. What a map holds under `name` or `release` is mostly
 * something else, so these count only under the keys of images. */
static void
read_parts(const struct irw_image_walk *walk, struct candidate *candidate)
{
    struct irw_split_map *map = &candidate->map;

    map->key_count = candidate->path ? RELEASE : VERSION;
    irw_split_read(walk, map);
    if (!candidate->inside)
        return;
    map->key_count = is_named(candidate) ? KEY_COUNT : NAME;
    irw_split_read(walk, map);
}

/* The key of the image's name. */
static imgrw_str
name_key(const struct candidate *candidate)
{
    unsigned used = candidate->map.used, key = REPOSITORY;

    while (key < REGISTRY && !(used & BIT(key)))
        key++;
    return keys[key < REGISTRY ? key : (unsigned)NAME].key;
}

/* Whether the map around the name may hold more than the image. */
static bool
is_flat(const struct candidate *candidate)
{
    return !candidate->path ||
           !(candidate->inside || candidate->map.used & PLAIN);
}

/* Whether the chart puts a path before the name, by itself: `name` without one
 * stands beside an empty repository. */
static bool
lacks_repository(const struct candidate *candidate)
{
    const struct irw_split_map *map = &candidate->map;

    return map->used & BIT(NAME) && map->seen & (PLAIN | FLAT) &&
           !(map->used & (PLAIN | FLAT)) && !has_registry_part(candidate) &&
           !has_path(map->parts.at[IRW_ROLE_NAME]);
}

/* Whether the name stands below a registry that the chart puts before it: it is
 * no whole reference, and no container's, which is one. */
static bool
is_below_registry(const struct candidate *candidate)
{
    const imgrw_str *parts = candidate->map.parts.at;

    for (unsigned role = IRW_ROLE_REPOSITORY; role <= IRW_ROLE_NAME; role++)
        if (irw_find(parts[role], ':') != SIZE_MAX ||
            irw_find(parts[role], '@') != SIZE_MAX)
            return false;
    return (candidate->reference.registry.size == 0 ||
            has_registry_part(candidate)) &&
           !is_container(candidate);
}

/* Whether a reference by itself is an image, by the keys that lead to it. A key
 * with a blank is prose. */
static bool
is_image_scalar(imgrw_str text, const struct irw_node_path *path)
{
    imgrw_str key = irw_node_path_key(path);

    if (irw_is_image_key(key))
        return irw_is_likely_reference(text);
    return irw_is_certain_reference(text) &&
           ((irw_mentions_image(key) && irw_find(key, ' ') == SIZE_MAX) ||
            is_inside(path));
}

/* Whether the image is one scalar, which is found where it stands, whether or
 * not its registry makes all of the map one of an image. */
static bool
is_all_in_name(const struct candidate *candidate,
               const struct irw_node_path *name)
{
    const struct irw_parts *parts = &candidate->map.parts;
    char buffer[IRW_JOINED_MAX];

    return candidate->map.count == 1 && !is_flat(candidate) &&
           is_image_scalar(irw_join(parts, buffer), name);
}

/* Whether an `image` of Istio's is whole, whatever stands beside it; then it is
 * found where it stands. */
static bool
is_whole_of_hub(const struct irw_image_walk *walk,
                const struct candidate *candidate)
{
    return candidate->map.used & BIT(IMAGE) &&
           !(candidate->map.used & (PLAIN | FLAT | BIT(REGISTRY))) &&
           has_path(candidate->map.parts.at[IRW_ROLE_NAME]) &&
           irw_registries_have_hub(walk);
}

/* Leaves out a digest that the chart is told not to use (Cilium). */
static void
drop_unused_digest(const struct irw_image_walk *walk,
                   struct candidate *candidate)
{
    struct irw_split_map *map = &candidate->map;
    uint32_t use = map->seen & BIT(USE_DIGEST)
                       ? irw_own_scalar(walk->tree, map->node,
                                        keys[USE_DIGEST].key)
                       : IRW_NO_NODE;
    size_t i = 0;

    candidate->unpinned =
        use != IRW_NO_NODE &&
        irw_equal(irw_tree_text(walk->tree, use), IRW_STR("false"));
    if (!candidate->unpinned)
        return;
    while (i < map->count && map->found[i].role != IRW_ROLE_DIGEST)
        i++;
    if (i < map->count)
        map->found[i] = map->found[--map->count];
    map->parts.at[IRW_ROLE_DIGEST] = (imgrw_str){0};
}

/* Adds a digest that the image has in some cases, so that its version cannot
 * change without that. */
static void
add_pin(const struct irw_image_walk *walk, struct candidate *candidate)
{
    struct irw_split_map *map = &candidate->map;
    struct irw_entries entries = irw_entries(walk->tree, map->node);
    uint32_t key, value;

    if (is_flat(candidate) || candidate->unpinned)
        return;
    while (irw_entries_next(&entries, &key, &value)) {
        imgrw_str name = irw_tree_text(walk->tree, key);

        if (!irw_is_scalar(walk->tree, value) ||
            irw_equal(name, keys[IMAGE_DIGEST].key) ||
            !irw_is_pin(name, irw_tree_text(walk->tree, value)))
            continue;
        map->found[map->count] = irw_rest_of(walk, value, 0);
        map->found[map->count++].role = IRW_ROLE_PIN;
        return;
    }
}

/* Visits a map as the parts of one image, and as one that may have a registry
 * for others. */
static void
visit_parts(struct irw_image_walk *walk, uint32_t node,
            const struct irw_place *place, const struct irw_node_path *path)
{
    struct candidate candidate = {
        .map = {.keys = keys, .node = node},
        .path = path,
        .inside = is_inside(path),
    };
    struct irw_node_path step = {.outer = path, .map = node};
    bool image, joined;

    read_parts(walk, &candidate);
    drop_unused_digest(walk, &candidate);
    irw_registries_leave(walk, path);
    candidate.of_rancher = irw_registries_of_rancher(walk);
    candidate.is_below = path && irw_is_image_key(path->key) &&
                         irw_registries_cover(walk);
    image = is_image_map(&candidate);
    step.key = name_key(&candidate);
    if (candidate.map.seen & FOR_OTHERS ||
        (candidate.map.used & BIT(REGISTRY) && !image))
        irw_registries_enter(walk, &(struct irw_registries_map){
            .node = node,
            .path = path,
            .image_class = place->image_class,
            .is_image = image,
        });
    if (!image || is_all_in_name(&candidate, &step) ||
        is_whole_of_hub(walk, &candidate))
        return;
    joined = is_below_registry(&candidate) &&
             irw_registries_join(walk, &candidate.map,
                                 candidate.map.used & BIT(DEFAULT_REGISTRY));
    add_pin(walk, &candidate);
    irw_split_collect(walk, &candidate.map,
                      lacks_repository(&candidate) && !joined
                          ? IMGRW_REASON_INEXACT
                          : IMGRW_REASON_NONE,
                      place, is_flat(&candidate) ? &step : path);
}

/* Collects an image whose parts stand beside each other, if it is one; `path`
 * leads to its name. */
static void
collect_beside(struct irw_image_walk *walk, struct candidate *candidate,
               const struct irw_place *place)
{
    struct imgrw_reference_buffer filled;
    char buffer[IRW_JOINED_MAX];
    imgrw_str text = irw_join(&candidate->map.parts, buffer);

    if (!irw_may_be_reference(text, &filled, &candidate->reference) ||
        is_host_alone(&candidate->reference))
        return;
    if (is_below_registry(candidate))
        irw_registries_join(walk, &candidate->map, false);
    irw_split_collect(walk, &candidate->map, IMGRW_REASON_NONE, place,
                      candidate->path);
}

/* Visits a map as one with the parts of several images. */
static void
visit_beside(struct irw_image_walk *walk, uint32_t node,
             const struct irw_place *place, const struct irw_node_path *path)
{
    struct irw_entries entries = irw_entries(walk->tree, node);
    struct irw_node_path step = {.outer = path, .map = node};
    struct irw_beside beside = {.keys = {NULL, 0, 0}};
    uint32_t key, value;

    walk->failed |= !irw_beside_list(walk->tree, node, &beside);
    while (beside.keys.count > 0 && irw_entries_next(&entries, &key, &value)) {
        struct candidate candidate = {.map = {.node = node}, .path = &step};

        step.key = irw_tree_text(walk->tree, key);
        if (irw_beside_is_name(step.key) && irw_is_scalar(walk->tree, value) &&
            irw_beside_read(walk, &beside, step.key, value, &candidate.map))
            collect_beside(walk, &candidate, place);
    }
    irw_beside_clear(&beside);
}

/* Whether a string may be a document. A line in which blanks are before the
 * first colon is prose, and one among arguments is for a shell. */
static bool
is_document(imgrw_str text, const struct irw_node_path *path)
{
    size_t colon = irw_find(text, ':');

    if (colon == SIZE_MAX ||
        (!path->key.data && path->outer &&
         irw_is_command_key(irw_node_path_key(path->outer))))
        return false;
    return text.data[0] == '{' || text.data[0] == '[' ||
           irw_find(text, '\n') != SIZE_MAX ||
           irw_find(irw_slice(text, 0, colon), ' ') == SIZE_MAX;
}

/* Collects an `image` of Istio's, if it is one: a name alone below a hub, or a
 * whole reference, which need not look like one. */
static bool
collect_of_hub(struct irw_image_walk *walk, uint32_t node,
               const struct irw_place *place, const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, node);
    struct irw_split_map map = {.node = path->map, .count = 1};
    struct imgrw_reference reference;

    if (!irw_equal(path->key, IRW_STR("image")) ||
        irw_classify_scalar(walk->tree, irw_tree_follow(walk->tree, node),
                            &reference) != IMGRW_REASON_NONE ||
        walk->tree->nodes[node].claimed || walk->tree->nodes[node].counted)
        return false;
    irw_registries_leave(walk, path);
    if (!irw_registries_have_hub(walk) ||
        (!has_path(text) && text.size > reference.repository.size))
        return false;
    map.found[0] = irw_rest_of(walk, node, 0);
    if (!has_path(text)) {
        map.found[0].role = IRW_ROLE_NAME;
        map.parts = irw_parts_read(walk->tree, map.found, map.count);
        irw_registries_join(walk, &map, false);
    }
    irw_split_collect(walk, &map, IMGRW_REASON_NONE, place, path);
    return true;
}

static void
visit_scalar(struct irw_image_walk *walk, uint32_t node,
             const struct irw_place *place, const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, node);

    if (walk->scope != SIZE_MAX && collect_of_hub(walk, node, place, path))
        return;
    if (is_image_scalar(text, path))
        irw_collect_part(walk, irw_rest_of(walk, node, 0), place->image_class,
                         path);
    else if (node != walk->resource.root && is_document(text, path))
        irw_embedded_add(walk, node, place->image_class, path);
}

/* A list may be one of variables or, under such a key, one of arguments. */
static void
visit_items(struct irw_image_walk *walk, uint32_t node,
            const struct irw_place *place, const struct irw_node_path *path)
{
    if (irw_is_command_key(irw_node_path_key(path)))
        irw_shape_arguments(walk, node, place, path);
    irw_shape_environment(walk, node, place, path);
}

void
irw_shape_values(struct irw_image_walk *walk, uint32_t node,
                 const struct irw_place *place,
                 const struct irw_node_path *path)
{
    uint32_t held = irw_tree_follow(walk->tree, node);

    if (walk->tree->nodes[held].type == IRW_NODE_MAPPING) {
        visit_parts(walk, held, place, path);
        visit_beside(walk, held, place, path);
    } else if (path && walk->tree->nodes[held].type == IRW_NODE_SCALAR) {
        visit_scalar(walk, node, place, path);
    } else if (path) {
        visit_items(walk, held, place, path);
    }
}
