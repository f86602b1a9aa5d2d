/*
 * Resources that mention images and have none pulled, and those of which all
 * places are known.
 */
#pragma once

#include "catalog/catalog.h"

/* Whether a resource only says something about images that others have, or
 * about those of machines: it is a schema, a set of rules for references, a
 * lock, a policy, a report, or what is built. */
bool irw_only_mentions(imgrw_str api_version, imgrw_str kind);

/* The same of what a patch is for. */
bool irw_target_only_mentions(const struct irw_patch_target *target);

/* Whether a resource is of the Kubernetes API, whose fields are all known:
 * users have a say in annotations, variables, arguments and data alone. */
bool irw_is_of_api(imgrw_str api_version, imgrw_str kind);

/* The same of what a patch is for, whose group may not be known. */
bool irw_target_is_of_api(const struct irw_patch_target *target);
