#include "config/function_kinds.h"
#include "base/error.h"
#include "base/str.h"
#include "base/suggest.h"
#include "base/text.h"
#include "config/kustomization.h"

#include <stdio.h>

/* Reads a resource with one entry of `images:` under `key`, and with field
 * specs under `fields`. */
static enum imgrw_status
read_one_image(struct irw_reader *reader, uint32_t root, const char *what,
               const char *key, const char *fields)
{
    enum { IMAGE = 3, FIELDS };
    struct irw_member items[] = {
        IRW_ANY("apiVersion"), IRW_ANY("kind"), IRW_ANY("metadata"),
        IRW_ANY(key), IRW_ANY(fields),
    };
    enum imgrw_status status;

    items[IMAGE].required = true;
    status = irw_reader_members(reader, root, &IRW_MEMBERS(what, items));
    if (status == IMGRW_OK)
        status = irw_config_override(reader, items[IMAGE].value);
    return status == IMGRW_OK
               ? irw_reader_list(reader, items[FIELDS].value, fields,
                                 irw_config_fieldspec)
               : status;
}

enum imgrw_status
irw_config_set_image(struct irw_reader *reader, uint32_t root)
{
    return read_one_image(reader, root, "a SetImage", "image",
                          "additionalImageFields");
}

enum imgrw_status
irw_config_image_tag(struct irw_reader *reader, uint32_t root)
{
    return read_one_image(reader, root, "an ImageTagTransformer", "imageTag",
                          "fieldSpecs");
}

/* An option of the command line as a key of a ConfigMap, with what it takes. */
struct option {
    const char *name;
    enum imgrw_status (*add)(struct imgrw_rules *rules, const char *value,
                             struct imgrw_error *error);
    /* Where it is KEY=VALUE, the key may stand in the name: "prefix.KEY". */
    bool paired;
};

/* Splits FROM=TO at its first "=". */
static enum imgrw_status
add_prefix(struct imgrw_rules *rules, const char *value,
           struct imgrw_error *error)
{
    imgrw_str from, to;
    char *name;

    if (!irw_cut(irw_str(value), '=', &from, &to) || from.size == 0)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "prefix \"%.100s\": expected FROM=TO, such as "
                        "docker.io=registry.example.com/hub", value);
    name = irw_arena_copy(&rules->arena, from);
    return name ? imgrw_rules_add_prefix(rules, name, to.data, error)
                : irw_fail_memory(error);
}

static enum imgrw_status
fail_class(imgrw_str word, struct imgrw_error *error)
{
    struct imgrw_suggestion meant = {.word = word};
    char known[160], beginning[IRW_MEANT_MAX];
    int at = 0;

    for (int i = 0; i < IMGRW_CLASS_COUNT; i++) {
        const char *name = imgrw_class_name((enum imgrw_class)i);

        imgrw_suggest(&meant, name);
        at += snprintf(known + at, sizeof(known) - (size_t)at, "%s, ", name);
    }
    return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                    "find: \"%.*s\" is no class of places; %s %sdefault and "
                    "all",
                    IRW_PRINT(word), irw_meant(&meant, beginning), known);
}

/* Adds classes with "," between them. */
static enum imgrw_status
add_find(struct imgrw_rules *rules, const char *value,
         struct imgrw_error *error)
{
    imgrw_str rest = irw_str(value), word;
    bool more = true;

    while (more) {
        unsigned bits;

        more = irw_cut(rest, ',', &word, &rest);
        bits = imgrw_find_bits(word);
        if (bits == 0)
            return fail_class(word, error);
        rules->search.find |= bits;
    }
    return IMGRW_OK;
}

static enum imgrw_status
set_write(struct imgrw_rules *rules, const char *value,
          struct imgrw_error *error)
{
    bool registry = irw_equal(irw_str(value), IRW_STR("registry"));

    if (registry || irw_equal(irw_str(value), IRW_STR("both")))
        return imgrw_rules_set_write(
            rules, registry ? IMGRW_WRITE_REGISTRY : IMGRW_WRITE_BOTH, error);
    return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                    "write \"%.100s\": expected both or registry", value);
}

static const struct option options[] = {
    {"prefix", add_prefix, true},
    {"image", imgrw_rules_add_image, true},
    {"preset", imgrw_rules_add_preset, false},
    {"exclude", imgrw_rules_add_exclude, false},
    {"private", imgrw_rules_add_private, false},
    {"find", add_find, false},
    {"write", set_write, false},
};

#define OPTIONS (sizeof(options) / sizeof(options[0]))

/* The keys of set-image, whose one image such a ConfigMap is about. */
static const char *const set_image[] = {"name", "newName", "newTag", "digest"};

#define SET_IMAGE (sizeof(set_image) / sizeof(set_image[0]))

/* A ConfigMap that is read. */
struct map {
    const char *values[SET_IMAGE];
    uint32_t place; /* of the first of them, or IRW_NO_NODE */
};

static enum imgrw_status
fail_key(struct irw_reader *reader, uint32_t key, imgrw_str name)
{
    imgrw_str word, rest;
    struct imgrw_suggestion meant;
    char beginning[IRW_MEANT_MAX];

    irw_cut(name, '.', &word, &rest);
    meant = (struct imgrw_suggestion){.word = word};
    for (size_t i = 0; i < OPTIONS; i++)
        imgrw_suggest(&meant, options[i].name);
    for (size_t i = 0; i < SET_IMAGE; i++)
        imgrw_suggest(&meant, set_image[i]);
    if (name.size > 40)
        name.size = 40;
    return irw_reader_fail(
        reader, key,
        "data of a ConfigMap of rules has no key \"%.*s\"; %s prefix.FROM, "
        "prefix, image.NAME, image, preset, exclude, private, find, write, or "
        "name, newName, newTag, digest",
        IRW_PRINT(name), irw_meant(&meant, beginning));
}

/* The option that the key names; `*rest` is what comes after a "." in it. */
static const struct option *
find_option(imgrw_str name, imgrw_str *rest)
{
    imgrw_str word;
    bool cut = irw_cut(name, '.', &word, rest);

    for (size_t i = 0; i < OPTIONS; i++) {
        imgrw_str known = irw_str(options[i].name);

        if (!cut && irw_equal(known, name)) {
            *rest = (imgrw_str){0};
            return &options[i];
        }
        if (cut && options[i].paired && irw_equal(known, word) &&
            rest->size > 0)
            return &options[i];
    }
    return NULL;
}

/* Adds each word of a value, as if the option were given for each. */
static enum imgrw_status
add_words(struct irw_reader *reader, const struct option *option,
          const char *value)
{
    static const char blanks[] = " \t\r\n";
    enum imgrw_status status = IMGRW_OK;
    const char *word = value + strspn(value, blanks);

    while (*word && status == IMGRW_OK) {
        size_t size = strcspn(word, blanks);
        char *copy = irw_arena_copy(reader->arena, (imgrw_str){word, size});

        if (!copy)
            return irw_fail_memory(reader->error);
        status = option->add(reader->rules, copy, reader->error);
        word += size;
        word += strspn(word, blanks);
    }
    return status;
}

/* Adds what `KEY: VALUE` says, where the key is a part of the name. */
static enum imgrw_status
add_pair(struct irw_reader *reader, const struct option *option, imgrw_str key,
         const char *value)
{
    struct irw_text text = {0};
    imgrw_str pair;

    irw_text_printf(&text, "%.*s=%s", (int)key.size, key.data, value);
    if (!irw_text_keep(&text, reader->arena, &pair))
        return irw_fail_memory(reader->error);
    return option->add(reader->rules, pair.data, reader->error);
}

/* Reads an entry of `data`. */
static enum imgrw_status
read_entry(struct irw_reader *reader, uint32_t key, uint32_t node,
           struct map *map)
{
    imgrw_str name = irw_tree_text(&reader->tree, key), rest;
    const struct option *option = find_option(name, &rest);
    const char *value, *what = irw_arena_copy(reader->arena, name);
    size_t i = 0;
    enum imgrw_status status;

    if (!what)
        return irw_fail_memory(reader->error);
    while (i < SET_IMAGE && !irw_equal(name, irw_str(set_image[i])))
        i++;
    if (!option && i == SET_IMAGE)
        return fail_key(reader, key, name);
    status = irw_reader_string(reader, node, what, &value);
    if (status == IMGRW_OK && !value)
        return irw_reader_fail(reader, key, "\"%.60s\" is empty", what);
    if (status != IMGRW_OK)
        return status;
    if (!option) {
        if (map->place == IRW_NO_NODE)
            map->place = key;
        map->values[i] = value;
        return IMGRW_OK;
    }
    status = rest.size > 0 ? add_pair(reader, option, rest, value)
                           : add_words(reader, option, value);
    return irw_reader_place(reader, key, status);
}

/* Adds the one image that the ConfigMap is about, if it is. */
static enum imgrw_status
add_set_image(struct irw_reader *reader, const struct map *map)
{
    const struct imgrw_override override = {
        .size = sizeof(override),
        .name = irw_str(map->values[0]),
        .new_name = irw_str(map->values[1]),
        .new_tag = irw_str(map->values[2]),
        .digest = irw_str(map->values[3]),
    };

    if (map->place == IRW_NO_NODE)
        return IMGRW_OK;
    if (!map->values[0])
        return irw_reader_fail(reader, map->place,
                               "newName, newTag and digest need \"name\", the "
                               "image that they are for");
    return irw_reader_place(reader, map->place,
                            imgrw_rules_add_override(reader->rules, &override,
                                                     reader->error));
}

enum imgrw_status
irw_config_map(struct irw_reader *reader, uint32_t root)
{
    enum { DATA = 3 };
    struct irw_member items[] = {
        IRW_ANY("apiVersion"), IRW_ANY("kind"), IRW_ANY("metadata"),
        IRW_ANY("data"), IRW_ANY("immutable"),
    };
    struct map map = {.place = IRW_NO_NODE};
    enum imgrw_status status = irw_reader_members(
        reader, root, &IRW_MEMBERS("a ConfigMap of rules", items));
    uint32_t data = items[DATA].value, key, value;
    struct irw_entries entries;

    if (status != IMGRW_OK || data == IRW_NO_NODE ||
        irw_reader_is_null(reader, data))
        return status;
    if (reader->tree.nodes[data].type != IRW_NODE_MAPPING)
        return irw_reader_fail(reader, data, "data has to be a mapping");
    entries = irw_entries(&reader->tree, data);
    while (status == IMGRW_OK && irw_entries_next(&entries, &key, &value))
        status = read_entry(reader, key, irw_tree_follow(&reader->tree, value),
                            &map);
    return status == IMGRW_OK ? add_set_image(reader, &map) : status;
}
