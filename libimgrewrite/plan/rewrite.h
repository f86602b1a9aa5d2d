/*
 * What a rewrite looks at: the caller's options, and what the rules ask for.
 */
#pragma once

#include <imgrewrite/rewrite.h>

/* Takes the caller's options for parsing, which may be NULL, with defaults for
 * what is zero, and adds the classes and fields that rules files ask for.
 * `rules` may be NULL. `options->fields` is malloc'ed; its strings stay where
 * they are. IMGRW_ERR_ARGUMENT, IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_rewrite_parse_options(const struct imgrw_parse_options *given,
                          const struct imgrw_rules *rules,
                          struct imgrw_parse_options *options,
                          struct imgrw_error *error);
