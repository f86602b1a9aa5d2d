/*
 * Where the certificates for single registries are.
 */
#pragma once

#include "probe.h"

/* Has the certificates used that users and systems keep for Docker and Podman;
 * on failure says why and returns false. */
bool use_certificates(struct probe *probe);
