/*
 * The events of a text, in a notation for tables:
 *
 *     +doc -doc           a document
 *     +map -map +seq -seq collections; "+map{" and "+seq[" in flow style
 *     :4(a)               a plain scalar, its first byte and all its bytes
 *     '4('a') "4("a")     the same in quotes
 *     |4(|-...) >4(>...)  block scalars
 *     *4(*a)              an alias
 *     :()                 an empty scalar, wherever it is
 *     &a !                in front of a node: its anchor, and that it has a tag
 *
 * Events are separated by a space.
 */
#pragma once

#include "base/text.h"
#include "yaml/event.h"

/* Adds the events of the bytes of `text` from `start` to `end` to `notation`;
 * positions count from `origin`. */
enum imgrw_status events_read(const struct irw_backend *backend, imgrw_str text,
                              size_t start, size_t end, size_t origin,
                              struct irw_text *notation,
                              struct imgrw_error *error);
