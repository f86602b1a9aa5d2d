/*
 * The handle: a text, its images, and the trees of the pieces that hold them.
 */
#pragma once

#include "manifest/walk.h"

/* A part of the text that was parsed by itself; only those with images stay. */
struct irw_piece {
    size_t start, end; /* bytes in the text */
    struct irw_tree tree;
    size_t first_site, site_count;
};

struct imgrw_manifest {
    struct irw_arena arena;
    struct irw_source source;
    struct irw_fields fields; /* that the user named */
    size_t field_count;
    struct irw_search search;
    struct irw_findings findings;
    struct irw_piece *pieces; /* malloc'ed, in the order of the text */
    size_t piece_count, piece_capacity;
    size_t document_count; /* in the text */
    size_t unread; /* bytes of the pieces that were not parsed */
};

/* How far a text is behind the beginning of one that it is a part of. */
struct irw_text_place {
    size_t offset; /* in bytes */
    uint32_t line; /* that it begins in, from 0 */
    size_t document;
};

/* Has the manifest say where things are in the text that its own is a part of,
 * which begins at the beginning of a line. It can be planned no more. */
void irw_manifest_move(struct imgrw_manifest *manifest,
                       const struct irw_text_place *by);

/* The same for a location, which may be none. */
void irw_location_move(struct imgrw_location *at,
                       const struct irw_text_place *by);

/* imgrw_manifest_parse for a text that becomes a value of a ConfigMap as it is:
 * it has the images that are found in that value. What is not read there has
 * none, and is no error but for IMGRW_ERR_ARGUMENT and IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_manifest_parse_data(imgrw_str text, const char *path,
                        const struct imgrw_parse_options *options,
                        struct imgrw_manifest **manifest,
                        struct imgrw_error *error);

/* imgrw_manifest_parse for a text that is a patch, or several, of what `target`
 * says, which is copied. */
enum imgrw_status
irw_manifest_parse_patch(imgrw_str text, const char *path,
                         const struct irw_patch_target *target,
                         const struct imgrw_parse_options *options,
                         struct imgrw_manifest **manifest,
                         struct imgrw_error *error);

/* imgrw_manifest_parse for a text with patches of which is known from elsewhere
 * what they are for, in `known`, which is borrowed for the call. */
enum imgrw_status
irw_manifest_parse_known(imgrw_str text, const char *path,
                         const struct irw_known_patches *known,
                         const struct imgrw_parse_options *options,
                         struct imgrw_manifest **manifest,
                         struct imgrw_error *error);

/* Takes the caller's options, with defaults for what is zero.
 * IMGRW_ERR_ARGUMENT. */
enum imgrw_status irw_parse_options(const struct imgrw_parse_options *given,
                                    struct imgrw_parse_options *options,
                                    struct imgrw_error *error);
