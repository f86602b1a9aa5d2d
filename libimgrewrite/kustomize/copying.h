/*
 * Whether what a build copies from field to field, after its `images:`, is the
 * same once its images are rewritten.
 */
#pragma once

#include "kustomize/answers.h"
#include "kustomize/build_images.h"

/* A copy that stands in the way. */
struct irw_copy_conflict {
    const struct irw_copy *copy; /* NULL: none does */
    size_t file; /* of the image that it concerns, and where that is */
    struct imgrw_location at;
};

/* A build whose copies are judged. */
struct irw_copy_judging {
    const struct irw_flows *flows;
    struct irw_answers *answers;
    struct irw_build *build;
    const irw_flow_list *values; /* and images */
    const struct irw_build_images *images; /* of the build */
};

/* Sets the conflict of the build, if there is one. What cannot be judged
 * becomes the `writer` of the build. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_copies_judge(const struct irw_copy_judging *judging,
                                   struct irw_copy_conflict *conflict,
                                   struct imgrw_error *error);
