/*
 * The rules file of this tool: apiVersion imgrewrite/v1, kind RewriteRules.
 */
#include "base/error.h"
#include "base/str.h"
#include "catalog/field_path.h"
#include "config/reader.h"

#include <stdio.h>

/* Whether an entry does nothing, which kustomize does not mind. */
static bool
sets_nothing(const char *const *strings)
{
    for (int i = 1; i < 5; i++)
        if (strings[i] && strings[i][0] != '\0')
            return false;
    return true;
}

enum imgrw_status
irw_config_override(struct irw_config *config, uint32_t node)
{
    static const char *const keys[] = {"!name", "newName", "newTag",
                                       "tagSuffix", "digest"};
    struct irw_config_shape shape = IRW_SHAPE_OF("an entry of images", keys);
    const char *strings[5];
    uint32_t nodes[5];
    struct imgrw_override override = {.size = sizeof(override)};
    enum imgrw_status status;

    shape.any_case = config->any_case;
    status = irw_config_strings(config, node, &shape, nodes, strings);
    if (status != IMGRW_OK)
        return status;
    override.name = strings[0];
    override.new_name = strings[1];
    override.new_tag = strings[2];
    override.tag_suffix = strings[3];
    override.digest = strings[4];
    if (config->any_case && sets_nothing(strings)) {
        irw_config_warn(config, node, "this entry of images sets nothing");
        return IMGRW_OK;
    }
    return irw_config_place(
        config, node,
        imgrw_rules_add_override(config->rules, &override, config->error));
}

/* An entry of registries, in the words of registries.conf. */
static enum imgrw_status
read_registry(struct irw_config *config, uint32_t node)
{
    static const char *const keys[] = {"!prefix", "!location",
                                       "pullFromMirror"};
    static const struct irw_config_shape shape =
        IRW_SHAPE_OF("an entry of registries", keys);
    static const char *const pulls[] = {
        [IMGRW_PULL_ANY] = "all",
        [IMGRW_PULL_BY_DIGEST] = "digest-only",
        [IMGRW_PULL_BY_TAG] = "tag-only",
    };
    const char *strings[3];
    uint32_t nodes[3];
    int pull = IMGRW_PULL_ANY;
    enum imgrw_status status =
        irw_config_strings(config, node, &shape, nodes, strings);

    if (status != IMGRW_OK)
        return status;
    while (strings[2] && pull <= IMGRW_PULL_BY_TAG &&
           strcmp(strings[2], pulls[pull]) != 0)
        pull++;
    if (pull > IMGRW_PULL_BY_TAG)
        return irw_config_fail(config, nodes[2],
                               "pullFromMirror has to be all, digest-only or "
                               "tag-only");
    return irw_config_place(
        config, node,
        imgrw_rules_add_mirror(config->rules, strings[0], strings[1],
                               (enum imgrw_pull)pull, config->error));
}

/* A preset in the reading: its name, and its own keys with their places. */
struct preset {
    const char *name;
    struct irw_preset_value values[IRW_PRESET_KEYS_MAX + 1];
    uint32_t places[IRW_PRESET_KEYS_MAX + 2];
    size_t count;
};

/* One key of a preset, and its value. */
static enum imgrw_status
read_preset_key(struct irw_config *config, uint32_t key, uint32_t value,
                struct preset *preset)
{
    imgrw_str name = irw_tree_value(&config->tree,
                                    irw_tree_follow(&config->tree, key));
    bool is_name = irw_equal(name, IRW_STR("name"));
    const char *text, *what = irw_arena_copy(&config->rules->arena, name);
    enum imgrw_status status;

    if (!what)
        return irw_fail_memory(config->error);
    if (is_name && preset->name)
        return irw_config_fail(config, key, "a preset has one name; several "
                                            "presets are a list");
    if (preset->count > IRW_PRESET_KEYS_MAX)
        return irw_config_fail(config, key, "no preset has so many keys");
    status = irw_config_string(config, irw_tree_follow(&config->tree, value),
                               what, &text);
    if (is_name) {
        preset->name = text;
        return status;
    }
    preset->places[preset->count] = key;
    preset->values[preset->count++] =
        (struct irw_preset_value){name, irw_str(text ? text : "")};
    return status;
}

/* A preset, which checks its own keys. */
static enum imgrw_status
read_preset(struct irw_config *config, uint32_t node)
{
    const struct irw_tree *tree = &config->tree;
    struct preset preset = {0};
    enum imgrw_status status = IMGRW_OK;
    size_t culprit;

    for (uint32_t key = node + 1;
         key < tree->nodes[node].next && status == IMGRW_OK &&
         tree->nodes[node].type == IRW_NODE_MAPPING;) {
        uint32_t value = tree->nodes[key].next;

        status = read_preset_key(config, key, value, &preset);
        key = tree->nodes[value].next;
    }
    if (status != IMGRW_OK)
        return status;
    if (!preset.name)
        return irw_config_fail(config, node,
                               "a preset has to be a mapping with a name, such "
                               "as {name: rancher, host: r.example.com}");
    preset.places[preset.count] = node;
    status = irw_preset_add(config->rules, irw_str(preset.name), preset.values,
                            preset.count, &culprit, config->error);
    return irw_config_place(config, preset.places[culprit], status);
}

/* One preset, or a list of them. */
static enum imgrw_status
read_presets(struct irw_config *config, uint32_t node)
{
    if (node == IRW_NO_NODE || irw_config_is_null(config, node) ||
        config->tree.nodes[node].type == IRW_NODE_SEQUENCE)
        return irw_config_list(config, node, "preset", read_preset);
    return read_preset(config, node);
}

static enum imgrw_status
read_exclude(struct irw_config *config, uint32_t node)
{
    const char *pattern;
    enum imgrw_status status =
        irw_config_string(config, node, "an entry of exclude", &pattern);

    if (status == IMGRW_OK && !pattern)
        return irw_config_fail(config, node, "an entry of exclude is empty");
    if (status != IMGRW_OK)
        return status;
    return irw_config_place(
        config, node,
        imgrw_rules_add_exclude(config->rules, pattern, config->error));
}

enum imgrw_status
irw_config_known(struct irw_config *config, uint32_t node)
{
    static const char *const said[] = {"!image", "!isPrivate"};
    static const char *const unsaid[] = {"!image", "isPrivate"};
    const struct irw_config_shape shape = {
        .what = "an entry of knownImages",
        .keys = config->public_unsaid ? unsaid : said,
        .count = 2,
    };
    uint32_t nodes[2];
    const char *image = NULL;
    bool is_private = false;
    enum imgrw_status status = irw_config_map(config, node, &shape, nodes);

    if (status == IMGRW_OK)
        status = irw_config_string(config, nodes[0], "image", &image);
    if (status == IMGRW_OK && nodes[1] != IRW_NO_NODE)
        status = irw_config_bool(config, nodes[1], "isPrivate", &is_private);
    if (status != IMGRW_OK)
        return status;
    return irw_config_place(
        config, nodes[0],
        imgrw_rules_add_known(config->rules, image ? image : "",
                              is_private ? IMGRW_ACCESS_PRIVATE
                                         : IMGRW_ACCESS_PUBLIC,
                              config->error));
}

enum imgrw_status
irw_config_fieldspec(struct irw_config *config, uint32_t node)
{
    static const char *const keys[] = {"group", "version", "kind", "!path",
                                       "create"};
    static const struct irw_config_shape shape =
        IRW_SHAPE_OF("a field spec", keys);
    struct imgrw_rules *rules = config->rules;
    struct irw_path_steps steps;
    struct imgrw_error why;
    void *items = rules->fields;
    const char *strings[4];
    uint32_t nodes[5];
    enum imgrw_status status = irw_config_map(config, node, &shape, nodes);

    for (int i = 0; i < 4 && status == IMGRW_OK; i++)
        status = irw_config_string(config, nodes[i], keys[i] + (i == 3),
                                   &strings[i]);
    if (status != IMGRW_OK)
        return status;
    status = irw_path_parse(irw_str(strings[3] ? strings[3] : ""),
                            &rules->arena, &steps, &why);
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(config->error);
    if (status != IMGRW_OK)
        return irw_config_fail(config, nodes[3], "%s", why.message);
    if (steps.count == 1 && strchr(strings[3], '.'))
        irw_config_warn(config, nodes[3], "%s is one key; keys have a \"/\" "
                                          "between them", strings[3]);
    if (!irw_grow(&items, &rules->field_capacity, rules->field_count + 1,
                  sizeof(*rules->fields)))
        return irw_fail_memory(config->error);
    rules->fields = items;
    rules->fields[rules->field_count++] = (struct imgrw_fieldspec){
        strings[0], strings[1], strings[2], strings[3]};
    return IMGRW_OK;
}

static enum imgrw_status
read_find(struct irw_config *config, uint32_t node)
{
    imgrw_str word = irw_tree_value(&config->tree, node);
    unsigned bits = imgrw_find_bits(word);
    char known[160];
    int at = 0;

    for (int i = 0; i < IMGRW_CLASS_COUNT && bits == 0; i++)
        at += snprintf(known + at, sizeof(known) - (size_t)at, "%s, ",
                       imgrw_class_name((enum imgrw_class)i));
    if (bits == 0)
        return irw_config_fail(config, node,
                               "find: \"%.*s\" is no class of places; there "
                               "are %sdefault and all",
                               IRW_PRINT(word), known);
    config->rules->find |= bits;
    return IMGRW_OK;
}

enum imgrw_status
irw_config_rules_file(struct irw_config *config, uint32_t root)
{
    enum { API, KIND, IMAGES, REGISTRIES, PRESET, EXCLUDE, KNOWN, FIELDS, FIND,
           COUNT };
    static const char *const keys[] = {
        "apiVersion", "kind", "images", "registries", "preset", "exclude",
        "knownImages", "fieldSpecs", "find",
    };
    static const struct irw_config_shape shape =
        IRW_SHAPE_OF("a rules file", keys);
    static irw_config_fn *const items[COUNT] = {
        [IMAGES] = irw_config_override, [REGISTRIES] = read_registry,
        [EXCLUDE] = read_exclude,       [KNOWN] = irw_config_known,
        [FIELDS] = irw_config_fieldspec, [FIND] = read_find,
    };
    uint32_t nodes[COUNT];
    enum imgrw_status status = irw_config_map(config, root, &shape, nodes);

    if (status == IMGRW_OK &&
        !irw_equal(irw_tree_value(&config->tree, nodes[API]),
                   IRW_STR("imgrewrite/v1")))
        return irw_config_fail(config, nodes[API],
                               "this version reads imgrewrite/v1");
    for (int i = 0; i < COUNT && status == IMGRW_OK; i++)
        if (items[i])
            status = irw_config_list(config, nodes[i], keys[i], items[i]);
    return status == IMGRW_OK ? read_presets(config, nodes[PRESET]) : status;
}
