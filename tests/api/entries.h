/*
 * Entries of a kustomization's `images:`, as the vectors of kustomize hold
 * them, and what of them cannot be compared with this library.
 *
 * kustomize matches names as patterns and text, and checks nothing; here names
 * are literal and normalised, and results are checked. A row of the vectors
 * where that makes a difference is left out, for a reason that is worked out
 * from the row and counted, so that no row is left out in silence.
 */
#pragma once

#include "support.h"

#include <imgrewrite/rules.h>

/* A reason to leave a row out, and how many rows it is good for. */
struct entries_reason {
    const char *reason;
    size_t expected, found;
};

/* Prints that the row is left out, and counts it; a reason that is not in the
 * table fails the row. */
void entries_leave_out(struct support_tally *tally,
                       struct entries_reason *reasons, size_t count,
                       const char *reason, const char *row);

/* Fails where a reason was good for another number of rows than expected. */
void entries_check_reasons(struct support_tally *tally,
                           const struct entries_reason *reasons, size_t count);

/* The entry as an override; borrows from it. */
struct imgrw_override entries_override(const struct support_object *entry);

/* Whether the entry sets anything. */
bool entries_sets(const struct imgrw_override *override);

/* Why the entry is none for this library, in static words; NULL if it is one.
 * `*refused` is whether the library has to refuse it. */
const char *entries_fault(const struct support_object *entry, bool *refused);
