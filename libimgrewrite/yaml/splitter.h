/*
 * Cutting a text into pieces while it comes in, with no more of it held than
 * the last piece.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* What a piece has shown itself to be. */
enum irw_splitter_state {
    IRW_SPLIT_START, /* nothing but blanks so far */
    IRW_SPLIT_JSON,  /* inside of a JSON object or list */
    IRW_SPLIT_ENDED, /* one has ended */
    IRW_SPLIT_YAML,
};

/* A text that is being cut. Zero-initialised is the start of one. */
struct irw_splitter {
    size_t at;    /* bytes that were looked at */
    bool started; /* the text has begun */
    bool joined;  /* after a directive: pieces end only after "..." */
    enum irw_splitter_state state;
    size_t value; /* where the JSON value begins */
    size_t depth; /* of brackets in it */
    bool in_string, escaped;
};

/* Returns where the next piece begins, with which the one at the start of the
 * text is whole; 0: that goes on, or, with `ended`, goes to the end of it. The
 * next call has the same text with more bytes, or the text from the new piece
 * on.
 *
 * The pieces are those of irw_source_piece_end. But a directive, a line that
 * begins with "%", joins what follows only, up to a line "...". */
size_t irw_splitter_next(struct irw_splitter *splitter, imgrw_str text,
                         bool ended);
