/*
 * Which images are asked for: references, and those of lists and manifests.
 */
#pragma once

#include "probe.h"

/* Adds all images that the command line names to the client. False when
 * something could not be read or is no reference, which is said. */
bool add_images(struct probe *probe);
