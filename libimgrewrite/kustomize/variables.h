/*
 * Variables of kustomizations: one that no text names does nothing.
 */
#pragma once

#include "kustomize/builds.h"

/* Sets whether some file of a build has the variable, `$(NAME)`: that is used
 * where it is defined, or in what is built from there. The files are looked
 * through once. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_variable_look(struct irw_builds *builds, imgrw_str name,
                                    bool *used, struct imgrw_error *error);
