/*
 * The finder: what the walk and the shapes share.
 */
#pragma once

#include "catalog/place.h"
#include "manifest/walk.h"
#include "kubernetes/resource.h"
#include "manifest/site.h"
#include "yaml/node_path.h"

/* What stays the same for a text. */
struct irw_search {
    const struct irw_fields *fields;
    unsigned find;      /* classes, as IMGRW_FIND bits */
    uint32_t max_depth; /* of a tree */
};

/* How deep documents are looked for inside each other. */
#define IRW_DEEPEST 4

/* Whether the line that ends at `end`, behind byte `from`, ends with the
 * comment that has its images ignored. Zero is no line. */
struct irw_line {
    const char *text;
    size_t from, end;
    bool ignored;
};

struct irw_finder {
    const struct irw_search *search;
    struct irw_findings *findings;
    struct irw_tree *outermost; /* of the piece */
    struct irw_tree *tree; /* being walked: the same, or an embedded one */
    uint32_t holder;       /* whose tree that is */
    struct irw_budget budget;
    struct irw_resource resource; /* the outermost one */
    size_t document, first_site;
    size_t end_site; /* on the second walk, behind the last one */
    unsigned depth;
    unsigned nesting;          /* of embedded documents */
    enum imgrw_class embedder; /* class of all in embedded documents */
    uint32_t alias;   /* the innermost one being followed; 0: none */
    uint32_t *blessed; /* on the second walk, of each node: where it was used as
                          an image last, as alias + 1; NULL on the first */
    const void *uses; /* on the second walk: what the audit knows of sites */
    size_t use_count;
    struct irw_source_map_memo memo;
    struct irw_line lines[IRW_DEEPEST + 1]; /* looked at last, by nesting */
    bool failed; /* memory is out */
};

/* An image that a shape has found. */
struct irw_found_image {
    const struct irw_node_path *trail;
    enum imgrw_class image_class;
    imgrw_str text;
    const struct irw_part *parts; /* the first one says where it is */
    size_t part_count;
    enum imgrw_reason reason; /* NONE: as the text will have it */
    bool continues; /* the note before was of the same scalar */
    bool matches;   /* as in struct imgrw_image */
};

/* Takes note of an image, unless its nodes belong to another already; returns
 * whether it did. */
bool irw_collect(struct irw_finder *finder, const struct irw_found_image *note);

/* Takes note of the scalar or alias at `node` as an image. */
void irw_collect_scalar(struct irw_finder *finder, uint32_t node,
                        enum imgrw_class image_class,
                        const struct irw_node_path *trail);

/* Adds a warning at byte `offset` of the text. */
__attribute__((format(printf, 3, 4))) void
irw_finder_warn(struct irw_finder *finder, size_t offset, const char *format,
                ...);

/* The class of an image that a place of `image_class` has. */
enum imgrw_class irw_finder_class(const struct irw_finder *finder,
                                  enum imgrw_class image_class);

/* Whether images of the class are asked for. */
bool irw_finder_wants(const struct irw_finder *finder,
                      enum imgrw_class image_class);

/* Visits a node with the places that lead to it. */
void irw_visit(struct irw_finder *finder, uint32_t node,
               const struct irw_places *places,
               const struct irw_node_path *trail);

/* Visits a resource, or a list of them. */
void irw_visit_resource(struct irw_finder *finder, uint32_t node,
                        const struct irw_node_path *trail);

/* Visits the root of a document that is embedded in another: a resource, a list
 * of them, a patch, or whatever else, which is searched as values are. */
void irw_visit_embedded(struct irw_finder *finder, uint32_t root,
                        const struct irw_node_path *trail);

/* What a shape does with a node that stands at a place of its kind. Handlers
 * run on both walks; what the second one notes is only remembered as used. */
typedef void irw_shape_fn(struct irw_finder *finder, uint32_t node,
                          const struct irw_place *place,
                          const struct irw_node_path *trail);

irw_shape_fn irw_shape_image, irw_shape_full, irw_shape_split, irw_shape_join,
    irw_shape_base, irw_shape_url, irw_shape_override, irw_shape_resolver,
    irw_shape_kustomize, irw_shape_values, irw_shape_data, irw_shape_document,
    irw_shape_environment, irw_shape_arguments;
