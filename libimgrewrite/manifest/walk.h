/*
 * The walk: over a document and the catalog side by side. What is at a place
 * is the business of the handler for the place's shape, which finds images and
 * hands them to collect.h, or documents in scalars and hands them to
 * find.h. These are walked afterwards, each by itself.
 */
#pragma once

#include "base/list.h"
#include "base/map.h"
#include "kubernetes/resource.h"
#include "manifest/findings.h"
#include "yaml/node_path.h"

struct irw_image_walk;

/* What a shape does with a node at a place of its kind. */
typedef void irw_shape_fn(struct irw_image_walk *walk, uint32_t node,
                          const struct irw_place *place,
                          const struct irw_node_path *path);

/* A patch in a text, of which is known from elsewhere what it is for. */
struct irw_known_patch {
    size_t offset; /* of it as it is written, in bytes */
    struct irw_patch_target target;
};

struct irw_known_patches {
    const struct irw_known_patch *items; /* by their offsets */
    size_t count;
};

/* What stays the same for a text. */
struct irw_search {
    const struct irw_fields *fields;
    irw_shape_fn *const *shapes; /* by enum irw_shape; NULL: nothing to do */
    unsigned find;               /* classes, as IMGRW_FIND bits */
    uint32_t max_depth;          /* of a tree */
    bool as_data; /* it is searched as the value of a ConfigMap is */
    const struct irw_patched *patched; /* by the text, which is a patch; NULL:
                                          it is what it says */
    struct irw_known_patches known; /* in the text, but for documents in it */
    bool strict;  /* all of it is parsed */
    bool masks;   /* documents that are templates are read through masks */
    bool finds_actions; /* a mapping that is an action of a template is an
                           error: it is for a mask to show what it is */
};

/* How deep documents are looked for inside each other. */
#define IRW_DEEPEST 4

/* Whether the line that ends at `end`, after byte `from`, ends with the comment
 * that has its images ignored. */
struct irw_line {
    const char *text; /* of which it is a line; NULL: none */
    size_t from, end;
    bool ignored;
};

/* How a node was reached: one below an anchor, or one that is merged in, is
 * reached in as many ways as there are aliases of it. */
struct irw_alias_path {
    uint32_t alias; /* the innermost alias that was followed, or the mapping
                       that a merge key has in place of one; 0: none */
    uint64_t id;    /* a hash of all of them, so that two ways differ in it */
};

/* The way that goes on from `way` through an alias. */
static inline struct irw_alias_path
irw_way_through(struct irw_alias_path way, uint32_t alias)
{
    uint64_t id = (way.id + alias) * UINT64_C(0x9E3779B97F4A7C15);

    return (struct irw_alias_path){alias, id ^ id >> 32};
}

/* A node and its tree, which is that of a document as in struct irw_site. */
static inline uint64_t
irw_node_id(uint32_t document, uint32_t node)
{
    return (uint64_t)document << 32 | node;
}

/* A node that was taken for an image, or for a document with images. */
struct irw_use {
    uint64_t node; /* its id */
    uint64_t way;
};

/* A node that a site needs: one of its own parts, or a scalar that holds the
 * document that has it. */
struct irw_site_claim {
    uint64_t node; /* its id */
    size_t site;   /* its number */
    bool whole;    /* it is the site's own node */
};

/* Whether a text has what pushes an image; the one that was looked at last. */
struct irw_pushing {
    imgrw_str text;
    bool pushes;
    bool is_read;         /* `names` are those of the text */
    struct irw_map names; /* of what the lines that push have filled in */
};

/* The resource that is walked. */
struct irw_walked_resource {
    struct irw_resource head;
    uint32_t root;
    size_t number; /* in the findings; SIZE_MAX: not yet in there */
};

/* A key of a mapping that is being walked. */
struct irw_seen_key {
    imgrw_str text;
    uint32_t key; /* node */
};

/* Two keys of one mapping that are equal. */
struct irw_duplicate {
    uint32_t first, second; /* nodes */
};

/* Where a registry may stand among values that is not the image's own, and what
 * may stand beside it. */
enum irw_registry_place {
    IRW_REGISTRY_GLOBAL,       /* global.imageRegistry */
    IRW_REGISTRY_GLOBAL_IMAGE, /* global.image.registry, global.hub ... */
    IRW_REGISTRY_AROUND,       /* imageRegistry, registry, hub ... of the map */
    IRW_REGISTRY_NAMESPACE,    /* its imageNamespace, which follows that */
    IRW_REGISTRY_TAG,          /* global.tag beside global.hub */
};

#define IRW_REGISTRY_PLACES 5

/* The registries that a map among values has for the images below it. */
struct irw_registry_scope {
    uint32_t map;
    const struct irw_node_path *path; /* to the map, in the arena */
    struct irw_walked_resource resource;
    enum imgrw_class image_class;
    size_t outer; /* the one around it, by its number; SIZE_MAX: none */
    bool of_rancher; /* it has the key for the registry of Rancher's charts */
    struct {
        uint32_t node;             /* IRW_NO_NODE: it has none */
        struct irw_alias_path way; /* to it */
        const char *inside; /* of `global`: the key of the map that has it;
                               NULL: that itself */
    } at[IRW_REGISTRY_PLACES];
};

struct irw_image_walk {
    const struct irw_search *search;
    struct irw_findings *findings;
    struct irw_tree *root_tree; /* of the piece */
    struct irw_tree *tree;      /* that is walked: that one, or an embedded */
    uint32_t document;          /* whose tree it is, as in struct irw_site */
    size_t document_number;     /* in the text */
    struct irw_budget budget;
    struct irw_walked_resource resource;
    size_t outer_resource; /* the number of the one that has the document */
    unsigned depth;
    unsigned nesting;          /* of embedded documents */
    enum imgrw_class embedder; /* of all the images in an embedded document, or
                                  IRW_CLASSES */
    const struct irw_patched *patched; /* by the patch whose root comes next;
                                          NULL: it is none */
    struct irw_alias_path way;
    IRW_LIST(struct irw_use) uses;     /* of trees with aliases */
    IRW_LIST(struct irw_site_claim) claims; /* of the same; by their nodes */
    bool visits_keys;                  /* and not only values */
    IRW_LIST(struct irw_seen_key) seen; /* of the mappings that are being
                                           walked: the innermost last */
    IRW_LIST(struct irw_duplicate) duplicates;
    struct irw_source_map_memo memo;
    struct irw_line lines[IRW_DEEPEST + 1]; /* looked at last, by nesting */
    struct irw_pushing pushing;
    IRW_LIST(struct irw_registry_scope) scopes; /* of the document */
    size_t scope; /* the innermost that is not left; SIZE_MAX: none */
    bool failed; /* memory is out */
};

/* Visits a node with the places that lead to it. */
void irw_visit(struct irw_image_walk *walk, uint32_t node,
               const struct irw_places *places,
               const struct irw_node_path *path);

/* Visits a resource, or a list of them. */
void irw_visit_resource(struct irw_image_walk *walk, uint32_t node,
                        const struct irw_node_path *path);

/* Remembers that the node was used as an image, when something else in its tree
 * may use it as well. */
void irw_remember_use(struct irw_image_walk *walk, uint32_t node);

/* The number of the resource that is walked, among those of the findings.
 * SIZE_MAX when memory is out. */
size_t irw_number_resource(struct irw_image_walk *walk);
