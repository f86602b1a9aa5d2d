/*
 * The catalog: where in a resource images live.
 *
 * A place is a step on the way from the root of a resource to an image. Walking
 * a tree and the catalog side by side tells of every node whether an image may
 * lie there or below. Several places may be followed at once: those of the
 * kind, those that every resource has, those that the user named.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* What stands at a place. */
enum irw_shape {
    IRW_SHAPE_NONE,      /* nothing; the way may go on */
    IRW_SHAPE_IMAGE,     /* a reference, or a map of its parts */
    IRW_SHAPE_FULL,      /* a reference with a path and a tag; else nothing */
    IRW_SHAPE_SPLIT,     /* a map of its parts */
    IRW_SHAPE_JOIN,      /* a map with images that are to be joined */
    IRW_SHAPE_BASE,      /* a registry or path; the names stand elsewhere */
    IRW_SHAPE_URL,       /* a reference behind oci:// or docker:// */
    IRW_SHAPE_OVERRIDE,  /* name=reference, as Argo CD has it */
    IRW_SHAPE_RESOLVER,  /* parameters of what Tekton resolves */
    IRW_SHAPE_KUSTOMIZE, /* entries of a kustomization's `images:` */
    IRW_SHAPE_VALUES,    /* values of a Helm chart, to be searched */
    IRW_SHAPE_DATA,      /* a string that may be a reference or a document */
    IRW_SHAPE_DOCUMENT,  /* a string that may be a document */
    IRW_SHAPE_ENV,       /* variables of a container */
    IRW_SHAPE_ARGS,      /* arguments of a container */
};

struct irw_place;

struct irw_step {
    imgrw_str key;
    const struct irw_place *to;
};

/* An image that is joined with what stands under other keys. */
struct irw_sibling_tag {
    imgrw_str key;   /* of the image; data NULL: behind the last joint */
    imgrw_str words; /* what is joined, as joint.h says */
};

struct irw_place {
    const struct irw_step *steps; /* by key, for mappings */
    size_t step_count;
    const struct irw_place *item; /* for every item of a list; may be NULL */
    const struct irw_place *other; /* for keys without a step; may be NULL */
    enum irw_shape shape;
    enum imgrw_class image_class; /* of the images of this shape */
    const struct irw_sibling_tag *joints; /* of a map of the shape JOIN */
    bool finds_pods; /* a mapping here that lists containers is a pod spec */
};

/* Where `key` leads from `place`; NULL: nowhere. */
const struct irw_place *irw_place_step(const struct irw_place *place,
                                       imgrw_str key);

#define IRW_PLACES_MAX 12

/* Places that are followed together. */
struct irw_places {
    const struct irw_place *at[IRW_PLACES_MAX];
    unsigned count;
};

/* Adds a place, unless it is NULL or there already. */
void irw_places_add(struct irw_places *places, const struct irw_place *place);

/* Where `key`, or a list's item, leads from all of `from`. */
void irw_places_step(const struct irw_places *from, imgrw_str key,
                     struct irw_places *to);
void irw_places_item(const struct irw_places *from, struct irw_places *to);
