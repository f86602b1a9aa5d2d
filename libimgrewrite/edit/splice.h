/*
 * Splicing: the new text, made of the old one and the changes.
 */
#pragma once

#include "edit/text_edit.h"

/* Writes `text` with the changes, which are in its order and do not overlap,
 * into `arena`, and sets each change's `moved`. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_splice(imgrw_str text, struct irw_text_edit *changes,
                             size_t count, struct irw_arena *arena,
                             imgrw_str *spliced, struct imgrw_error *error);
