/*
 * The rules file of this tool: apiVersion imgrewrite/v1, kind RewriteRules.
 */
#include "config/rewrite_rules.h"
#include "base/error.h"
#include "base/str.h"
#include "base/suggest.h"
#include "config/kustomization.h"
#include "config/other_tools.h"
#include "rules/preset.h"

#include <stdio.h>

/* Words of which a string has to be one; NULL ends them. */
struct choice {
    const char *listed; /* what a message says */
    const char *words[4];
};

/* Reads a string that is one of the words, whose number `*number` becomes; it
 * stays where there is none. */
static enum imgrw_status
read_choice(struct irw_reader *reader, const struct irw_member *member,
            const struct choice *choice, int *number)
{
    for (int i = 0; member->string && choice->words[i]; i++)
        if (strcmp(member->string, choice->words[i]) == 0) {
            *number = i;
            return IMGRW_OK;
        }
    if (!member->string)
        return IMGRW_OK;
    return irw_reader_fail(reader, member->value, "%s has to be %s",
                           member->name, choice->listed);
}

/* An entry of registries; its first words are those of registries.conf. */
static enum imgrw_status
read_registry(struct irw_reader *reader, uint32_t node)
{
    enum { PREFIX, LOCATION, PULL, LIBRARY, AS_WRITTEN };
    struct irw_member items[] = {
        IRW_REQUIRED("prefix"), IRW_REQUIRED("location"),
        IRW_STRING("pullFromMirror"), IRW_STRING("library"),
        IRW_ANY("asWritten"),
    };
    static const struct choice pulls = {
        "all, digest-only or tag-only",
        {
            [IMGRW_PULL_ANY] = "all",
            [IMGRW_PULL_BY_DIGEST] = "digest-only",
            [IMGRW_PULL_BY_TAG] = "tag-only",
        },
    };
    static const struct choice libraries = {"keep or drop", {"keep", "drop"}};
    struct imgrw_registry registry = {.size = sizeof(registry)};
    int pull = IMGRW_PULL_ANY;
    bool as_written = false;
    enum imgrw_status status =
        irw_reader_members(reader, node,
                           &IRW_MEMBERS("an entry of registries", items));

    if (status == IMGRW_OK)
        status = read_choice(reader, &items[PULL], &pulls, &pull);
    if (status == IMGRW_OK)
        status = read_choice(reader, &items[LIBRARY], &libraries,
                             &registry.drop_library);
    if (status == IMGRW_OK)
        status = irw_reader_bool(reader, items[AS_WRITTEN].value, "asWritten",
                                 &as_written);
    if (status != IMGRW_OK)
        return status;
    registry.prefix = items[PREFIX].string;
    registry.location = items[LOCATION].string;
    registry.pull = (enum imgrw_pull)pull;
    registry.as_written = as_written;
    return irw_reader_place(
        reader, node,
        imgrw_rules_add_registry(reader->rules, &registry, reader->error));
}

/* A preset that is being read: its name, and its own keys with their places. */
struct preset {
    const char *name;
    struct irw_preset_value values[IRW_PRESET_KEYS_MAX + 1];
    uint32_t places[IRW_PRESET_KEYS_MAX + 2];
    size_t count;
};

/* Reads a key of a preset, and its value. */
static enum imgrw_status
read_preset_key(struct irw_reader *reader, uint32_t key, uint32_t value,
                struct preset *preset)
{
    imgrw_str name = irw_tree_text(&reader->tree, key);
    const char *text, *what = irw_arena_copy(reader->arena, name);
    bool is_name = irw_equal(name, IRW_STR("name"));
    enum imgrw_status status;

    if (!what)
        return irw_fail_memory(reader->error);
    if (is_name && preset->name)
        return irw_reader_fail(reader, key,
                               "a preset has one name; several presets are a "
                               "list");
    if (preset->count > IRW_PRESET_KEYS_MAX)
        return irw_reader_fail(reader, key, "no preset has so many keys");
    status = irw_reader_string(reader, irw_tree_follow(&reader->tree, value),
                               what, is_name ? &preset->name : &text);
    if (is_name || status != IMGRW_OK)
        return status;
    preset->places[preset->count] = key;
    preset->values[preset->count++] =
        (struct irw_preset_value){name, irw_str(text)};
    return IMGRW_OK;
}

/* Reads a preset. Its name decides which keys it has, so irw_preset_add checks
 * them and says which one is wrong: by its index, or by their number if it is
 * the preset as a whole. */
static enum imgrw_status
read_preset(struct irw_reader *reader, uint32_t node)
{
    struct irw_entries entries = irw_entries(&reader->tree, node);
    struct preset preset = {0};
    uint32_t key, value;
    enum imgrw_status status = IMGRW_OK;
    size_t culprit;

    while (status == IMGRW_OK && irw_entries_next(&entries, &key, &value))
        status = read_preset_key(reader, key, value, &preset);
    if (status != IMGRW_OK)
        return status;
    if (!preset.name)
        return irw_reader_fail(reader, node,
                               "a preset has to be a mapping with a name, such "
                               "as {name: rancher, host: r.example.com}");
    preset.places[preset.count] = node;
    status = irw_preset_add(reader->rules, irw_str(preset.name), preset.values,
                            preset.count, &culprit, reader->error);
    return irw_reader_place(reader, preset.places[culprit], status);
}

/* Reads one preset, or a list of them. */
static enum imgrw_status
read_presets(struct irw_reader *reader, uint32_t node)
{
    if (node == IRW_NO_NODE || irw_reader_is_null(reader, node) ||
        reader->tree.nodes[node].type == IRW_NODE_SEQUENCE)
        return irw_reader_list(reader, node, "preset", read_preset);
    return read_preset(reader, node);
}

static enum imgrw_status
read_exclude(struct irw_reader *reader, uint32_t node)
{
    const char *pattern;
    enum imgrw_status status =
        irw_reader_string(reader, node, "an entry of exclude", &pattern);

    if (status == IMGRW_OK && !pattern)
        return irw_reader_fail(reader, node, "an entry of exclude is empty");
    if (status != IMGRW_OK)
        return status;
    return irw_reader_place(
        reader, node,
        imgrw_rules_add_exclude(reader->rules, pattern, reader->error));
}

static enum imgrw_status
read_find(struct irw_reader *reader, uint32_t node)
{
    imgrw_str word = irw_tree_value(&reader->tree, node);
    unsigned bits = imgrw_find_bits(word);
    struct imgrw_suggestion meant = {.word = word};
    char known[160], beginning[IRW_MEANT_MAX];
    int at = 0;

    for (int i = 0; i < IMGRW_CLASS_COUNT && bits == 0; i++) {
        const char *name = imgrw_class_name((enum imgrw_class)i);

        imgrw_suggest(&meant, name);
        at += snprintf(known + at, sizeof(known) - (size_t)at, "%s, ", name);
    }
    imgrw_suggest(&meant, "default");
    if (bits == 0)
        return irw_reader_fail(reader, node,
                               "find: \"%.*s\" is no class of places; %s "
                               "%sdefault and all",
                               IRW_PRINT(word), irw_meant(&meant, beginning),
                               known);
    reader->rules->search.find |= bits;
    return IMGRW_OK;
}

/* Reads how new names are divided; where it is not said, that stays. */
static enum imgrw_status
read_write(struct irw_reader *reader, const struct irw_member *member)
{
    static const struct choice choices = {
        "both or registry",
        {
            [IMGRW_WRITE_BOTH] = "both",
            [IMGRW_WRITE_REGISTRY] = "registry",
        },
    };
    int write = (int)reader->rules->write;
    enum imgrw_status status = read_choice(reader, member, &choices, &write);

    return status == IMGRW_OK
               ? imgrw_rules_set_write(reader->rules, (enum imgrw_write)write,
                                       reader->error)
               : status;
}

/* Checks `metadata`, by which others know the rules; it says nothing about
 * images. */
static enum imgrw_status
check_metadata(struct irw_reader *reader, uint32_t node)
{
    if (node == IRW_NO_NODE || irw_reader_is_null(reader, node) ||
        reader->tree.nodes[node].type == IRW_NODE_MAPPING)
        return IMGRW_OK;
    return irw_reader_fail(reader, node, "metadata has to be a mapping");
}

enum imgrw_status
irw_config_rewrite_rules(struct irw_reader *reader, uint32_t root)
{
    enum { API, KIND, IMAGES, REGISTRIES, PRESET, EXCLUDE, KNOWN, FIELDS, FIND,
           WRITE, METADATA, COUNT };
    struct irw_member items[COUNT] = {
        IRW_ANY("apiVersion"), IRW_ANY("kind"), IRW_ANY("images"),
        IRW_ANY("registries"), IRW_ANY("preset"), IRW_ANY("exclude"),
        IRW_ANY("knownImages"), IRW_ANY("fieldSpecs"), IRW_ANY("find"),
        IRW_STRING("write"), IRW_ANY("metadata"),
    };
    static irw_reader_fn *const readers[COUNT] = {
        [IMAGES] = irw_config_override,  [REGISTRIES] = read_registry,
        [EXCLUDE] = read_exclude,        [KNOWN] = irw_config_known_image,
        [FIELDS] = irw_config_fieldspec, [FIND] = read_find,
    };
    enum imgrw_status status =
        irw_reader_members(reader, root, &IRW_MEMBERS("a rules file", items));

    if (status == IMGRW_OK &&
        !irw_equal(irw_tree_value(&reader->tree, items[API].value),
                   IRW_STR("imgrewrite/v1")))
        return irw_reader_fail(reader, items[API].value,
                               "this version reads imgrewrite/v1");
    for (int i = 0; i < COUNT && status == IMGRW_OK; i++)
        if (readers[i])
            status = irw_reader_list(reader, items[i].value, items[i].name,
                                     readers[i]);
    if (status == IMGRW_OK)
        status = read_write(reader, &items[WRITE]);
    if (status == IMGRW_OK)
        status = check_metadata(reader, items[METADATA].value);
    return status == IMGRW_OK ? read_presets(reader, items[PRESET].value)
                              : status;
}
