/*
 * Values of ConfigMaps that replacements and variables copy to where they may
 * be images, which `images:` of the same build no longer reaches.
 */
#pragma once

#include "kustomize/copying.h"

/* Has values be images where copies of the build make images of them. */
void irw_data_copies_make(const struct irw_flows *flows,
                          const struct irw_build *build,
                          irw_flow_list *values);

/* Whether it is known what a copy takes from ConfigMaps, and that it is what it
 * should be, but for images of containers, which the end of the build shows.
 * Sets the conflict where it is not. */
bool irw_data_copy_is_known(const struct irw_flows *flows,
                            const struct irw_copy *copy,
                            const irw_flow_list *values,
                            struct irw_copy_conflict *conflict);
