/*
 * The edits of a plan: what sites should read as, as edits of the documents
 * that hold them and of everything around these; and the text that they make.
 */
#pragma once

#include "edit/compare.h"
#include "manifest/manifest.h"

#include <imgrewrite/plan.h>

/* An edit of one document: of a piece of the text, or of one in a scalar. */
struct irw_document_edit {
    struct irw_text_edit edit;
    uint32_t document; /* as in struct irw_site */
    size_t image;      /* for which it is made */
    enum imgrw_edit_kind kind;
};

/* A growing list, malloc'ed, and what it takes to make it. Strings of the edits
 * live in the arena. */
struct irw_document_edits {
    struct irw_document_edit *items;
    size_t count, capacity;
    struct irw_source_map_memo memo;
    const struct imgrw_manifest *manifest;
    struct irw_arena *arena;
    bool into_registry; /* as IMGRW_WRITE_REGISTRY has it */
    const uint32_t *leaders; /* as in struct irw_common_registries */
    const bool *into_names;  /* the same */
    unsigned jobs; /* threads for the proof; 0 is as good as 1 */
};

/* Adds what makes the site of an image read as `text`: an edit for each of its
 * parts that must change, and one in every document around it. Nothing is added
 * when that fails.
 * IMGRW_ERR_EDIT: it cannot be exact, `error->message` says why;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_document_edits_add(struct irw_document_edits *edits,
                                         const struct irw_piece *piece,
                                         size_t image, imgrw_str text,
                                         struct imgrw_error *error);

/* Adds an edit of a value in the text itself, for the sake of an image. Fails
 * as irw_document_edits_add does. */
enum imgrw_status irw_document_edits_set(struct irw_document_edits *edits,
                                         const struct irw_piece *piece,
                                         size_t image,
                                         const struct irw_value_edit *value,
                                         struct imgrw_error *error);

/* Adds a `newName` that says `text` to the entry of an image, after the value
 * at node `name`, which is its name. Fails as irw_document_edits_add does. */
enum imgrw_status
irw_document_edits_new_name(struct irw_document_edits *edits,
                            const struct irw_piece *piece, size_t image,
                            uint32_t name, imgrw_str text,
                            struct imgrw_error *error);

/* Adds an edit of the text itself, for the sake of an image. IMGRW_ERR_MEMORY.
 */
enum imgrw_status irw_document_edits_insert(struct irw_document_edits *edits,
                                            size_t image,
                                            const struct irw_text_edit *edit,
                                            enum imgrw_edit_kind kind,
                                            struct imgrw_error *error);

/* Sorts by document, the text itself last, and then by byte. Two edits of the
 * same bytes are IMGRW_ERR_EDIT. */
enum imgrw_status irw_document_edits_sort(struct irw_document_edits *edits,
                                          struct imgrw_error *error);

/* What the edits make. */
struct irw_edited_text {
    imgrw_str text; /* the old one, where it has no edit */
    size_t first;   /* the first edit of the text itself, by its number */
    const struct irw_text_edit *edits; /* of the text itself */
    size_t edit_count;
    const struct irw_reading *readings; /* of the scalars that those change */
    size_t reading_count;
    size_t unwitnessed; /* parts that libfyaml was kept from, of any document */
};

/* Makes the new text of the sorted edits, and of every document in it, and
 * proves each. IMGRW_ERR_PROOF, IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_document_edits_apply(const struct irw_document_edits *edits,
                         enum imgrw_proof proof, struct irw_edited_text *edited,
                         struct imgrw_error *error);
