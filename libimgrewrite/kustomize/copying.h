/*
 * Whether what a build copies from field to field, after its `images:`, is the
 * same once its images are rewritten.
 */
#pragma once

#include "kustomize/flow.h"

/* A copy that stands in the way. */
struct irw_copy_conflict {
    const struct irw_copy *copy;
    const struct irw_flow *flow; /* an image that it concerns */
};

/* Sets the conflict of the build with its images; its copy is NULL where there
 * is none. What cannot be judged becomes the `writer` of the build. */
void irw_copies_judge(const struct irw_flows *flows, struct irw_build *build,
                      const irw_flow_list *images,
                      struct irw_copy_conflict *conflict);
