/*
 * Origins: the images in files of a run that kustomize's `images:` reaches when
 * something builds them.
 */
#pragma once

#include "kustomize/data_values.h"
#include "kustomize/entry.h"
#include "plan/plan.h"

/* What an image is an origin of. */
enum irw_origin_use {
    IRW_ORIGIN_RESOURCE, /* it is in a resource */
    IRW_ORIGIN_PATCH,    /* in a file that is a patch, or a transformer */
    IRW_ORIGIN_INLINE,   /* in a patch in a kustomization */
    IRW_ORIGIN_TRANSFORMER, /* in a transformer in a kustomization */
    IRW_ORIGIN_GUESS, /* something elsewhere may have it: an entry of this
                         kustomization has its name */
};

#define IRW_ORIGIN_USES 5

/* An image, where it is written. */
struct irw_image_origin {
    size_t file; /* that has it, by its number */
    enum irw_origin_use use;
    struct imgrw_location at;
    const struct irw_site *site; /* of the file's manifest */
    imgrw_str before;            /* what it says */
    imgrw_str after;             /* what its plan makes of that */
    unsigned passes;             /* of kustomize that reach it */
    bool is_alias;   /* it may be no image, but a word that entries replace: it
                        has no path, and no build has shown otherwise yet */
    bool is_built;   /* some build has it */
    bool is_ignored; /* it was asked for that it stays */
    bool is_guess;   /* nobody knows whether it is there; it has no site */
    const struct irw_data_value *data; /* it is a value of a ConfigMap, and an
                                          image where a copy makes it one; NULL:
                                          it is none */
    size_t made_by; /* the entry, + 1, that makes it of images of many names; 0:
                       none does */
};

/* What the plan, which may be NULL, makes of image number `index`. */
imgrw_str irw_origin_after(const struct imgrw_manifest *manifest,
                           const struct imgrw_plan *plan, size_t index);

/* Whether the image is the part of a resource that `field` leads to, with a "/"
 * or the beginning of a key at its end, in a document by its number; and if so,
 * its origin, which goes to wherever a chart or a patch puts it. */
bool irw_origin_read_below(const struct imgrw_manifest *manifest,
                           const struct imgrw_plan *plan, size_t index,
                           size_t document, imgrw_str field,
                           struct irw_image_origin *origin);

/* Reads the origin of image number `index` of a manifest; false where `images:`
 * does not reach it. `plan` may be NULL. */
bool irw_origin_read(const struct imgrw_manifest *manifest,
                     const struct imgrw_plan *plan, size_t index,
                     enum irw_origin_use use, struct irw_image_origin *origin);
