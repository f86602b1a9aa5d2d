/*
 * The contract of the YAML libraries: a text as a stream of events with byte
 * ranges.
 *
 * A range runs from the first byte of a node to the byte after its last, as
 * written: quotes, the `*` of an alias and the indicator of a block scalar
 * belong to it, anchors and tags do not. A block scalar ends after its last
 * line break. An empty value has an empty range. The ranges of collections
 * differ from library to library.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

enum irw_event_type {
    IRW_EVENT_DOCUMENT,
    IRW_EVENT_DOCUMENT_END,
    IRW_EVENT_MAPPING,
    IRW_EVENT_MAPPING_END,
    IRW_EVENT_SEQUENCE,
    IRW_EVENT_SEQUENCE_END,
    IRW_EVENT_SCALAR,
    IRW_EVENT_ALIAS,
    IRW_EVENT_END,
};

enum irw_style {
    IRW_STYLE_NONE, /* of aliases */
    IRW_STYLE_BLOCK,
    IRW_STYLE_FLOW,
    IRW_STYLE_PLAIN,
    IRW_STYLE_SINGLE,
    IRW_STYLE_DOUBLE,
    IRW_STYLE_LITERAL,
    IRW_STYLE_FOLDED,
};

struct irw_event {
    enum irw_event_type type;
    enum irw_style style;
    size_t start, end; /* bytes in the whole text; a document starts at its
                          marker or, without one, before its root */
    imgrw_str value;   /* decoded, if the library has values */
    imgrw_str anchor;  /* of a node, or the one that an alias names; empty:
                          none */
    imgrw_str tag;     /* resolved, or "!"-something as written; empty: none */
};

/* The bytes of a text that are read; offsets count from the start of the text.
 */
struct irw_extract {
    imgrw_str text;
    size_t start, end;
};

static inline struct irw_extract
irw_extract_all(imgrw_str text)
{
    return (struct irw_extract){text, 0, text.size};
}

/* Strings of an event are borrowed until the next call. */
struct irw_backend {
    const char *name;
    bool has_values; /* whether `value` is filled */

    /* Starts to read; the result is released with `close`. IMGRW_ERR_MEMORY. */
    enum imgrw_status (*open)(struct irw_extract extract, void **reader,
                              struct imgrw_error *error);

    /* Reads the next event. After a failure or IRW_EVENT_END only `close` may
     * be called. Of `error->at` only the offset is set. */
    enum imgrw_status (*next)(void *reader, struct irw_event *event,
                              struct imgrw_error *error);

    void (*close)(void *reader);
};

/* The authoritative parser: those of kubectl and kustomize are ports of it. */
extern const struct irw_backend irw_libyaml;

/* The witness. It must see only bytes that libyaml has accepted and that pass
 * the gate (gate.h). */
extern const struct irw_backend irw_libfyaml;

/* A reader of JSON, with the words and numbers of YAML. Any other text is
 * IMGRW_ERR_SYNTAX, and no message says why. YAML would read it as well, but a
 * YAML library has memory of its own, in which secrets would stay, and libyaml
 * refuses a character that JSON writes as two escapes. */
extern const struct irw_backend irw_json;

/* Where a block scalar ends that a library ends at `end`: without the blanks at
 * the start of the line after it, which libfyaml counts as part of it. */
static inline
size_t
irw_block_end(imgrw_str text, size_t start, size_t end)
{
    size_t trimmed = end;

    while (trimmed > start && text.data[trimmed - 1] == ' ')
        trimmed--;
    return trimmed > start && text.data[trimmed - 1] == '\n' ? trimmed : end;
}
