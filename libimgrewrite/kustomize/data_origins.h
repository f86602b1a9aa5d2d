/*
 * Values of ConfigMaps as origins: they are no images by themselves, but copies
 * may make some of them.
 */
#pragma once

#include "kustomize/flow.h"

/* Whether something in the builds copies values. */
bool irw_data_is_copied(const struct irw_builds *builds);

/* Reads the values of the ConfigMaps that a build makes, or has in files of
 * resources, as origins. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_data_origins_read(struct irw_flows *flows,
                                        const struct irw_build *build,
                                        struct imgrw_error *error);
