/*
 * Masks of templates: a text of the same length with the same line breaks, in
 * which YAML libraries can read what is around the actions. Each action is
 * blanks, a word, or a comment; every other byte keeps its place and, but for
 * the blanks beside an action, its value.
 *
 * Nothing is rendered: what stands in two branches of a template is both there.
 */
#pragma once

#include "base/arena.h"
#include "yaml/actions.h"

/* A mask, and the actions that it is for, in their order. */
struct irw_mask {
    imgrw_str text;
    const struct irw_template_action *actions;
    size_t count;
};

/* Makes a mask, in the arena, that libyaml reads. The bytes before `start`, of
 * a byte order mark, are left as they are. A word is a placeholder as
 * reference/ knows them, so that what it stands in is no image. A text without
 * actions has no mask: `*mask` is then NULL.
 *
 * IMGRW_ERR_SYNTAX, of which `error->at` has the offset only: no mask was found
 * that makes the text readable. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_mask_make(imgrw_str text, size_t start,
                                struct irw_arena *arena,
                                const struct irw_mask **mask,
                                struct imgrw_error *error);

/* Writes the actions of a text, which has a mask, over what that has for them:
 * `value` has the bytes of the mask from `from` to `to`, which are of one line
 * or of a part of it. An action that begins before them on that line is
 * not whole, and becomes blanks. */
void irw_mask_lift(const struct irw_mask *mask, imgrw_str text, size_t from,
                   size_t to, char *value);
