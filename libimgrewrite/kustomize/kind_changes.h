/*
 * Patches that make a resource of the Kubernetes API one of another kind: what
 * is found in its file by the old kind is not what the new one has.
 */
#pragma once

#include "kustomize/refusals.h"
#include "kustomize/value_texts.h"

/* Refuses the patches of a build that do so. IMGRW_ERR_MEMORY;
 * IMGRW_ERR_LIMIT: a patch is too large. */
enum imgrw_status irw_kind_changes_check(struct irw_value_texts *texts,
                                         const struct irw_build *build,
                                         irw_refusal_list *refusals);
