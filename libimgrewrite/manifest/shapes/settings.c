/*
 * Single values of a chart, each with its path as a name: a list of
 * {name: image.repository, value: REPOSITORY}, or a map of the same. Those
 * whose paths differ in the last key alone are what a map would be among
 * values.
 */
#include "base/list.h"
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/reference_parts.h"
#include "manifest/shapes/registries.h"
#include "manifest/shapes/shapes.h"
#include "yaml/scalar.h"

#include <stdlib.h>

struct setting {
    imgrw_str above, key; /* of its path: all but the last key, and that */
    uint32_t value;       /* a scalar, or an alias of one */
    uint32_t index;       /* in the list */
    uint32_t map;         /* that has it */
    struct irw_alias_path way; /* to it */
};

/* Where registries for several images stand, in turn, as registries.h has
 * them. */
static const struct {
    const char *above, *key;
} registry_paths[] = {
    {"", "imageRegistry"},
    {"", "hub"},
    {"", "systemDefaultRegistry"},
    {"global.", "imageRegistry"},
    {"global.image.", "registry"},
    {"global.", "hub"},
    {"global.", "systemDefaultRegistry"},
    {"global.cattle.", "systemDefaultRegistry"},
};

#define REGISTRY_PATHS (sizeof(registry_paths) / sizeof(registry_paths[0]))

/* All of a list or a map. */
struct settings {
    struct irw_image_walk *walk;
    const struct irw_place *place;
    const struct irw_node_path *path;
    bool listed;
    IRW_LIST(struct setting) all;
    const struct setting *global; /* the registry of all images; NULL: none */
    const struct setting *registry; /* that of those that have none */
    const struct setting *registries[REGISTRY_PATHS]; /* each of them */
    const struct setting *tag; /* of images below a hub; NULL: none */
};

/* Takes the last key off a path. A dot after a backslash is a part of a key. */
static void
split_path(imgrw_str path, struct setting *setting)
{
    size_t at = path.size;

    while (at > 0 && (path.data[at - 1] != '.' ||
                      (at > 1 && path.data[at - 2] == '\\')))
        at--;
    setting->above = irw_slice(path, 0, at);
    setting->key = irw_slice(path, at, path.size);
}

static void
add_setting(struct settings *settings, imgrw_str path, struct setting setting)
{
    const struct irw_tree *tree = settings->walk->tree;

    setting.way = settings->walk->way;
    split_path(path, &setting);
    if (setting.key.size > 0 &&
        !irw_scalar_is_null(tree, irw_tree_follow(tree, setting.value)))
        settings->walk->failed |= !IRW_APPEND(&settings->all, setting);
}

static void
read_list(struct settings *settings, uint32_t node)
{
    struct irw_image_walk *walk = settings->walk;
    const struct irw_tree *tree = walk->tree;
    struct irw_items items = irw_items(tree, node);
    struct irw_alias_path outer = walk->way;
    struct setting setting;
    uint32_t item;

    while (irw_items_next(&items, &item, &setting.index)) {
        uint32_t pair = irw_tree_follow(tree, item);
        uint32_t name = irw_own_scalar(tree, pair, IRW_STR("name"));

        setting.map = pair;
        setting.value = irw_own_scalar(tree, pair, IRW_STR("value"));
        if (name == IRW_NO_NODE || setting.value == IRW_NO_NODE)
            continue;
        if (pair != item)
            walk->way = irw_way_through(outer, item);
        add_setting(settings, irw_tree_text(tree, name), setting);
        walk->way = outer;
    }
}

static void
read_map(struct settings *settings, uint32_t node)
{
    const struct irw_tree *tree = settings->walk->tree;
    struct irw_entries entries = irw_entries(tree, node);
    struct setting setting = {.map = node};
    uint32_t key;

    while (irw_entries_next(&entries, &key, &setting.value))
        if (irw_is_scalar(tree, key) && irw_is_scalar(tree, setting.value))
            add_setting(settings, irw_tree_text(tree, key), setting);
}

/* Orders by what is above, and then as they are written. */
static int
by_path(const void *one, const void *other)
{
    const struct setting *a = one, *b = other;
    int order = irw_compare(a->above, b->above);

    return order != 0 ? order : (a->value > b->value) - (a->value < b->value);
}

/* The settings with the same path above them, and the parts of a reference that
 * are among them. */
struct group {
    const struct setting *settings;
    size_t count;
    const struct setting *by_role[IRW_ROLE_COUNT];
};

/* Digests beside the others, unless the chart is told not to use any. */
static void
read_pins(const struct irw_tree *tree, struct group *group)
{
    bool unused = false;

    for (size_t i = 0; i < group->count; i++) {
        const struct setting *setting = &group->settings[i];
        imgrw_str text = irw_tree_text(tree, setting->value);

        if (irw_is_pin(setting->key, text))
            group->by_role[IRW_ROLE_PIN] = setting;
        unused |= irw_equal(setting->key, IRW_STR("useDigest")) &&
                  irw_equal(text, IRW_STR("false"));
    }
    if (unused)
        group->by_role[IRW_ROLE_DIGEST] = group->by_role[IRW_ROLE_PIN] = NULL;
}

static void
read_group(const struct irw_tree *tree, struct group *group)
{
    static const struct {
        const char *key;
        enum irw_role role;
    } roles[] = {
        {"registry", IRW_ROLE_REGISTRY}, {"repository", IRW_ROLE_REPOSITORY},
        {"image", IRW_ROLE_NAME},        {"tag", IRW_ROLE_TAG},
        {"imageTag", IRW_ROLE_TAG},      {"digest", IRW_ROLE_DIGEST},
    };

    for (size_t i = 0; i < group->count; i++)
        for (size_t k = 0; k < sizeof(roles) / sizeof(roles[0]); k++)
            if (irw_equal(group->settings[i].key, irw_str(roles[k].key)))
                group->by_role[roles[k].role] = &group->settings[i];
    read_pins(tree, group);
}

/* Collects the setting, with `count` parts of which it is the first. */
static void
collect_setting(struct settings *settings, const struct setting *setting,
                const struct irw_part *parts, size_t count,
                enum imgrw_reason reason)
{
    struct irw_alias_path outer = settings->walk->way;
    struct irw_node_path item = {.outer = settings->path,
                                 .index = setting->index};
    struct irw_node_path step = {
        .outer = settings->listed ? &item : settings->path,
        .key = IRW_STR("value"),
        .map = setting->map,
    };
    imgrw_str path = {setting->above.data,
                      setting->above.size + setting->key.size};

    if (!settings->listed)
        step.key = path;
    settings->walk->way = setting->way;
    irw_collect(settings->walk, &(struct irw_found_image){
        .path = &step,
        .image_class = settings->place->image_class,
        .parts = parts,
        .part_count = count,
        .reason = reason,
    });
    settings->walk->way = outer;
}

/* The last setting with a path; NULL: there is none. */
static const struct setting *
find_setting(const struct settings *settings, const char *above,
             const char *key)
{
    for (size_t i = settings->all.count; i-- > 0;) {
        const struct setting *setting = &settings->all.items[i];

        if (irw_equal(setting->above, irw_str(above)) &&
            irw_equal(setting->key, irw_str(key)) &&
            irw_tree_text(settings->walk->tree, setting->value).size > 0)
            return setting;
    }
    return NULL;
}

/* The same, if it is a registry. */
static const struct setting *
find_registry(const struct settings *settings, const char *above,
              const char *key)
{
    const struct setting *found = find_setting(settings, above, key);

    return found && irw_is_registry(settings->walk->tree, found->value) ? found
                                                                        : NULL;
}

static void
find_registries(struct settings *settings)
{
    settings->global = find_registry(settings, "global.", "imageRegistry");
    for (size_t i = 0; i < REGISTRY_PATHS; i++) {
        settings->registries[i] = find_registry(
            settings, registry_paths[i].above, registry_paths[i].key);
        if (!settings->registry)
            settings->registry = settings->registries[i];
    }
    if (!find_setting(settings, "global.", "variant"))
        settings->tag = find_setting(settings, "global.", "tag");
}

/* Whether what is above the parts, or what they say, is of an image: another
 * thing may have a repository as well. */
static bool
is_image_group(const struct group *group, imgrw_str text)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference reference;

    return irw_may_be_reference(text, &buffer, &reference) &&
           (irw_mentions_image(group->settings->above) ||
            reference.registry.size > 0 || group->by_role[IRW_ROLE_REGISTRY] ||
            group->by_role[IRW_ROLE_NAME]) &&
           (group->count > 1 || reference.registry.size > 0);
}

/* The registry that stands elsewhere and is before the name; NULL: none is. */
static const struct setting *
registry_of(const struct settings *settings, const struct irw_parts *parts)
{
    imgrw_str name = parts->at[IRW_ROLE_REPOSITORY];
    struct imgrw_reference reference;

    if (parts->at[IRW_ROLE_REGISTRY].size > 0)
        return settings->global;
    if (name.size == 0)
        name = parts->at[IRW_ROLE_NAME];
    return irw_classify_text(name, &reference) == IMGRW_REASON_NONE &&
                   reference.registry.size == 0 &&
                   reference.tag.size + reference.digest.size == 0
               ? settings->registry
               : NULL;
}

/* Puts a setting that stands elsewhere among the `*count` parts. */
static struct irw_part *
join_part(const struct settings *settings, const struct setting *setting,
          enum irw_role role, struct irw_part *parts, size_t *count)
{
    size_t i = 0;

    while (i < *count && parts[i].role != role)
        i++;
    *count += i == *count;
    parts[i] = irw_rest_of(settings->walk, setting->value, 0);
    parts[i].role = role;
    return &parts[i];
}

/* Whether the group is an `image` of Istio's, as registries.h has them. */
static bool
is_of_hub(const struct settings *settings, const struct group *group)
{
    return settings->registry &&
           irw_equal(settings->registry->key, IRW_STR("hub")) &&
           group->by_role[IRW_ROLE_NAME] &&
           !group->by_role[IRW_ROLE_REPOSITORY] &&
           !group->by_role[IRW_ROLE_REGISTRY];
}

/* Whether such an image is a whole reference, which has a slash. */
static bool
is_whole_of_hub(const struct settings *settings, const struct group *group)
{
    struct imgrw_reference reference;
    imgrw_str text;

    if (!is_of_hub(settings, group))
        return false;
    text = irw_tree_text(settings->walk->tree,
                         group->by_role[IRW_ROLE_NAME]->value);
    return irw_find(text, '/') != SIZE_MAX &&
           irw_is_reference(text, &reference);
}

/* Joins the image to the registry and the tag that stand elsewhere. */
static void
join_common(const struct settings *settings, const struct group *group,
            const struct setting *registry, const struct irw_parts *read,
            struct irw_part *parts, size_t *count)
{
    if (!registry)
        return;
    irw_registries_use(
        settings->walk,
        join_part(settings, registry, IRW_ROLE_REGISTRY, parts, count),
        registry->way);
    if (settings->tag && is_of_hub(settings, group) &&
        read->at[IRW_ROLE_TAG].size + read->at[IRW_ROLE_DIGEST].size == 0)
        join_part(settings, settings->tag, IRW_ROLE_TAG, parts, count)->fixed =
            true;
}

/* Collects the image that several settings say together. What they do not say
 * together, one may say alone. */
static void
collect_group(struct settings *settings, const struct group *group)
{
    const struct irw_tree *tree = settings->walk->tree;
    enum irw_role name = group->by_role[IRW_ROLE_REPOSITORY]
                             ? IRW_ROLE_REPOSITORY
                             : IRW_ROLE_NAME;
    struct irw_part parts[IRW_ROLE_COUNT];
    struct irw_parts read;
    const struct setting *registry;
    char buffer[IRW_JOINED_MAX];
    size_t count = 0;

    if (!group->by_role[name])
        return;
    parts[count] = irw_rest_of(settings->walk, group->by_role[name]->value, 0);
    parts[count++].role = name;
    for (unsigned role = IRW_ROLE_REGISTRY; role < IRW_ROLE_COUNT; role++) {
        if (!group->by_role[role] || role == IRW_ROLE_NAME || role == name)
            continue;
        parts[count] =
            irw_rest_of(settings->walk, group->by_role[role]->value, 0);
        parts[count++].role = role;
    }
    read = irw_parts_read(tree, parts, count);
    registry = registry_of(settings, &read);
    if (is_of_hub(settings, group)
            ? !registry || irw_find(read.at[name], '/') != SIZE_MAX
            : !is_image_group(group, irw_join(&read, buffer)))
        return;
    join_common(settings, group, registry, &read, parts, &count);
    collect_setting(settings, group->by_role[name], parts, count,
                    IMGRW_REASON_NONE);
}

static void
take_group(struct settings *settings, struct group *group)
{
    const struct irw_tree *tree = settings->walk->tree;

    read_group(tree, group);
    collect_group(settings, group);
    for (size_t i = 0; i < group->count; i++) {
        const struct setting *setting = &group->settings[i];
        struct irw_part part = irw_rest_of(settings->walk, setting->value, 0);
        imgrw_str text = irw_tree_text(tree, setting->value);

        if (irw_is_image_key(setting->key)
                ? irw_is_likely_reference(text) ||
                      (setting == group->by_role[IRW_ROLE_NAME] &&
                       is_whole_of_hub(settings, group))
                : irw_mentions_image(setting->key) &&
                      irw_is_certain_reference(text))
            collect_setting(settings, setting, &part, 1, IMGRW_REASON_NONE);
    }
}

/* Collects, as registries, those to which no image is joined. */
static void
collect_registries(struct settings *settings)
{
    for (size_t i = 0; i < REGISTRY_PATHS; i++) {
        const struct setting *found = settings->registries[i];
        struct irw_part part;

        if (!found || settings->walk->tree->nodes[found->value].joined)
            continue;
        part = irw_rest_of(settings->walk, found->value, 0);
        collect_setting(settings, found, &part, 1, IMGRW_REASON_BASE);
    }
}

void
irw_shape_settings(struct irw_image_walk *walk, uint32_t node,
                   const struct irw_place *place,
                   const struct irw_node_path *path)
{
    struct settings settings = {
        .walk = walk,
        .place = place,
        .path = path,
        .listed = walk->tree->nodes[node].type == IRW_NODE_SEQUENCE,
    };
    size_t end;

    if (settings.listed)
        read_list(&settings, node);
    else
        read_map(&settings, node);
    if (settings.all.count > 1)
        qsort(settings.all.items, settings.all.count,
              sizeof(*settings.all.items), by_path);
    find_registries(&settings);
    for (size_t at = 0; at < settings.all.count; at = end) {
        struct group group = {.settings = &settings.all.items[at]};

        for (end = at; end < settings.all.count &&
                       irw_equal(settings.all.items[end].above,
                                 settings.all.items[at].above);)
            end++;
        group.count = end - at;
        take_group(&settings, &group);
    }
    collect_registries(&settings);
    free(settings.all.items);
}
