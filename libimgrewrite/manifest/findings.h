/*
 * Findings: what was found in a text, with its nodes.
 */
#pragma once

#include "base/list.h"
#include "catalog/catalog.h"
#include "yaml/node_path.h"
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
    IRW_ROLE_PIN, /* not in it: a digest that the image has in some cases */
};

#define IRW_ROLE_COUNT 7

/* Bytes of the value of a scalar, or of an alias, that say a part. */
struct irw_part {
    uint32_t node;
    uint32_t from, to;
    enum irw_role role;
    bool fixed;  /* others may read it: it is never changed */
    bool simple; /* a tag that cannot say a digest */
    bool keeps_name; /* it is the name that an override is for, which stays: a
                        new one goes after a "=", or under `newName` */
    bool common; /* other images may be joined to it as well: it changes for all
                    of them, or for none */
};

/* The piece of the text that a tree is of, and not a document in a scalar. */
#define IRW_ROOT_DOCUMENT UINT32_MAX

/* What a patch changes. */
struct irw_patched {
    struct irw_patch_target target;
    imgrw_str pointer; /* to the place that has the value which is walked; data
                          NULL: it is a patch that is */
    bool is_declared; /* its place says that it is a patch of a resource; else
                         its looks do */
};

/* The class of a document in a scalar whose images each have their own. */
#define IRW_CLASSES ((enum imgrw_class)IMGRW_CLASS_COUNT)

/* A document that is the value of a scalar, or a part of it. */
struct irw_embedded {
    uint32_t outer; /* the document that has the scalar, by its number, or
                       IRW_ROOT_DOCUMENT */
    uint32_t node;  /* the scalar */
    uint32_t from, to; /* the bytes of its value that are the document */
    const struct irw_node_path *path; /* that leads to it, in the arena */
    struct irw_source_map spelling;   /* of the scalar */
    struct irw_tree tree;             /* of its value; empty when not wanted */
    enum imgrw_class image_class;     /* of all the images in it, or
                                         IRW_CLASSES */
    const struct irw_patched *patched; /* NULL: it is no patch */
    size_t resource;                  /* that has the scalar, by its number */
    unsigned nesting; /* how many documents it is in */
};

struct irw_site {
    struct imgrw_image image; /* what the caller sees of it */
    struct irw_part *parts;   /* where it is written, in the arena */
    size_t part_count;
    uint32_t document; /* the embedded document that has the parts, or
                          IRW_ROOT_DOCUMENT */
    size_t order;    /* in which it was found */
    uint32_t anchor; /* the site whose scalar this alias repeats, by its number
                        in the manifest; UINT32_MAX: none */
    bool asked; /* a user named the field, which holds a registry */
    imgrw_str shared_field; /* another use, which is no image; empty: none */
    size_t shared_offset;   /* where that is written */
    size_t common_offset;   /* where its common part is, if it has one */
};

/* An image of a class that was not asked for. */
struct irw_unselected {
    enum imgrw_class image_class;
    imgrw_str text;
};

/* What was found in a text. The lists are malloc'ed. */
struct irw_findings {
    const struct irw_source *source;
    struct irw_line_cursor cursor;
    struct irw_arena *arena; /* for trees and the strings of images: rewound
                                after a piece, or a document in a scalar, that
                                turned out to have no images */
    struct irw_arena lasting; /* for what outlives such a piece: warnings, and
                                 images that were not asked for or are only
                                 possible */
    bool *fields_met; /* by the number of a user's field, in the arena: whether
                         it led to a node */
    struct irw_site *sites;
    size_t site_count, site_capacity;
    struct irw_embedded *embedded;
    size_t embedded_count, embedded_capacity;
    IRW_LIST(struct imgrw_resource) resources;
    IRW_LIST(struct irw_unselected) unselected;
    IRW_LIST(struct imgrw_image) possible; /* what looks like an image where
                                              none is known */
    IRW_LIST(struct imgrw_warning) warnings;
    size_t unlisted_warnings; /* those that there are beyond the list */
    size_t unlisted_offset;   /* of the first of them */
};

/* The tree of a document in a scalar, by its number, or that of its piece. */
static inline const struct irw_tree *
irw_findings_tree(const struct irw_findings *findings,
                  const struct irw_tree *root_tree, uint32_t document)
{
    return document == IRW_ROOT_DOCUMENT ? root_tree
                                       : &findings->embedded[document].tree;
}
