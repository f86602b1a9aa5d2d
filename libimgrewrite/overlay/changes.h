/*
 * What a plan changes, for an overlay.
 */
#pragma once

#include "overlay/overlay.h"

#include <imgrewrite/plan.h>

/* Takes from the manifest of a plan its resources, the strings that `images:`
 * matches or that change, the pods whose images change, and the service
 * accounts. `name` is what locations say; it outlives the overlay. Sets
 * `*resources` to whether kustomize takes the manifest as a file of resources.
 *
 * IMGRW_ERR_EDIT: kustomize cannot make a change; the message says why.
 * IMGRW_ERR_LIMIT, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_overlay_take(struct imgrw_overlay *overlay,
                                   const char *name,
                                   const struct imgrw_plan *plan,
                                   bool *resources, struct imgrw_error *error);
