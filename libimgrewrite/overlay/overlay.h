/*
 * A tree of kustomizations that is being made: the resources, and what changes
 * in them.
 */
#pragma once

#include "base/list.h"
#include "overlay/entries.h"
#include "overlay/target.h"

#include <imgrewrite/overlay.h>

/* A string that changes, or a value that is added to a mapping. */
struct irw_image_value {
    size_t target;
    imgrw_str pointer; /* to it, as RFC 6901 has it */
    imgrw_str after;   /* of one that is added, as a fragment spells it */
    size_t change; /* its number, where `images:` matches; else IRW_NONE */
    bool is_added;
};

/* A pod spec with an image that changes, or a service account. */
struct irw_pod {
    size_t target;
    imgrw_str pointer; /* to the pod spec; to the service account itself */
    imgrw_str account; /* its service account; empty: the default one */
    bool has_list;     /* there are pull secrets */
    bool has_secret;   /* the very secret is one of them */
    bool is_used;      /* a service account: pods whose images change have it */
};

struct imgrw_overlay {
    struct irw_arena arena;
    struct imgrw_overlay_options options;
    struct irw_targets targets;
    IRW_LIST(struct irw_image_value) values;
    IRW_LIST(struct irw_pod) pods;
    IRW_LIST(struct irw_pod) accounts; /* that are there; `account` is the name
                                          of each */
    struct irw_images images;
    struct imgrw_location misfit; /* where kustomize fails if `images:` has an
                                     entry; path NULL: nowhere */
    IRW_LIST(imgrw_str) resources;   /* files that the base lists */
    IRW_LIST(imgrw_str) passed_over; /* files that are not resources */
    IRW_LIST(struct imgrw_output) outputs;
    struct irw_map names; /* of manifests */
    size_t out_of_reach;  /* images of pods that no secret is given to */
    bool finished;
};
