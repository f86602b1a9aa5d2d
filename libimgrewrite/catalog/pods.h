/*
 * The places that no path spells out: pod specs, wherever they are, and what
 * every resource may have.
 */
#pragma once

#include "catalog/place.h"

/* A pod spec, and a template of one, as core/v1 has them. */
extern const struct irw_place irw_pod_spec;
extern const struct irw_place irw_pod_template;

/* What the `metadata` of any resource holds. */
extern const struct irw_place irw_any_resource;

/* The root of a resource whose shape nobody told us, searched for pod specs
 * everywhere but under `status`. */
extern const struct irw_place irw_anywhere;

/* The same for a Kyverno policy, whose conditions and patterns are none. */
extern const struct irw_place irw_policy;

/* A place of Helm values, in which images are searched. Those that they hold
 * are of class HELM_VALUES, or CRD. */
extern const struct irw_place irw_values;
extern const struct irw_place irw_custom_values;

/* The place that a mapping at `place` has once it is known that it holds a list
 * of containers. */
const struct irw_place *irw_place_of_pod(const struct irw_place *place);

/* Whether `key` is one under which a pod spec lists containers. */
bool irw_is_container_key(imgrw_str key);
