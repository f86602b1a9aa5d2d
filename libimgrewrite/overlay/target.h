/*
 * The resources of an overlay, as kustomize tells them apart.
 */
#pragma once

#include "base/arena.h"
#include "base/list.h"
#include "base/map.h"

struct irw_target {
    imgrw_str group, version, kind, name, name_space;
    struct imgrw_location at;
    bool ambiguous; /* one in another namespace has the rest in common */
    size_t leader;  /* the first one of its version, kind and name */
    bool leads_groups; /* those that it leads are not all of one group */
};

/* Zero-initialised is empty and ready for use. */
struct irw_targets {
    IRW_LIST(struct irw_target) list;
    struct irw_map ids; /* to a number + 1 */
};

/* The namespace it is in; without one in its text that is the default one. */
imgrw_str irw_target_space(const struct irw_target *target);

/* Adds a resource, whose strings are borrowed, and fills in what it has in
 * common with others. IMGRW_ERR_EDIT: it is there already, as far as kustomize
 * can tell. IMGRW_ERR_MEMORY, also where a string of it has no data. */
enum imgrw_status irw_targets_add(struct irw_targets *targets,
                                  struct irw_arena *arena,
                                  struct irw_target target,
                                  struct imgrw_error *error);

void irw_targets_clear(struct irw_targets *targets);
