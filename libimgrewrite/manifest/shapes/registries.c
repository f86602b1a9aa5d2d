#include "manifest/shapes/registries.h"
#include "base/str.h"
#include "manifest/classify.h"
#include "yaml/scalar.h"

/* Whether a scalar is a registry, with or without a path, to which a name can
 * be joined. One that is filled in later is one as well. */
static bool
is_registry(const struct irw_tree *tree, uint32_t node)
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
             !is_registry(walk->tree, value)))
            continue;
        scope->at[place].node = value;
        scope->at[place].way = walk->way;
    }
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

/* Notes what `global` has. An image there has its own registry. */
static void
note_global(struct irw_image_walk *walk, struct irw_registry_scope *scope,
            uint32_t map)
{
    static const char *const registry[] = {"imageRegistry", NULL};
    static const char *const of_image[] = {"registry", NULL};
    static const char *const hub[] = {"hub", NULL};
    struct irw_alias_path outer = walk->way;
    uint32_t global = enter_map(walk, map, IRW_STR("global")), image;

    if (global != IRW_NO_NODE) {
        note(walk, scope, IRW_REGISTRY_GLOBAL, global, registry);
        note(walk, scope, IRW_REGISTRY_GLOBAL_IMAGE, global, hub);
        image = enter_map(walk, global, IRW_STR("image"));
        if (image != IRW_NO_NODE &&
            irw_own_scalar(walk->tree, image, IRW_STR("repository")) ==
                IRW_NO_NODE &&
            irw_own_scalar(walk->tree, image, IRW_STR("name")) == IRW_NO_NODE)
            note(walk, scope, IRW_REGISTRY_GLOBAL_IMAGE, image, of_image);
    }
    walk->way = outer;
}

void
irw_registries_enter(struct irw_image_walk *walk, uint32_t node, bool around)
{
    static const char *const registries[] = {"imageRegistry", "hub",
                                             "registry", NULL};
    static const char *const own[] = {"imageRegistry", "hub", NULL};
    static const char *const namespaces[] = {"imageNamespace", NULL};
    struct irw_registry_scope scope = {.map = node, .outer = walk->scope};
    bool any = false;

    for (int i = 0; i < IRW_REGISTRY_PLACES; i++)
        scope.at[i].node = IRW_NO_NODE;
    note(walk, &scope, IRW_REGISTRY_AROUND, node, around ? registries : own);
    if (scope.at[IRW_REGISTRY_AROUND].node != IRW_NO_NODE)
        note(walk, &scope, IRW_REGISTRY_NAMESPACE, node, namespaces);
    note_global(walk, &scope, node);
    for (int i = 0; i < IRW_REGISTRY_PLACES; i++)
        any |= scope.at[i].node != IRW_NO_NODE;
    if (!any)
        return;
    walk->scope = walk->scopes.count;
    walk->failed |= !IRW_APPEND(&walk->scopes, scope);
    if (walk->failed)
        walk->scope = SIZE_MAX;
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

/* Has the part of the image for a role be what the scope has at a place. */
static struct irw_part *
put(struct irw_image_walk *walk, struct irw_split_map *map, enum irw_role role,
    const struct irw_registry_scope *scope, enum irw_registry_place place)
{
    struct irw_alias_path outer = walk->way;
    struct irw_part *part = part_for(map, role);

    *part = irw_rest_of(walk, scope->at[place].node, 0);
    part->role = role;
    walk->way = scope->at[place].way;
    irw_remember_use(walk, part->node);
    walk->way = outer;
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

    if (scope->at[IRW_REGISTRY_NAMESPACE].node == IRW_NO_NODE ||
        irw_find(name.size > 0 ? name : repository, '/') != SIZE_MAX ||
        (name.size > 0 && repository.size > 0))
        return;
    if (name.size == 0)
        part_for(map, IRW_ROLE_REPOSITORY)->role = IRW_ROLE_NAME;
    put(walk, map, IRW_ROLE_REPOSITORY, scope, IRW_REGISTRY_NAMESPACE)->fixed =
        true;
}

bool
irw_registries_join(struct irw_image_walk *walk, struct irw_split_map *map)
{
    static const enum irw_registry_place places[] = {
        IRW_REGISTRY_AROUND, IRW_REGISTRY_GLOBAL, IRW_REGISTRY_GLOBAL_IMAGE};
    bool own = map->parts.at[IRW_ROLE_REGISTRY].size > 0;
    const struct irw_registry_scope *scope = NULL;
    size_t i = own ? 1 : 0, end = own ? 2 : 3;

    while (i < end && !(scope = find_scope(walk, places[i])))
        i++;
    if (!scope)
        return false;
    put(walk, map, IRW_ROLE_REGISTRY, scope, places[i])->common = true;
    if (places[i] == IRW_REGISTRY_AROUND)
        join_namespace(walk, map, scope);
    return true;
}
