/*
 * Extensions: what kustomizations have in texts of their own that may write
 * images. These are replacements, transformers, and the configuration of those
 * that are built in.
 */
#pragma once

#include "kustomize/builds.h"

/* Reads the extensions of all builds, whose steps are known: replacements
 * become copies of the build, and what sets images in other ways becomes its
 * `setter`, or its `writer` where that is unknown. Sets whether data changes in
 * them. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_extensions_read(struct irw_builds *builds,
                                      struct imgrw_error *error);
