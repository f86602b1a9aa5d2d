/*
 * What the bytes of a text show of its keys, before anything has parsed it.
 *
 * YAML has many ways to write a key out of sight: with escapes, over two lines,
 * as an alias. A text that is spelled plainly has none of them: then every key
 * of a mapping that libyaml reads in the text, or in a document in one of its
 * scalars, to any depth, stands in the text letter by letter, on one line, and
 * before its colon; between the two there are blanks, quotes and backslashes
 * only. The exceptions are a key in braces without a colon, whose value is
 * null, and keys that begin with something else than a letter, a digit, "_" or
 * a character that is not ASCII. What is found may be more than the keys that
 * there are, as bytes do not tell a key from a word in a comment.
 */
#pragma once

#include "base/str.h"

/* Whether the text is spelled plainly. `ascii`: it has no other characters. */
bool irw_is_spelled_plainly(imgrw_str text, bool ascii);

/* The same of a text that is JSON, in which only escapes hide anything; what is
 * in its strings does not count. */
bool irw_is_json_spelled_plainly(imgrw_str text);

/* A look at each colon of a text; zero-initialised but for the text. */
struct irw_spelled_keys {
    imgrw_str text;
    size_t at;
};

struct irw_spelled_key {
    imgrw_str word; /* the letters, digits and [-._/] at the key's end */
    bool is_escaped; /* a backslash comes before the word, so that its first
                        letter may be a part of an escape */
    bool is_unclear; /* no key can be told from the bytes */
    bool is_string; /* a quote ends the key, and no backslash is before that: in
                       JSON, it is a key of the text and not of one inside */
    size_t colon;
};

/* The next colon, with what stands before it; false after the last one. Takes
 * time by the size of the text, however often it is called. */
bool irw_spelled_keys_next(struct irw_spelled_keys *keys,
                           struct irw_spelled_key *key);

/* Whether the value after the colon is a mapping, or nothing: no list, and no
 * scalar that says something. */
bool irw_is_spelled_as_map(imgrw_str text, size_t colon);

/* The value after the colon, where it is one word of letters, digits and
 * [-./]; more may come after the word where a blank divides them. Empty where
 * the bytes do not tell. */
imgrw_str irw_spelled_word(imgrw_str text, size_t colon);
