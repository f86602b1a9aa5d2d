/*
 * From what entries and aliases become to wishes for the images of a file.
 */
#pragma once

#include "kustomize/follow.h"
#include "plan/wish.h"

/* Makes the wishes for the images of a manifest, in `arena`: those in `images:`
 * stay if nobody has asked about them. NULL when memory is out. */
struct irw_wish *irw_wishes_new(const struct imgrw_manifest *manifest,
                                bool is_asked, struct irw_arena *arena);

/* Has the images in the entries of the build become what its changes say, or
 * stay. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_wishes_add(const struct imgrw_manifest *manifest,
                                 const struct irw_build *build,
                                 const struct irw_build_changes *changes,
                                 struct irw_arena *arena,
                                 struct irw_wish *wishes,
                                 struct imgrw_error *error);

/* Has an alias stay what it is. `wishes` are those of its file. */
void irw_wish_alias(const struct imgrw_manifest *manifest,
                    const struct irw_image_origin *origin,
                    struct irw_wish *wishes);
