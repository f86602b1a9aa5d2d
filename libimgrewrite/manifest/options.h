/*
 * The options of parsing.
 */
#pragma once

#include <imgrewrite/manifest.h>

/* Takes the caller's options, with defaults for what is zero.
 * IMGRW_ERR_ARGUMENT. */
enum imgrw_status irw_parse_options(const struct imgrw_parse_options *given,
                                    struct imgrw_parse_options *options,
                                    struct imgrw_error *error);
