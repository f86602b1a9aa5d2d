/*
 * Texts as lines of JSON, more or less, with the pairs of mappings sorted.
 */
#include "meaning.h"
#include "base/str.h"
#include "base/text.h"
#include "support.h"
#include "yaml/scalar.h"

#include <stdio.h>
#include <stdlib.h>

#define PAIRS_MAX 100

static char *describe(const struct irw_tree *tree, uint32_t node);

static int
by_text(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

/* The children of a collection, a pair being one, malloc'ed. */
static size_t
describe_children(const struct irw_tree *tree, uint32_t node,
                  char *texts[PAIRS_MAX])
{
    bool mapping = tree->nodes[node].type == IRW_NODE_MAPPING;
    size_t count = 0;

    for (uint32_t at = node + 1; at < tree->nodes[node].next;) {
        char *key = mapping ? describe(tree, at) : NULL, *value;

        at = mapping ? tree->nodes[at].next : at;
        value = describe(tree, at);
        at = tree->nodes[at].next;
        assert_true(count < PAIRS_MAX);
        assert_true(asprintf(&texts[count++], "%s%s%s", key ? key : "",
                             key ? ": " : "", value) >= 0);
        free(key);
        free(value);
    }
    if (mapping)
        qsort(texts, count, sizeof(*texts), by_text);
    return count;
}

static char *
describe(const struct irw_tree *tree, uint32_t node)
{
    struct irw_properties properties;
    char *children[PAIRS_MAX], *text = NULL;
    struct irw_text made = {0};
    imgrw_str value;
    size_t count;

    node = irw_tree_follow(tree, node);
    properties = irw_tree_properties(tree, node);
    value = irw_tree_value(tree, node);
    irw_text_add(&made, properties.tag);
    if (tree->nodes[node].type == IRW_NODE_SCALAR) {
        irw_text_printf(&made, irw_scalar_is_string(tree, node) ? "'%.*s'"
                                                                : "%.*s",
                        (int)value.size, value.size > 0 ? value.data : "");
    } else {
        count = describe_children(tree, node, children);
        irw_text_printf(
            &made, tree->nodes[node].type == IRW_NODE_MAPPING ? "{" : "[");
        for (size_t i = 0; i < count; i++) {
            irw_text_printf(&made, "%s, ", children[i]);
            free(children[i]);
        }
        irw_text_printf(&made, "]");
    }
    text = strndup(made.data, made.size);
    irw_text_clear(&made);
    return text;
}

bool
meaning_equal(imgrw_str one, imgrw_str other)
{
    struct irw_arena arena = {0};
    struct irw_tree trees[2] = {0};
    bool equal = irw_tree_read(&irw_libyaml, irw_extract_all(one), 20, &arena,
                               &trees[0], NULL) == IMGRW_OK &&
                 irw_tree_read(&irw_libyaml, irw_extract_all(other), 20, &arena,
                               &trees[1], NULL) == IMGRW_OK &&
                 trees[0].document_count == trees[1].document_count;

    for (size_t i = 0; equal && i < trees[0].document_count; i++) {
        char *before = describe(&trees[0], trees[0].documents[i].root);
        char *after = describe(&trees[1], trees[1].documents[i].root);

        equal = strcmp(before, after) == 0;
        free(before);
        free(after);
    }
    irw_tree_clear(&trees[0]);
    irw_tree_clear(&trees[1]);
    irw_arena_clear(&arena);
    return equal;
}
