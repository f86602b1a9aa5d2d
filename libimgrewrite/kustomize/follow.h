/*
 * What entries must become so that they go on doing what they do when the
 * images that they name are rewritten.
 */
#pragma once

#include "kustomize/answers.h"
#include "kustomize/flow.h"

/* What an entry becomes. A text that it does not have now is empty, but for the
 * new name, which may be added. */
struct irw_entry_change {
    struct irw_kustomize_entry to;
    const struct irw_image_origin *origin; /* an image that it applies to; NULL:
                                        it applies to none in the run */
    bool is_met;                           /* it is known what it becomes */
    bool has_second; /* another entry is added after it: */
    struct irw_kustomize_entry second;
};

/* The changes of a build's entries, by their numbers. */
struct irw_build_changes {
    struct irw_entry_change *entries;
    bool is_asked; /* whether the run is about `images:` anyway */
};

/* Finds out what the entries of all builds become, into `changes`, one for each
 * build, in the arena of the flows; and which origins are aliases, which stay
 * what they are. IMGRW_ERR_LIMIT, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_follow(struct irw_flows *flows,
                             struct irw_answers *answers,
                             struct irw_build_changes *changes,
                             struct imgrw_error *error);

/* Gives the rewritten entries of a build their numbers. */
void irw_number_entries(struct irw_build *build,
                        const struct irw_build_changes *changes);

/* Whether the entry becomes another one. */
bool irw_entry_changes(const struct irw_entry *entry,
                       const struct irw_entry_change *change);
