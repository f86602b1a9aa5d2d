/*
 * Trivia: the parts of a text that belong to no node, such as dashes, brackets,
 * and the blanks, comments and line breaks between them. A byte that is looked
 * for is SIZE_MAX where it cannot be seen.
 */
#pragma once

#include "yaml/tree.h"

/* The bytes from `start` to `end`, where they are a gap, which consists of
 * blanks and line breaks; else nothing. */
imgrw_str irw_trivia_gap(imgrw_str text, size_t start, size_t end);

bool irw_trivia_has_break(imgrw_str gap);

/* The byte before the gap that ends at `end`; NUL at the start of the text. */
char irw_trivia_byte_before(imgrw_str text, size_t end);

/* The byte where a node begins, with its anchor and tag, all on one line. */
size_t irw_trivia_start(const struct irw_tree *tree, uint32_t node);

/* The byte after a node and all below it; not seen where the last of it is not
 * written, or goes on to the end of the text. */
size_t irw_trivia_end(const struct irw_tree *tree, uint32_t node);

/* The last item of a list that has one, or the last value of a mapping. */
uint32_t irw_trivia_last(const struct irw_tree *tree, uint32_t collection);

/* The opening bracket or brace of a flow collection, or the first dash of a
 * block list. */
size_t irw_trivia_opening(const struct irw_tree *tree, uint32_t node);

/* The column of the byte at `offset`, where only blanks and dashes come before
 * it on its line; false where something else does, or `offset` is SIZE_MAX. */
bool irw_trivia_column(imgrw_str text, size_t offset, size_t *column);

/* Whether the byte at `offset` comes right after a line break. */
bool irw_trivia_begins_line(imgrw_str text, size_t offset);

/* The end of the line that goes on at `offset`: the byte after its line break,
 * or the end of the text; not seen where more than blanks and a comment
 * follows. */
size_t irw_trivia_line_end(imgrw_str text, size_t offset);

/* The next line break after `offset`, or else the first of the text. */
imgrw_str irw_trivia_line_break(imgrw_str text, size_t offset);

/* The colon between a key and its value, with the blanks around it on its line;
 * ": " where it is not that simple. */
imgrw_str irw_trivia_colon(const struct irw_tree *tree, uint32_t key);

/* The dash of an item, with the gap after it; "- " where it is not that simple.
 */
imgrw_str irw_trivia_dash(const struct irw_tree *tree, uint32_t item);

/* The gaps between the brackets of a flow collection and what is in it; empty
 * where there are none. */
void irw_trivia_gaps(const struct irw_tree *tree, uint32_t node,
                     imgrw_str gaps[2]);

/* The gap that belongs before `child`, a key or an item of a flow collection,
 * when another child comes before it; `usual` where none shows it. */
imgrw_str irw_trivia_child_gap(const struct irw_tree *tree, uint32_t collection,
                               uint32_t child, imgrw_str usual);
