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

/* Reads `text`, which is borrowed. It must hold a scalar, the first of which is
 * written out, and there may be no anchors, aliases, merge keys and tags.
 * IMGRW_ERR_ARGUMENT: it is not as it must be; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_fragment_read(imgrw_str text, struct irw_arena *arena,
                                    struct irw_tree *fragment,
                                    struct imgrw_error *error);

/* The first scalar: nothing but collections comes before it. */
uint32_t irw_fragment_first_scalar(const struct irw_tree *fragment);

/* A fragment that is written, and its style. */
struct irw_fragment_writer {
    struct irw_text text;
    const struct irw_tree *fragment;
    char key_quote, value_quote; /* 0: none */
    imgrw_str colon;             /* with the blanks around it */
    imgrw_str dash; /* with what comes between it and the item */
    imgrw_str feed; /* the line break */
    imgrw_str gaps[2][2]; /* after the opening and before the closing bracket,
                             of mappings and of lists: by enum irw_node_type */
    size_t indent;    /* of the dashes of a list, after its key */
    bool flow_items;  /* items of block lists are written in braces */
    bool flow_values; /* so are the values of block mappings */
};

/* What comes between a comma and the next child where nothing shows it: one
 * blank, unless there is none after colons. */
imgrw_str irw_fragment_gap(const struct irw_fragment_writer *writer);

void irw_fragment_indent(struct irw_fragment_writer *writer, size_t column);

/* Writes the children of a collection in flow style, without its brackets. */
void irw_fragment_write_flow(struct irw_fragment_writer *writer,
                             uint32_t collection);

/* Writes them line by line: the first from here on, the others indented by
 * `column`. The last line is not ended. */
void irw_fragment_write_lines(struct irw_fragment_writer *writer,
                              uint32_t collection, size_t column);
