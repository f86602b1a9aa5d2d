/*
 * The images of a build that what it copies may have to do with: those that
 * flow through it, and those in its files that `images:` does not reach.
 */
#pragma once

#include "kustomize/flow.h"

struct irw_build_image {
    const struct irw_site *site; /* NULL: it is elsewhere */
    size_t file;                 /* by its number */
    struct imgrw_location at;
    imgrw_str before, after; /* `images:` of the build included */
    bool in_patch; /* its field may be another one where it is built */
};

/* Zero-initialised is empty. */
struct irw_build_images {
    IRW_LIST(struct irw_build_image) list; /* malloc'ed */
    bool cut; /* there are more, in builds that come again and again */
};

/* Lists the images of a build, or of the one that a component works on; `flows`
 * stand as they are after its `images:`. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_build_images_list(const struct irw_flows *all,
                                        const struct irw_build *build,
                                        const irw_flow_list *flows,
                                        struct irw_build_images *images,
                                        struct imgrw_error *error);

/* Whether one end of a copy may be, or hold, the image. */
bool irw_build_image_is_at(const struct irw_build_image *image,
                           const struct irw_copy_end *end);

/* Whether one end of a copy is a part of the image, and no tag or digest. */
bool irw_build_image_has_part(const struct irw_build_image *image,
                              const struct irw_copy_end *end);

/* Whether the image is in parts, and one end of a copy is the mapping that has
 * them. */
bool irw_build_image_is_in(const struct irw_build_image *image,
                           const struct irw_copy_end *map);

/* Whether one end of a copy may select a resource of this kind and name; an
 * empty kind may be any. */
bool irw_end_may_select(const struct irw_copy_end *end, imgrw_str kind,
                        imgrw_str name);
