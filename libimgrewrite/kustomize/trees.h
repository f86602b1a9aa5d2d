/*
 * Trees: the kustomizations of a run, rewritten together with the files that
 * they are built from, so that what kustomize builds is what it built, with the
 * images rewritten; or refused.
 */
#pragma once

#include "kustomize/follow.h"
#include "kustomize/results.h"

struct irw_tree_options {
    const struct imgrw_rules *rules; /* NULL: nothing is planned, but files of
                                        patches are read as such */
    const struct imgrw_parse_options *parse;
    const struct imgrw_plan_options *plan; /* may be NULL */
    bool all_fail; /* with a file, all fail that are in a tree with it, so that
                      no part of that is written */
};

/* Zero-initialised is empty. New plans borrow from it. */
struct irw_trees {
    struct irw_builds builds;
    struct irw_flows flows;
    struct irw_answers answers;
    struct irw_build_changes *changes; /* of each build */
    struct irw_tree_result *results;   /* of each file; NULL: none has any */
    IRW_LIST(struct imgrw_warning) warnings;
};

/* Plans the trees among the files, which are borrowed for as long as the trees
 * live, and changed to what is planned. IMGRW_ERR_LIMIT, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_trees_plan(struct irw_trees *trees,
                                 struct irw_build_file *files,
                                 size_t count,
                                 const struct irw_tree_options *options,
                                 struct imgrw_error *error);

void irw_trees_clear(struct irw_trees *trees);
