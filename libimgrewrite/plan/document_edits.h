/*
 * Edits in the making: what sites wish for, as bytes of the documents that hold
 * them and of everything around these.
 */
#pragma once

#include "manifest/manifest.h"
#include "edit/compare.h"

/* A change of one document: of a piece of the text, or of one in a scalar. */
struct irw_document_edit {
    struct irw_text_edit change;
    uint32_t holder; /* as in struct irw_site */
    size_t image;    /* for which it is made */
};

/* A growing list, malloc'ed. */
struct irw_edits {
    struct irw_document_edit *items;
    size_t count, capacity;
    struct irw_source_map_memo memo;
};

/* Adds what makes the site read as `text`: a change for each of its parts that
 * must change, and one in every document around it. Nothing is added when that
 * fails. Strings live in `arena` or are those of the site.
 * IMGRW_ERR_EDIT: it cannot be exact, `error->message` says why;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_edits_add(struct irw_edits *edits,
                                const struct imgrw_manifest *manifest,
                                const struct irw_piece *piece, size_t image,
                                imgrw_str text, struct irw_arena *arena,
                                struct imgrw_error *error);

/* Adds a change of the text itself, for the sake of an image. IMGRW_ERR_MEMORY.
 */
enum imgrw_status irw_edits_insert(struct irw_edits *edits, size_t image,
                                   const struct irw_text_edit *change,
                                   struct imgrw_error *error);

/* Puts the grafts of spliced changes into one array, in `arena`, with what the
 * changes before them do to their places. `pieces` are those that have the
 * changes, and maybe more. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_edits_graft(struct irw_text_edit *changes, size_t count,
                                  const struct irw_piece *pieces,
                                  struct irw_arena *arena,
                                  struct imgrw_error *error);

/* Sorts by document, the text itself last, and then by byte. Two changes of the
 * same bytes are IMGRW_ERR_EDIT. */
enum imgrw_status irw_edits_sort(struct irw_edits *edits,
                                 const struct imgrw_manifest *manifest,
                                 struct imgrw_error *error);
