/*
 * Images that lie where rules put them: no rule need change those.
 */
#pragma once

#include "rules/set.h"

/* Notes where the rule, one of the set, puts images. False when memory is
 * out. */
bool irw_placed_add(struct imgrw_rules *rules, const struct irw_rule *rule);

/* The first rule that puts images where this one lies, which is in canonical
 * form, or NULL. An override or an exact reference does so where its result is
 * this very image, as far as it says. */
const struct irw_rule *irw_placed_find(const struct imgrw_rules *rules,
                                       const struct imgrw_reference *canonical);
