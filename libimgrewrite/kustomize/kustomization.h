/*
 * A kustomization, or a component, as far as it has to do with images: which
 * files and folders it names, and its `images:`.
 */
#pragma once

#include "catalog/catalog.h"
#include "kustomize/copies.h"
#include "kustomize/entry.h"
#include "kustomize/generators.h"

/* What a path in a kustomization is for. */
enum irw_path_role {
    IRW_PATH_RESOURCE,  /* a file of resources, a folder, or an address */
    IRW_PATH_COMPONENT, /* a folder with a component */
    IRW_PATH_PATCH,     /* a file with a patch */
    /* what extends the kustomization: */
    IRW_PATH_REPLACEMENT,   /* a file with replacements */
    IRW_PATH_TRANSFORMER,   /* a file with transformers, or a folder */
    IRW_PATH_CONFIGURATION, /* a file that configures transformers */
    IRW_PATH_GENERATOR,     /* a file with generators, or a folder */
    IRW_PATH_LATE_PATCH,    /* what a transformer has: a file with a patch, or a
                               patch in the file of the transformer */
};

struct irw_kustomization_path {
    enum irw_path_role role;
    bool is_inline; /* the text is not a path, but what a file would hold */
    imgrw_str text;
    bool has_target; /* a patch has one, which says what it is for: */
    struct irw_patch_target target; /* a kind that is a pattern is empty */
    imgrw_str kind_pattern; /* that; else empty */
    imgrw_str name; /* of what it is for; the same; or a pattern */
    imgrw_str name_space; /* the same */
    bool changes_kind, changes_name; /* it may, of what it is for */
    imgrw_str labels, annotations; /* selectors of these; empty: none */
    /* where the target names no kind, or no group: */
    IRW_LIST(struct irw_patch_target) selected; /* malloc'ed: those that it
                                                   selects */
    bool is_open; /* there may be others */
    struct imgrw_location at;
    size_t end; /* of the text, as it is written, in bytes */
};

/* Zero-initialised is empty. Strings are in the text, or in the arena that it
 * was read with. */
struct irw_kustomization {
    struct irw_kustomize_text text;
    IRW_LIST(struct irw_kustomization_path) paths;
    IRW_LIST(struct irw_entry) entries;
    IRW_LIST(struct irw_entry) setters; /* that transformers apply */
    irw_copy_list copies;
    irw_data_list data; /* of generators of ConfigMaps and Secrets */
    bool invalid;      /* kustomize does not take it */
    bool is_component; /* used by others, and never built by itself */
    struct imgrw_location generator; /* of charts or generators that resources
                                        come from; line 0: there are none */
    struct imgrw_location writer; /* of what may write images in ways that are
                                     not followed; line 0: nothing does */
    struct imgrw_location reach; /* of what has its `images:` reach further;
                                    line 0: nothing does */
    struct imgrw_location unclear; /* of what may write any image, though
                                      kustomize builds it; line 0: nothing
                                      does */
    struct imgrw_location wider; /* of what has `images:` reach further, here
                                    and in what is built from it; line 0:
                                    nothing does */
    bool renames; /* resources */
    imgrw_str prefix, suffix; /* of names; empty: none */
    imgrw_str name_space;     /* of all; empty: none is set */
    bool labels;     /* it adds labels or annotations */
    bool has_schema; /* it says how custom resources are merged */
    bool changes_resources; /* in other ways than images, names and labels */
    bool changes_data; /* a patch in it may be one of a ConfigMap */
};

/* Reads what the patch is for that the mapping `node` has, by its `target`. */
void irw_patch_target_read(struct irw_kustomize_text *text, uint32_t node,
                           struct irw_kustomization_path *patch);

/* Whether it is a patch whose target names no kind, or one that several groups
 * may have, so that it is for all that the rest of it selects. */
bool irw_patch_selects(const struct irw_kustomization_path *path);

/* Whether the kind is that of pods, or of what makes pods. */
bool irw_is_pod_kind(imgrw_str kind);

/* Reads the first document of the text, as kustomize does; both, and `path`,
 * are borrowed. What kustomize would not take is `invalid`, and no error; so is
 * a text without bytes, of a file that could not be read.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_kustomization_read(
    imgrw_str text, const char *path, struct irw_arena *arena,
    struct irw_kustomization *kustomization, struct imgrw_error *error);

void irw_kustomization_clear(struct irw_kustomization *kustomization);

/* The names of files that kustomize builds a folder by, in the order in which
 * it looks for them; NULL at the end. */
const char *irw_kustomization_name(size_t index);

/* Whether a file of this name, of which the folders are passed over, is what
 * kustomize builds a folder by. */
bool irw_is_kustomization_path(const char *path);
