/*
 * The words of a script or a template, line by line, each with what may be its
 * name: `image: WORD`, `--image WORD`, `IMAGE="WORD"`.
 */
#pragma once

#include "base/str.h"

struct irw_script {
    imgrw_str text;
    size_t at;       /* from where on words are looked for */
    size_t line_end; /* of the line that has this byte; 0: none is begun */
    imgrw_str before; /* the word before, of the same line; empty: none */
    imgrw_str line;
    bool is_judged, counts; /* whether images of the line do is known */
};

/* A word, by its bytes in the text. */
struct irw_script_word {
    size_t from, to;
    imgrw_str name; /* empty: it has none */
};

/* Sets `*word` to the next word; false at the end. Comments, and words of which
 * a part is filled in later, are left out. */
bool irw_script_next(struct irw_script *script, struct irw_script_word *word);

/* Whether images of the line of the word that came last count: it pushes none,
 * and does not say `imgrewrite:ignore`. */
bool irw_script_line_counts(struct irw_script *script);
