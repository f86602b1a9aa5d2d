/*
 * Overlays: what a run would change, as kustomizations around manifests that
 * stay as they are.
 *
 *     base/                             the manifests, and a list of them
 *     overlays/midstream/               what becomes of the images
 *     overlays/downstreams/NAME/        the users' own changes
 *
 * This is the layout of KOTS. `kustomize build` of the downstream gives the
 * images that rewriting the manifests would have given.
 */
#pragma once

#include <imgrewrite/rules.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A tree of kustomizations in the making. */
struct imgrw_overlay;

struct imgrw_overlay_options {
    size_t size; /* sizeof(struct imgrw_overlay_options) */
    const char *downstream;  /* a name; NULL: "this-cluster" */
    const char *pull_secret; /* what pods with new images pull with; NULL: no
                                pod is given a secret */
    imgrw_str secret;        /* text of that secret; empty: it is elsewhere */
    imgrw_str midstream; /* text of the kustomization.yaml of the midstream that
                            is there; data NULL: there is none */
    int service_accounts; /* service accounts get the secret, and not pods */
};

/* Opens a tree. The texts in `options` are borrowed until imgrw_overlay_free,
 * which releases it. IMGRW_ERR_ARGUMENT, IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_overlay_new(const struct imgrw_overlay_options *options,
                  struct imgrw_overlay **overlay, struct imgrw_error *error);

IMGRW_EXPORT void imgrw_overlay_free(struct imgrw_overlay *overlay);

/* Adds the manifest `name`, a path below the base: its text before and after
 * the rules, as of a plan. Both are borrowed, `name` is copied. The copy gets
 * the permissions `mode`, which are as of chmod; 0: 0644. Manifests are listed
 * in the order added.
 *
 * IMGRW_ERR_EDIT: a change cannot be said in a kustomization; the message says
 * why. IMGRW_ERR_SYNTAX and what else parsing returns; IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_overlay_add(struct imgrw_overlay *overlay, const char *name,
                  imgrw_str before, imgrw_str after, unsigned mode,
                  struct imgrw_error *error);

/* Makes the files. `warn` may be NULL.
 *
 * IMGRW_ERR_EDIT: as above. IMGRW_ERR_ARGUMENT: the midstream that is there is
 * not one of this tool. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_overlay_finish(struct imgrw_overlay *overlay, imgrw_warn_fn *warn,
                     void *user, struct imgrw_error *error);

/* The file number `index` of a finished tree, from 0 on; NULL where there is
 * none; borrowed. */
IMGRW_EXPORT const struct imgrw_output *
imgrw_overlay_output(const struct imgrw_overlay *overlay, size_t index);

#ifdef __cplusplus
}
#endif
