/*
 * Splicing: the new text, made of the old one and its edits.
 */
#pragma once

#include "edit/text_edit.h"

/* Writes `text` with the edits, which are in its order and do not overlap,
 * into `arena`, and sets each edit's `moved`. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_splice(imgrw_str text, struct irw_text_edit *edits,
                             size_t count, struct irw_arena *arena,
                             imgrw_str *spliced, struct imgrw_error *error);
