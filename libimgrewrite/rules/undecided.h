/*
 * Images of which the tag or the digest is filled in later: what needs to know
 * it cannot decide.
 */
#pragma once

#include "rules/set.h"

/* Whether an override or exact reference, which may be for another name than
 * the image's, depends on the tag or the digest of the image. */
bool irw_named_is_undecided(const struct irw_rule *rule,
                            const struct imgrw_reference *canonical);

/* The first rule of the index that is for some tags or digests only, and may be
 * for the image's; NULL: there is none. */
const struct irw_rule *
irw_pattern_find_undecided(const struct irw_pattern_index *index,
                           const struct imgrw_reference *canonical);

/* Whether what is known of the image's access depends on its tag or digest. */
bool irw_access_is_undecided(const struct irw_access_settings *settings,
                             const struct imgrw_reference *canonical);
