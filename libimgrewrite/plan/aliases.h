/*
 * Aliases among the parts of images: one that repeats a part of another image
 * reads as that does afterwards, which may be more than was decided about it.
 */
#pragma once

#include "plan/document_edits.h"

/* Refuses edits, which are sorted, that change what an alias in another image
 * reads as, while it is not replaced itself: IMGRW_ERR_EDIT. */
enum imgrw_status irw_aliases_check(const struct irw_document_edits *edits,
                                    struct imgrw_error *error);
