/*
 * Patching values, as kustomize does it with resources of which it knows no
 * schema: JSON patches (RFC 6902), and merging, in which a list takes the place
 * of another (kyaml's merge2).
 */
#pragma once

#include "kustomize/value.h"

enum irw_patching {
    IRW_PATCHING_DONE,
    IRW_PATCHING_FAILED,  /* kustomize would not build it */
    IRW_PATCHING_GONE,    /* the patch deletes the resource */
    IRW_PATCHING_UNKNOWN, /* the patch has what is not done here */
};

/* Applies a patch to a resource, a mapping. The resource gets copies of what is
 * in the patch. Where the work fails, or is spent, it is not known what the
 * resource has become. */
enum irw_patching irw_value_patch(struct irw_value_work *work,
                                  struct irw_value *resource,
                                  const struct irw_value *patch);
