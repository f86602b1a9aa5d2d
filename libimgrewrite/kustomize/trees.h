/*
 * Trees: the kustomizations of a run, rewritten together with the files that
 * they are built from, so that what kustomize builds is what it built, with the
 * images rewritten; or refused.
 */
#pragma once

#include "kustomize/follow.h"

/* What becomes of a file for the sake of the trees that it is in. */
struct irw_tree_result {
    struct imgrw_manifest *manifest; /* instead of its own; NULL: it stays */
    struct imgrw_plan *plan;         /* the same */
    struct imgrw_manifest *rewritten; /* of the new text, where it has lists of
                                         entries; NULL: it is not needed */
    imgrw_str text; /* malloc'ed: what they are of, where the file's text was
                       gone; else empty */
    bool is_data; /* nothing reads it: it need not be a manifest */
    struct imgrw_error failure;      /* its status is IMGRW_OK where the file
                                        can be rewritten */
};

struct irw_tree_options {
    const struct imgrw_rules *rules;
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
 * live. IMGRW_ERR_LIMIT, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_trees_plan(struct irw_trees *trees,
                                 const struct irw_build_file *files,
                                 size_t count,
                                 const struct irw_tree_options *options,
                                 struct imgrw_error *error);

void irw_trees_clear(struct irw_trees *trees);
