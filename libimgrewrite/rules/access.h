/*
 * What is known of images: whether they can be pulled anonymously.
 */
#pragma once

#include "rules/pattern_index.h"

#include <imgrewrite/rules.h>

struct irw_access_settings {
    struct irw_map images; /* lists of those whose access is set, by name */
    struct irw_pattern_index private; /* patterns of private images */
    enum imgrw_access default_access;
};

/* What was said of the image, which is in canonical form; UNKNOWN where nothing
 * was, whatever is to be assumed then. */
enum imgrw_access irw_access_of(const struct irw_access_settings *settings,
                                const struct imgrw_reference *canonical);

/* Whether another access than this was set of an image that the reference, with
 * placeholders in its tag or digest, may be. */
bool irw_access_may_differ(const struct irw_access_settings *settings,
                           const struct imgrw_reference *canonical,
                           enum imgrw_access access);
