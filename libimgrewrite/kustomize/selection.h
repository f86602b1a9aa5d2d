/*
 * Selections: the kinds of the resources that patches are for whose target does
 * not name one kind.
 *
 * kustomize applies such a patch to every resource of the build that the target
 * selects, and where a patch has images depends on the kind of these. Labels
 * and annotations are not looked at: a selection may have too many kinds, and
 * never too few.
 */
#pragma once

#include "kustomize/builds.h"

/* Finds the kinds that the targets of the patches of all builds select, and of
 * the components that these use (`selected` of each path). What extends the
 * builds is read before. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_selections_find(struct irw_builds *builds,
                                      struct imgrw_error *error);
