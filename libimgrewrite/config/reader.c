#include "config/reader.h"
#include "base/error.h"
#include "base/str.h"
#include "yaml/scalar.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#define KEYS_MAX 24 /* of a mapping that is read */

struct imgrw_location
irw_config_at(struct irw_config *config, uint32_t node)
{
    struct imgrw_location at =
        irw_source_locate(&config->source, &config->cursor,
                          config->tree.nodes[node].start);

    at.path = config->path;
    return at;
}

enum imgrw_status
irw_config_fail(struct irw_config *config, uint32_t node, const char *format,
                ...)
{
    char message[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    return irw_fail(config->error, IMGRW_ERR_RULE, irw_config_at(config, node),
                    "%s", message);
}

void
irw_config_warn(struct irw_config *config, uint32_t node, const char *format,
                ...)
{
    struct imgrw_location at = irw_config_at(config, node);
    char message[256];
    va_list arguments;

    if (!config->warn)
        return;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    irw_clean_message(message);
    config->warn(&at, message, config->user);
}

enum imgrw_status
irw_config_place(struct irw_config *config, uint32_t node,
                 enum imgrw_status status)
{
    struct imgrw_rules *rules = config->rules;
    struct imgrw_location at = irw_config_at(config, node);

    while (config->placed < rules->count)
        rules->items[config->placed++].at = at;
    if (status != IMGRW_OK && status != IMGRW_ERR_MEMORY && config->error)
        config->error->at = at;
    return status;
}

/* The name of a key without its mark. */
static imgrw_str
name_of(const struct irw_config_shape *shape, size_t index)
{
    return irw_str(shape->keys[index] + (shape->keys[index][0] == '!'));
}

static size_t
find_key(const struct irw_config_shape *shape, imgrw_str key)
{
    size_t i = 0;

    while (i < shape->count &&
           !(shape->any_case ? irw_equal_nocase(name_of(shape, i), key)
                             : irw_equal(name_of(shape, i), key)))
        i++;
    return i;
}

static enum imgrw_status
fail_key(struct irw_config *config, uint32_t node, imgrw_str key,
         const struct irw_config_shape *shape)
{
    char known[200] = "";
    size_t at = 0;

    for (size_t i = 0; i < shape->count && at < sizeof(known); i++)
        at += (size_t)snprintf(known + at, sizeof(known) - at, "%s%.*s",
                               i > 0 ? ", " : "", IRW_PRINT(name_of(shape, i)));
    if (key.size > 40)
        key.size = 40;
    return irw_config_fail(config, node,
                           "%s has no key \"%.*s\"; there are %s",
                           shape->what, IRW_PRINT(key), known);
}

static enum imgrw_status
fail_twice(struct irw_config *config, uint32_t node, imgrw_str key,
           uint32_t first)
{
    return irw_config_fail(config, node,
                           "\"%.*s\" is there twice, first on line %u",
                           IRW_PRINT(key),
                           (unsigned)irw_config_at(config, first).line);
}

/* Finds the values of the keys, each of which may be there once. */
static enum imgrw_status
find_values(struct irw_config *config, uint32_t map,
            const struct irw_config_shape *shape, uint32_t *nodes)
{
    const struct irw_tree *tree = &config->tree;
    uint32_t seen[KEYS_MAX];

    for (uint32_t key = map + 1; key < tree->nodes[map].next;) {
        uint32_t value = tree->nodes[key].next;
        imgrw_str name = irw_tree_value(tree, irw_tree_follow(tree, key));
        size_t index = find_key(shape, name);

        if (tree->nodes[irw_tree_follow(tree, key)].type != IRW_NODE_SCALAR)
            return irw_config_fail(config, key, "a key of %s has to be a "
                                                "string", shape->what);
        if (irw_is_merge_key(tree, key))
            return irw_config_fail(config, key, "<< is not taken; write its "
                                                "keys out");
        if (index == shape->count)
            return fail_key(config, key, name, shape);
        if (nodes[index] != IRW_NO_NODE)
            return fail_twice(config, key, name, seen[index]);
        seen[index] = key;
        nodes[index] = irw_tree_follow(tree, value);
        key = tree->nodes[value].next;
    }
    return IMGRW_OK;
}

enum imgrw_status
irw_config_map(struct irw_config *config, uint32_t node,
               const struct irw_config_shape *shape, uint32_t *nodes)
{
    enum imgrw_status status;

    assert(shape->count <= KEYS_MAX);
    for (size_t i = 0; i < shape->count; i++)
        nodes[i] = IRW_NO_NODE;
    if (config->tree.nodes[node].type != IRW_NODE_MAPPING)
        return irw_config_fail(config, node, "%s has to be a mapping",
                               shape->what);
    status = find_values(config, node, shape, nodes);
    for (size_t i = 0; i < shape->count && status == IMGRW_OK; i++)
        if (shape->keys[i][0] == '!' && nodes[i] == IRW_NO_NODE)
            return irw_config_fail(config, node, "%s needs \"%.*s\"",
                                   shape->what, IRW_PRINT(name_of(shape, i)));
    return status;
}

bool
irw_config_is_null(const struct irw_config *config, uint32_t node)
{
    const struct irw_tree *tree = &config->tree;
    imgrw_str text = irw_tree_value(tree, node);

    return tree->nodes[node].type == IRW_NODE_SCALAR &&
           tree->nodes[node].style == IRW_STYLE_PLAIN &&
           (text.size == 0 || irw_plain_kind(text) == IRW_PLAIN_NULL);
}

enum imgrw_status
irw_config_list(struct irw_config *config, uint32_t node, const char *what,
                irw_config_fn *read)
{
    const struct irw_tree *tree = &config->tree;
    enum imgrw_status status = IMGRW_OK;

    if (node == IRW_NO_NODE || irw_config_is_null(config, node))
        return IMGRW_OK;
    if (tree->nodes[node].type != IRW_NODE_SEQUENCE)
        return irw_config_fail(config, node, "%s has to be a list", what);
    for (uint32_t item = node + 1;
         item < tree->nodes[node].next && status == IMGRW_OK;
         item = tree->nodes[item].next)
        status = read(config, irw_tree_follow(tree, item));
    return status;
}

enum imgrw_status
irw_config_member_list(struct irw_config *config, uint32_t mapping,
                       const char *key, irw_config_fn *read)
{
    const struct irw_tree *tree = &config->tree;
    uint32_t first = IRW_NO_NODE, found = IRW_NO_NODE;

    if (tree->nodes[mapping].type != IRW_NODE_MAPPING)
        return IMGRW_OK;
    for (uint32_t at = mapping + 1; at < tree->nodes[mapping].next;) {
        uint32_t value = tree->nodes[at].next;
        imgrw_str name = irw_tree_value(tree, irw_tree_follow(tree, at));

        if (irw_equal(name, irw_str(key)) && first != IRW_NO_NODE)
            return fail_twice(config, at, name, first);
        if (irw_equal(name, irw_str(key))) {
            first = at;
            found = irw_tree_follow(tree, value);
        }
        at = tree->nodes[value].next;
    }
    return irw_config_list(config, found, key, read);
}

/* Whether a plain scalar that is no string is a date, 2026-11-26, which reads
 * as what it is written as by all that take it for a string. */
static bool
is_date(imgrw_str text)
{
    return irw_find(text, '-') == 4 && irw_is_digit(text.data[0]) &&
           irw_is_digit(text.data[3]);
}

/* Whether readers of YAML take the scalar for a number or a boolean. */
static bool
is_no_string(const struct irw_tree *tree, uint32_t node)
{
    return !irw_scalar_is_string(tree, node) &&
           !is_date(irw_tree_value(tree, node));
}

enum imgrw_status
irw_config_string(struct irw_config *config, uint32_t node, const char *what,
                  const char **string)
{
    const struct irw_tree *tree = &config->tree;
    imgrw_str text;

    *string = NULL;
    if (node == IRW_NO_NODE || irw_config_is_null(config, node))
        return IMGRW_OK;
    if (tree->nodes[node].type != IRW_NODE_SCALAR)
        return irw_config_fail(config, node, "%s has to be a string", what);
    text = irw_tree_value(tree, node);
    if (is_no_string(tree, node))
        return irw_config_fail(config, node,
                               "%s: YAML reads %.*s as a number or a boolean, "
                               "so put it in quotes: \"%.*s\"",
                               what, IRW_PRINT(text), IRW_PRINT(text));
    if (irw_scalar_is_tagged(tree, node))
        return irw_config_fail(config, node, "%s has to be a string, without "
                                             "a tag", what);
    if (irw_find(text, '\0') != SIZE_MAX)
        return irw_config_fail(config, node, "%s holds a NUL character", what);
    *string = irw_arena_copy(&config->rules->arena, text);
    return *string ? IMGRW_OK : irw_fail_memory(config->error);
}

enum imgrw_status
irw_config_bool(struct irw_config *config, uint32_t node, const char *what,
                bool *value)
{
    const struct irw_tree *tree = &config->tree;
    imgrw_str text = irw_tree_value(tree, node);

    *value = irw_equal(text, IRW_STR("true"));
    if (tree->nodes[node].type == IRW_NODE_SCALAR &&
        tree->nodes[node].style == IRW_STYLE_PLAIN &&
        (*value || irw_equal(text, IRW_STR("false"))))
        return IMGRW_OK;
    return irw_config_fail(config, node, "%s has to be true or false", what);
}

enum imgrw_status
irw_config_strings(struct irw_config *config, uint32_t node,
                   const struct irw_config_shape *shape, uint32_t *nodes,
                   const char **strings)
{
    enum imgrw_status status = irw_config_map(config, node, shape, nodes);

    for (size_t i = 0; i < shape->count && status == IMGRW_OK; i++)
        status = irw_config_string(config, nodes[i], name_of(shape, i).data,
                                   &strings[i]);
    for (size_t i = 0; i < shape->count && status == IMGRW_OK; i++)
        if (shape->keys[i][0] == '!' && !strings[i])
            return irw_config_fail(config, nodes[i], "\"%s\" is empty",
                                   name_of(shape, i).data);
    return status;
}

uint32_t
irw_config_find(const struct irw_config *config, uint32_t mapping,
                const char *key)
{
    const struct irw_tree *tree = &config->tree;

    if (tree->nodes[mapping].type != IRW_NODE_MAPPING)
        return IRW_NO_NODE;
    for (uint32_t at = mapping + 1; at < tree->nodes[mapping].next;) {
        uint32_t value = tree->nodes[at].next;

        if (irw_equal(irw_tree_value(tree, irw_tree_follow(tree, at)),
                      irw_str(key)))
            return irw_tree_follow(tree, value);
        at = tree->nodes[value].next;
    }
    return IRW_NO_NODE;
}
