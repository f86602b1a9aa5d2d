/*
 * Overrides: entries of a kustomization's `images:`.
 */
#pragma once

#include "rules/kustomize.h"

#include <imgrewrite/reference.h>

struct irw_override {
    struct imgrw_reference name;      /* canonical */
    struct irw_kustomize_entry entry; /* as the user wrote it */
};

/* Whether the override is for the reference, which is in canonical form. */
bool irw_override_match(const struct irw_override *override,
                        const struct imgrw_reference *canonical);
