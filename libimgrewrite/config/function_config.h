/*
 * The configuration of a function: a part of the list of resources that the
 * function is given, which says what a rules file says.
 */
#pragma once

#include "config/reader.h"

struct irw_function_config {
    const struct irw_source *source; /* the list; the path of it is static */
    const struct irw_tree *tree;
    uint32_t node; /* the configuration */
    imgrw_warn_fn *warn; /* may be NULL */
    void *user;
};

/* Adds the rules of the configuration, which may be null. IMGRW_ERR_RULE: there
 * are none of its kind, or they are malformed; IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_function_config_read(const struct irw_function_config *config,
                         struct imgrw_rules *rules, struct imgrw_error *error);
