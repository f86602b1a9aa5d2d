/*
 * From what entries and aliases become to wishes for the images of a file.
 */
#pragma once

#include "kustomize/follow.h"
#include "plan/wish.h"

/* Makes the wishes for the images of a manifest, in `arena`: those in `images:`
 * of the build, which may be NULL, become what its changes say, or stay.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_wishes_make(const struct imgrw_manifest *manifest,
                                  const struct irw_build *build,
                                  const struct irw_build_changes *changes,
                                  struct irw_arena *arena,
                                  struct irw_wish **wishes,
                                  struct imgrw_error *error);

/* Has an alias stay what it is. `wishes` are those of its file. */
void irw_wish_alias(const struct imgrw_manifest *manifest,
                    const struct irw_image_origin *origin,
                    struct irw_wish *wishes);
