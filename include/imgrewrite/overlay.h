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

#include <imgrewrite/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A tree of kustomizations that is being made. */
struct imgrw_overlay;

/* How to make it. Zero means default. */
struct imgrw_overlay_options {
    size_t size; /* sizeof(struct imgrw_overlay_options) */
    const char *downstream;  /* the name of a folder; NULL: "this-cluster" */
    const char *pull_secret; /* with which pods pull their new images; NULL: no
                                pod is given a secret */
    imgrw_str secret;        /* text of that secret; empty: it is elsewhere */
    imgrw_str midstream; /* text of the kustomization.yaml of the midstream that
                            is there; data NULL: there is none */
    int service_accounts; /* the secret goes to service accounts, not to pods */
};

/* Opens a tree. `options` may be NULL; what it points to is borrowed until
 * imgrw_overlay_free, which releases the tree.
 *
 * IMGRW_ERR_ARGUMENT: a name that Kubernetes would refuse, a downstream that is
 * no name of a folder, or `overlay` is NULL. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_overlay_new(const struct imgrw_overlay_options *options,
                  struct imgrw_overlay **overlay, struct imgrw_error *error);

/* Releases the tree and its files; NULL is allowed. */
IMGRW_EXPORT void imgrw_overlay_free(struct imgrw_overlay *overlay);

/* Adds a manifest under `name`, a path below the base: its text as it is, and
 * what the plan changes in it. Pull secrets that a plan adds are left out, as
 * the overlay adds its own. Nothing is borrowed. The copy in the base gets the
 * permissions `mode`, as of chmod; 0: 0644. Manifests are listed in the order
 * in which they are added. After a failure the overlay can only be freed.
 *
 * IMGRW_ERR_EDIT: a change cannot be said in a kustomization; the message says
 * why. IMGRW_ERR_LIMIT: aliases and merge keys expand too far.
 * IMGRW_ERR_ARGUMENT: NULL; a name that is empty, begins with "/" or has a part
 * ".."; or the overlay is finished. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_overlay_add(struct imgrw_overlay *overlay, const char *name,
                  const struct imgrw_plan *plan, unsigned mode,
                  struct imgrw_error *error);

/* Makes the files, once all manifests have been added. `warn`, which may be
 * NULL, is called for manifests that the base does not list.
 *
 * IMGRW_ERR_EDIT: as above. IMGRW_ERR_ARGUMENT: the midstream that is there was
 * not written by this library, the overlay is finished already, or NULL.
 * IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_overlay_finish(struct imgrw_overlay *overlay, imgrw_warn_fn *warn,
                     void *user, struct imgrw_error *error);

/* The file number `index` of a finished tree, from 0 on; NULL where there is
 * none; borrowed. */
IMGRW_EXPORT const struct imgrw_output *
imgrw_overlay_output(const struct imgrw_overlay *overlay, size_t index);

/* How many images change in pods that are given no secret, because they are in
 * documents inside of scalars, or patches set the images alone; 0 without a
 * secret, and for NULL. */
IMGRW_EXPORT size_t
imgrw_overlay_pull_secrets_skipped(const struct imgrw_overlay *overlay);

#ifdef __cplusplus
}
#endif
