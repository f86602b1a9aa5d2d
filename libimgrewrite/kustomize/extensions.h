/*
 * Extensions: what kustomizations have in texts of their own that may write
 * images, or have files for data. These are replacements, patches that copy,
 * transformers, the configuration of those that are built in, and generators.
 */
#pragma once

#include "kustomize/builds.h"

/* Reads the extensions of all builds, whose steps are known: replacements and
 * patches become copies of the build, files of generators its data, and what
 * sets images in other ways its setters, or its `writer` where it is unknown.
 * Sets whether data changes in them. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_extensions_read(struct irw_builds *builds,
                                      struct imgrw_error *error);
