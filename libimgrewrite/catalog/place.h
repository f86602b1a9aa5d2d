/*
 * The catalog: where in a resource images live.
 *
 * A place describes the node at one point of the way from the root of a
 * resource to its images, and where each key leads from there. Walking a tree
 * and the catalog side by side shows for every node whether it or a node below
 * it may be an image. Several places may be followed at once: those of the
 * kind, those that every resource has, and those that the user named.
 */
#pragma once

#include <imgrewrite/find.h>

#include <stdbool.h>

/* What a place holds. */
enum irw_shape {
    IRW_SHAPE_NONE,      /* no image itself; places below it may */
    IRW_SHAPE_IMAGE,     /* a reference, or a map of its parts */
    IRW_SHAPE_FIELD,     /* the same or a registry, as a user asks for it */
    IRW_SHAPE_FULL,      /* a reference, if it has a path and a tag */
    IRW_SHAPE_NAMED,     /* a reference, if it is no registry's host */
    IRW_SHAPE_SPLIT,     /* a map of a reference's parts */
    IRW_SHAPE_JOIN,      /* a map with images and their companions */
    IRW_SHAPE_BASE,      /* a registry or path to which names are appended */
    IRW_SHAPE_URL,       /* a reference after oci:// or docker:// */
    IRW_SHAPE_OVERRIDE,  /* name=reference, as in Argo CD */
    IRW_SHAPE_RESOLVER,  /* parameters of a Tekton resolver */
    IRW_SHAPE_KUSTOMIZE, /* entries of a kustomization's `images:` */
    IRW_SHAPE_VALUES,    /* values of a Helm chart, searched as a whole */
    IRW_SHAPE_DATA,      /* a string that may be a reference or a document */
    IRW_SHAPE_LITERAL,   /* KEY=VALUE, where the value is as in DATA */
    IRW_SHAPE_DOCUMENT,  /* a string that may be a document */
    IRW_SHAPE_PATCH,     /* a patch of a resource, mostly in a string */
    IRW_SHAPE_ENV,       /* variables of a container */
    IRW_SHAPE_ARGS,      /* arguments of a container */
    IRW_SHAPE_SYNC,      /* images by registry, as skopeo copies them */
    IRW_SHAPE_PARAMETERS,     /* of a workflow or a task */
    IRW_SHAPE_RUN_PARAMETERS, /* the same, where it may build an image */
    IRW_SHAPE_SETTINGS,       /* of a chart, each with its path as a name */
    IRW_SHAPE_NAMES,          /* images without tags, for an updater */
    IRW_SHAPE_ALIAS,          /* the same, or a word for an image */
    IRW_SHAPE_UPDATER,        /* annotations of that updater */
};

struct irw_place;

/* A field that a user named, by its number, and the others at the same
 * place. */
struct irw_asked_field {
    size_t number;
    const struct irw_asked_field *next;
};

struct irw_step {
    imgrw_str key;
    const struct irw_place *to;
};

/* An image in a map, and the values under other keys that complete it. */
struct irw_companions {
    imgrw_str key;  /* of the image; data NULL ends the array */
    imgrw_str list; /* in the grammar of companion.h */
};

struct irw_place {
    const struct irw_step *steps; /* by key, for mappings */
    size_t step_count;
    const struct irw_place *item; /* for every item of a list; may be NULL */
    const struct irw_place *other; /* for keys without a step; may be NULL */
    enum irw_shape shape;
    enum imgrw_class image_class; /* of the images of this shape */
    const struct irw_companions *companions; /* of a map of shape JOIN */
    bool finds_pods; /* a mapping here that lists containers is a pod spec */
    imgrw_str target; /* GROUP/KIND of what a patch of shape PATCH is for, where
                         nothing beside it says that; empty: none */
    const struct irw_asked_field *asked; /* that lead to here; NULL: none */
};

/* The place to which `key` leads from `place`; NULL where it has none. */
const struct irw_place *irw_place_step(const struct irw_place *place,
                                       imgrw_str key);

/* More places than can apply to one resource: a user's fields are grouped by
 * group, version and kind, each given or not, so that at most 8 groups select
 * it; its kind and any resource add one each. A step adds no place, except into
 * a resource that is in another one, which adds what there is room for. */
#define IRW_PLACES_MAX 16

/* Places that are followed together. */
struct irw_places {
    const struct irw_place *at[IRW_PLACES_MAX];
    unsigned count;
};

/* Adds a place, unless it is NULL or in the set already. */
void irw_places_add(struct irw_places *places, const struct irw_place *place);

/* The places to which `key`, or an item of a list, leads from those in
 * `from`. */
void irw_places_step(const struct irw_places *from, imgrw_str key,
                     struct irw_places *to);
void irw_places_item(const struct irw_places *from, struct irw_places *to);
