/*
 * Hosts that are known to be registries.
 */
#pragma once

#include "base/str.h"

/* Whether a host is a public registry's, one of a cloud's own, or says in its
 * name that it is a registry. A port does not matter. */
bool irw_is_registry_host(imgrw_str host);
