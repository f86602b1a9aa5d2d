/*
 * The bytes of a text: the checks before a YAML library sees them, the line and
 * column of a byte, and the pieces of the text.
 */
#pragma once

#include "yaml/mask.h"

/* A text that passed irw_source_open. Borrowed, never changed. */
struct irw_source {
    imgrw_str text;
    const struct irw_mask *mask; /* of a template, which is read in place of the
                                    text; else NULL */
    const char *path; /* may be NULL */
    size_t start;     /* of the first byte after a byte order mark */
    bool ascii;       /* no byte over 0x7F from `start` on */
    bool directives;  /* a line begins with "%" */
};

/* What YAML libraries read. */
static inline imgrw_str
irw_source_readable(const struct irw_source *source)
{
    return source->mask ? source->mask->text : source->text;
}

/* A position that remembers its line, so that locating a byte costs only the
 * way there from the byte located before. Zero-initialised is the start of the
 * text. */
struct irw_line_cursor {
    size_t offset;
    uint32_t line, column; /* of that byte, from 0 */
};

/* Checks that `text` is UTF-8 without NUL and no longer than `max_bytes`.
 * IMGRW_ERR_ENCODING, IMGRW_ERR_LIMIT. */
enum imgrw_status irw_source_open(imgrw_str text, const char *path,
                                  size_t max_bytes, struct irw_source *source,
                                  struct imgrw_error *error);

/* Has the source, which is that of a template, read through a mask. */
void irw_source_read_through(struct irw_source *source,
                             const struct irw_mask *mask);

/* The location of byte `offset`. */
struct imgrw_location irw_source_locate(const struct irw_source *source,
                                        struct irw_line_cursor *cursor,
                                        size_t offset);

/* Completes an error of which only `at.offset` is known; returns `status`. */
enum imgrw_status irw_source_explain(const struct irw_source *source,
                                     enum imgrw_status status,
                                     struct imgrw_error *error);

/* The end of the piece that starts at `start`: the next line that begins with
 * "---" and a blank or line break, or the end of the text. libyaml reads the
 * pieces exactly as it reads the whole, except that a directive, a line that
 * begins with "%", may come before the marker of its document and would be cut
 * off from it. A text with such a line is therefore one piece.
 *
 * In a stream of JSON, where one object or list follows the other without a
 * marker, as kubectl takes them, each is a piece. YAML does not allow that, so
 * that a reader of YAML must see them one by one. */
size_t irw_source_piece_end(const struct irw_source *source, size_t start);

/* Whether two pieces that meet at `offset` are of a stream of JSON. */
bool irw_source_is_within_stream(const struct irw_source *source,
                                 size_t offset);
