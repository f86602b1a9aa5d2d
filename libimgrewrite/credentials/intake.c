#include "credentials/intake.h"
#include "base/error.h"
#include "yaml/scalar.h"

#include <stdarg.h>
#include <stdio.h>

struct imgrw_location
irw_intake_at(struct irw_intake *intake, uint32_t node)
{
    return irw_source_locate(&intake->source, &intake->cursor,
                             intake->tree.nodes[node].start);
}

enum imgrw_status
irw_intake_fail(struct irw_intake *intake, uint32_t node,
                 const char *format, ...)
{
    char message[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    return irw_fail(intake->error, IMGRW_ERR_CREDENTIALS,
                    irw_intake_at(intake, node), "%s", message);
}

void
irw_intake_warn(struct irw_intake *intake, uint32_t node,
                 const char *message)
{
    struct imgrw_location at = irw_intake_at(intake, node);

    if (intake->listener.warn)
        intake->listener.warn(&at, message, intake->listener.user);
}

/* The number of a key; that of the NULL at the end where there is none. */
static size_t
find_key(const struct irw_intake *intake,
         const struct irw_intake_shape *shape, uint32_t key)
{
    imgrw_str name = irw_tree_value(&intake->tree,
                                    irw_tree_follow(&intake->tree, key));
    size_t i = 0;

    while (shape->keys[i] && !irw_equal(irw_str(shape->keys[i]), name))
        i++;
    return i;
}

enum imgrw_status
irw_intake_map(struct irw_intake *intake, uint32_t node,
                const struct irw_intake_shape *shape, uint32_t *nodes)
{
    const struct irw_tree *tree = &intake->tree;

    for (size_t i = 0; shape->keys[i]; i++)
        nodes[i] = IRW_NO_NODE;
    if (tree->nodes[node].type != IRW_NODE_MAPPING)
        return irw_intake_fail(intake, node, "%s has to be a mapping",
                                shape->what);
    for (uint32_t key = node + 1; key < tree->nodes[node].next;) {
        uint32_t value = tree->nodes[key].next;
        size_t index = find_key(intake, shape, key);

        if (!shape->keys[index])
            return irw_intake_fail(intake, key,
                                    "%s has no such key; there are %s",
                                    shape->what, shape->known);
        if (nodes[index] != IRW_NO_NODE)
            return irw_intake_fail(intake, key, "\"%s\" is there twice",
                                    shape->keys[index]);
        nodes[index] = irw_tree_follow(tree, value);
        key = tree->nodes[value].next;
    }
    return IMGRW_OK;
}

bool
irw_intake_has(const struct irw_intake *intake, uint32_t node,
                const struct irw_intake_shape *shape)
{
    const struct irw_tree *tree = &intake->tree;

    if (tree->nodes[node].type != IRW_NODE_MAPPING)
        return false;
    for (uint32_t key = node + 1; key < tree->nodes[node].next;) {
        if (shape->keys[find_key(intake, shape, key)])
            return true;
        key = tree->nodes[tree->nodes[key].next].next;
    }
    return false;
}

bool
irw_intake_is_null(const struct irw_intake *intake, uint32_t node)
{
    const struct irw_tree *tree = &intake->tree;
    imgrw_str text = irw_tree_value(tree, node);

    return tree->nodes[node].type == IRW_NODE_SCALAR &&
           tree->nodes[node].style == IRW_STYLE_PLAIN &&
           irw_tree_properties(tree, node).tag.size == 0 &&
           (text.size == 0 || irw_plain_kind(text) == IRW_PLAIN_NULL);
}

enum imgrw_status
irw_intake_string(struct irw_intake *intake, uint32_t node,
                   const char *what, imgrw_str *string)
{
    const struct irw_tree *tree = &intake->tree;

    if (tree->nodes[node].type != IRW_NODE_SCALAR)
        return irw_intake_fail(intake, node, "%s has to be a string", what);
    if (irw_intake_is_null(intake, node))
        return irw_intake_fail(intake, node,
                                "%s is null; leave it out, or put it in quotes",
                                what);
    if (irw_scalar_is_tagged(tree, node))
        return irw_intake_fail(intake, node,
                                "%s begins like a tag; put it in quotes", what);
    if (!irw_scalar_is_string(tree, node))
        return irw_intake_fail(intake, node,
                                "%s is a number, a boolean or a date to YAML; "
                                "put it in quotes",
                                what);
    *string = irw_tree_value(tree, node);
    return IMGRW_OK;
}

enum imgrw_status
irw_intake_put(struct irw_intake *intake, struct irw_given *given,
                uint32_t endpoint, uint32_t user, uint32_t password)
{
    given->endpoint_at = irw_intake_at(intake, endpoint);
    given->user_at = irw_intake_at(intake, user);
    given->password_at = irw_intake_at(intake, password);
    return irw_credentials_put(intake->credentials, given, &intake->listener,
                               intake->error);
}
