/*
 * The rules file of this tool.
 */
#pragma once

#include "config/config.h"

/* Reads a document of kind RewriteRules. */
irw_config_fn irw_config_rewrite_rules;
