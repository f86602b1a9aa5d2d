#include "manifest/fieldspec.h"

#include "base/str.h"
#include "catalog/field_path.h"

/* Whether a field's path may have the key as it is, but for its slashes. */
static bool
is_plain_key(imgrw_str key)
{
    return key.size > 0 && irw_find(key, '*') == SIZE_MAX &&
           irw_find(key, '\\') == SIZE_MAX && key.data[key.size - 1] != ']' &&
           !irw_equal(key, IRW_STR("?")) && !irw_equal(key, IRW_STR("<<"));
}

/* How many bytes the keys take, each with a slash; 0: no field has them. Lists
 * are entered in any case, so that positions are left out. */
static size_t
path_size(const struct irw_node_path *path, const struct irw_node_path *top)
{
    size_t size = 0, keys = 0;

    for (; path != top; path = path->outer) {
        if (!path->key.data)
            continue;
        if (!is_plain_key(path->key) || ++keys > IRW_PATH_MAX)
            return 0;
        size += path->key.size + 1;
        for (size_t i = 0; i < path->key.size; i++)
            size += path->key.data[i] == '/';
    }
    return size;
}

/* Writes the keys so that they end at `at`, the first after a slash; returns
 * where that is. */
static char *
write_keys(const struct irw_node_path *path, const struct irw_node_path *top,
           char *at)
{
    for (; path != top; path = path->outer) {
        for (size_t i = path->key.size; path->key.data && i-- > 0;) {
            *--at = path->key.data[i];
            if (*at == '/')
                *--at = '\\';
        }
        if (path->key.data)
            *--at = '/';
    }
    return at;
}

imgrw_str
irw_fieldspec(const struct irw_resource *head, const struct irw_node_path *path,
              const struct irw_node_path *top, struct irw_arena *arena)
{
    bool kindless = head->kind.size == 0;
    imgrw_str group = kindless ? (imgrw_str){0}
                               : irw_resource_group(head->api_version);
    size_t size = path_size(path, top);
    char *text, *end;

    if (size == 0)
        return IRW_STR("");
    if (!kindless)
        size += group.size + 1 + head->kind.size;
    text = irw_arena_alloc(arena, size);
    if (!text)
        return (imgrw_str){0};
    end = write_keys(path, top, text + size);
    *end = ':'; /* in place of the first slash */
    if (kindless)
        return (imgrw_str){text, size};
    memcpy(end - head->kind.size, head->kind.data, head->kind.size);
    end[-(ptrdiff_t)head->kind.size - 1] = '/';
    if (group.size > 0)
        memcpy(text, group.data, group.size);
    return (imgrw_str){text, size};
}
