/*
 * Fragments: what an insertion adds, as a small tree, and how to write it.
 *
 * A fragment is read from a text in flow style, `{key: value}` or `[item]`,
 * with no word about how it will be written. The children of its root are what
 * is added to a mapping or a list.
 */
#pragma once

#include "base/text.h"
#include "yaml/tree.h"

/* How a fragment is written. The gaps are blanks and line breaks. */
struct irw_fragment_style {
    char key_quote, value_quote; /* 0: none */
    imgrw_str colon;             /* with the blanks around it */
    imgrw_str after_bracket, before_bracket, after_brace, before_brace;
    imgrw_str dash;   /* with what comes between it and the item */
    imgrw_str feed;   /* the line break */
    size_t indent;    /* of the dashes of a list, after its key */
    bool flow_items;  /* items of block lists are written in braces */
    bool flow_values; /* so are the values of block mappings */
};

/* Reads `text`, which is borrowed. It must hold a scalar, the first of which is
 * written out, and there may be no anchors, aliases, merge keys and tags.
 * IMGRW_ERR_ARGUMENT: it is not as it must be; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_fragment_read(imgrw_str text, struct irw_arena *arena,
                                    struct irw_tree *fragment,
                                    struct imgrw_error *error);

/* The first scalar: nothing but collections comes before it. */
uint32_t irw_fragment_first_scalar(const struct irw_tree *fragment);

/* The key of the last pair, for which a neighbour may be the model; empty where
 * there is none. */
imgrw_str irw_fragment_last_key(const struct irw_tree *fragment);

void irw_fragment_blanks(struct irw_text *text, size_t count);

/* Writes the node and all below it in flow style; of the root, what is between
 * its brackets. */
void irw_fragment_write_flow(struct irw_text *text,
                             const struct irw_tree *fragment, uint32_t node,
                             const struct irw_fragment_style *style);

/* Writes the children of a collection line by line: the first from here on, the
 * others indented by `column`. The last line is not ended. */
void irw_fragment_write_lines(struct irw_text *text,
                              const struct irw_tree *fragment, uint32_t node,
                              const struct irw_fragment_style *style,
                              size_t column);
