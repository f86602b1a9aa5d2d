/*
 * Files that generators put into ConfigMaps and Secrets as they are. They are
 * no resources: they stay, or become what the rules make of the data.
 */
#pragma once

#include "kustomize/check.h"
#include "kustomize/trees.h"

/* What a file is for. Zero-initialised, for nothing. */
struct irw_data_file {
    const struct irw_data_source *config; /* one for which it becomes data that
                                             the run is about; NULL: none */
    const struct irw_data_source *stays;  /* any other */
    struct imgrw_location other; /* where it is named as something else; line
                                    0: nowhere */
    const char *other_word;      /* what it is there */
    struct imgrw_manifest *manifest; /* as data of `config` */
    struct imgrw_plan *plan;
};

/* The data among the files of a run. */
struct irw_data_files {
    struct irw_data_file *items; /* of each file; malloc'ed */
    const struct irw_tree_options *options;
    struct irw_trees *trees;
};

/* Plans the files that are nothing but data, and warns of those that stay
 * although a rule is for them. The refusals are malloc'ed. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_data_files_plan(struct irw_data_files *data,
                                      irw_refusal_list *refusals,
                                      struct imgrw_error *error);

/* Refuses those that are something else as well, where both cannot be, now that
 * all files are planned. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_data_files_check(const struct irw_data_files *data,
                                       irw_refusal_list *refusals,
                                       struct imgrw_error *error);

void irw_data_files_clear(struct irw_data_files *data);
