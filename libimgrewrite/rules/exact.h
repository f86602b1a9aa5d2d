/*
 * Exact references: one image, as a whole, becomes another.
 */
#pragma once

#include <imgrewrite/reference.h>

#include <stdbool.h>

struct irw_exact {
    struct imgrw_reference name; /* canonical, tag and digest included */
    imgrw_str written, to;
    size_t map; /* the map that it is an entry of */
};

/* Whether the rule is for the reference, which is in canonical form. */
bool irw_exact_match(const struct irw_exact *exact,
                     const struct imgrw_reference *canonical);
