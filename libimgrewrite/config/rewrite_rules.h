/*
 * The rules file of this tool.
 */
#pragma once

#include "config/reader.h"

/* Reads a document of kind RewriteRules. */
irw_reader_fn irw_config_rewrite_rules;
