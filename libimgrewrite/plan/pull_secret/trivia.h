/*
 * Spots: where in the text the things stand that no node tells of, such as
 * dashes, brackets and what is between them.
 */
#pragma once

#include "yaml/tree.h"

/* The blanks and line breaks that a text is made of; empty where there is
 * anything else in it. */
imgrw_str irw_trivia_blanks(imgrw_str text);

/* The byte where a key begins, with its anchor and tag, all on one line;
 * SIZE_MAX where that cannot be told. */
size_t irw_trivia_key_start(const struct irw_tree *tree, uint32_t key);

/* The column of the byte at `offset`, before which there are only blanks and
 * dashes on its line; false where there is something else, or `offset` is
 * SIZE_MAX. */
bool irw_trivia_column(imgrw_str text, size_t offset, size_t *column);

/* The end of the line that goes on at `offset`: behind its line break, or the
 * end of the text. False where more than blanks and a comment comes. */
bool irw_trivia_line_end(imgrw_str text, size_t offset, size_t *end);

/* Whether a line break stands before `offset`. */
bool irw_trivia_begins_line(imgrw_str text, size_t offset);

/* The line break of the line that has the byte at `offset`, or of that before
 * it where it is the last one. */
imgrw_str irw_trivia_feed(imgrw_str text, size_t offset);

/* The colon between a key and its value, with the blanks around it on its line;
 * ": " where it is not so simple. */
imgrw_str irw_trivia_colon(const struct irw_tree *tree, uint32_t key);

/* The byte behind the colon of a key, or SIZE_MAX. */
size_t irw_trivia_behind_colon(const struct irw_tree *tree, uint32_t key);

/* The last child of a list that has one. */
uint32_t irw_trivia_last(const struct irw_tree *tree, uint32_t list);

/* The byte behind a list's entry: a mapping, or an alias; SIZE_MAX where that
 * cannot be told. */
size_t irw_trivia_node_end(const struct irw_tree *tree, uint32_t node);

/* The first dash of a block list; SIZE_MAX where it is not seen. */
size_t irw_trivia_first_dash(const struct irw_tree *tree, uint32_t list);

/* The dash of an entry, with the blanks and maybe the line break behind it;
 * "- " where it is not so simple. */
imgrw_str
irw_trivia_dash(const struct irw_tree *tree, uint32_t list, uint32_t entry);

/* The opening bracket or brace of a flow collection, or SIZE_MAX. */
size_t irw_trivia_opening(const struct irw_tree *tree, uint32_t node);

/* The gaps between the brackets of a flow collection and what is in it; empty
 * where there is none. */
void irw_trivia_gaps(const struct irw_tree *tree, uint32_t node,
                     imgrw_str *behind_opening, imgrw_str *before_closing);

/* The gap before the entry of a flow list: the one that is there, or as it
 * should be where the entry is the only one. */
imgrw_str
irw_trivia_item_gap(const struct irw_tree *tree, uint32_t list, uint32_t item);

/* The gap that comes before `key`, which begins at `start`, when there is an
 * entry before it in its flow mapping. False where something else than a comma,
 * a brace or a comment stands before it. */
bool irw_trivia_entry_gap(const struct irw_tree *tree, uint32_t mapping,
                          uint32_t key, size_t start, imgrw_str *gap);
