/*
 * The catalog: where in a resource images live.
 *
 * A place is a step on the way from the root of a resource to an image. Walking
 * a tree and the catalog side by side tells of every node whether an image may
 * lie there or below.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

struct irw_place;

struct irw_step {
    imgrw_str key;
    const struct irw_place *to;
};

struct irw_place {
    const struct irw_step *steps; /* by key, for mappings */
    size_t step_count;
    const struct irw_place *item; /* for every item of a list; may be NULL */
    const struct irw_place *other; /* for keys without a step; may be NULL */
    bool is_image;                 /* a scalar here is an image */
    bool finds_pods; /* a mapping here that lists containers is a pod spec */
    enum imgrw_class image_class;  /* of the image */
};

/* The place of the root of a resource. `group` is the part of apiVersion before
 * the "/", empty for the core API. Any kind that the catalog does not list is
 * searched for pod specs everywhere but under `status`. Never NULL. */
const struct irw_place *irw_place_of_kind(imgrw_str group, imgrw_str kind);

/* Where `key` leads from `place`; NULL: nowhere. */
const struct irw_place *irw_place_step(const struct irw_place *place,
                                       imgrw_str key);

/* The place that a mapping at `place` has once it is known that it holds a list
 * of containers. */
const struct irw_place *irw_place_of_pod(const struct irw_place *place);

/* Whether `key` is one under which a pod spec lists containers. */
bool irw_is_container_key(imgrw_str key);
