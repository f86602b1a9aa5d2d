/*
 * Companions of an image: values under other keys that complete it, such as its
 * tag, and how the .def files list them.
 *
 * A list of companions is words with blanks between them. Each is a mark and a
 * path of keys from the map that holds the image; "../" leads to the map around
 * that one.
 *
 *     :version   a tag               @sha       a digest, maybe bare
 *     :@version  a tag or a digest   /registry  a registry, maybe with a path
 *     +chart     a name that follows the image, as a chart's does its
 *                repository
 *     !semver    when this is set, and not false, the words after it are
 *                ignored
 *
 * The first tag or digest that is set completes the image; a registry or a name
 * comes before them. Where a registry is listed, the image is a bare name:
 * without both a registry and a tag it is no image, unless it is a whole
 * reference.
 */
#pragma once

#include "catalog/place.h"

enum irw_companion_mark {
    IRW_COMPANION_TAG,
    IRW_COMPANION_DIGEST,
    IRW_COMPANION_EITHER,
    IRW_COMPANION_REGISTRY,
    IRW_COMPANION_NAME,
    IRW_COMPANION_STOP,
};

struct irw_companion {
    enum irw_companion_mark mark;
    unsigned up; /* how many maps to leave before following `path` */
    imgrw_str path;
};

/* Takes the first companion off `*list`. False at the end of the list, and at a
 * malformed word, which stays in it. */
bool irw_companion_next(imgrw_str *list, struct irw_companion *companion);
