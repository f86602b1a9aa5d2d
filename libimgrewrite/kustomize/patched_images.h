/*
 * Images in parts of which a patch sets some: whether they are what they should
 * be once the others, and what the patch says, are rewritten.
 */
#pragma once

#include "kustomize/answers.h"
#include "kustomize/build_images.h"
#include "kustomize/refusals.h"

/* Refuses a build for the sake of the first image that would not be what the
 * rules make of it as it is built now; one that is an image only together with
 * the patch included. `images` are those of the build. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_patched_images_check(
    const struct irw_flows *flows, const struct irw_build *build,
    const struct irw_build_images *images, struct irw_answers *answers,
    irw_refusal_list *refusals, struct imgrw_error *error);
