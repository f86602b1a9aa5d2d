/*
 * Resources and patches of builds as values, each as it is and as it will be
 * when its file is rewritten.
 */
#pragma once

#include "kustomize/text.h"
#include "kustomize/trees.h"
#include "kustomize/value.h"

/* A document, or an item of a list. */
struct irw_value_pair {
    struct irw_value *before; /* NULL: a resource of the Kubernetes API */
    struct irw_value *after;  /* NULL: it is not known */
    imgrw_str api_version, kind, name, name_space; /* that it says, before */
};

typedef IRW_LIST(struct irw_value_pair) irw_value_pair_list;

/* What is read. Texts are read once. */
struct irw_value_texts {
    struct irw_trees *trees;
    struct irw_value_work work; /* its arena, the caller's, has what is read */
    irw_value_pair_list *files;  /* of each file */
    irw_value_pair_list **steps; /* of each build: of each step of it, which may
                                    be a patch itself; NULL: none was read */
    bool *is_read;               /* of each file */
    struct irw_kustomize_text around; /* the new text of the file that had the
                                         last patch in it, */
    size_t around_file;               /* by its number, + 1; 0: none had one */
    struct imgrw_error *error;
};

/* Prepares to read for trees that are planned, which are borrowed as the arena
 * is. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_value_texts_open(struct irw_value_texts *texts,
                                       struct irw_trees *trees,
                                       struct irw_arena *arena,
                                       struct imgrw_error *error);

/* Sets `*pairs` to what is in a file; a list counts as its items. What is no
 * YAML has nothing in it. The location of a value says the file.
 * IMGRW_ERR_MEMORY; IMGRW_ERR_LIMIT. */
enum imgrw_status irw_value_texts_file(struct irw_value_texts *texts,
                                       size_t file,
                                       const irw_value_pair_list **pairs);

/* The same for the patch that a step of a build leads to, or is; the values of
 * one that stands in the kustomization say SIZE_MAX for their file. */
enum imgrw_status irw_value_texts_patch(struct irw_value_texts *texts,
                                        const struct irw_build *build,
                                        size_t step,
                                        const irw_value_pair_list **pairs);

void irw_value_texts_clear(struct irw_value_texts *texts);
