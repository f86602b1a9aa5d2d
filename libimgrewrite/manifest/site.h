/*
 * Sites: images as the library itself sees them, with their nodes.
 */
#pragma once

#include "yaml/source_map.h"

#include <imgrewrite/manifest.h>

/* What a part of a reference says. */
enum irw_role {
    IRW_ROLE_WHOLE, /* all of it */
    IRW_ROLE_REGISTRY,
    IRW_ROLE_REPOSITORY,
    IRW_ROLE_NAME, /* the end of a repository that is cut off from it */
    IRW_ROLE_TAG,
    IRW_ROLE_DIGEST,
};

#define IRW_ROLE_COUNT 6

/* Bytes of the value of a scalar, or of an alias, that say a part. */
struct irw_part {
    uint32_t node;
    uint32_t from, to;
    enum irw_role role;
    bool fixed;  /* others may read it: it is never changed */
    bool simple; /* a tag that cannot say a digest */
};

/* The piece of the text that a tree is of, and not a document in a scalar. */
#define IRW_ROOT_DOCUMENT UINT32_MAX

/* A document that is the value of a scalar. */
struct irw_embedded {
    uint32_t outer; /* the document that has the scalar, by its number, or
                       IRW_ROOT_DOCUMENT */
    uint32_t node;  /* the scalar */
    struct irw_source_map spelling; /* of the scalar */
    struct irw_tree tree;         /* of its value */
    enum imgrw_class image_class; /* of all the images in it */
};

struct irw_site {
    struct imgrw_image image; /* what the caller sees of it */
    struct irw_part *parts;   /* where it is written, in the arena */
    size_t part_count;
    uint32_t holder; /* the embedded document that has the parts, or
                        IRW_ROOT_DOCUMENT */
    size_t order;    /* in which it was found */
    uint32_t anchor; /* the site whose scalar this alias repeats, by its number
                        in the manifest; UINT32_MAX: none */
    imgrw_str shared_field; /* another use, which is no image; empty: none */
    size_t shared_offset;   /* where that is written */
};

/* An image of a class that was not asked for. */
struct irw_off {
    enum imgrw_class image_class;
    imgrw_str text;
};

/* A growing list of warnings, malloc'ed. */
struct irw_warnings {
    struct imgrw_warning *items;
    size_t count, capacity;
};

/* What was found in a text. The lists are malloc'ed. */
struct irw_findings {
    const struct irw_source *source;
    struct irw_line_cursor cursor;
    struct irw_arena *arena; /* for trees and the strings of images: rewound
                                after a piece, or a document in a scalar, that
                                turned out to have no images */
    struct irw_arena lasting; /* for what outlives such a piece: warnings, and
                                 images that were not asked for */
    struct irw_site *sites;
    size_t site_count, site_capacity;
    struct irw_embedded *embedded;
    size_t embedded_count, embedded_capacity;
    struct irw_off *offs;
    size_t off_count, off_capacity;
    struct irw_warnings warnings;
};

/* Adds a warning; from some number on they are dropped, because nobody reads so
 * many. False when memory is out. */
__attribute__((format(printf, 3, 4))) bool
irw_warnings_add(struct irw_findings *findings, struct imgrw_location at,
                 const char *format, ...);

/* Climbs from the bytes of an embedded document's text, on one line, to those
 * of the text that spell them; false when they cannot be told apart. With
 * IRW_ROOT_DOCUMENT they are there already. */
bool irw_findings_climb(const struct irw_findings *findings,
                        const struct irw_tree *outermost, uint32_t holder,
                        size_t *start, size_t *end);
