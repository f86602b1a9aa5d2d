/*
 * Lists of entries that are in resources: those of Flux, which are applied to
 * what it gets from a source, or to what a chart renders.
 */
#pragma once

#include "kustomize/builds.h"

/* Where the lists of a file are found. */
struct irw_list_file {
    const struct imgrw_manifest *manifest; /* with the images of entries */
    size_t file;                           /* by its number */
    bool moves;                            /* as in struct irw_entry_list */
};

/* Whether a text may have such lists. */
bool irw_may_have_entry_lists(imgrw_str text);

/* Adds the lists of a file to the builds, each as one of its own that comes
 * after the others. The manifest must live as long as they do.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_entry_lists_add(struct irw_builds *builds,
                                      const struct irw_list_file *from,
                                      struct imgrw_error *error);

/* Reads what the lists of a file have become; the same holds for the manifest.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_entry_lists_reread(struct irw_builds *builds,
                                         const struct irw_list_file *from,
                                         struct imgrw_error *error);
