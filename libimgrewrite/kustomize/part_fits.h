/*
 * Whether an image in parts is what it should be when a patch has set one of
 * them.
 */
#pragma once

#include "kustomize/answers.h"
#include "kustomize/build_images.h"

/* Sets whether the patch makes of the rewritten image what the rules make of
 * the patched one. An image without such a part fits. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_part_fits(const struct irw_flows *flows,
                                struct irw_answers *answers,
                                const struct irw_build_image *image,
                                const struct irw_patched_part *part,
                                bool *fits, struct imgrw_error *error);
