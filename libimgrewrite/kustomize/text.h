/*
 * Reading a text that belongs to a kustomization.
 */
#pragma once

#include "yaml/merge.h"
#include "yaml/source.h"
#include "yaml/tree.h"

/* A text that is read. Zero-initialised is none. */
struct irw_kustomize_text {
    struct irw_source source;
    struct irw_line_cursor cursor;
    struct irw_tree tree;
    struct irw_budget budget; /* for its merge keys */
    struct imgrw_location around; /* of the scalar that the text is in: all of
                                     it counts as there; line 0: in none */
};

/* Reads all documents of a text, which the caller clears; it borrows the bytes
 * and `path`. Strings of the tree are in the bytes or the arena.
 * IMGRW_ERR_ARGUMENT where there are no bytes, as of a file that could not be
 * read; IMGRW_ERR_MEMORY; and whatever makes it no YAML. */
enum imgrw_status irw_kustomize_text_read(imgrw_str bytes, const char *path,
                                          struct irw_arena *arena,
                                          struct irw_kustomize_text *text);

void irw_kustomize_text_clear(struct irw_kustomize_text *text);

/* The root of the document number `index`; it is there. */
uint32_t irw_kustomize_root(const struct irw_kustomize_text *text,
                            size_t index);

/* The value of a key; IRW_NO_NODE: the mapping, which may be that itself, does
 * not have it. */
uint32_t irw_kustomize_find(struct irw_kustomize_text *text, uint32_t mapping,
                            const char *key);

/* The same as a text; empty where there is none. */
imgrw_str irw_kustomize_find_text(struct irw_kustomize_text *text,
                                  uint32_t mapping, const char *key);

/* Where a node is. */
struct imgrw_location irw_kustomize_locate(struct irw_kustomize_text *text,
                                           uint32_t node);
