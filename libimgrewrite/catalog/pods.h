/*
 * The places that no .def file lists: pod specs, wherever they are, and what
 * every resource may have.
 */
#pragma once

#include "catalog/place.h"

/* A pod spec, and a template of one, as core/v1 has them. */
extern const struct irw_place irw_pod_spec;
extern const struct irw_place irw_pod_template;

/* Annotations: what their names say. */
extern const struct irw_place irw_annotations;

/* What the `metadata` of any resource holds. */
extern const struct irw_place irw_any_resource;

/* The root of a resource of unknown shape: it is searched for pod specs
 * everywhere but under `status`. */
extern const struct irw_place irw_anywhere;

/* The same for a Kyverno policy, in whose conditions and patterns nothing is
 * searched. */
extern const struct irw_place irw_policy;

/* A patch of whatever resource. */
extern const struct irw_place irw_patch;

/* Helm values, which are searched for images of class HELM_VALUES, and the same
 * in a custom resource, where they are of class CRD. */
extern const struct irw_place irw_values;
extern const struct irw_place irw_custom_values;

/* The place of a mapping at `place` that turns out to hold a list of
 * containers. */
const struct irw_place *irw_place_of_pod(const struct irw_place *place);

/* Whether `key` is one under which a pod spec lists containers. */
bool irw_is_container_key(imgrw_str key);
