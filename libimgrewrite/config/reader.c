#include "config/reader.h"
#include "base/error.h"
#include "base/str.h"
#include "yaml/scalar.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

struct imgrw_location
irw_reader_locate(struct irw_reader *reader, uint32_t node)
{
    return irw_source_locate(&reader->source, &reader->cursor,
                             reader->tree.nodes[node].start);
}

enum imgrw_status
irw_reader_fail(struct irw_reader *reader, uint32_t node, const char *format,
                ...)
{
    enum imgrw_status status;
    va_list arguments;

    va_start(arguments, format);
    status = irw_vfail(reader->error, reader->status,
                       irw_reader_locate(reader, node), format, arguments);
    va_end(arguments);
    return status;
}

void
irw_reader_warn(struct irw_reader *reader, uint32_t node, const char *format,
                ...)
{
    struct imgrw_location at = irw_reader_locate(reader, node);
    char message[256];
    va_list arguments;

    if (!reader->warn)
        return;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    irw_clean_message(message);
    reader->warn(&at, message, reader->user);
}

/* The index of a key in the set, or the set's count. */
static size_t
find_key(const struct irw_key_set *set, imgrw_str name)
{
    size_t i = 0;

    while (i < set->count &&
           !(set->any_case ? irw_equal_nocase(irw_str(set->keys[i]), name)
                           : irw_equal(irw_str(set->keys[i]), name)))
        i++;
    return i;
}

static enum imgrw_status
fail_unknown(struct irw_reader *reader, uint32_t key,
             const struct irw_key_set *set)
{
    imgrw_str name = irw_tree_text(&reader->tree, key);
    char known[200] = "";
    size_t at = 0;

    for (size_t i = 0; i < set->count && at < sizeof(known); i++)
        at += (size_t)snprintf(known + at, sizeof(known) - at, "%s%s",
                               i > 0 ? ", " : "", set->keys[i]);
    /* what stands where a key should may be a password that lost its own */
    if (reader->secret)
        return irw_reader_fail(reader, key, "%s has no such key; there are %s",
                               set->what, set->listed ? set->listed : known);
    if (name.size > 40)
        name.size = 40;
    return irw_reader_fail(reader, key,
                           "%s has no key \"%.*s\"; there are %s", set->what,
                           IRW_PRINT(name), known);
}

/* The key is one that was looked for, and no secret. */
static enum imgrw_status
fail_twice(struct irw_reader *reader, uint32_t key, uint32_t first)
{
    return irw_reader_fail(reader, key,
                           "\"%.*s\" is there twice, first on line %u",
                           IRW_PRINT(irw_tree_text(&reader->tree, key)),
                           (unsigned)irw_reader_locate(reader, first).line);
}

/* Puts the value of a key where the set has its place; `seen` has the keys that
 * came before. */
static enum imgrw_status
take_member(struct irw_reader *reader, uint32_t key,
            const struct irw_key_set *set, uint32_t *nodes, uint32_t *seen)
{
    const struct irw_tree *tree = &reader->tree;
    size_t index = find_key(set, irw_tree_text(tree, key));

    if (!irw_is_scalar(tree, key))
        return irw_reader_fail(reader, key, "a key of %s has to be a string",
                               set->what);
    if (irw_is_merge_key(tree, key))
        return irw_reader_fail(reader, key,
                               "<< is not taken; write its keys out");
    if (index == set->count)
        return fail_unknown(reader, key, set);
    if (nodes[index] != IRW_NO_NODE)
        return fail_twice(reader, key, seen[index]);
    seen[index] = key;
    nodes[index] = irw_tree_follow(tree, tree->nodes[key].next);
    return IMGRW_OK;
}

enum imgrw_status
irw_reader_members(struct irw_reader *reader, uint32_t node,
                   const struct irw_key_set *set, uint32_t *nodes)
{
    const struct irw_tree *tree = &reader->tree;
    struct irw_entries entries = irw_entries(tree, node);
    uint32_t key, value, seen[IRW_KEYS_MAX];
    enum imgrw_status status = IMGRW_OK;

    assert(set->count <= IRW_KEYS_MAX);
    for (size_t i = 0; i < set->count; i++)
        nodes[i] = IRW_NO_NODE;
    if (tree->nodes[node].type != IRW_NODE_MAPPING)
        return irw_reader_fail(reader, node, "%s has to be a mapping",
                               set->what);
    while (status == IMGRW_OK && irw_entries_next(&entries, &key, &value))
        status = take_member(reader, key, set, nodes, seen);
    for (size_t i = 0; i < set->count && status == IMGRW_OK; i++)
        if (nodes[i] == IRW_NO_NODE && set->required & 1u << i)
            status = irw_reader_fail(reader, node, "%s needs \"%s\"",
                                     set->what, set->keys[i]);
    return status;
}

enum imgrw_status
irw_reader_strings(struct irw_reader *reader, uint32_t node,
                   const struct irw_key_set *set, uint32_t *nodes,
                   const char **strings, size_t count)
{
    enum imgrw_status status = irw_reader_members(reader, node, set, nodes);

    for (size_t i = 0; i < count && status == IMGRW_OK; i++) {
        status = irw_reader_string(reader, nodes[i], set->keys[i],
                                   &strings[i]);
        if (status == IMGRW_OK && !strings[i] && set->required & 1u << i)
            status = irw_reader_fail(reader, nodes[i], "\"%s\" is empty",
                                     set->keys[i]);
    }
    return status;
}

/* Goes on to the next entry of a name; IRW_NO_NODE: there is none. */
static struct irw_tree_entry
find_next(struct irw_entries *entries, const char *name)
{
    struct irw_tree_entry entry;

    while (irw_entries_next(entries, &entry.key, &entry.value))
        if (irw_equal(irw_tree_text(entries->tree, entry.key), irw_str(name)))
            return entry;
    return (struct irw_tree_entry){IRW_NO_NODE, IRW_NO_NODE};
}

uint32_t
irw_reader_find(const struct irw_reader *reader, uint32_t mapping,
                const char *key)
{
    struct irw_entries entries = irw_entries(&reader->tree, mapping);
    uint32_t value = find_next(&entries, key).value;

    return value == IRW_NO_NODE ? value
                                : irw_tree_follow(&reader->tree, value);
}

enum imgrw_status
irw_reader_find_one(struct irw_reader *reader, uint32_t mapping,
                    const char *key, uint32_t *value)
{
    struct irw_entries entries = irw_entries(&reader->tree, mapping);
    uint32_t first = find_next(&entries, key).key;
    uint32_t second = find_next(&entries, key).key;

    *value = irw_reader_find(reader, mapping, key);
    return second == IRW_NO_NODE ? IMGRW_OK
                                 : fail_twice(reader, second, first);
}

bool
irw_reader_is_null(const struct irw_reader *reader, uint32_t node)
{
    const struct irw_tree *tree = &reader->tree;
    imgrw_str text = irw_tree_value(tree, node);

    return tree->nodes[node].type == IRW_NODE_SCALAR &&
           tree->nodes[node].style == IRW_STYLE_PLAIN &&
           irw_tree_properties(tree, node).tag.size == 0 &&
           (text.size == 0 || irw_plain_kind(text) == IRW_PLAIN_NULL);
}

/* Whether readers of YAML take the scalar for a number or a boolean. A date,
 * such as 2026-11-26, is not a string to them either, but who takes it for one
 * gets what is written. */
static bool
is_not_string(const struct irw_tree *tree, uint32_t node)
{
    imgrw_str text = irw_tree_value(tree, node);
    bool date = irw_find(text, '-') == 4 && irw_is_digit(text.data[0]) &&
                irw_is_digit(text.data[3]);

    return !irw_scalar_is_string(tree, node) && !date;
}

static enum imgrw_status
fail_string(struct irw_reader *reader, uint32_t node, const char *what)
{
    imgrw_str text = irw_tree_value(&reader->tree, node);

    if (reader->secret)
        return irw_reader_fail(reader, node,
                               "%s: YAML reads this as a number or a boolean, "
                               "so put it in quotes", what);
    return irw_reader_fail(reader, node,
                           "%s: YAML reads %.*s as a number or a boolean, so "
                           "put it in quotes: \"%.*s\"",
                           what, IRW_PRINT(text), IRW_PRINT(text));
}

enum imgrw_status
irw_reader_string(struct irw_reader *reader, uint32_t node, const char *what,
                  const char **string)
{
    const struct irw_tree *tree = &reader->tree;
    imgrw_str text;

    *string = NULL;
    if (node == IRW_NO_NODE || irw_reader_is_null(reader, node))
        return IMGRW_OK;
    if (tree->nodes[node].type != IRW_NODE_SCALAR)
        return irw_reader_fail(reader, node, "%s has to be a string", what);
    if (is_not_string(tree, node))
        return fail_string(reader, node, what);
    if (irw_scalar_is_tagged(tree, node))
        return irw_reader_fail(reader, node,
                               "%s has to be a string without a tag; put it in "
                               "quotes where it begins with a \"!\"", what);
    text = irw_tree_value(tree, node);
    if (irw_find(text, '\0') != SIZE_MAX)
        return irw_reader_fail(reader, node, "%s holds a NUL character", what);
    *string = irw_arena_copy(reader->arena, text);
    return *string ? IMGRW_OK : irw_fail_memory(reader->error);
}

enum imgrw_status
irw_reader_bool(struct irw_reader *reader, uint32_t node, const char *what,
                bool *value)
{
    const struct irw_tree *tree = &reader->tree;
    imgrw_str text = irw_tree_value(tree, node);

    *value = irw_equal(text, IRW_STR("true"));
    if (tree->nodes[node].type == IRW_NODE_SCALAR &&
        tree->nodes[node].style == IRW_STYLE_PLAIN &&
        (*value || irw_equal(text, IRW_STR("false"))))
        return IMGRW_OK;
    return irw_reader_fail(reader, node, "%s has to be true or false", what);
}
