/*
 * Warnings: what works, but deserves a look.
 */
#pragma once

#include "manifest/findings.h"

/* Adds a warning at byte `offset` of the text. Its message outlives the piece
 * that it is about. From some number on they are only counted, because nobody
 * reads so many. False when memory is out. */
__attribute__((format(printf, 3, 4))) bool
irw_warn(struct irw_findings *findings, size_t offset, const char *format, ...);

/* Adds one that says how many were only counted, if any; comes after all
 * others. False when memory is out. */
bool irw_warn_of_unlisted(struct irw_findings *findings);

/* Adds the warnings of findings in what follows, whose memory they keep; false
 * when memory is out. */
bool irw_warnings_join(struct irw_findings *findings,
                       const struct irw_findings *from);
