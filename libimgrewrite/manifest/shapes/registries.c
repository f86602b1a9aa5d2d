#include "manifest/shapes/registries.h"
#include "base/str.h"
#include "manifest/classify.h"
#include "yaml/scalar.h"

bool
irw_is_registry(const struct irw_tree *tree, uint32_t node)
{
    const struct irw_parts parts = {
        .at[IRW_ROLE_REGISTRY] = irw_tree_text(tree, node),
        .at[IRW_ROLE_NAME] = IRW_STR("name"),
    };
    char buffer[IRW_JOINED_MAX];
    struct imgrw_reference reference;
    enum imgrw_reason reason =
        irw_classify_text(irw_join(&parts, buffer), &reference);

    return parts.at[IRW_ROLE_REGISTRY].size > 0 &&
           !irw_scalar_is_tagged(tree, node) &&
           (reason == IMGRW_REASON_PLACEHOLDER ||
            (reason == IMGRW_REASON_NONE && reference.registry.size > 0));
}

/* Sets a place of the scope to what the map has under one of the keys, which
 * NULL ends. */
static void
note(struct irw_image_walk *walk, struct irw_registry_scope *scope,
     enum irw_registry_place place, uint32_t map, const char *const *keys)
{
    for (; *keys && scope->at[place].node == IRW_NO_NODE; keys++) {
        uint32_t value = irw_own_scalar(walk->tree, map, irw_str(*keys));

        if (value == IRW_NO_NODE ||
            (place != IRW_REGISTRY_NAMESPACE &&
             !irw_is_registry(walk->tree, value)) ||
            (strcmp(*keys, "imageRepository") == 0 &&
             irw_find(irw_tree_text(walk->tree, value), '/') != SIZE_MAX))
            continue; /* with a path, an imageRepository is a name */
        scope->at[place].node = value;
        scope->at[place].way = walk->way;
    }
}

/* The key of Rancher's charts, which all have it, if with "". */
#define RANCHER_KEY "systemDefaultRegistry"

static bool
has_rancher_key(const struct irw_tree *tree, uint32_t map)
{
    return irw_own_scalar(tree, map, IRW_STR(RANCHER_KEY)) != IRW_NO_NODE;
}

/* The mapping under a key of the map itself, or IRW_NO_NODE. Through an alias
 * it is reached in another way, in which the walk is then. */
static uint32_t
enter_map(struct irw_image_walk *walk, uint32_t map, imgrw_str key)
{
    uint32_t value = irw_mapping_find(walk->tree, map, key, &walk->budget);
    uint32_t held;

    if (value == IRW_NO_NODE)
        return IRW_NO_NODE;
    held = irw_tree_follow(walk->tree, value);
    if (held != value)
        walk->way = irw_way_through(walk->way, value);
    return walk->tree->nodes[held].type == IRW_NODE_MAPPING ? held
                                                            : IRW_NO_NODE;
}

/* Notes what the map under a key of `global` has, unless that is an image,
 * which has its own registry. */
static void
note_inside(struct irw_image_walk *walk, struct irw_registry_scope *scope,
            uint32_t global, const char *key, const char *const *keys)
{
    const struct irw_tree *tree = walk->tree;
    struct irw_alias_path outer = walk->way;
    uint32_t map = enter_map(walk, global, irw_str(key));
    bool noted = scope->at[IRW_REGISTRY_GLOBAL_IMAGE].node != IRW_NO_NODE;

    if (map != IRW_NO_NODE && !noted &&
        irw_own_scalar(tree, map, IRW_STR("repository")) == IRW_NO_NODE &&
        irw_own_scalar(tree, map, IRW_STR("name")) == IRW_NO_NODE) {
        scope->of_rancher |= has_rancher_key(tree, map);
        note(walk, scope, IRW_REGISTRY_GLOBAL_IMAGE, map, keys);
        scope->at[IRW_REGISTRY_GLOBAL_IMAGE].inside = key;
    }
    walk->way = outer;
}

static bool
is_set(const struct irw_tree *tree, uint32_t scalar)
{
    return scalar != IRW_NO_NODE && irw_tree_text(tree, scalar).size > 0 &&
           !irw_scalar_is_null(tree, irw_tree_follow(tree, scalar));
}

/* Whether something goes after the tag of an image that the map is for. */
static bool
has_variant(const struct irw_tree *tree, uint32_t map)
{
    return is_set(tree, irw_own_scalar(tree, map, IRW_STR("variant")));
}

/* Notes the tag that images below the hub have. */
static void
note_tag(struct irw_image_walk *walk, struct irw_registry_scope *scope,
         uint32_t global)
{
    const struct irw_tree *tree = walk->tree;
    uint32_t tag = irw_own_scalar(tree, global, IRW_STR("tag"));

    if (scope->at[IRW_REGISTRY_GLOBAL_IMAGE].node != IRW_NO_NODE &&
        is_set(tree, tag) && !has_variant(tree, global))
        scope->at[IRW_REGISTRY_TAG].node = tag;
}

/* Notes what `global` has. */
static void
note_global(struct irw_image_walk *walk, struct irw_registry_scope *scope,
            uint32_t map)
{
    static const char *const registry[] = {"imageRegistry", NULL};
    static const char *const of_image[] = {"registry", NULL};
    static const char *const others[] = {"hub", RANCHER_KEY, NULL};
    struct irw_alias_path outer = walk->way;
    uint32_t global = enter_map(walk, map, IRW_STR("global"));

    if (global != IRW_NO_NODE) {
        scope->of_rancher |= has_rancher_key(walk->tree, global);
        note(walk, scope, IRW_REGISTRY_GLOBAL, global, registry);
        note(walk, scope, IRW_REGISTRY_GLOBAL_IMAGE, global, others);
        note_tag(walk, scope, global);
        note_inside(walk, scope, global, "image", of_image);
        note_inside(walk, scope, global, "cattle", others + 1);
    }
    walk->way = outer;
}

/* Adds the scope, unless nothing is in it. A registry that no image is joined
 * to is collected later, when the path to it is left. */
static void
add_scope(struct irw_image_walk *walk, const struct irw_registries_map *map,
          struct irw_registry_scope *scope)
{
    bool any = scope->of_rancher;

    for (int i = 0; i < IRW_REGISTRY_PLACES; i++)
        any |= scope->at[i].node != IRW_NO_NODE;
    if (!any)
        return;
    scope->path = irw_node_path_copy(map->path, walk->findings->arena);
    walk->failed |= !scope->path && map->path;
    if (irw_is_wanted(walk, map->image_class))
        irw_number_resource(walk);
    scope->resource = walk->resource;
    walk->failed |= !IRW_APPEND(&walk->scopes, *scope);
    walk->scope = walk->failed ? SIZE_MAX : walk->scopes.count - 1;
}

void
irw_registries_enter(struct irw_image_walk *walk,
                     const struct irw_registries_map *map)
{
    static const char *const registries[] = {
        "imageRegistry", "hub", "imageRepository", "registry", RANCHER_KEY,
        "defaultImageRegistry", NULL};
    static const char *const of_image[] = {"imageRegistry", "hub", NULL};
    static const char *const namespaces[] = {"imageNamespace",
                                             "defaultImageRepository", NULL};
    struct irw_registry_scope scope = {
        .map = map->node,
        .image_class = map->image_class,
        .outer = walk->scope,
        .of_rancher = has_rancher_key(walk->tree, map->node),
    };

    for (int i = 0; i < IRW_REGISTRY_PLACES; i++)
        scope.at[i].node = IRW_NO_NODE;
    note(walk, &scope, IRW_REGISTRY_AROUND, map->node,
         map->is_image ? of_image : registries);
    if (scope.at[IRW_REGISTRY_AROUND].node != IRW_NO_NODE)
        note(walk, &scope, IRW_REGISTRY_NAMESPACE, map->node, namespaces);
    note_global(walk, &scope, map->node);
    add_scope(walk, map, &scope);
}

/* Whether the map is around the one that the path leads to. */
static bool
is_around(uint32_t map, const struct irw_node_path *path)
{
    while (path && !(path->key.data && path->map == map))
        path = path->outer;
    return path != NULL;
}

void
irw_registries_leave(struct irw_image_walk *walk,
                     const struct irw_node_path *path)
{
    while (walk->scope != SIZE_MAX &&
           !is_around(walk->scopes.items[walk->scope].map, path))
        walk->scope = walk->scopes.items[walk->scope].outer;
}

/* The scope, from the innermost outwards, that has a registry at a place:
 * the first one or, of those that are global, the last. NULL: none has. */
static const struct irw_registry_scope *
find_scope(const struct irw_image_walk *walk, enum irw_registry_place place)
{
    const struct irw_registry_scope *found = NULL;

    for (size_t i = walk->scope; i != SIZE_MAX;
         i = walk->scopes.items[i].outer) {
        if (walk->scopes.items[i].at[place].node == IRW_NO_NODE)
            continue;
        found = &walk->scopes.items[i];
        if (place == IRW_REGISTRY_AROUND)
            break;
    }
    return found;
}

/* The part of the image for a role, or room for it. */
static struct irw_part *
part_for(struct irw_split_map *map, enum irw_role role)
{
    size_t i = 0;

    while (i < map->count && map->found[i].role != role)
        i++;
    map->count += i == map->count;
    return &map->found[i];
}

void
irw_registries_use(struct irw_image_walk *walk, struct irw_part *part,
                   struct irw_alias_path way)
{
    struct irw_alias_path outer = walk->way;

    part->common = true;
    walk->tree->nodes[part->node].joined = true;
    walk->tree->nodes[irw_tree_follow(walk->tree, part->node)].joined = true;
    walk->way = way;
    irw_remember_use(walk, part->node);
    walk->way = outer;
}

/* Has the part of the image for a role be what the scope has at a place. */
static struct irw_part *
put(struct irw_image_walk *walk, struct irw_split_map *map, enum irw_role role,
    const struct irw_registry_scope *scope, enum irw_registry_place place)
{
    struct irw_part *part = part_for(map, role);

    *part = irw_rest_of(walk, scope->at[place].node, 0);
    part->role = role;
    irw_registries_use(walk, part, scope->at[place].way);
    return part;
}

/* Puts what follows the registry before the name of the image, unless that has
 * a path of its own. */
static void
join_namespace(struct irw_image_walk *walk, struct irw_split_map *map,
               const struct irw_registry_scope *scope)
{
    imgrw_str repository = map->parts.at[IRW_ROLE_REPOSITORY];
    imgrw_str name = map->parts.at[IRW_ROLE_NAME];
    struct irw_part *part;

    if (scope->at[IRW_REGISTRY_NAMESPACE].node == IRW_NO_NODE ||
        irw_find(name.size > 0 ? name : repository, '/') != SIZE_MAX ||
        (name.size > 0 && repository.size > 0))
        return;
    if (name.size == 0)
        part_for(map, IRW_ROLE_REPOSITORY)->role = IRW_ROLE_NAME;
    part = put(walk, map, IRW_ROLE_REPOSITORY, scope, IRW_REGISTRY_NAMESPACE);
    part->common = false;
    part->fixed = true;
}

/* Has a part of the image's own come first, which says where it is. */
static void
put_own_first(struct irw_split_map *map)
{
    struct irw_part first = map->found[0];
    size_t own = 0;

    while (own < map->count &&
           (map->found[own].common || map->found[own].fixed))
        own++;
    if (own == map->count)
        return;
    map->found[0] = map->found[own];
    map->found[own] = first;
}

/* Whether the image is whole without what stands around it: cert-manager puts
 * its registry and its namespace before a name, but not before a repository. */
static bool
is_whole(const struct irw_image_walk *walk, const struct irw_split_map *map,
         const struct irw_registry_scope *scope)
{
    uint32_t space = scope->at[IRW_REGISTRY_NAMESPACE].node;

    return space != IRW_NO_NODE &&
           irw_equal(irw_tree_text(walk->tree, space - 1),
                     IRW_STR("imageNamespace")) &&
           map->parts.at[IRW_ROLE_NAME].size == 0 &&
           irw_find(map->parts.at[IRW_ROLE_REPOSITORY], '/') != SIZE_MAX;
}

/* The scope with the registry for an image, whose place is set, or NULL. */
static const struct irw_registry_scope *
choose(const struct irw_image_walk *walk, bool has_own, bool has_default,
       enum irw_registry_place *place)
{
    static const enum irw_registry_place places[] = {
        IRW_REGISTRY_AROUND, IRW_REGISTRY_GLOBAL, IRW_REGISTRY_GLOBAL_IMAGE};
    size_t i = has_own ? 1 : 0, end = has_own && !has_default ? 2 : 3;
    const struct irw_registry_scope *scope = NULL;

    while (i < end && !(scope = find_scope(walk, places[i])))
        i++;
    *place = places[scope ? i : 0];
    return scope;
}

static bool
is_hub(const struct irw_tree *tree, const struct irw_registry_scope *scope,
       enum irw_registry_place place)
{
    return irw_equal(irw_tree_text(tree, scope->at[place].node - 1),
                     IRW_STR("hub"));
}

/* Puts the tag that stands beside the hub after an image without one. It is
 * that of others as well. */
static void
join_tag(struct irw_image_walk *walk, struct irw_split_map *map)
{
    const struct irw_registry_scope *scope =
        find_scope(walk, IRW_REGISTRY_TAG);
    struct irw_part *part;

    if (!scope ||
        map->parts.at[IRW_ROLE_TAG].size + map->parts.at[IRW_ROLE_DIGEST].size >
            0 ||
        has_variant(walk->tree, map->node))
        return;
    part = part_for(map, IRW_ROLE_TAG);
    *part = irw_rest_of(walk, scope->at[IRW_REGISTRY_TAG].node, 0);
    part->role = IRW_ROLE_TAG;
    part->fixed = true;
}

bool
irw_registries_join(struct irw_image_walk *walk, struct irw_split_map *map,
                    bool has_default)
{
    bool has_own = map->parts.at[IRW_ROLE_REGISTRY].size > 0;
    enum irw_registry_place place;
    const struct irw_registry_scope *scope =
        choose(walk, has_own, has_default, &place);

    if (!scope ||
        (place == IRW_REGISTRY_AROUND && is_whole(walk, map, scope)))
        return false;
    put(walk, map, IRW_ROLE_REGISTRY, scope, place);
    if (place == IRW_REGISTRY_AROUND)
        join_namespace(walk, map, scope);
    if (is_hub(walk->tree, scope, place))
        join_tag(walk, map);
    put_own_first(map);
    return true;
}

bool
irw_registries_cover(const struct irw_image_walk *walk)
{
    enum irw_registry_place place;

    return choose(walk, false, false, &place) != NULL;
}

bool
irw_registries_have_hub(const struct irw_image_walk *walk)
{
    enum irw_registry_place place;
    const struct irw_registry_scope *scope =
        choose(walk, false, false, &place);

    return scope && is_hub(walk->tree, scope, place);
}

bool
irw_registries_of_rancher(const struct irw_image_walk *walk)
{
    size_t i = walk->scope;

    while (i != SIZE_MAX && !walk->scopes.items[i].of_rancher)
        i = walk->scopes.items[i].outer;
    return i != SIZE_MAX;
}

/* Collects the registry at a place of a scope. */
static void
collect(struct irw_image_walk *walk, const struct irw_registry_scope *scope,
        enum irw_registry_place place)
{
    uint32_t node = scope->at[place].node;
    const char *inside = scope->at[place].inside;
    struct irw_node_path global = {.outer = scope->path,
                                   .key = IRW_STR("global")};
    struct irw_node_path map = {.outer = &global, .key = irw_str(inside)};
    struct irw_node_path step = {
        .outer = place == IRW_REGISTRY_AROUND ? scope->path
                 : inside                     ? &map
                                              : &global,
        .key = irw_tree_text(walk->tree, node - 1),
    };
    struct irw_part part = irw_rest_of(walk, node, 0);

    walk->resource = scope->resource;
    walk->way = scope->at[place].way;
    irw_collect(walk, &(struct irw_found_image){
        .path = &step,
        .image_class = scope->image_class,
        .parts = &part,
        .part_count = 1,
        .reason = IMGRW_REASON_BASE,
    });
}

void
irw_registries_collect(struct irw_image_walk *walk)
{
    const struct irw_tree *tree = walk->tree;

    for (size_t i = 0; i < walk->scopes.count && !walk->failed; i++)
        for (int place = 0; place < IRW_REGISTRY_NAMESPACE; place++) {
            const struct irw_registry_scope *scope = &walk->scopes.items[i];
            uint32_t node = scope->at[place].node;

            if (node != IRW_NO_NODE && !tree->nodes[node].joined &&
                (place != IRW_REGISTRY_AROUND ||
                 !irw_equal(irw_tree_text(tree, node - 1),
                            IRW_STR("registry"))))
                collect(walk, scope, (enum irw_registry_place)place);
        }
    walk->scopes.count = 0;
    walk->scope = SIZE_MAX;
}
