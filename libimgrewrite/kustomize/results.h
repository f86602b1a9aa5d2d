/*
 * Results: what becomes of files for the sake of the trees that they are in.
 */
#pragma once

#include "kustomize/builds.h"
#include "manifest/manifest.h"

/* Of one file. */
struct irw_tree_result {
    struct imgrw_manifest *manifest; /* instead of its own; NULL: it stays */
    struct imgrw_plan *plan;         /* the same */
    struct imgrw_manifest *rewritten; /* of the new text, where it has lists of
                                         entries; NULL: it is not needed */
    imgrw_str text; /* malloc'ed: what they are of, where the file's text was
                       gone; else empty */
    struct irw_known_patches known; /* patches in it, and what they are for */
    struct imgrw_plan *first_plan; /* that `plan` has taken the place of; or
                                      NULL */
    struct imgrw_manifest *first_manifest; /* that `manifest` has taken the
                                              place of; or NULL */
    bool has_entries;   /* `manifest` has the images of entries */
    bool is_read_again; /* as something else: how it failed as a manifest is no
                           matter */
    struct imgrw_error failure;      /* its status is IMGRW_OK where the file
                                        can be rewritten */
};

/* Sets the text of the file, of at most `most` bytes. Where the caller does not
 * hold it, it is read again, and is part of the result then.
 * IMGRW_ERR_IO, IMGRW_ERR_LIMIT, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_tree_result_text(struct irw_tree_result *result,
                                       const struct irw_build_file *file,
                                       size_t most, imgrw_str *text,
                                       struct imgrw_error *error);

void irw_tree_result_clear(struct irw_tree_result *result);
