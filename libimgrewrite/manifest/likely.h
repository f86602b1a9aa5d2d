/*
 * Judging a text that stands where no image is known.
 */
#pragma once

#include "base/str.h"

/* What is known of where a text stands. */
struct irw_clue {
    imgrw_str name; /* of the key, flag or variable whose value it is */
    bool inside;    /* a key around it is one for images */
};

/* The clue below a key of what has the clue `outer`. */
struct irw_clue irw_clue_below(struct irw_clue outer, imgrw_str key);

/* Whether a text may be a reference: a look at the bytes that spares parsing
 * most others. */
bool irw_resembles_reference(imgrw_str text);

/* Whether a text is a possible image, by what it says and where it stands. */
bool irw_is_possible(imgrw_str text, struct irw_clue clue);

/* Whether what stands under a key is no image that a cluster will pull: a
 * status, a schema, a query, a target to which images are pushed. */
bool irw_is_passed_over(imgrw_str key);
