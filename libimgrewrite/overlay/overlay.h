/*
 * A tree of kustomizations in the making: the resources, and what changes in
 * them.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "overlay/entries.h"

#include <imgrewrite/overlay.h>

#include <stdbool.h>

/* A resource as kustomize tells it from others. */
struct irw_target {
    imgrw_str group, version, kind, name, name_space;
    struct imgrw_location at;
    bool ambiguous; /* one of another namespace has the rest in common */
    size_t leader; /* the first one of its version, kind and name */
    bool leads_groups; /* those that it leads are not all of one group */
};

/* The namespace it is in, which goes without saying if it is the default. */
static inline imgrw_str
irw_target_space(const struct irw_target *target)
{
    return target->name_space.size > 0 ? target->name_space
                                       : (imgrw_str){"default", 7};
}

/* A string that kustomize's `images:` reaches, or one that changes. */
struct irw_image_value {
    size_t target;
    imgrw_str pointer; /* to it, as RFC 6901 has it */
    imgrw_str before, after;
    bool matched_by_images;
    bool patched; /* by a patch of its own */
};

/* A pod spec with an image that changes. */
struct irw_pod {
    size_t target;
    imgrw_str pointer; /* to the pod spec; to the service account itself */
    imgrw_str account; /* its service account; empty: the default one */
    bool has_list;     /* there are pull secrets */
    bool has_secret;   /* the very secret is one of them */
};

struct imgrw_overlay {
    struct irw_arena arena;
    struct imgrw_overlay_options options;
    IRW_LIST(struct irw_target) targets;
    IRW_LIST(struct irw_image_value) values;
    IRW_LIST(struct irw_pod) pods, accounts; /* accounts: those that are there,
                                                with `account` their name */
    struct irw_overlay_entries entries;
    IRW_LIST(imgrw_str) resources; /* of the base */
    IRW_LIST(struct imgrw_output) outputs;
    IRW_LIST(imgrw_str) passed_over; /* files that are no resources */
    struct irw_map ids;   /* of targets, to their number + 1 */
    struct irw_map names; /* of manifests */
};

/* A copy of `str` in the overlay's arena; data NULL when memory is out. */
imgrw_str irw_overlay_copy(struct imgrw_overlay *overlay, imgrw_str str);

/* Reads a manifest: its resources, what `images:` reaches, what changes, and
 * the pods whose images do. Sets `*resources` to whether kustomize takes it as
 * a file of resources. */
enum imgrw_status irw_overlay_read(struct imgrw_overlay *overlay,
                                   const char *name, imgrw_str before,
                                   imgrw_str after, bool *resources,
                                   struct imgrw_error *error);

/* Writes the parts of the midstream's kustomization: its `images:`, and the
 * patches for what these do not do and for pull secrets. */
void irw_overlay_write_images(const struct imgrw_overlay *overlay,
                              struct irw_text *text);
void irw_overlay_write_patches(const struct imgrw_overlay *overlay,
                               struct irw_text *text);

/* Whether some pod whose images change has this service account, which is among
 * the manifests. */
bool irw_account_is_used(const struct imgrw_overlay *overlay,
                         const struct irw_pod *account);

/* Writes the service accounts that are in no manifest and get the secret: the
 * default ones. IMGRW_ERR_EDIT: another one is in no manifest. */
enum imgrw_status
irw_overlay_write_accounts(const struct imgrw_overlay *overlay,
                           struct irw_text *text, struct imgrw_error *error);

/* Writes `str` as a string of YAML, in quotes where it needs them. */
void irw_overlay_write_string(struct irw_text *text, imgrw_str str);

/* The parts of it that are ours. */
enum {
    IRW_SECTION_RESOURCES,
    IRW_SECTION_IMAGES,
    IRW_SECTION_PATCHES,
    IRW_SECTION_COUNT,
};

/* Makes the text of the midstream's kustomization: a new one or, where there is
 * one, that with our sections replaced. IMGRW_ERR_ARGUMENT,
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_overlay_merge(const struct imgrw_overlay *overlay,
                                    const imgrw_str *sections,
                                    struct irw_text *text,
                                    struct imgrw_error *error);
