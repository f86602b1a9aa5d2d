#include "config/reader.h"
#include "base/error.h"
#include "base/str.h"
#include "base/suggest.h"
#include "yaml/scalar.h"

#include <stdarg.h>
#include <stdio.h>

#define DEPTH 64 /* of a text of rules */

struct imgrw_location
irw_reader_locate(struct irw_reader *reader, uint32_t node)
{
    if (!reader->tree.nodes)
        return IRW_NO_LOCATION;
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
    struct imgrw_error warning;
    va_list arguments;

    if (!reader->warn)
        return;
    va_start(arguments, format);
    irw_vfail(&warning, IMGRW_OK, irw_reader_locate(reader, node), format,
              arguments);
    va_end(arguments);
    reader->warn(&warning.at, warning.message, reader->user);
}

/* The member called `name`, or NULL. */
static struct irw_member *
find_member(const struct irw_members *members, imgrw_str name)
{
    for (size_t i = 0; i < members->count; i++) {
        imgrw_str known = irw_str(members->items[i].name);

        if (members->any_case ? irw_equal_nocase(known, name)
                              : irw_equal(known, name))
            return &members->items[i];
    }
    return NULL;
}

static enum imgrw_status
fail_unknown(struct irw_reader *reader, uint32_t key,
             const struct irw_members *members)
{
    imgrw_str name = irw_tree_text(&reader->tree, key);
    struct imgrw_suggestion meant = {.word = name};
    char known[200] = "", beginning[IRW_MEANT_MAX];
    size_t at = 0;

    for (size_t i = 0; i < members->count; i++)
        imgrw_suggest(&meant, members->items[i].name);
    for (size_t i = 0; i < members->count && at < sizeof(known); i++)
        at += (size_t)snprintf(known + at, sizeof(known) - at, "%s%s",
                               i > 0 ? ", " : "", members->items[i].name);
    /* where a key is missing, the password itself may be read as one */
    if (reader->secret)
        return irw_reader_fail(reader, key, "%s has no such key; there are %s",
                               members->what,
                               members->listed ? members->listed : known);
    if (name.size > 40)
        name.size = 40;
    return irw_reader_fail(reader, key, "%s has no key \"%.*s\"; %s %s",
                           members->what, IRW_PRINT(name),
                           irw_meant(&meant, beginning), known);
}

/* Stores an entry of the mapping in its member. */
static enum imgrw_status
take_member(struct irw_reader *reader, uint32_t key, uint32_t value,
            const struct irw_members *members)
{
    const struct irw_tree *tree = &reader->tree;
    struct irw_member *member = find_member(members, irw_tree_text(tree, key));

    if (members->open && !member)
        return IMGRW_OK;
    if (!irw_is_scalar(tree, key))
        return irw_reader_fail(reader, key, "a key of %s has to be a string",
                               members->what);
    if (irw_is_merge_key(tree, key))
        return irw_reader_fail(reader, key,
                               "<< is not taken; write its keys out");
    if (!member)
        return fail_unknown(reader, key, members);
    /* the message may quote the key: it is a known one, so no secret */
    if (member->key != IRW_NO_NODE)
        return irw_reader_fail(
            reader, key, "\"%.*s\" is there twice, first on line %u",
            IRW_PRINT(irw_tree_text(tree, key)),
            (unsigned)irw_reader_locate(reader, member->key).line);
    member->key = key;
    member->value = irw_tree_follow(tree, value);
    return IMGRW_OK;
}

/* Reads the value of a member if it is to be a string. */
static enum imgrw_status
read_member(struct irw_reader *reader, struct irw_member *member)
{
    enum imgrw_status status;

    if (!member->is_string)
        return IMGRW_OK;
    status = irw_reader_string(reader, member->value, member->name,
                               &member->string);
    if (status == IMGRW_OK && !member->string && member->required)
        return irw_reader_fail(reader, member->value, "\"%s\" is empty",
                               member->name);
    return status;
}

enum imgrw_status
irw_reader_members(struct irw_reader *reader, uint32_t node,
                   const struct irw_members *members)
{
    const struct irw_tree *tree = &reader->tree;
    struct irw_entries entries = irw_entries(tree, node);
    struct irw_member *items = members->items;
    uint32_t key, value;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < members->count; i++)
        items[i].key = items[i].value = IRW_NO_NODE;
    if (tree->nodes[node].type != IRW_NODE_MAPPING && !members->open)
        return irw_reader_fail(reader, node, "%s has to be a mapping",
                               members->what);
    while (status == IMGRW_OK && irw_entries_next(&entries, &key, &value))
        status = take_member(reader, key, value, members);
    for (size_t i = 0; i < members->count && status == IMGRW_OK; i++)
        if (items[i].key == IRW_NO_NODE && items[i].required)
            status = irw_reader_fail(reader, node, "%s needs \"%s\"",
                                     members->what, items[i].name);
    for (size_t i = 0; i < members->count && status == IMGRW_OK; i++)
        status = read_member(reader, &items[i]);
    return status;
}

uint32_t
irw_reader_find(const struct irw_reader *reader, uint32_t mapping,
                const char *key)
{
    const struct irw_tree *tree = &reader->tree;
    struct irw_entries entries = irw_entries(tree, mapping);
    uint32_t found, value;

    while (irw_entries_next(&entries, &found, &value))
        if (irw_equal(irw_tree_text(tree, found), irw_str(key)))
            return irw_tree_follow(tree, value);
    return IRW_NO_NODE;
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
 * such as 2026-11-26, is no string to them either, but as a tag it means just
 * what is written. */
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
irw_reader_documents(struct irw_reader *reader, size_t start, size_t end,
                     irw_reader_fn *read)
{
    struct irw_tree *tree = &reader->tree;
    enum imgrw_status status = irw_source_explain(
        &reader->source,
        irw_tree_read(&irw_libyaml,
                      (struct irw_extract){reader->source.text, start, end},
                      DEPTH, reader->arena, tree, reader->error),
        reader->error);

    for (size_t i = 0; i < tree->document_count && status == IMGRW_OK; i++) {
        uint32_t root = tree->documents[i].root;

        imgrw_rules_begin_map(reader->rules);
        if (tree->nodes[root].style == IRW_STYLE_PLAIN &&
            irw_tree_value(tree, root).size == 0)
            continue; /* an empty document */
        status = read(reader, root);
        reader->documents++;
    }
    irw_tree_clear(tree);
    return status;
}

enum imgrw_status
irw_reader_place(struct irw_reader *reader, uint32_t node,
                 enum imgrw_status status)
{
    struct imgrw_rules *rules = reader->rules;
    struct imgrw_error *error = reader->error;
    struct imgrw_location at = irw_reader_locate(reader, node);

    while (reader->located < rules->list.count)
        rules->list.items[reader->located++]->at = at;
    if (status != IMGRW_OK && status != IMGRW_ERR_MEMORY && error)
        error->at = at;
    return status;
}

enum imgrw_status
irw_reader_bool(struct irw_reader *reader, uint32_t node, const char *what,
                bool *value)
{
    imgrw_str word = {0};

    if (node == IRW_NO_NODE)
        return IMGRW_OK;
    if (reader->tree.nodes[node].style == IRW_STYLE_PLAIN)
        word = irw_tree_value(&reader->tree, node);
    if (!irw_equal(word, IRW_STR("true")) && !irw_equal(word, IRW_STR("false")))
        return irw_reader_fail(reader, node, "%s has to be true or false",
                               what);
    *value = word.size == 4;
    return IMGRW_OK;
}

enum imgrw_status
irw_reader_list(struct irw_reader *reader, uint32_t node, const char *what,
                irw_reader_fn *read)
{
    const struct irw_tree *tree = &reader->tree;
    struct irw_items items;
    uint32_t item, index;
    enum imgrw_status status = IMGRW_OK;

    if (node == IRW_NO_NODE || irw_reader_is_null(reader, node))
        return IMGRW_OK;
    if (tree->nodes[node].type != IRW_NODE_SEQUENCE)
        return irw_reader_fail(reader, node, "%s has to be a list", what);
    items = irw_items(tree, node);
    while (status == IMGRW_OK && irw_items_next(&items, &item, &index))
        status = read(reader, irw_tree_follow(tree, item));
    return status;
}

enum imgrw_status
irw_reader_member_list(struct irw_reader *reader, uint32_t mapping,
                       const char *key, irw_reader_fn *read)
{
    struct irw_member list[] = {IRW_ANY(key)};
    struct irw_members members = IRW_MEMBERS("", list);
    enum imgrw_status status;

    members.open = true;
    status = irw_reader_members(reader, mapping, &members);
    return status == IMGRW_OK
               ? irw_reader_list(reader, list->value, key, read)
               : status;
}
