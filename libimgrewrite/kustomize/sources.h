/*
 * Sources: the values that replacements take from resources of a build, as the
 * files have them.
 */
#pragma once

#include "kustomize/builds.h"

/* A resource in a file. */
struct irw_source_resource {
    const struct irw_tree *tree;
    uint32_t root;
    imgrw_str api_version, kind, name;
    size_t file; /* by its number */
};

/* The resources that a build is made from. Zero-initialised is empty. */
struct irw_sources {
    struct irw_arena arena;
    IRW_LIST(struct irw_source_resource) resources;
    bool changed; /* the build changes them before anything is copied, or has
                     others that are not in files */
    bool as_written; /* set by the caller: what changes them is no matter */
    size_t builds; /* that were looked through */
};

/* A value, and where it stands. */
struct irw_source_value {
    imgrw_str text; /* data NULL: it is not known */
    size_t file;
    struct imgrw_location at;
};

/* Reads the resources of a build. Their values are not known where something
 * may have changed them. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_sources_read(struct irw_sources *sources,
                                   struct irw_builds *builds,
                                   const struct irw_build *build,
                                   struct imgrw_error *error);

/* Sets the value that `end` selects, a part of one where it says so. */
void irw_sources_find(const struct irw_sources *sources,
                      const struct irw_builds *builds,
                      const struct irw_copy_end *end,
                      struct irw_source_value *value);

/* The node that a path leads to; IRW_NO_NODE: there is none. Lists are not
 * looked into: what is in one is not known. */
uint32_t irw_source_node(const struct irw_source_resource *resource,
                         imgrw_str path);

/* Where a node of a resource is; line 0 where its file cannot be read. */
struct imgrw_location
irw_source_place(const struct irw_source_resource *resource,
                 const struct irw_builds *builds, uint32_t node);

void irw_sources_clear(struct irw_sources *sources);
