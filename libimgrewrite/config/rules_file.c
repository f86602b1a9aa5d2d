/*
 * The rules file of this tool: apiVersion imgrewrite/v1, kind RewriteRules.
 */
#include "base/error.h"
#include "base/str.h"
#include "catalog/path.h"
#include "config/config.h"

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

/* One key of a preset. */
static enum imgrw_status
read_preset_value(struct irw_config *config, uint32_t key, uint32_t value,
                  struct irw_preset_value *given)
{
    const char *text;
    enum imgrw_status status;

    given->key = irw_tree_value(&config->tree, key);
    status = irw_config_string(config, value, "a key of a preset", &text);
    given->value = irw_str(text ? text : "");
    return status;
}

/* A preset: its name and its own keys, which it checks itself. */
static enum imgrw_status
read_preset(struct irw_config *config, uint32_t node)
{
    const struct irw_tree *tree = &config->tree;
    struct irw_preset_value values[IRW_PRESET_KEYS_MAX + 1];
    uint32_t places[IRW_PRESET_KEYS_MAX + 2];
    uint32_t name = irw_config_find(config, node, "name");
    const char *text = NULL;
    size_t count = 0, culprit;
    enum imgrw_status status =
        irw_config_string(config, name, "the name of a preset", &text);

    if (tree->nodes[node].type != IRW_NODE_MAPPING || (!text && !status))
        return irw_config_fail(config, node,
                               "a preset has to be a mapping with a name");
    for (uint32_t key = node + 1;
         key < tree->nodes[node].next && status == IMGRW_OK;) {
        uint32_t value = tree->nodes[key].next;

        if (irw_tree_follow(tree, value) != name) {
            if (count == IRW_PRESET_KEYS_MAX + 1)
                return irw_config_fail(config, key, "no preset has so many "
                                                    "keys");
            places[count] = key;
            status = read_preset_value(config, irw_tree_follow(tree, key),
                                       irw_tree_follow(tree, value),
                                       &values[count++]);
        }
        key = tree->nodes[value].next;
    }
    places[count] = node;
    if (status != IMGRW_OK)
        return status;
    status = irw_preset_add(config->rules, irw_str(text), values, count,
                            &culprit, config->error);
    return irw_config_place(config, places[culprit], status);
}

/* One preset, or a list of them. */
static enum imgrw_status
read_presets(struct irw_config *config, uint32_t node)
{
    if (node != IRW_NO_NODE &&
        config->tree.nodes[node].type == IRW_NODE_MAPPING)
        return read_preset(config, node);
    return irw_config_list(config, node, "preset", read_preset);
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
    static const char *const keys[] = {"!image", "!isPrivate"};
    static const struct irw_config_shape shape =
        IRW_SHAPE_OF("an entry of knownImages", keys);
    uint32_t nodes[2];
    const char *image = NULL;
    bool is_private = false;
    enum imgrw_status status = irw_config_map(config, node, &shape, nodes);

    if (status == IMGRW_OK)
        status = irw_config_string(config, nodes[0], "image", &image);
    if (status == IMGRW_OK)
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
                            &rules->arena, &steps, config->error);
    if (status != IMGRW_OK)
        return irw_config_place(config, nodes[3], status);
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

    if (bits == 0)
        return irw_config_fail(config, node,
                               "\"%.*s\" is no class of places; see --find",
                               IRW_PRINT(word));
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
