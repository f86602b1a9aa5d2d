/*
 * The keys are put into order once for a map, so that one of very many images
 * is read in little more time than it takes to read its keys.
 */
#include "manifest/shapes/beside.h"
#include "base/str.h"
#include "manifest/classify.h"
#include "yaml/scalar.h"

#include <stdlib.h>

bool
irw_beside_is_name(imgrw_str key)
{
    return key.size > sizeof("image") - 1 && irw_is_image_key(key);
}

/* Whether the key is that of a part: the key of a name and, in its spelling,
 * the word for the part. Then `*found` has both. */
static bool
is_part_key(imgrw_str key, struct irw_beside_key *found)
{
    static const struct {
        const char *end, *word; /* the end of the name is a part of the whole */
        enum irw_role role;
    } ends[] = {
        {"ImageRegistry", "Registry", IRW_ROLE_REGISTRY},
        {"ImageTag", "Tag", IRW_ROLE_TAG},
        {"ImageDigest", "Digest", IRW_ROLE_DIGEST},
        {"_image_registry", "_registry", IRW_ROLE_REGISTRY},
        {"_image_tag", "_tag", IRW_ROLE_TAG},
        {"_image_digest", "_digest", IRW_ROLE_DIGEST},
        {"-image-registry", "-registry", IRW_ROLE_REGISTRY},
        {"-image-tag", "-tag", IRW_ROLE_TAG},
        {"-image-digest", "-digest", IRW_ROLE_DIGEST},
    };

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (irw_ends_with(key, irw_str(ends[i].end))) {
            found->name = irw_slice(key, 0, key.size - strlen(ends[i].word));
            found->role = ends[i].role;
            return irw_beside_is_name(found->name);
        }
    return false;
}

/* By name and role, and then as they are written. */
static int
by_name(const void *one, const void *other)
{
    const struct irw_beside_key *a = one, *b = other;
    int order = irw_compare(a->name, b->name);

    if (order == 0)
        order = (a->role > b->role) - (a->role < b->role);
    return order != 0 ? order : (a->value > b->value) - (a->value < b->value);
}

static bool
has_name(const struct irw_tree *tree, uint32_t node)
{
    struct irw_entries entries = irw_entries(tree, node);
    uint32_t key, value;

    while (irw_entries_next(&entries, &key, &value))
        if (irw_beside_is_name(irw_tree_text(tree, key)))
            return true;
    return false;
}

bool
irw_beside_list(const struct irw_tree *tree, uint32_t node,
                struct irw_beside *beside)
{
    struct irw_entries entries = irw_entries(tree, node);
    struct irw_beside_key found;
    uint32_t key;

    if (!has_name(tree, node))
        return true;
    while (irw_entries_next(&entries, &key, &found.value))
        if (irw_is_scalar(tree, found.value) &&
            is_part_key(irw_tree_text(tree, key), &found) &&
            !IRW_APPEND(&beside->keys, found))
            return false;
    if (beside->keys.count > 1)
        qsort(beside->keys.items, beside->keys.count,
              sizeof(*beside->keys.items), by_name);
    return true;
}

void
irw_beside_clear(struct irw_beside *beside)
{
    free(beside->keys.items);
    *beside = (struct irw_beside){.keys = {NULL, 0, 0}};
}

/* Adds a part, unless it is null. Of equal keys the last one counts. */
static void
add_part(const struct irw_image_walk *walk, uint32_t value, enum irw_role role,
         struct irw_split_map *map)
{
    size_t at = map->count;

    if (irw_scalar_is_null(walk->tree, irw_tree_follow(walk->tree, value)))
        return;
    if (at > 0 && map->found[at - 1].role == role)
        at--;
    map->found[at] = irw_rest_of(walk, value, 0);
    map->found[at].role = role;
    map->count = at + 1;
}

bool
irw_beside_read(const struct irw_image_walk *walk,
                const struct irw_beside *beside, imgrw_str key, uint32_t value,
                struct irw_split_map *map)
{
    const struct irw_beside_key *keys = beside->keys.items;
    size_t count = beside->keys.count, at;

    map->count = 0;
    add_part(walk, value, IRW_ROLE_REPOSITORY, map);
    if (count == 0 || map->count == 0)
        return false;
    IRW_LOWER_BOUND(at, count, irw_compare(keys[at].name, key) < 0);
    if (at == count || !irw_equal(keys[at].name, key))
        return false;
    for (; at < count && irw_equal(keys[at].name, key); at++)
        add_part(walk, keys[at].value, keys[at].role, map);
    map->parts = irw_parts_read(walk->tree, map->found, map->count);
    return true;
}
