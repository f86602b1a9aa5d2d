/*
 * What becomes of all that lies below a registry, or a path in one, where only
 * that is known: a field may name a registry, and something else the names.
 */
#pragma once

#include <imgrewrite/rules.h>

/* Asks the rules about what lies below `base`, HOST or HOST/PATH. Where all of
 * it moves alike, `*outcome` says to where: its text is in `buffer`. Where it
 * does not, `*obstacle` says so, and is NULL otherwise. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_rules_move_below(const struct imgrw_rules *rules,
                                       imgrw_str base,
                                       struct imgrw_reference_buffer *buffer,
                                       struct imgrw_outcome *outcome,
                                       const char **obstacle,
                                       struct imgrw_error *error);
