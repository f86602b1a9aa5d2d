/*
 * Trivia: the parts of a text that belong to no node, such as dashes, brackets,
 * and the blanks, comments and line breaks between them.
 */
#pragma once

#include "yaml/tree.h"

/* `text`, where it consists of blanks and line breaks; else nothing. */
imgrw_str irw_trivia_blanks(imgrw_str text);

/* The byte where a key begins, with its anchor and tag, all on one line;
 * SIZE_MAX where that cannot be seen. */
size_t irw_trivia_key_start(const struct irw_tree *tree, uint32_t key);

/* The column of the byte at `offset`, where only blanks and dashes come before
 * it on its line; false where something else does, or `offset` is SIZE_MAX. */
bool irw_trivia_column(imgrw_str text, size_t offset, size_t *column);

/* The end of the line that goes on at `offset`: the byte after its line break,
 * or the end of the text. False where more than blanks and a comment follows.
 */
bool irw_trivia_line_end(imgrw_str text, size_t offset, size_t *end);

/* Whether the byte at `offset` comes right after a line break. */
bool irw_trivia_begins_line(imgrw_str text, size_t offset);

/* The line break that ends the line of the byte at `offset`; where that is the
 * last line, the one before it. */
imgrw_str irw_trivia_feed(imgrw_str text, size_t offset);

/* The colon between a key and its value, with the blanks around it on its line;
 * ": " where it is not that simple. */
imgrw_str irw_trivia_colon(const struct irw_tree *tree, uint32_t key);

/* The byte after the colon of a key, or SIZE_MAX. */
size_t irw_trivia_after_colon(const struct irw_tree *tree, uint32_t key);

/* The last item of a list that has one, or the last value of a mapping. */
uint32_t irw_trivia_last(const struct irw_tree *tree, uint32_t collection);

/* The byte after a node and all below it; SIZE_MAX where that cannot be seen,
 * because the last of it is not written, or goes on to the end of the text. */
size_t irw_trivia_node_end(const struct irw_tree *tree, uint32_t node);

/* The first dash of a block list; SIZE_MAX where it is not seen. */
size_t irw_trivia_first_dash(const struct irw_tree *tree, uint32_t list);

/* The dash of an item, with the blanks and maybe the line break after it; "- "
 * where it is not that simple. */
imgrw_str irw_trivia_dash(const struct irw_tree *tree, uint32_t list,
                          uint32_t item);

/* The opening bracket or brace of a flow collection, or SIZE_MAX. */
size_t irw_trivia_opening(const struct irw_tree *tree, uint32_t node);

/* The gaps between the brackets of a flow collection and what is in it; empty
 * where there are none. */
void irw_trivia_gaps(const struct irw_tree *tree, uint32_t node,
                     imgrw_str *after_opening, imgrw_str *before_closing);

/* The gap before the last child of a flow collection: the one that is there, or
 * as it should be where the child is the only one. */
imgrw_str irw_trivia_last_gap(const struct irw_tree *tree,
                              uint32_t collection);

/* The gap that `key`, which begins at `start`, should have before it when
 * another pair comes first in its flow mapping. False where something else than
 * a comma, a brace or a comment comes before it now. */
bool irw_trivia_entry_gap(const struct irw_tree *tree, uint32_t mapping,
                          uint32_t key, size_t start, imgrw_str *gap);
