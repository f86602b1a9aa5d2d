/*
 * Joints: what is joined to an image from other keys, as the .def files say it.
 *
 * A joint is words with blanks between them, each a mark and a path of keys
 * from the map that holds the image; "../" leads to the map around that one.
 *
 *     :version   a tag               @sha       a digest, maybe bare
 *     :@version  a tag or a digest   /registry  a registry, maybe with a path
 *     !semver    set, and not false: nothing that stands behind it is joined
 *
 * Of tags and digests the first that is set is joined. Where there is a
 * registry, which stands before them, the image is a bare name, and is none
 * without a registry and a tag; instead of the name there may be a whole
 * reference.
 */
#pragma once

#include "catalog/place.h"

enum irw_sibling_tag_mark {
    IRW_SIBLING_TAG,
    IRW_SIBLING_DIGEST,
    IRW_SIBLING_EITHER,
    IRW_SIBLING_REGISTRY,
    IRW_SIBLING_STOP,
};

/* A word of a joint. */
struct irw_sibling_tag_word {
    enum irw_sibling_tag_mark mark;
    unsigned up; /* how many maps to leave first */
    imgrw_str path;
};

/* Takes the first word off `*words`; false at the end, and where the word is
 * malformed, which leaves it there. */
bool irw_sibling_tag_next(imgrw_str *words, struct irw_sibling_tag_word *word);
