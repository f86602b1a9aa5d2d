/*
 * Whether a patch is for a resource of a build: by its target, or by what it
 * says itself.
 */
#pragma once

#include "kustomize/kustomization.h"
#include "kustomize/label_selector.h"

/* A name that a resource has, or has had on its way through builds; kustomize
 * takes all of them for it. */
struct irw_built_id {
    imgrw_str name, name_space;
    const struct irw_built_id *before; /* NULL: it is in the file */
};

/* What selectors look at. */
struct irw_patched_head {
    imgrw_str api_version, kind;
    const struct irw_built_id *ids;
    const struct irw_value *value; /* the resource, for its labels */
    bool is_renamed;  /* it may have other names as well, */
    bool is_labelled; /* and other labels */
};

/* Sets whether a word of a target, which is a pattern to kustomize, is for a
 * name; an empty one is for all. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_target_word_match(imgrw_str word, imgrw_str name,
                                        enum irw_selection *selection,
                                        struct imgrw_error *error);

/* Sets whether the target of a patch selects a resource. IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_patch_selection_find(struct irw_value_work *work,
                         const struct irw_kustomization_path *patch,
                         const struct irw_patched_head *resource,
                         enum irw_selection *selection,
                         struct imgrw_error *error);

/* Whether a patch that is headed as `patch` is for a resource. */
enum irw_selection
irw_patch_selection_by_head(const struct irw_patched_head *patch,
                            const struct irw_patched_head *resource);
