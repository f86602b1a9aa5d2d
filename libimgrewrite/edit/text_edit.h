/*
 * Edits of a text: which bytes become which others, and what the tree of the
 * text should be afterwards.
 */
#pragma once

#include "yaml/source_map.h"

/* What an insertion is for: afterwards a string has this value. It is found
 * from a mapping of the old tree: in the last item of the list under the key
 * `list`, and there under the key `key`. An empty key is no step; with an empty
 * value nothing is claimed. */
struct irw_claim {
    uint32_t mapping;
    imgrw_str list, key, value;
};

/* What an insertion adds to the tree. */
struct irw_insertion {
    uint32_t into;     /* the collection of the old tree that gets it */
    uint32_t replaces; /* a null in it that goes, or IRW_NO_NODE */
    const struct irw_tree *fragment; /* its root's children are added */
    struct irw_claim claim;
};

/* Bytes of a text and what replaces them: the value edit as the scalar spells
 * it, or an insertion, which is the edit of no scalar. Several edits of one
 * node do not overlap. */
struct irw_text_edit {
    struct irw_value_edit of;
    uint32_t start, end;   /* bytes replaced, in the whole text */
    imgrw_str replacement; /* what replaces them */
    enum irw_style style;  /* of the node afterwards */
    int64_t moved; /* how far the text after it moves, all edits summed */
    const struct irw_insertion *insertion; /* NULL: a value is edited */
};

/* Whether the edit is of the piece of the text that ends at `end`, when it is
 * not of one before. What is inserted between two pieces belongs to the first,
 * because each begins with its marker. */
static inline bool
irw_text_edit_is_of(const struct irw_text_edit *edit, size_t end)
{
    return edit->start < end || (edit->insertion && edit->start == end);
}

/* Plans the smallest edit of the text that makes an edit of a value. Where a
 * reference replaces all of a value, quotes, anchors and block headers stay; a
 * value written with escapes or over several lines becomes one double-quoted
 * scalar; what would no longer read as a string is quoted. Where a part of a
 * value is replaced, what is around it stays as it is spelled.
 * `edit->replacement` lives in `arena` or is `value->with`.
 * IMGRW_ERR_EDIT: it cannot be exact, `error->message` says why;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_text_edit_make(const struct irw_tree *tree,
                                     const struct irw_value_edit *value,
                                     struct irw_source_map_memo *memo,
                                     struct irw_arena *arena,
                                     struct irw_text_edit *edit,
                                     struct imgrw_error *error);
