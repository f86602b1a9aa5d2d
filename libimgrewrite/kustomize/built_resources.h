/*
 * The resources of a build that patches reach, as kustomize makes them of the
 * files as they are, and as they will be.
 *
 * Only resources of which kustomize knows no schema are here: what patches do
 * to the others is seen in the images themselves (flow.h).
 */
#pragma once

#include "kustomize/patch_selection.h"
#include "kustomize/value_texts.h"

/* So many patches of a resource are looked at in both ways, where they may be
 * for it; with more, the resource is not known. */
#define IRW_MOST_UNSURE 3

/* A resource in a build. */
struct irw_built {
    const struct irw_value_pair *from; /* what its file has */
    struct irw_value *before, *after;  /* `from`'s, until a patch applies;
                                          `after` NULL: it is not known */
    bool is_patched;
    const struct irw_built_id *ids; /* its names, the last one first */
    bool is_renamed, is_labelled; /* see struct irw_patched_head */
    unsigned unsure; /* how many patches there were that may be for it */
    bool is_gone;    /* a patch deletes it, or cannot be applied to it as it
                        is, so that nothing is built of it */
    bool is_unknown; /* a patch that is not understood may change it, */
    bool may_have_parts; /* and images in it */
    bool fails;      /* a patch cannot be applied to it any longer */
    struct imgrw_location patch; /* where the last one is named */
    size_t patch_file;           /* the file of that, by its number */
};

typedef IRW_LIST(struct irw_built) irw_built_list;

/* Builds. Zero-initialised but for `texts` and an arena of its own, it has
 * built nothing. */
struct irw_built_resources {
    struct irw_value_texts *texts;
    struct irw_value_work work; /* its arena has what patches have made */
    irw_built_list list; /* malloc'ed: of the build that was made last */
    unsigned choices; /* set by the caller: of the patches that may be for a
                         resource, number i is applied if bit i is set */
    unsigned unsure; /* the most such patches of one resource */
    bool has_schema; /* a build says how custom resources are merged */
    size_t builds;   /* that were gone through */
};

/* Builds the resources of a build anew; those of the one before are gone.
 * IMGRW_ERR_LIMIT: there is too much to build; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_built_resources_make(struct irw_built_resources *built,
                                           const struct irw_build *build);

void irw_built_resources_clear(struct irw_built_resources *built);
