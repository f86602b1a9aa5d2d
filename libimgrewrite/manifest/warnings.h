/*
 * Warnings: what works, but deserves a look.
 */
#pragma once

#include "manifest/walk.h"

/* Adds a warning, whose message outlives the piece that it is of. From some
 * number on they are dropped, because nobody reads so many. False when memory
 * is out. */
__attribute__((format(printf, 3, 4))) bool
irw_warnings_add(struct irw_findings *findings, struct imgrw_location at,
                 const char *format, ...);

/* The same at byte `offset` of the text that is walked. */
__attribute__((format(printf, 3, 4))) void
irw_warn_at(struct irw_image_walk *walk, size_t offset, const char *format,
            ...);
